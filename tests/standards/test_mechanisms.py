"""Mechanisms and their years: data, register, steps, who speaks for whom, signals, desk, reminders, paper, chapter."""

from __future__ import annotations

import datetime
import io
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from capa import signals
from capa.models import Finding
from qa_portal.bodies.models import Seat
from qa_portal.documents.models import Document, DocumentKind
from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.reports.base import find
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import ChapterScope, registry
from qa_portal.workflow.writing import door
from standards.aims import tally, trend
from standards.models import CommitteeView, Conclusion, Mechanism, MechanismAim, MechanismYear
from standards.permissions.mechanism_speakers import speakers
from standards.registers.reading import read
from standards.workflow import mechanisms as steps

from . import scenes_mechanisms as scenes

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"
AIMS = {
    **dict(zip((f"M{n}" for n in range(1, 14)), (5, 5, 5, 4, 4, 5, 12, 9, 9, 8, 3, 3, 5), strict=True)),
    **dict(zip((f"E{n}" for n in range(1, 5)), (3, 6, 8, 11), strict=True)),
}


def load() -> str:
    out = StringIO()
    call_command("load_registers", stdout=out)
    return out.getvalue()


def told() -> list[str]:
    return sorted(Notice.objects.values_list("person__username", flat=True))


def keys(person: Any, year: MechanismYear) -> list[str]:
    return [speaker.key for speaker in speakers(person, year)]


def api(world: Any, username: str) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


# -- the data ----------------------------------------------------------------------------------------
def test_the_file_has_every_aim_in_three_languages_none_equal_to_another():
    rows = read("mechanisms.yaml")
    assert {row["code"]: len(row["aims"]) for row in rows} == AIMS
    assert sum(AIMS[code] for code in AIMS if code.startswith("M")) == 77
    assert sum(AIMS[code] for code in AIMS if code.startswith("E")) == 28
    for row in rows:
        for words in (row["name"], row["text"], row["doer"], row["governing"], *row["aims"]):
            said = [words[language].strip() for language in ("kk", "ru", "en")]
            assert all(said), row["code"]
            assert len(set(said)) == 3, said
        assert row["standards"], row["code"]
        assert set(row["standards"]) <= {f"S{n}" for n in range(1, 12)}
    texts = [aim["kk"] for row in rows for aim in row["aims"]]
    repeated = {text for text in texts if texts.count(text) > 1}
    # Two surveys ask the same about corruption; nothing else stands twice.
    assert len(repeated) == 1


def test_names_of_the_source_university_do_not_occur():
    text = str(read("mechanisms.yaml"))
    for word in ("КАЗГЮУ", "KAZGUU", "QM", "QAD", "QAU", "ААЖ", "Canvas", "Platonus"):
        assert word not in text, word


def test_loading_twice_makes_nothing_and_keeps_what_the_office_changed(db):
    load()
    assert (Mechanism.objects.count(), MechanismAim.objects.count()) == (17, 105)
    Mechanism.objects.filter(code="M7").update(doer_kk="Талдау бөлімі", retired=True)
    MechanismAim.objects.filter(code="M1.2").update(text_ru="Иначе")
    again = load()
    row = Mechanism.objects.get(code="M7")
    assert (row.doer_kk, row.retired) == ("Талдау бөлімі", True)
    assert MechanismAim.objects.get(code="M1.2").text_ru == "Иначе"
    assert "Added" not in again
    assert "M7: doer_kk" in again
    assert "M1.2: text_ru" in again


def test_clauses_and_kinds_are_those_of_the_source(db):
    load()
    found = dict(Mechanism.objects.values_list("code", "clause"))
    assert found["M13"] == "N1 §4.1.13"
    assert found["E4"] == "N1 §4.2.5"
    assert Mechanism.objects.filter(kind="internal").count() == 13


# -- pages of mechanisms --------------------------------------------------------------------------------
def test_the_register_shows_this_years_state_and_the_last_judgement(world, signed_in):
    year = scenes.concluded(world)
    retired = scenes.mechanism(world, "OLD", retired=True)
    page = signed_in("staff").get("/standards/mechanisms/").content.decode()
    assert year.mechanism.name in page
    assert str(year.state_label) in page
    assert "OLD" not in page
    assert retired.name in signed_in("staff").get("/standards/mechanisms/?retired=true").content.decode()
    for query, there in (("standard=S1", True), ("kind=external", False), ("q=" + year.mechanism.code, True)):
        text = signed_in("staff").get(f"/standards/mechanisms/?{query}").content.decode()
        assert (f"/standards/mechanisms/{year.mechanism_id}/" in text) is there, query
    assert signed_in("staff").get("/standards/mechanisms/?export=csv").status_code == 200


