"""The life of a petition inside: registered, given, asked, taken to a body, answered, carried out, in time or late."""

from __future__ import annotations

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from capa import signals
from qa_portal.bodies.authority import find
from qa_portal.dates.days import add_working_days
from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow, Refused
from qa_portal.policy.models import PolicyValue
from qa_portal.reports.base import Progress
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from surveys.models import Petition
from surveys.petition_figures import few, summary
from surveys.reports.petitions import PetitionSummary, key_for
from surveys.workflow import petitions as steps

from . import scenes_petitions as scenes

pytestmark = pytest.mark.django_db


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


def told(verb):
    return set(Notice.objects.filter(verb=verb).values_list("person__username", flat=True))


# -- the way through -----------------------------------------------------------------------------------
def test_the_time_counts_from_registration_in_working_days_of_the_policy(world):
    petition = scenes.registered(world)
    assert petition.due_on == add_working_days(timezone.localdate(), 15)
    PolicyValue.objects.create(
        key="surveys.petition_days", value=3, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    petition = scenes.registered(world)
    assert petition.due_on == add_working_days(timezone.localdate(), 3)
    entry = petition.history.get(verb="register")
    assert entry.policies["surveys.petition_days"]["value"] == 3


def test_registering_corrects_kind_unit_and_area(world):
    petition = scenes.received(world, kind="complaint", unit=None, area="")
    steps.register(petition, by=world.asb, kind="suggestion", unit=world.other.pk, area="S1")
    assert (petition.kind, petition.unit, petition.area, petition.standard) == ("suggestion", world.other, "S1", "S1")
    assert told("register") == {"staff2"}


def test_numbers_follow_each_other_within_a_year(world):
    year = timezone.localdate().year
    assert [scenes.received(world).number for _n in range(2)] == [f"P-{year}-0001", f"P-{year}-0002"]


def test_who_answers_the_head_and_the_author_follow_it(world):
    petition = scenes.in_work(world)
    assert told("assign") == {"staff"}
    steps.ask(petition, by=world.head, text="Қай кабинет?")
    assert told("ask") == {"staff2"}
    steps.write_on(petition, by=world.staff2, text="305")
    assert told("write_on") == {"staff"}
    assert list(petition.messages.values_list("from_author", "text")) == [(False, "Қай кабинет?"), (True, "305")]
    steps.answer(petition, by=world.head, outcome="declined", note="Қаржы жоқ")
    assert (petition.state, petition.answered_on, petition.in_time) == ("answered", timezone.localdate(), True)
    assert told("answer") == {"staff2"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"outcome": "declined", "note": ""}, "note"),
        ({"outcome": "implemented", "note": "x", "link": ""}, "link"),
        ({"outcome": "implemented", "note": "x", "link": "javascript:alert(1)"}, "link"),
        ({"outcome": "implemented", "note": "x", "link": "//evil.example"}, "link"),
        ({"outcome": "", "note": "x"}, "outcome"),
    ],
)
def test_an_answer_has_its_reason_or_its_link(world, typed, wrong):
    petition = scenes.in_work(world)
    with pytest.raises(InputProblem) as problem:
        steps.answer(petition, by=world.staff, **typed)
    assert wrong in problem.value.form.errors
    petition.refresh_from_db()
    assert petition.state == Petition.IN_WORK


def test_nobody_answers_what_concerns_them_or_what_they_wrote(world):
    petition = scenes.in_work(world)
    petition.concerns.set([world.staff, world.head])
    for who in (world.staff, world.head):
        with pytest.raises(Refused):
            steps.answer(petition, by=who, outcome="accepted", note="x")
    with pytest.raises(InputProblem):
        steps.assign(petition, by=world.asb, owner=world.head.pk)
    own = scenes.received(world, by="asb")
    for step in ("register", "redirect", "name_concerned"):
        assert getattr(steps, step).who_refuses(own, world.asb) is not None
    with pytest.raises(Refused):
        steps.register(own, by=world.asb, kind="complaint")


