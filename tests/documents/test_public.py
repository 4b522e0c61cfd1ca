"""The public library: published documents in force, nothing else, without signing in."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.documents.models import Document, Version
from qa_portal.workflow.writing import door

from . import scenes, shelf

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 9, 1)


@pytest.fixture
def published(world) -> Document:
    return shelf.document(
        world,
        "Сапа саясаты",
        "біз сабақ береміз",
        number="СС-УНИ-01/2026",
        title_ru="Политика качества",
        published_on=DAY,
        in_force_on=DAY,
    )


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_anybody_reads_a_published_document_in_force(client, published):
    page = client.get("/public/documents/")
    assert page.status_code == 200
    assert "Сапа саясаты" in page.content.decode()
    page = client.get(f"/public/documents/{published.pk}/")
    assert "СС-УНИ-01/2026" in page.content.decode()
    answer = client.get(f"/public/documents/{published.pk}/file/")
    assert answer.status_code == 200
    assert body(answer) == b"%PDF-1.7 in_force"
    assert "%D0%A1%D0%A1-%D0%A3%D0%9D%D0%98-01-2026" in answer["Content-Disposition"]


def test_a_visitor_reads_in_the_own_language_and_no_names_of_people(client, world, published):
    page = client.get(f"/public/documents/{published.pk}/?lang=ru").content.decode()
    assert "Политика качества" in page
    assert "Политика качества" in client.get("/public/documents/").content.decode()
    assert "Положение" in page
    assert world.staff.last_name_kk not in page


@pytest.mark.parametrize("search", ["САБАҚ", "саясат", "качеств", "УНИ-01"])
def test_the_public_search_finds_titles_numbers_and_words(client, published, world, search):
    shelf.document(world, "Ішкі сабақ саясаты", "сабақ качество УНИ-01")
    found = client.get("/public/documents/", {"q": search}).context["found"]
    assert [item["url"] for item in found] == [f"/public/documents/{published.pk}/"]


def test_public_filters_narrow(client, published, monkeypatch):
    monkeypatch.setattr("qa_portal.web.registry.registry.catalogue_choices", lambda: [("S1", "S1 Сапа")])
    assert client.get("/public/documents/?level=strategic").context["found"] == []
    assert len(client.get("/public/documents/?level=regulatory").context["found"]) == 1
    assert client.get("/public/documents/?standard=S1").context["found"] == []
    assert client.get("/public/documents/?level=nonsense").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"published_on": None},
        {"state": Document.ANNULLED},
        {"state": Document.ARCHIVED},
        {"state": Document.PREPARING},
        {"state": Document.CANCELLED},
    ],
    ids=["not published", "annulled", "archived", "in preparation", "cancelled"],
)
@pytest.mark.parametrize("who", [None, "asb"])
def test_what_is_not_public_is_not_there(client, world, signed_in, fields, who):
    hidden = shelf.document(world, "Жасырын", "жасырын", **{"published_on": DAY, **fields})
    browser = signed_in(who) if who else client
    assert "Жасырын" not in browser.get("/public/documents/?q=жасырын").content.decode().replace('value="жасырын"', "")
    for path in ("", "file/"):
        assert browser.get(f"/public/documents/{hidden.pk}/{path}").status_code == 404


def test_the_file_of_a_draft_or_of_an_earlier_version_is_never_sent(client, published):
    shelf.version(published, "жаңа", state=Version.DRAFT, major=2)
    shelf.version(published, "ескі", state=Version.SUPERSEDED, major=0)
    assert body(client.get(f"/public/documents/{published.pk}/file/")) == b"%PDF-1.7 in_force"
    with door("import"):
        Document.objects.filter(pk=published.pk).update(current=published.versions.get(state=Version.DRAFT))
    assert client.get(f"/public/documents/{published.pk}/file/").status_code == 404
    assert "/file/" not in client.get(f"/public/documents/{published.pk}/").content.decode()


def test_an_external_act_leads_to_its_official_text(client, world):
    act = shelf.document(
        world,
        "Білім туралы заң",
        origin="external",
        unit=None,
        published_on=DAY,
        link="https://adilet.zan.kz/kaz/docs/Z070000319_",
    )
    with door("import"):
        Document.objects.filter(pk=act.pk).update(current=None)
    page = client.get(f"/public/documents/{act.pk}/").content.decode()
    assert 'href="https://adilet.zan.kz/kaz/docs/Z070000319_"' in page
    assert client.get(f"/public/documents/{act.pk}/file/").status_code == 404


def test_the_public_home_page_leads_there(client, world):
    assert 'href="/public/documents/"' in client.get("/").content.decode()


def test_the_public_page_asks_as_often_for_thirty_documents_as_for_one(client, world, published):
    counts = []
    client.get("/public/documents/?q=сабақ")
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/public/documents/?q=сабақ")
        counts.append(len(captured))
        for n in range(29):
            shelf.document(world, f"Сабақ {n}", "сабақ", published_on=DAY)
    assert len(page.context["found"]) == 20
    assert counts[0] == counts[1] <= 5


def test_a_file_that_is_gone_is_not_found(world, client):
    document = scenes.published(world)
    document.current.file.storage.delete(document.current.file.name)
    assert client.get(f"/public/documents/{document.pk}/file/").status_code == 404