def test_the_register_opens_with_all_mechanisms_in_use(world, signed_in):
    load()
    client = signed_in("staff")
    assert client.get("/standards/mechanisms/?count=1").json()["count"] == 17
    assert client.get("/standards/mechanisms/?count=1&per_school=true").json()["count"] == 11
    assert client.get("/standards/mechanisms/?count=1&kind=external").json()["count"] == 4


def test_a_mechanisms_page_shows_aims_years_and_the_trend(world, signed_in):
    first = scenes.closed(world, "reached", "weak", "weak", year=2020, due=scenes.in_days(5))
    scenes.closed(world, "reached", "reached", "weak", year=2021, mechanism=first.mechanism)
    page = signed_in("staff").get(first.mechanism.get_absolute_url()).content.decode()
    assert "1-мақсат" in page
    assert "<svg" in page
    past = trend(first.mechanism)
    assert past.years == [2020, 2021]
    assert [past.by_year[year].share for year in past.years] == [33, 67]
    second = first.mechanism.aims.get(place=2)
    assert [(t.reached, t.weak) for t in past.line(second.pk)] == [(0, 1), (1, 0)]


def document(world: Any) -> Document:
    kind = DocumentKind.objects.create(code="mech_rule", name_kk="Ереже", name_en="Rule")
    with door("import"):
        found = Document(kind=kind, unit=world.university, number="Е-1", state="in_force")
        found.title_kk, found.title_ru, found.title_en = "Сауалнама ережесі", "Положение", "Survey rule"
        found.save()
    return found


def test_the_office_links_documents_and_takes_them_out(world, signed_in):
    mechanism, rule = scenes.mechanism(world), document(world)
    url, client = f"/standards/mechanisms/{mechanism.pk}/documents/", signed_in("asb")
    assert client.post(url, {}).status_code == 400
    assert client.post(url, {"document": rule.pk}).status_code == 302
    assert "Сауалнама ережесі" in client.get(mechanism.get_absolute_url()).content.decode()
    assert signed_in("head").post(url, {"remove": rule.pk}).status_code == 403
    assert client.post(url, {"remove": rule.pk}).status_code == 302
    assert mechanism.documents.count() == 0


def test_administrators_keep_mechanisms_in_admin_and_see_years(world, signed_in):
    scenes.planned(world)
    client = signed_in("admin")
    for model in ("mechanism", "mechanismaim"):
        assert client.get(f"/admin/standards/{model}/").status_code == 200
        assert client.get(f"/admin/standards/{model}/add/").status_code == 200
    mechanism = Mechanism.objects.get()
    assert client.get(f"/admin/standards/mechanism/{mechanism.pk}/change/").status_code == 200
    assert client.get(f"/admin/standards/mechanism/{mechanism.pk}/delete/").status_code == 403
    assert client.get("/admin/standards/mechanismyear/add/").status_code == 403


# -- planning -------------------------------------------------------------------------------------------
def plan_data(world: Any, of: Mechanism, **changes: Any) -> dict[str, Any]:
    return {
        "mechanism": of.pk,
        "year": timezone.localdate().year,
        "planned": TYPED,
        "doer_unit": world.department.pk,
        "due": scenes.in_days(30).isoformat(),
        **changes,
    }


def test_office_and_the_doers_head_plan_a_year(world, signed_in):
    url = "/standards/mechanism-years/add/"
    for username in ("asb", "head", "coordinator"):
        mechanism = scenes.mechanism(world)
        assert signed_in(username).post(url, plan_data(world, mechanism)).status_code == 302, username
        assert mechanism.years.get().state == "plan"
    # Heads name only units of their own.
    answer = signed_in("head").post(url, plan_data(world, scenes.mechanism(world), doer_unit=world.other.pk))
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"doer_unit": ""},
        {"year": 1890},
        {"year": 2999},
        {"due": "2020-02-29"},
        {"due": "2026-02-30"},
        {"mechanism": 999999},
        {"unit": "x"},
    ],
)
def test_a_bad_plan_is_refused_and_nothing_typed_is_lost(world, signed_in, change):
    answer = signed_in("asb").post(
        "/standards/mechanism-years/add/", plan_data(world, scenes.mechanism(world), **change)
    )
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()
    assert MechanismYear.objects.count() == 0