def test_named_and_answering_at_once_the_answer_is_refused(world):
    """The people concerned are read under the lock, not from the page."""
    stale = Petition.objects.get(pk=scenes.in_work(world).pk)
    assert steps.answer.refusal(stale, world.staff) is None
    steps.name_concerned(Petition.objects.get(pk=stale.pk), by=world.asb, people=[world.staff.pk])
    with pytest.raises(Refused):
        steps.answer(stale, by=world.staff, outcome="accepted", note="x")


def test_an_extension_moves_the_day_onward_only_and_tells_the_author(world):
    petition = scenes.in_work(world)
    first = petition.due_on
    for day in (first, timezone.localdate() - datetime.timedelta(days=1), first + datetime.timedelta(days=800)):
        with pytest.raises(InputProblem):
            steps.extend(petition, by=world.asb, until=day, reason="x")
    steps.extend(petition, by=world.asb, until=first + datetime.timedelta(days=7), reason="Тексеру жүріп жатыр")
    assert petition.due_on == first + datetime.timedelta(days=7)
    assert {"staff", "staff2"} == told("extend")
    change = petition.history.get(verb="extend").changes
    assert {"field": "due_on", "old": str(first), "new": str(petition.due_on)} in change


def test_withdrawn_by_its_author_it_asks_nothing_more(world):
    petition = scenes.in_work(world)
    steps.withdraw(petition, by=world.staff2)
    assert petition.state == Petition.WITHDRAWN and not petition.deadline_counts
    with pytest.raises(NotNow):
        steps.write_on(petition, by=world.staff2, text="x")


def test_what_was_accepted_is_carried_out_later(world):
    petition = scenes.closed(world)
    steps.carry_out(petition, by=world.head, note="Орнатылды", link="/capa/")
    assert (petition.outcome, petition.outcome_link, petition.state) == ("implemented", "/capa/", "closed")
    with pytest.raises(NotNow):
        steps.carry_out(petition, by=world.head, note="x", link="/capa/")


# -- before a body ---------------------------------------------------------------------------------------
def test_a_decision_of_the_body_is_the_answer(world):
    petition = scenes.before_body(world)
    declared, waiting = find(f"surveys.petition.accept_by_decision:{petition.pk}", scenes.BODY)
    assert (declared.verb, declared.otherwise, declared.undo) == (
        "accept_by_decision",
        "decline_by_decision",
        "undo_decision",
    )
    assert waiting == petition
    with pytest.raises(NotNow):
        steps.answer(petition, by=world.staff, outcome="accepted", note="x")
    steps.decline_by_decision(petition, by=scenes.speaking(world, scenes.BODY), reason="№ 3 шешім")
    assert (petition.state, petition.outcome, petition.outcome_note) == ("answered", "declined", "№ 3 шешім")
    steps.undo_decision(petition, by=scenes.speaking(world, f"over:{scenes.BODY}"), reason="№ 4 шешім")
    assert (petition.state, petition.outcome, petition.answered_on) == ("in_work", "", None)


def test_given_to_somebody_it_comes_back_from_the_body(world):
    petition = scenes.before_body(world)
    steps.assign(petition, by=world.asb, owner=world.staff.pk)
    assert petition.body == ""
    assert find(f"surveys.petition.accept_by_decision:{petition.pk}", scenes.BODY) is None


# -- typed in ----------------------------------------------------------------------------------------------
def typed(world, **fields):
    today = timezone.localdate().isoformat()
    return {
        "kind": "complaint", "way": "oral", "received_on": today, "subject": "Жылу", "text": scenes.TEXT,
        "unit": world.department.pk, "language": "kk", "name": "Марат", **fields,
    }  # fmt: skip


def test_the_chancellery_types_in_what_was_said(world, signed_in):
    clerk = scenes.officer(world, "clerk")
    answer = signed_in("clerk").post("/surveys/petitions/add/", typed(world))
    petition = Petition.objects.get()
    assert answer.url == petition.get_absolute_url()
    assert (petition.way, petition.created_by, petition.author, petition.name) == ("oral", clerk, None, "Марат")
    assert api(world, "clerk").post("/api/v1/surveys/petitions/", typed(world, way="written")).status_code == 201


