"""Ordering, making and fetching papers."""

import datetime
from urllib.parse import unquote

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.utils import timezone

from capa.workflow import finding as finding_steps
from qa_portal.notices.models import Notice
from qa_portal.reports import hooks, making
from qa_portal.reports.base import safe_name
from qa_portal.reports.models import Paper

from .conftest import text_of

pytestmark = pytest.mark.django_db


def paper_of(person, finding_id, **fields):
    values = {
        "report": "capa.finding",
        "params": {"id": finding_id},
        "language": "kk",
        "title": "Сәйкессіздік",
        **fields,
    }
    return Paper.objects.create(person=person, **values)


def ready(person, name="Сапа жоспары — 1.pdf"):
    paper = paper_of(person, 0, title="Менің қағазым", state=Paper.DONE, file_name=name, content_type="application/pdf")
    paper.file.save(name, ContentFile(b"%PDF-1.7"))
    return paper


def body(response):
    return b"".join(response.streaming_content)


def test_printing_gives_the_pdf_in_the_language_asked_for(world, signed_in):
    finding = world.finding()
    for language, line in (("kk", "беттің 1-беті"), ("ru", "стр. 1 из"), ("en", "page 1 of")):
        response = signed_in("asb").get(f"/capa/findings/{finding.pk}/print/?lang={language}")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("inline")
        assert line in text_of(body(response))[0]


def test_a_second_click_gets_the_same_paper_and_a_changed_record_a_new_one(world, signed_in):
    finding = world.finding()
    client = signed_in("asb")
    for _click in range(2):
        assert client.get(f"/capa/findings/{finding.pk}/print/?lang=kk").status_code == 200
    assert Paper.objects.count() == 1
    finding_steps.correct(finding, by=world.asb, correction="Қайта жүктелді")
    client.get(f"/capa/findings/{finding.pk}/print/?lang=kk")
    client.get(f"/capa/findings/{finding.pk}/print/?lang=ru")
    assert Paper.objects.count() == 3


def test_another_person_never_gets_my_paper(world, signed_in):
    finding = world.finding()
    for username in ("asb", "head"):
        assert signed_in(username).get(f"/capa/findings/{finding.pk}/print/?lang=kk").status_code == 200
    assert set(Paper.objects.values_list("person__username", flat=True)) == {"asb", "head"}


def test_a_stranger_finds_neither_the_record_nor_the_paper(world, signed_in):
    finding = world.finding()
    paper = ready(world.asb)
    client = signed_in("stranger")
    assert client.get(f"/capa/findings/{finding.pk}/print/").status_code == 404
    assert client.get(f"/papers/{paper.pk}/").status_code == 404
    assert client.get(f"/papers/{paper.pk}/status/").status_code == 404
    assert str(paper) not in client.get("/papers/").content.decode()
    assert signed_in("asb").get(f"/papers/{paper.pk}/").status_code == 200


def test_file_names_keep_their_kazakh_letters(world, signed_in):
    name = safe_name("Сапа/жоспары: әғқңөұүһі №1", "pdf")
    assert name == "Сапа-жоспары- әғқңөұүһі №1.pdf"
    header = signed_in("asb").get(f"/papers/{ready(world.asb, name).pk}/")["Content-Disposition"]
    assert header.isascii()
    assert unquote(header).endswith(f"UTF-8''{name}")


def test_a_slow_worker_sends_the_reader_to_my_papers(world, signed_in, monkeypatch):
    monkeypatch.setattr(current_app.conf, "task_always_eager", False)
    monkeypatch.setattr(hooks, "PATIENCE", 0.2)
    client = signed_in("asb")
    response = client.get(f"/capa/findings/{world.finding().pk}/print/?lang=en")
    assert (response.status_code, response["Location"]) == (303, "/papers/")
    paper = Paper.objects.get()
    assert f"/papers/{paper.pk}/status/" in client.get("/papers/").content.decode()
    assert client.get(f"/papers/{paper.pk}/status/").json()["done"] is False
    assert client.get(f"/papers/{paper.pk}/").status_code == 404
    making.make(paper.pk)
    assert client.get(f"/papers/{paper.pk}/status/").json() | {"label": ""} == {
        "state": "done",
        "label": "",
        "progress": 100,
        "done": True,
    }
    assert client.get(f"/papers/{paper.pk}/").status_code == 200


def test_the_paper_of_a_killed_worker_is_taken_up_again(world):
    paper = paper_of(
        world.asb, world.finding().pk, state=Paper.RUNNING, progress=40, started_at=timezone.now() - making.STALE * 2
    )
    alive = paper_of(world.asb, world.finding().pk, state=Paper.RUNNING, progress=40, started_at=timezone.now())
    assert making.resume() == 1
    paper.refresh_from_db()
    alive.refresh_from_db()
    assert (paper.state, alive.state) == (Paper.DONE, Paper.RUNNING)
    assert paper.file.size == paper.size > 1000


def test_a_paper_whose_order_was_lost_by_the_broker_is_made(world):
    paper = paper_of(world.asb, world.finding().pk)
    Paper.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=5))
    assert making.resume() == 1
    paper.refresh_from_db()
    assert paper.state == Paper.DONE
    assert Notice.objects.filter(person=world.asb, url="/papers/").count() == 1  # the reader has gone on by now


def test_of_two_workers_one_makes_the_paper(world):
    paper = paper_of(world.asb, world.finding().pk)
    assert [making.make(paper.pk), making.make(paper.pk)] == [True, False]


def test_who_lost_the_right_gets_a_sentence_and_no_paper(world, signed_in):
    paper = paper_of(world.stranger, world.finding().pk, language="en")
    assert making.make(paper.pk) is False
    paper.refresh_from_db()
    assert (paper.state, bool(paper.file)) == (Paper.FAILED, False)
    assert "no longer see this record" in signed_in("stranger").get("/papers/?lang=en").content.decode()


def test_a_closed_account_gets_no_paper(world):
    person = world.asb
    person.is_active = False
    person.save()
    assert making.make(paper_of(person, world.finding().pk).pk) is False


def test_a_fault_of_ours_is_told_without_its_innards(world, signed_in):
    paper = paper_of(world.asb, 0, report="no.such.report")
    assert making.make(paper.pk) is False
    page = signed_in("asb").get("/papers/?lang=en").content.decode()
    assert "could not be made" in page
    assert "no.such.report" not in page