def test_unit_and_body_together_are_refused(world, signed_in):
    data = plan_data(world, scenes.mechanism(world), doer_body=scenes.council(world).pk)
    answer = signed_in("asb").post("/standards/mechanism-years/add/", data)
    assert answer.status_code == 400
    assert "Constraint" not in answer.content.decode()


def test_one_mechanism_has_one_record_a_year_and_place_unless_cancelled(world, signed_in):
    year = scenes.planned(world)
    client, url = signed_in("asb"), "/standards/mechanism-years/add/"
    data = plan_data(world, year.mechanism)
    assert client.post(url, data).status_code == 400
    assert client.post(url, {**data, "unit": world.school.pk}).status_code == 302
    assert client.post(url, {**data, "unit": world.school.pk}).status_code == 400
    steps.cancel(year, by=world.asb, reason="Қате")
    assert client.post(url, data).status_code == 302


def test_the_next_year_starts_from_plan_and_change_of_this_one(world, signed_in):
    year = scenes.closed(world)
    client = signed_in("head")
    page = client.get(year.get_absolute_url()).content.decode()
    assert f"/standards/mechanism-years/add/?from={year.pk}" in page
    form = client.get(f"/standards/mechanism-years/add/?from={year.pk}").context["form"]
    assert form["year"].value() == year.year + 1
    assert form["planned"].value() == "Сауалнама жүргізу\n\nСұрақтар жаңартылады"
    for wrong in ("x", "999999", "٣"):
        assert client.get(f"/standards/mechanism-years/add/?from={wrong}").status_code == 404


def test_a_plan_is_edited_until_it_begins(world, signed_in):
    year = scenes.planned(world)
    data = {
        "planned": TYPED,
        "doer_unit": world.department.pk,
        "due": scenes.in_days(40).isoformat(),
        "revision": year.revision,
    }
    assert signed_in("head").post(f"/standards/mechanism-years/{year.pk}/edit/", data).status_code == 302
    year.refresh_from_db()
    assert (year.planned, year.due) == (TYPED, scenes.in_days(40))
    steps.start(year, by=world.head)
    answer = signed_in("head").post(f"/standards/mechanism-years/{year.pk}/edit/", data)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()


# -- do -----------------------------------------------------------------------------------------------------
def test_the_doer_reports_with_evidence_and_the_office_hears(world):
    year = scenes.started(world)
    with pytest.raises(InputProblem):
        steps.report_done(year, by=world.head, done="Өткізілді")
    Notice.objects.all().delete()
    steps.report_done(year, by=world.head, done="Өткізілді", link=scenes.PROOF)
    assert (year.state, year.done_by, year.done_on) == ("check", world.head, timezone.localdate())
    assert year.proofs.count() == 1
    assert told() == ["asb", "asb2"]


def test_a_body_that_carries_it_out_reports_by_its_chair_or_secretary(world):
    year = scenes.started(world, doer_body=scenes.council(world))
    for username in ("head", "asb", "staff"):
        with pytest.raises(Refused):
            steps.report_done(year, by=getattr(world, username), done="x", link=scenes.PROOF)
    steps.report_done(year, by=world.council, done="Өткізілді", link=scenes.PROOF)
    assert year.state == "check"


def test_a_report_is_sent_back_while_nobody_has_concluded(world):
    year = scenes.reported(world)
    steps.send_back(year, by=world.asb, reason="Дәлел жоқ")
    assert (year.state, year.done_by) == ("do", None)
    steps.report_done(year, by=world.head, done="Толықтырылды")  # its evidence is still there
    scenes.say(world, year, "asb", "manager")
    with pytest.raises(NotNow):
        steps.send_back(year, by=world.asb, reason="Дәлел жоқ")