def test_a_sensitive_one_typed_in_leaves_the_sight_of_who_typed_it(world, signed_in):
    scenes.officer(world, "clerk")
    answer = signed_in("clerk").post("/surveys/petitions/add/", typed(world, kind="ethics", anonymous="on"))
    assert answer.status_code == 302 and answer.url == "/surveys/petitions/"
    assert Petition.objects.get().name == ""
    assert not Petition.objects.visible_to(world.clerk).exists()


@pytest.mark.parametrize(
    ("username", "kind", "code"),
    [
        ("compliance", "ethics", 302),
        ("compliance", "complaint", 403),
        ("needs", "adjustment", 302),
        ("needs", "ethics", 403),
        ("head", "complaint", 403),
    ],
)
def test_who_types_in_what(world, signed_in, username, kind, code):
    if username in scenes.OFFICERS:
        scenes.officer(world, username)
    answer = signed_in(username).post("/surveys/petitions/add/", typed(world, kind=kind))
    assert answer.status_code == code
    if code == 403:
        assert scenes.TEXT in answer.content.decode()


def test_bad_days_and_ways_are_said_and_what_was_typed_stays(world, signed_in):
    scenes.officer(world, "clerk")
    for wrong in ({"received_on": scenes.in_days(2).isoformat()}, {"way": "portal"}, {"subject": ""}):
        answer = signed_in("clerk").post("/surveys/petitions/add/", typed(world, **wrong))
        assert answer.status_code == 400
        assert scenes.TEXT in answer.content.decode()


# -- who is reminded ----------------------------------------------------------------------------------------
def sweep(name, days):
    rule = next(rule for rule in rules() if rule.name == f"surveys.{name}")
    before = set(Notice.objects.values_list("pk", flat=True))
    sweep_rule(rule, timezone.localdate() + datetime.timedelta(days=days))
    rows = Notice.objects.exclude(pk__in=before).order_by("person__username")
    return [row.person.username for row in rows]


def test_the_one_who_answers_and_the_chancellery_are_reminded(world):
    scenes.officer(world, "clerk")
    petition = scenes.in_work(world)
    left = (petition.due_on - timezone.localdate()).days
    assert sweep("petition_due", left - 6) == []
    assert sweep("petition_due", left - 5) == ["staff"]
    assert sweep("petition_due", left + 1) == ["clerk", "staff"]
    assert sweep("petition_due", left + 1) == []
    assert sweep("petition_due", left + 5) == ["clerk"]


def test_without_a_name_they_hear_the_next_day(world):
    scenes.officer(world, "clerk")
    petition = scenes.anonymous(world)
    assert sweep("petition_new", 0) == []
    assert sweep("petition_new", 1) == ["clerk"]
    steps.register(petition, by=world.asb, kind="complaint", unit=world.department.pk)
    steps.assign(petition, by=world.asb, owner=world.staff.pk)
    steps.write_on.run(petition, steps.SYSTEM, {"text": "Тағы"})
    assert sweep("petition_word", 0) == []
    assert sweep("petition_word", 1) == ["staff"]
    steps.ask(petition, by=world.staff, text="Рақмет")
    assert sweep("petition_word", 3) == []


def test_desks_show_what_waits(world):
    scenes.officer(world, "clerk")
    rows = {
        "petitions-register": scenes.received(world),
        "petitions-assign": scenes.registered(world),
        "petitions": scenes.in_work(world),
        "petitions-close": scenes.answered(world),
    }
    for key, petition in rows.items():
        person = world.staff if key == "petitions" else world.clerk
        source = registry.desk[key]
        assert list(source.rows(person)) == [petition], key
        assert petition.number in source.item(petition)["meta"]
        assert not source.rows(world.board).exists()


# -- what comes of it ------------------------------------------------------------------------------------
def test_what_is_accepted_proposes_a_finding_once_and_names_nobody(world):
    petition = scenes.answered(world)
    source = registry.signals["surveys.petition_accepted"]
    assert list(signals.waiting_rows(source)) == [petition]
    scenes.answered(world, outcome="declined")
    scenes.answered(world, kind="thanks")
    assert signals.waiting_rows(source).count() == 1
    finding = signals.raise_finding(source, petition, by=world.asb)
    assert (finding.source_kind, finding.source, finding.unit) == ("petition", petition, world.department)
    assert scenes.TEXT not in finding.description and "Staff2" not in finding.description
    assert not signals.waiting_rows(source).exists()


