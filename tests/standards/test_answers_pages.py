"""The page where areas are answered and verified, register, record, API, desk, reminders, the signal of a low score."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from capa import signals
from capa.models import Finding
from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Person
from qa_portal.web.registry import registry
from standards.models import AreaAnswer
from standards.workflow import answers as steps

from . import scenes_answers as scenes
from . import scenes_cycles as cycles

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def page_of(assessment) -> str:
    return f"/standards/assessments/{assessment.pk}/answers/"


def words(answer: AreaAnswer, **changes) -> dict:
    return {"revision": answer.revision, "score": "largely", "comment": "", "strong": "", "improve": "", **changes}


def type_at(client, answer: AreaAnswer, *, script: bool = True, **changes):
    return client.post(f"/standards/answers/{answer.pk}/type/", words(answer, **changes), **(JSON if script else {}))


# -- the page -----------------------------------------------------------------------------------------
def test_the_unit_finds_every_area_with_its_text_scale_and_last_time_s_answer(world, signed_in):
    found = scenes.with_last_time(world)
    text = signed_in("coordinator").get(page_of(found)).content.decode()
    assert text.count("data-typing") == 6
    assert text.count('name="score"') == 36
    assert "S2 аясы 3" in text
    assert "Былтырғы түсініктеме" in text
    assert f"to=standards.answer%3A{scenes.of(found).pk}" in text


def test_staff_reads_the_page_and_types_only_where_asked(world, signed_in):
    found = scenes.delegated(world)
    text = signed_in("staff").get(page_of(found)).content.decode()
    assert text.count("data-typing") == 4
    assert signed_in("staff2").get(page_of(found)).content.decode().count("data-typing") == 0
    assert signed_in("stranger").get(page_of(found)).status_code == 404


def test_the_page_takes_as_many_queries_with_thirty_areas_as_with_three(world, signed_in):
    few = cycles.assessment(world, standard_codes=("S1",))
    with_thirty = cycles.assessment(world, standard_codes=tuple(f"S{n}" for n in range(1, 11)), year=2100)
    for found in (few, with_thirty):
        scenes.last_time(world, found)
        for answer in AreaAnswer.objects.filter(assessment=found):
            scenes.prove(answer, world.head)

    def queries(username: str, found) -> int:
        client = signed_in(username)
        client.get(page_of(found))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(found)).status_code == 200
        return len(captured)

    for username in ("coordinator", "asb", "staff"):
        assert queries(username, few) == queries(username, with_thirty)


def test_taken_out_of_the_cycle_the_page_leads_to_what_was_written(world, signed_in):
    found = cycles.assessment(world)
    scenes.type_in(scenes.of(found), world.head, comment=scenes.TYPED)
    cycles.steps.cancel(scenes.fresh(found), by=world.asb, reason="Бөлім таратылды")
    address = f"/standards/answers/?assessment={found.pk}"
    client = signed_in("head")
    assert address in client.get(page_of(found)).content.decode()
    assert "S1 аясы 1" in client.get(address).content.decode()


def test_a_remark_is_not_put_into_the_quality_office_s_mouth(world, signed_in):
    """A dean or the Council sends back, too."""
    answer = scenes.returned(world)
    for address in (page_of(answer.assessment), answer.get_absolute_url()):
        text = signed_in("head").get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert answer.remark in text
        assert "Remark of the quality office" not in text


# -- typing by script -----------------------------------------------------------------------------------
def test_what_is_typed_is_saved_with_a_new_revision_warnings_and_progress(world, signed_in):
    answer = scenes.open_answer(world)
    client = signed_in("coordinator")
    said = type_at(client, answer, score="fully", comment=scenes.TYPED).json()
    assert (said["revision"], said["answered"], len(said["warnings"])) == (answer.revision + 1, True, 1)
    assert said["progress"]["all"] == {"answered": 1, "total": 6}
    assert said["progress"]["standards"]["S1"] == {"answered": 1, "total": 3}
    answer = scenes.fresh(answer)
    assert answer.comment == scenes.TYPED
    assert type_at(client, answer, score="not_applicable").json()["warnings"] == []


def test_two_people_at_once_the_second_gets_both_versions(world, signed_in):
    answer = scenes.open_answer(world)
    assert type_at(signed_in("head"), answer, score="partly", comment="Басшының сөзі").status_code == 200
    late = type_at(signed_in("coordinator"), answer, comment=scenes.TYPED)
    assert late.status_code == 409
    assert (late.json()["stands"]["comment"], late.json()["stands"]["score"]) == ("Басшының сөзі", "partly")
    assert scenes.fresh(answer).comment == "Басшының сөзі"
    answer.revision = late.json()["revision"]
    assert type_at(signed_in("coordinator"), answer, comment=scenes.TYPED).status_code == 200
    assert scenes.fresh(answer).comment == scenes.TYPED


def test_the_same_words_sent_twice_after_a_lost_answer_are_one(world, signed_in):
    answer = scenes.open_answer(world)
    client = signed_in("head")
    first, second = type_at(client, answer, comment="Сөз"), type_at(client, answer, comment="Сөз")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["revision"] == first.json()["revision"]


@pytest.mark.parametrize(
    ("username", "status"), [("staff", 403), ("asb", 403), ("admin", 403), ("stranger", 404), ("expert", 404)]
)
def test_foreign_areas_are_refused(world, signed_in, username, status):
    answer = scenes.open_answer(world)
    assert type_at(signed_in(username), answer, comment="x").status_code == status
    assert scenes.fresh(answer).comment == ""


def test_after_submission_typing_is_409_with_a_sentence(world, signed_in):
    answer = scenes.submitted(world)
    said = type_at(signed_in("head"), answer, comment="x")
    assert (said.status_code, said.json()["stands"]) == (409, None)
    assert said.json()["detail"]


@pytest.mark.parametrize("changes", [{"score": "excellent"}, {"comment": "ә" * 20001}, {"improve": "a\x00b"}])
def test_bad_input_gets_a_sentence(world, signed_in, changes):
    answer = scenes.open_answer(world)
    said = type_at(signed_in("head"), answer, **changes)
    assert said.status_code == 400
    assert said.json()["errors"].keys() == changes.keys()


# -- the same without script ------------------------------------------------------------------------------
def test_without_script_the_button_saves_and_comes_back_to_the_area(world, signed_in):
    answer = scenes.open_answer(world)
    said = type_at(signed_in("head"), answer, script=False, comment=scenes.TYPED)
    assert (said.status_code, said.url) == (302, f"{page_of(answer.assessment)}#S1.A1")


def test_without_script_a_conflict_shows_both_versions_and_the_button_then_puts_mine(world, signed_in):
    answer = scenes.open_answer(world)
    type_at(signed_in("head"), answer, comment="Басшының сөзі")
    client = signed_in("coordinator")
    said = type_at(client, answer, script=False, comment=scenes.TYPED)
    text = said.content.decode()
    assert (said.status_code, "Басшының сөзі" in text, scenes.TYPED in text) == (409, True, True)
    shown = next(line for line in said.context["sheet"].lines if line.answer.pk == answer.pk).answer
    assert type_at(client, shown, script=False, comment=scenes.TYPED).status_code == 302
    assert scenes.fresh(answer).comment == scenes.TYPED


@pytest.mark.parametrize(("username", "state", "status"), [("staff", "open", 403), ("head", "submitted", 409)])
def test_without_script_a_refusal_keeps_the_words(world, signed_in, username, state, status):
    answer = scenes.open_answer(world) if state == "open" else scenes.submitted(world)
    said = type_at(signed_in(username), answer, script=False, comment=scenes.TYPED)
    assert (said.status_code, scenes.TYPED in said.content.decode()) == (status, True)


# -- verification -----------------------------------------------------------------------------------------
def test_the_quality_office_accepts_and_sends_back_area_by_area_on_the_page(world, signed_in):
    found = cycles.submitted(world)
    client, path = signed_in("asb"), page_of(found)
    text = client.get(path).content.decode()
    assert text.count('name="reason"') == 6
    answer = scenes.of(found)
    said = client.post(
        f"/standards/answers/{answer.pk}/accept/", {"revision": answer.revision, "next": f"{path}#S1.A1"}
    )
    assert (said.status_code, said.url) == (302, f"{path}#S1.A1")
    other = scenes.of(found, "S1.A2")
    said = client.post(
        f"/standards/answers/{other.pk}/send-back/",
        {"revision": other.revision, "next": f"{path}#S1.A2", "reason": "Дәлел жоқ"},
    )
    assert said.url == f"{path}#S1.A2"
    assert (scenes.fresh(answer).state, scenes.fresh(other).state) == ("accepted", "returned")
    assert "Дәлел жоқ" in client.get(path).content.decode()


def test_a_forgotten_reason_leads_back_to_the_area_all_the_same(world, signed_in):
    answer = scenes.submitted(world)
    back = f"{page_of(answer.assessment)}#S1.A1"
    said = signed_in("asb").post(f"/standards/answers/{answer.pk}/send-back/", {"next": back})
    assert said.status_code == 400
    assert f'name="next" value="{back}"' in said.content.decode()


def test_areas_without_a_warning_are_accepted_at_once_and_the_others_wait(world, signed_in):
    found = cycles.complete(world)
    answer = scenes.type_in(scenes.of(found), world.head, score="fully")
    scenes.prove(answer, world.head, months_ago=40)
    cycles.steps.submit(scenes.fresh(found), by=world.head)
    client = signed_in("asb")
    ids = client.get(page_of(found)).context["sheet"].without_doubt
    assert len(ids) == 5
    said = client.post("/standards/answers/many/accept/", {"ids": ids, "confirmed": "1", "next": page_of(found)})
    assert said.url == page_of(found)
    assert set(AreaAnswer.objects.filter(state="submitted").values_list("code", flat=True)) == {"S1.A1"}


def test_neither_the_unit_nor_its_own_quality_office_sees_buttons_of_verification(world, signed_in):
    found = cycles.submitted(world)
    for username in ("head", "board", "admin"):
        context = signed_in(username).get(page_of(found)).context
        assert (context["sheet"].judging, context["sheet"].without_doubt) == (False, [])


# -- evidence ------------------------------------------------------------------------------------------
def test_evidence_is_attached_from_the_area_and_leads_back_there(world, signed_in):
    found = cycles.assessment(world)
    client, answer = signed_in("coordinator"), scenes.of(found)
    line = client.get(page_of(found)).context["sheet"].lines[0]
    form = client.get(line.attach["url"])
    back = f"{page_of(found)}#S1.A1"
    assert f'name="next" value="{back}"' in form.content.decode()
    data = {"to": f"standards.answer:{answer.pk}", "next": back, "link": "https://example.org/h", "title": "Хаттама"}
    said = client.post(line.attach["url"], {**data, "speaks_of": scenes.in_days(-3).isoformat()})
    assert (said.status_code, said.url) == (302, back)
    assert answer.proofs.get().evidence.title == "Хаттама"


# -- register, record, API ---------------------------------------------------------------------------------
def test_register_filters_and_takes_the_same_queries_for_one_row_and_thirty(world, signed_in):
    found = cycles.submitted(world)
    client = signed_in("asb")

    def rows(query: str) -> list:
        return client.get(f"/standards/answers/?{query}").context["rows"]

    assert len(rows("")) == 6
    assert len(rows("standard=S1")) == len(rows(f"assessment={found.pk}&standard=S2")) == 3
    assert len(rows("code=s1.a2")) == 1
    assert len(rows(f"cycle={found.cycle_id}&unit={found.unit_id}&score=largely&to_verify=true")) == 6
    assert len(rows("score=not_met")) == len(rows("mine=true")) == len(rows("given=true")) == 0
    assert client.get("/standards/answers/?standard=S99").status_code == 400
    counts = []
    for _time in range(2):
        client.get("/standards/answers/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/standards/answers/")
        counts.append(len(captured))
        cycles.submitted(world, standard_codes=tuple(f"S{n}" for n in range(1, 9)))
    assert counts[0] == counts[1]
    assert client.get("/standards/answers/?export=csv").status_code == 200


def test_what_is_mine_to_write(world):
    found = scenes.delegated(world)
    of = AreaAnswer.objects
    assert [of.to_write(getattr(world, u)).count() for u in ("head", "coordinator", "staff", "staff2", "asb")] == [
        6, 6, 4, 0, 0,
    ]  # fmt: skip
    programme = cycles.programme_assessment(world)
    assert of.to_write(world.stranger).count() == programme.answers.count()
    cycles.steps.submit(cycles.answer_all(found, world.head), by=world.head)
    assert of.to_write(world.coordinator).filter(assessment=found).count() == 0


def test_the_record_shows_the_answer_last_time_s_and_all_years(world, signed_in):
    found = scenes.with_last_time(world)
    answer = scenes.type_in(scenes.of(found), world.head, comment=scenes.TYPED, score="fully")
    text = signed_in("asb").get(answer.get_absolute_url()).content.decode()
    assert scenes.TYPED in text
    assert "Былтырғы түсініктеме" in text
    years = signed_in("asb").get(answer.get_absolute_url()).context["sections"][1]["rows"]
    assert [row["answer"].cycle.year for row in years] == [found.cycle.year, found.cycle.year - 1]


def test_the_api_lists_edits_and_verifies(world):
    answer = scenes.open_answer(world)
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(world.coordinator)
    said = client.patch(f"/api/v1/standards/answers/{answer.pk}/", {"comment": scenes.TYPED})
    assert (said.status_code, said.json()["comment"], said.json()["score"]) == (200, scenes.TYPED, "not_looked")
    stale = client.patch(f"/api/v1/standards/answers/{answer.pk}/", {"comment": "x", "revision": answer.revision})
    assert stale.status_code == 409
    assert client.get("/api/v1/standards/answers/?standard=S1").json()["count"] == 3
    client.force_authenticate(world.staff)
    assert client.patch(f"/api/v1/standards/answers/{answer.pk}/", {"comment": "x"}).status_code == 403


def test_the_api_s_list_takes_as_many_queries_for_many_rows_as_for_few(world):
    cycles.submitted(world, standard_codes=("S1",))
    counts = []
    for _time in range(2):
        client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
        client.force_authenticate(world.asb)
        client.get("/api/v1/standards/answers/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/standards/answers/?page_size=100").status_code == 200
        counts.append(len(captured))
        cycles.programme_submitted(world)
        cycles.submitted(world, standard_codes=tuple(f"S{n}" for n in range(1, 9)))
    assert counts[0] == counts[1]


# -- desk, reminders -----------------------------------------------------------------------------------
def test_what_was_asked_of_me_and_what_waits_for_the_quality_office_stands_on_the_desk(world, signed_in):
    found = scenes.delegated(world)
    given, waiting = registry.desk["answers-given"], registry.desk["answers-to-verify"]
    rows = list(given.rows(world.staff))
    assert [row.code for row in rows] == ["S1.A1", "S2.A1", "S2.A2", "S2.A3"]
    assert given.item(rows[0])["url"] == f"{page_of(found)}#S1.A1"
    assert not list(waiting.rows(world.asb))
    cycles.steps.submit(cycles.answer_all(found, world.head), by=world.head)
    assert not list(given.rows(world.staff))
    assert [row.to_verify for row in waiting.rows(world.asb)] == [6]
    assert waiting.item(waiting.rows(world.asb)[0])["url"] == page_of(found)
    assert not list(waiting.rows(world.head))
    assert signed_in("staff").get("/").status_code == 200


@pytest.mark.parametrize(("days", "people"), [(-4, 0), (-3, 1), (0, 0), (1, 1)])
def test_whoever_was_asked_is_reminded(world, days, people):
    found = scenes.delegated(world, areas=("S1.A1",))
    rule = next(rule for rule in rules() if rule.name == "standards.answer_due")
    Notice.objects.all().delete()
    until = scenes.of(found).assigned_until
    morning = datetime.datetime.combine(until + datetime.timedelta(days), datetime.time(3, 0), tzinfo=datetime.UTC)
    earlier = [d for d in (-3, -1, 1) if d < days]
    with time_machine.travel(morning, tick=False):
        for before in earlier:
            sweep_rule(rule, until + datetime.timedelta(days=before))
        Notice.objects.all().delete()
        sweep_rule(rule, until + datetime.timedelta(days=days))
    assert Notice.objects.filter(kind="reminder", person=world.staff).count() == people


def test_of_somebody_who_left_the_head_is_reminded(world):
    found = scenes.delegated(world, areas=("S1.A1",))
    Person.objects.filter(pk=world.staff.pk).update(is_active=False)
    rule = next(rule for rule in rules() if rule.name == "standards.answer_due")
    assert rule.audience(rule.prepare(), "assignee", scenes.of(found)) == [world.head.pk]


# -- a low score is a signal -----------------------------------------------------------------------------
@pytest.mark.parametrize(("score", "severity"), [("not_met", "major"), ("partly", "minor"), ("largely", None)])
def test_a_low_accepted_score_becomes_a_finding_with_everything_filled_in(world, score, severity):
    found = cycles.complete(world)
    answer = scenes.type_in(scenes.of(found), world.head, score=score, improve="Ереже жаңартылсын")
    low = registry.signals["self_assessment.low"]
    cycles.steps.submit(scenes.fresh(found), by=world.head)
    assert not low.rows().exists()
    steps.accept(scenes.fresh(answer), by=world.asb)
    assert low.rows().count() == (0 if severity is None else 1)
    if severity is None:
        return
    signals.raise_finding(low, low.rows().get(), by=world.asb)
    finding = Finding.objects.get()
    assert (finding.severity, finding.unit, finding.area.code, finding.source_kind) == (
        severity, world.department, "S1.A1", "self_assessment",
    )  # fmt: skip
    assert finding.source == answer
    for text in (answer.comment, "Ереже жаңартылсын", "S1 аясы 1"):
        assert text in finding.description
    assert not signals.waiting_rows(low).exists()


def test_a_low_score_that_was_answered_anew_or_is_long_ago_is_no_signal(world):
    found = cycles.complete(world)
    old = scenes.last_time(world, found, score="not_met")
    low = registry.signals["self_assessment.low"]
    assert low.rows().count() == old.answers.count()
    cycles.accept_all(cycles.steps.submit(scenes.fresh(found), by=world.head), world.asb)
    assert not low.rows().exists()
    with time_machine.travel(datetime.datetime(found.cycle.year + 3, 1, 10, tzinfo=datetime.UTC)):
        assert not low.rows().exists()