# -- check: aims -----------------------------------------------------------------------------------------------
def test_aims_are_judged_and_corrected_until_the_check_closes(world):
    year = scenes.judged(world)
    assert (tally(year).reached, tally(year).partly, tally(year).weak) == (1, 1, 1)
    steps.judge_aims(year, by=world.head, **scenes.results(year, "reached", "reached", "weak"))
    assert year.aim_results.count() == scenes.AIMS
    entry = year.history.filter(verb="judge_aims").first()
    code = year.mechanism.aims.get(place=2).code
    assert entry.why.startswith(f"{code}: ")
    assert "→" in entry.why
    scenes.say(world, year, "head2", f"unit:{world.other.pk}")
    scenes.say(world, year, "asb", "manager")
    steps.close_check(year, by=world.asb)
    with pytest.raises(NotNow):
        steps.judge_aims(year, by=world.asb, **scenes.results(year))


def test_one_aim_alone_may_be_judged_and_the_others_stay(world):
    year = scenes.judged(world)
    first = year.aims[0]
    steps.judge_aims(year, by=world.asb, **{f"aim_{first.pk}": "partly"})
    assert list(year.aim_results.order_by("aim__place").values_list("reached", flat=True)) == [
        "partly",
        "partly",
        "weak",
    ]


def test_a_weak_aim_needs_a_reason_and_what_is_typed_comes_back(world, signed_in):
    year = scenes.reported(world)
    first, second = year.aims[:2]
    url = f"/standards/mechanism-years/{year.pk}/judge-aims/"
    data = {f"aim_{first.pk}": "weak", f"note_{second.pk}": TYPED}
    answer = signed_in("asb").post(url, data)
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()
    assert set(answer.context["form"].errors) == {f"note_{first.pk}", f"aim_{second.pk}"}
    assert signed_in("asb").post(url, {}).status_code == 400
    assert year.aim_results.count() == 0


def test_a_judgement_made_from_an_older_page_is_told_so(world, signed_in):
    year = scenes.reported(world)
    data = {**scenes.results(year), "revision": year.revision}
    url = f"/standards/mechanism-years/{year.pk}/judge-aims/"
    assert signed_in("asb").post(url, data).status_code == 302
    assert signed_in("asb2").post(url, {**scenes.results(year, "weak", "weak", "weak"), **data}).status_code == 409


# -- check: who speaks ----------------------------------------------------------------------------------------------
def test_for_whom_each_person_may_speak(world):
    year = scenes.reported(world)
    assert keys(world.head2, year) == [f"unit:{world.other.pk}"]
    assert keys(world.dean, year) == [f"unit:{world.school.pk}"]
    assert keys(world.asb, year) == ["manager"]
    assert keys(world.council, year) == [f"body:{scenes.council(world).pk}"]
    # the doer's head, the one who reported, colleagues, and people who speak for no unit
    for username in ("head", "coordinator", "staff", "quality", "board", "stranger", "admin", "expert"):
        assert keys(getattr(world, username), year) == [], username


def test_the_doers_unit_and_those_below_do_not_conclude(world):
    year = scenes.reported(world, reporter="dean", doer_unit=world.school)
    assert keys(world.head, year) == []
    assert keys(world.head2, year) == []
    assert keys(world.dean, year) == []
    with pytest.raises(Refused):
        scenes.say(world, year, "head2", f"unit:{world.other.pk}")


def test_the_quality_office_does_not_conclude_about_its_own_work(world):
    year = scenes.started(world, doer_unit=world.asb_unit)
    Office.objects.create(person=world.asb2, role=Role.UNIT_HEAD, unit=world.asb_unit, since=datetime.date(2020, 1, 1))
    steps.report_done(year, by=world.asb2, done="Өткізілді", link=scenes.PROOF)
    assert keys(world.asb, year) == []
    assert keys(world.head2, year) == [f"unit:{world.other.pk}"]


def test_the_head_of_the_quality_office_has_one_voice(world):
    Office.objects.create(person=world.asb, role=Role.UNIT_HEAD, unit=world.asb_unit, since=datetime.date(2020, 1, 1))
    assert keys(world.asb, scenes.reported(world)) == ["manager"]


def test_members_of_the_body_that_did_it_do_not_conclude(world):
    year = scenes.started(world, doer_body=scenes.council(world))
    steps.report_done(year, by=world.council, done="Өткізілді", link=scenes.PROOF)
    with door("import"):
        Seat(body=scenes.council(world), person=world.head2, duty="member", since=datetime.date(2020, 1, 1)).save()
    assert keys(world.head2, year) == []
    assert keys(world.hr, year) == []
    assert keys(world.dean, year) == [f"unit:{world.school.pk}"]


