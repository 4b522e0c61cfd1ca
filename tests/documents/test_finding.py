"""Search in the library: Kazakh letters in any case, beginnings of words, nothing that one may not read."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.documents.finding import best_first, found_documents, marked, snippets
from qa_portal.documents.models import Document, Version, VersionText
from qa_portal.documents.words import asked_words
from qa_portal.people import grants

from . import shelf

pytestmark = pytest.mark.django_db
LETTERS = "Әлем Ғылым Қаңтар теҢіз Өңір Ұйым Үміт Іргелі Һәм"


def titles(rows) -> list[str]:
    return sorted(row.title_kk for row in rows)


@pytest.mark.parametrize("word", LETTERS.split())
def test_words_of_files_are_found_with_kazakh_letters_in_any_case(world, word):
    shelf.document(world, "Бірінші", f"Мұнда {LETTERS} жазылған.")
    shelf.document(world, "Екінші", "Басқа сөздер.")
    for asked in (word, word.lower(), word.upper(), word.title()):
        assert titles(Document.objects.matching(asked)) == ["Бірінші"], asked


@pytest.mark.parametrize(
    "asked", ["сыныптамалық", "сынып", "сыныптамалық кесте", "кесте  сынып", "сыныптама, кесте!", "талап"]
)
def test_a_beginning_of_each_word_is_enough(world, asked):
    shelf.document(world, "Бірінші", "Сыныптамалық кестелердің талабы")
    shelf.document(world, "Екінші", "Кестенің өзі")
    assert titles(Document.objects.matching(asked)) == ["Бірінші"]


@pytest.mark.parametrize("asked", ["естелер", "кесте жоқ", "кестелер:*", "' | сынып", "%", "_", "''", "№"])
def test_what_is_not_there_is_not_found(world, asked):
    shelf.document(world, "Бірінші", "Сыныптамалық кестелердің талабы. Б " * 3)
    found = titles(Document.objects.matching(asked))
    assert found == (["Бірінші"] if asked in ("кестелер:*", "' | сынып") else []), asked


def test_titles_in_three_languages_and_numbers_are_found(world):
    made = shelf.document(
        world, "Сапа саясаты", title_ru="Политика качества", title_en="Quality policy", number="ЕР-УНИ-01/2026"
    )
    for asked in ("САПА", "саясат сапа", "политика", "качеств", "quality POLICY", "ер-уни-01/2026", "УНИ-01"):
        assert list(Document.objects.matching(asked)) == [made], asked


def test_one_letter_is_a_word_of_its_own(world):
    shelf.document(world, "Бірінші", "топ Б кестесі")
    shelf.document(world, "Екінші", "бала")
    assert titles(found_documents(Document.objects.all(), "б кесте")) == ["Бірінші"]


def test_texts_of_drafts_and_of_earlier_versions_are_not_looked_through(world):
    made = shelf.document(world, "Бірінші", "қолданыстағы")
    shelf.version(made, "ескірген", state=Version.SUPERSEDED, major=0)
    shelf.version(made, "жобадағы", state=Version.DRAFT, major=2)
    assert titles(Document.objects.matching("қолданыс")) == ["Бірінші"]
    assert titles(Document.objects.matching("ескірген")) == []
    assert titles(Document.objects.matching("жобадағы")) == []
    assert titles(found_documents(Document.objects.all(), "ескірген", old_for=world.stranger)) == ["Бірінші"]
    for who in ("stranger", "staff", "asb"):
        assert titles(found_documents(Document.objects.all(), "жобадағы", old_for=getattr(world, who))) == []


def test_an_outsider_does_not_search_earlier_versions_of_a_public_document(world, signed_in):
    made = shelf.document(world, "Бірінші", "қолданыстағы", published_on=datetime.date(2026, 1, 1))
    shelf.version(made, "ескірген", state=Version.SUPERSEDED, major=0)
    client, rows = signed_in("expert"), Document.objects.visible_to(world.expert)
    for old in ("", "&old=true"):
        assert "Бірінші" in client.get(f"/documents/?q=қолданыс{old}").content.decode()
        assert "Бірінші" not in client.get(f"/documents/?q=ескірген{old}").content.decode()
    assert titles(found_documents(rows, "ескірген", old_for=world.expert)) == []
    grants.give(world.expert, "view", made, by=world.asb, until=datetime.date(2030, 1, 1), why="сараптама")
    assert titles(found_documents(rows, "ескірген", old_for=world.expert)) == ["Бірінші"]


def test_titles_and_numbers_come_before_words_in_files_and_what_is_in_force_before_what_was(world):
    shelf.document(world, "Мәтінде", "аттестация тәртібі")
    shelf.document(world, "Аттестация ережесі, ескі", "бос", state=Document.ANNULLED)
    shelf.document(world, "Аттестация ережесі", "бос")
    rows = best_first(Document.objects.matching("аттестация"), "аттестация")
    assert [row.title_kk for row in rows] == ["Аттестация ережесі", "Аттестация ережесі, ескі", "Мәтінде"]


def test_a_changed_text_is_found_by_its_new_words_only(world):
    made = shelf.document(world, "Бірінші", "ескірген")
    VersionText.objects.filter(version__document=made).update(sought=" жаңарған ")
    assert titles(Document.objects.matching("ескірген")) == []
    assert titles(Document.objects.matching("жаңарған")) == ["Бірінші"]
    VersionText.objects.all().delete()
    assert titles(Document.objects.matching("жаңарған")) == []


# -- the words around a hit ------------------------------------------------------------------------
def test_the_words_around_the_first_hit_are_shown_escaped_and_marked(world):
    made = shelf.document(world, "Бірінші", "алды " * 100 + "<b>Сабағы</b> басталды " + "соңы " * 100)
    said = snippets([made], "САБАҚ")[made.pk]["words"]
    assert "&lt;b&gt;<mark>Сабағы</mark>&lt;/b&gt; басталды" in said
    assert said.startswith("… алды") and said.endswith("соңы …")
    assert len(said) < 300


def test_long_texts_are_not_loaded_for_their_snippets(world):
    made = [shelf.document(world, f"№ {n}", "сабақ " + "соңы " * 1000) for n in range(3)]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(snippets(made, "сабақ соңы")) == 3
    assert len(captured) == 1


def test_a_document_found_by_its_title_only_has_no_snippet(world):
    made = shelf.document(world, "Сабақ кестесі", "басқа")
    assert snippets([made], "сабақ") == {}
    assert snippets([], "сабақ") == snippets([made], "") == {}


def test_only_beginnings_of_words_are_marked():
    assert marked("сапалы басапа Сапа", asked_words("сапа")) == "<mark>сапалы</mark> басапа <mark>Сапа</mark>"


# -- the page ------------------------------------------------------------------------------------------
def test_the_library_tells_what_lives_here_when_it_is_empty(signed_in):
    page = signed_in("staff").get("/documents/?lang=en")
    assert page.status_code == 200
    assert "Here stand the documents in force" in page.content.decode()


def test_the_library_shows_what_was_found_where_and_since_when(world, signed_in):
    made = shelf.document(world, "Бірінші", "мұнда сабақ туралы", number="ЕР-1", in_force_on=datetime.date(2026, 9, 1))
    page = signed_in("stranger").get("/documents/?q=САБАҚ&lang=en").content.decode()
    assert f'href="/documents/documents/{made.pk}/"' in page
    assert "ЕР-1 · Regulation · unit therapy · in force since" in page
    assert "<mark>сабақ</mark>" in page


def test_the_library_finds_earlier_versions_when_asked(world, signed_in):
    made = shelf.document(world, "Бірінші", "қолданыстағы")
    old = shelf.version(made, "ескірген сөз", state=Version.SUPERSEDED, major=0, minor=9)
    browser = signed_in("stranger")
    assert "<mark>" not in browser.get("/documents/?q=ескірген").content.decode()
    page = browser.get("/documents/?q=ескірген&old=true").content.decode()
    assert "<mark>ескірген</mark>" in page
    assert f'href="/documents/versions/{old.pk}/"' in page


def test_people_find_only_what_they_may_see(world, signed_in):
    shelf.document(world, "Құпия жоба", state=Document.PREPARING)
    assert "Құпия жоба" in signed_in("staff").get("/documents/?q=құпия").content.decode()
    assert "Құпия жоба" not in signed_in("stranger").get("/documents/?q=құпия").content.decode()
    assert "Құпия жоба" not in signed_in("expert").get("/documents/?q=құпия").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=strategic", ["Саясат"]),
        ("standard=S1", ["Саясат"]),
        ("language=ru", ["Орысша"]),
        ("origin=external", ["Заң"]),
        ("state=annulled", ["Жойылған"]),
        ("q=саясат&level=regulatory", []),
    ],
)
def test_each_filter_narrows(world, signed_in, monkeypatch, query, expected):
    monkeypatch.setattr(
        "qa_portal.web.registry.registry.catalogue_choices", lambda: [("S1", "S1 Сапа"), ("S1.R1", "т")]
    )
    shelf.document(world, "Саясат", kind=shelf.kind("policy", level="strategic"), supports=["S1.R1"])
    shelf.document(world, "Орысша", languages=["ru"])
    shelf.document(world, "Заң", origin="external", kind=shelf.kind("law", origin="external"), unit=None)
    shelf.document(world, "Жойылған", state=Document.ANNULLED)
    found = signed_in("asb").get(f"/documents/?{query}").context["found"]
    assert sorted(item["title"] for item in found) == expected


def test_a_filter_that_is_not_understood_shows_nothing_and_says_so(world, signed_in):
    shelf.document(world, "Бірінші")
    page = signed_in("asb").get("/documents/?level=nonsense&q=x\x00")
    assert page.status_code == 400
    assert page.context["found"] == []


def test_the_library_asks_as_often_for_thirty_documents_as_for_one(world, signed_in):
    browser = signed_in("staff")
    counts = []
    shelf.document(world, "Сабақ", "сабақ")
    for _turn in range(2):
        browser.get("/documents/?q=сабақ")
        with CaptureQueriesContext(connection) as captured:
            page = browser.get("/documents/?q=сабақ")
        counts.append(len(captured))
        for n in range(29):
            shelf.document(world, f"Сабақ {n}", "сабақ")
    assert len(page.context["found"]) == 20
    assert page.context["pager"]["pages"] == 2
    assert counts[0] == counts[1] <= 14


def test_the_search_of_the_portal_finds_words_of_files(world, signed_in):
    shelf.document(world, "Бірінші", "ерекшесөз")
    assert "Бірінші" in signed_in("staff").get("/search/?q=ЕРЕКШЕ").content.decode()