def test_an_accepted_one_of_no_unit_concerns_the_university(world):
    petition = scenes.answered(world, unit=None)
    draft = registry.signals["surveys.petition_accepted"].draft(petition)
    assert draft["unit"] == world.university


def test_the_share_carried_out_by_kind_and_standard(world):
    scenes.answered(world, outcome="implemented", area="")
    for outcome in ("implemented", "accepted", "declined"):
        petition = scenes.in_work(world)
        petition.area = "S1"
        petition.save_changes(by=world.asb)
        link = "/capa/" if outcome == "implemented" else ""
        steps.answer(petition, by=world.staff, outcome=outcome, note="x", link=link)
    scenes.received(world)
    scenes.withdrawn(world)
    day = timezone.localdate()
    made = summary(day, day)
    line = made.kinds["complaint"]
    assert (line.received, line.answered, line.in_time, line.implemented, line.share) == (5, 4, 4, 2, 50)
    assert round(made.standards["S1"].share) == 33
    figure = registry.formulas["surveys.petitions_implemented"].values(day, day)
    assert (figure[world.department.pk].value, figure[None].weight) == (50, 4)
    assert summary(day - datetime.timedelta(days=9), day - datetime.timedelta(days=1)).kinds == {}


def test_small_numbers_of_sensitive_kinds_are_not_said():
    assert (few(0), few(5)) == ("0", "5")
    assert few(1) == few(4) != "4"


def test_the_report_is_made_as_a_paper(world):
    clerk = scenes.officer(world, "clerk")
    scenes.answered(world)
    day = timezone.localdate()
    paper = PetitionSummary({"id": key_for(day, day).pk}, clerk, "kk")
    assert scenes.TEXT not in paper.html()
    stream = io.BytesIO()
    paper.write(stream, Progress())
    assert stream.getvalue()[:4] == b"%PDF"


def test_wrong_days_of_the_report_are_said(world, signed_in):
    client = signed_in("asb")
    for query in ("since=2026-02-30", "since=2026-05-01&until=2026-01-01", "since=0001-01-01&until=2026-01-01"):
        assert client.get(f"/surveys/petitions/summary/?{query}").status_code == 400, query


# -- registers ----------------------------------------------------------------------------------------------
def test_filters_and_export(world, signed_in):
    late = scenes.in_work(world)
    PolicyValue.objects.create(
        key="surveys.petition_days", value=1, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    own = scenes.received(world, by="asb", kind="thanks", area="S1")
    client = signed_in("asb")
    for query, found in (
        ("", {late, own}),
        ("kind=thanks", {own}),
        ("state=in_work", {late}),
        ("mine=true", {own}),
        ("owned=true", set()),
        ("standard=S1", {own}),
        (f"unit={world.school.pk}", {late, own}),
        ("way=oral", set()),
        ("overdue=true", set()),
        ("q=Желдеткіш", {late, own}),
        (f"q={late.number}", {late}),
    ):
        answer = client.get(f"/surveys/petitions/?{query}&export=csv")
        text = b"".join(answer.streaming_content).decode()
        assert {row for row in (late, own) if row.number in text} == found, query
    assert Petition.objects.overdue(late.due_on + datetime.timedelta(days=1)).get() == late


def test_registers_ask_as_often_for_thirty_rows_as_for_one(world, signed_in):
    client, rest = signed_in("asb"), api(world, "asb")
    counts = []
    scenes.in_work(world)
    for more in (0, 7):
        for _n in range(more):
            scenes.in_work(world)
        for visit in (
            lambda: client.get("/surveys/petitions/"),
            lambda: rest.get("/api/v1/surveys/petitions/"),
        ):
            visit()
            with CaptureQueriesContext(connection) as queries:
                visit()
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_person_who_left_is_given_nothing(world):
    Person.objects.filter(username="staff").update(is_active=False)
    petition = scenes.registered(world)
    with pytest.raises(InputProblem):
        steps.assign(petition, by=world.asb, owner=world.staff.pk)