def test_a_deputy_does_not_speak_in_the_name_of_whoever_reported(world):
    year = scenes.reported(world, reporter="dean")
    day = timezone.localdate()
    Deputy.objects.create(principal=world.dean, deputy=world.auditor, since=day, until=day)
    assert f"unit:{world.school.pk}" not in keys(world.auditor, year)
    other = scenes.reported(world)
    assert f"unit:{world.school.pk}" in keys(world.auditor, other)


def test_one_unit_speaks_once(world, signed_in):
    year = scenes.reported(world)
    scenes.say(world, year, "asb", "manager")
    data = {"speaks_as": "manager", "effect": "not", "text": TYPED}
    answer = signed_in("asb2").post(f"/standards/mechanism-years/{year.pk}/conclude/", data)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()
    assert year.conclusions.get().effect == "effective"
    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.create(year=year, effect="not", text="x", by=world.asb2, on=timezone.localdate())


def test_nobody_speaks_for_a_unit_of_others(world):
    year = scenes.reported(world)
    for key in (f"unit:{world.school.pk}", "manager", "unit:999999", ""):
        with pytest.raises(InputProblem):
            scenes.say(world, year, "head2", key)


# -- check: closing ---------------------------------------------------------------------------------------------------
def test_the_check_closes_with_two_units_and_two_people_only(world):
    year = scenes.judged(world)
    with pytest.raises(NotNow):
        steps.close_check(year, by=world.asb)
    scenes.say(world, year, "asb", "manager")
    with pytest.raises(NotNow):
        steps.close_check(year, by=world.asb)
    scenes.say(world, year, "council", f"body:{scenes.council(world).pk}", "not")
    steps.close_check(year, by=world.asb)
    assert (year.state, year.checked_on) == ("act", timezone.localdate())


def test_one_person_who_speaks_for_two_bodies_is_not_two(world):
    year = scenes.judged(world)
    with door("import"):
        Seat(
            body=scenes.committee(world), person=world.council, duty="secretary", since=datetime.date(2020, 1, 1)
        ).save()
    scenes.say(world, year, "council", f"body:{scenes.council(world).pk}")
    scenes.say(world, year, "council", f"body:{scenes.committee(world).pk}")
    with pytest.raises(NotNow, match="1"):
        steps.close_check(year, by=world.asb)
    scenes.say(world, year, "head2", f"unit:{world.other.pk}")
    steps.close_check(year, by=world.asb)
    assert year.state == "act"


def test_an_aim_without_judgement_keeps_the_check_open(world):
    year = scenes.reported(world)
    scenes.say(world, year, "asb", "manager")
    scenes.say(world, year, "head2", f"unit:{world.other.pk}")
    first = year.aims[0]
    steps.judge_aims(year, by=world.asb, **{f"aim_{first.pk}": "reached"})
    with pytest.raises(NotNow) as refused:
        steps.close_check(year, by=world.asb)
    assert year.aims[1].code in str(refused.value)
    assert first.code not in str(refused.value)
    # an aim that the office takes out of use is asked for no longer
    MechanismAim.objects.filter(mechanism=year.mechanism).exclude(pk=first.pk).update(retired=True)
    steps.close_check(MechanismYear.objects.get(pk=year.pk), by=world.asb)


def test_closing_is_the_quality_offices_or_the_representatives_never_of_own_reports(world):
    year = scenes.concluded(world)
    for username in ("head", "dean", "staff", "board", "council"):
        with pytest.raises(Refused):
            steps.close_check(year, by=getattr(world, username))
    steps.close_check(year, by=world.quality)
    own = scenes.started(world, doer_unit=world.asb_unit)
    Office.objects.create(person=world.asb, role=Role.UNIT_HEAD, unit=world.asb_unit, since=datetime.date(2020, 1, 1))
    steps.report_done(own, by=world.asb, done="Өткізілді", link=scenes.PROOF)
    with pytest.raises(Refused):
        steps.close_check(own, by=world.asb)


def test_the_year_ends_with_what_is_changed(world):
    year = scenes.acting(world)
    Notice.objects.all().delete()
    steps.act(year, by=world.head, acted="Сұрақтар жаңартылады")
    assert (year.state, year.closed_on) == ("closed", timezone.localdate())
    assert told() == ["asb", "asb2", "coordinator"]


# -- committees of schools -----------------------------------------------------------------------------------------
def test_a_school_committee_judges_the_effect_and_recommends_once(world, signed_in):
    year = scenes.viewed(world, "partly")
    row = CommitteeView.objects.get()
    assert (row.body, row.effect, row.recommendation, row.by) == (
        scenes.committee(world),
        "partly",
        "Қайта қарау",
        world.auditor,
    )
    data = {"body": scenes.committee(world).pk, "effect": "effective", "recommendation": TYPED}
    answer = signed_in("auditor").post(f"/standards/mechanism-years/{year.pk}/give-view/", data)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()


@pytest.mark.parametrize("username", ["quality", "council", "asb", "head", "dean"])
def test_others_give_no_committees_judgement(world, username):
    """A member without duty, the secretary of another kind of body, the office, the doer, another dean."""
    year = scenes.reported(world)
    with pytest.raises(Refused):
        steps.give_view(year, by=getattr(world, username), body=scenes.committee(world).pk, effect="not")


def test_a_committee_judges_its_own_school_only_and_not_its_own_work(world):
    here = scenes.reported(world, unit=world.school)
    with pytest.raises(Refused):
        steps.give_view(here, by=world.auditor, body=scenes.committee(world).pk, effect="effective")
    there = scenes.reported(world, unit=world.far_school)
    steps.give_view(there, by=world.auditor, body=scenes.committee(world).pk, effect="effective")
    own = scenes.started(world, doer_body=scenes.committee(world), unit=world.far_school)
    with pytest.raises(Refused):
        steps.give_view(own, by=world.auditor, body=scenes.committee(world).pk, effect="effective")


def test_not_effective_without_a_recommendation_is_asked_for_one(world):
    year = scenes.reported(world)
    with pytest.raises(InputProblem):
        steps.give_view(year, by=world.auditor, body=scenes.committee(world).pk, effect="not")


# -- signals -----------------------------------------------------------------------------------------------------------
def test_a_weak_aim_makes_a_finding_when_the_check_is_closed(world, signed_in):
    year = scenes.concluded(world)
    declared = registry.signals["mechanisms.weak"]
    assert signals.waiting_rows(declared).count() == 0
    steps.close_check(year, by=world.asb)
    row = signals.waiting_rows(declared).get()
    found = signals.raise_finding(declared, row, by=world.asb)
    assert (found.unit, found.source_kind, found.source) == (world.department, "mechanism", row)
    assert "Себебі" in found.description
    assert signals.waiting_rows(declared).count() == 0
    page = signed_in("asb").get(found.get_absolute_url()).content.decode()
    assert f"{year.get_absolute_url()}#aims" in page


def test_a_mechanism_that_a_committee_finds_not_effective_is_a_signal(world):
    scenes.viewed(world, "not")
    scenes.viewed(world, "effective")
    declared = registry.signals["mechanisms.not_effective"]
    row = signals.waiting_rows(declared).get()
    found = signals.raise_finding(declared, row, by=world.asb)
    assert "Қайта қарау" in found.description
    assert Finding.objects.get().source == row


def test_a_finding_from_a_bodys_year_belongs_to_the_bodys_unit(world):
    year = scenes.started(world, doer_body=scenes.council(world), unit=world.school)
    steps.report_done(year, by=world.council, done="Өткізілді", link=scenes.PROOF)
    steps.judge_aims(year, by=world.asb, **scenes.results(year))
    scenes.say(world, year, "asb", "manager")
    scenes.say(world, year, "dean", f"unit:{world.school.pk}")
    steps.close_check(year, by=world.asb)
    declared = registry.signals["mechanisms.weak"]
    assert declared.draft(signals.waiting_rows(declared).get())["unit"] == world.university


# -- desk, search, reminders ---------------------------------------------------------------------------------------------
def waits(key: str, person: Any) -> list[int]:
    return [row.pk for row in registry.desk[key].rows(person)]


def test_what_waits_for_whom(world, signed_in):
    to_do, to_check, to_act = scenes.started(world), scenes.reported(world), scenes.acting(world)
    assert waits("mechanisms-mine", world.head) == [to_do.pk, to_act.pk]
    assert waits("mechanisms-mine", world.head2) == []
    assert waits("mechanisms-to-check", world.asb) == [to_check.pk]
    assert waits("mechanisms-to-check", world.head) == []
    assert set(waits("mechanisms-of-school", world.auditor)) == {to_check.pk, to_act.pk}
    steps.give_view(to_check, by=world.auditor, body=scenes.committee(world).pk, effect="effective")
    assert waits("mechanisms-of-school", world.auditor) == [to_act.pk]
    assert waits("mechanisms-of-school", world.quality) == []
    for username, row in (("head", to_act), ("asb", to_check), ("auditor", to_act)):
        assert row.mechanism.name in signed_in(username).get("/").content.decode()
    assert signed_in("head").get("/standards/mechanism-years/?mine=true&state=do").status_code == 200


def test_search_finds_mechanisms(world):
    mechanism = scenes.mechanism(world)
    find_rows = registry.search["mechanisms"].find
    assert [row["meta"] for row in find_rows(world.staff, mechanism.code)] == [mechanism.code]
    assert list(find_rows(world.expert, mechanism.code)) == []


@pytest.mark.parametrize(
    ("days", "people"),
    [
        (-14, ["coordinator", "head"]),
        (-4, ["coordinator", "head"]),  # a missed day is made good
        (1, ["coordinator", "head"]),
        (7, ["asb", "asb2", "coordinator", "head"]),
    ],
)
def test_the_doer_is_reminded_and_then_the_office(world, days, people):
    year = scenes.started(world)
    Notice.objects.all().delete()
    mine = next(rule for rule in rules() if rule.name == "standards.mechanism_due")
    day = year.due + datetime.timedelta(days=days)
    morning = datetime.datetime.combine(day, datetime.time(3, 0), tzinfo=datetime.UTC)
    with time_machine.travel(morning, tick=False):
        sweep_rule(mine, timezone.localdate())
        assert sweep_rule(mine, timezone.localdate())["sent"] == 0
    assert sorted(set(told())) == people


def test_what_is_reported_reminds_nobody(world):
    year = scenes.reported(world)
    Notice.objects.all().delete()
    mine = next(rule for rule in rules() if rule.name == "standards.mechanism_due")
    with time_machine.travel(year.due + datetime.timedelta(days=8), tick=False):
        sweep_rule(mine, timezone.localdate())
    assert told() == []


# -- paper, chapter, API ------------------------------------------------------------------------------------------------------
def test_the_paper_tells_plan_aims_conclusions_views_and_change(world):
    year = scenes.closed(world)
    steps.give_view(
        year, by=world.auditor, body=scenes.committee(world).pk, effect="partly", recommendation="Жалғастыру"
    )
    for language in ("kk", "ru", "en"):
        paper = find("standards.mechanism_year")({"id": year.pk}, world.staff, language)
        html = paper.html()
        for words in ("Сауалнама жүргізу", "Өткізілді", "Тиімді", "Жалғастыру", "Сұрақтар жаңартылады", "Head2"):
            assert words in html, words
    stream = io.BytesIO()
    paper.write(stream, lambda done, total: None)
    assert stream.getvalue().startswith(b"%PDF")


def scope(world: Any, **fields: Any) -> ChapterScope:
    year = timezone.localdate().year
    since, until = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return ChapterScope(since, until, year, **fields)


def test_the_chapter_says_what_the_pages_say(world):
    year = scenes.closed(world)
    idle = scenes.mechanism(world, standards=["S9"])
    make = registry.chapters["mechanisms"].make
    words = str(make(scope(world)))
    assert tally(year).words in words
    assert str(idle) in words
    of_standard = str(make(scope(world, standard="S1")))
    assert str(year.mechanism) in of_standard
    assert str(idle) not in of_standard
    assert make(scope(world, standard="S9")) == []
    assert make(scope(world, unit=world.far_school)) == []
    assert str(idle) not in str(make(scope(world, unit=world.department)))
    assert make(scope(world, person=world.expert)) == []


def test_the_page_of_a_standard_names_its_mechanisms(world, signed_in):
    mechanism = scenes.mechanism(world)
    page = signed_in("staff").get(f"/standards/standards/{world.requirement.standard_id}/").content.decode()
    assert mechanism.get_absolute_url() in page


def test_the_api_gives_aims_conclusions_and_plans_by_the_same_form(world):
    year = scenes.concluded(world)
    found = api(world, "staff").get(f"/api/v1/standards/mechanisms/{year.mechanism_id}/").json()
    assert [aim["text"]["ru"] for aim in found["aims"]] == ["цель 1", "цель 2", "цель 3"]
    row = api(world, "staff").get(f"/api/v1/standards/mechanism-years/{year.pk}/").json()
    assert [aim["reached"] for aim in row["aims"]] == ["reached", "partly", "weak"]
    assert [c["effect"] for c in row["conclusions"]] == ["effective", "partly"]
    data = plan_data(world, scenes.mechanism(world))
    assert api(world, "asb").post("/api/v1/standards/mechanism-years/", data, format="json").status_code == 201
    assert api(world, "asb").post("/api/v1/standards/mechanism-years/", data, format="json").status_code == 400
    assert api(world, "staff").post("/api/v1/standards/mechanism-years/", data, format="json").status_code == 403


# -- speed ------------------------------------------------------------------------------------------------------------------
def queries(call: Any) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def test_lists_hold_their_query_count(world, signed_in):
    page, listed = signed_in("asb"), api(world, "asb")
    addresses = ("mechanisms", "mechanism-years")

    def count() -> list[int]:
        return [
            number
            for name in addresses
            for number in (
                queries(lambda name=name: page.get(f"/standards/{name}/")),
                queries(lambda name=name: listed.get(f"/api/v1/standards/{name}/")),
            )
        ]

    scenes.concluded(world)
    before = count()
    with door("import"):
        for year in range(1, 30):
            made = scenes.concluded(world) if year < 4 else scenes.planned(world)
            assert made.pk
    assert count() == before
    assert max(before) <= 18


def test_a_mechanisms_page_holds_its_query_count(world, signed_in):
    first = scenes.closed(world)
    client, url = signed_in("asb"), first.mechanism.get_absolute_url()
    before = queries(lambda: client.get(url))
    scenes.closed(world, mechanism=first.mechanism, unit=world.school)
    scenes.closed(world, mechanism=first.mechanism, unit=world.other)
    assert queries(lambda: client.get(url)) == before


def test_bad_addresses_and_filters_are_no_errors(world, signed_in):
    scenes.planned(world)
    client = signed_in("asb")
    for path in (
        "mechanisms/999999/",
        "mechanism-years/999999/",
        "mechanism-years/1/nothing/",
        "mechanisms/9/documents/",
    ):
        assert client.get(f"/standards/{path}").status_code == 404, path
    for query in ("year=abc", "mechanism=x", "effect=x", "doer_unit=999999"):
        assert client.get(f"/standards/mechanism-years/?{query}").status_code == 400, query
    for query in ("year=99999999999", "year=2026&weak=true&effect=not", "q=%00", "sort=-year", "overdue=true"):
        assert client.get(f"/standards/mechanism-years/?{query}").status_code == 200, query


def test_a_head_and_the_deputy_who_speaks_in_the_heads_name_are_one_person(world):
    year = scenes.judged(world)
    common = {"year": year, "effect": "effective", "text": "Нәтижелі", "on": timezone.localdate()}
    Conclusion.objects.create(unit=world.far_school, by=world.stranger, in_name_of=world.hr, **common)
    Conclusion.objects.create(body=scenes.council(world), by=world.hr, **common)
    with pytest.raises(NotNow):
        steps.close_check(year, by=world.asb)
    scenes.say(world, year, "asb2", "manager")
    assert steps.close_check(year, by=world.asb).state == "act"


def test_what_was_concluded_about_is_not_judged_otherwise_afterwards(world):
    year = scenes.reported(world)
    first, second = list(year.aims)[:2]
    steps.judge_aims(year, by=world.asb, **{f"aim_{first.pk}": "weak", f"note_{first.pk}": "Мерзімі өтті"})
    scenes.say(world, year, "asb2", "manager", "not")
    with pytest.raises(InputProblem):
        steps.judge_aims(year, by=world.asb, **{f"aim_{first.pk}": "reached"})
    steps.judge_aims(year, by=world.asb, **{f"aim_{second.pk}": "reached"})
    assert year.aim_results.get(aim=first).reached == "weak"
