"""Assignments that decisions give, dispatches to bodies, the quality manager's requests and proposals."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from qa_portal.bodies.models import Assignment, Decision, Dispatch, InformationRequest, QualityProposal
from qa_portal.bodies.sitting import duty, keeps_minutes, presides, runs, seats_of, sits, votes_in
from qa_portal.bodies.timeliness import assignments_in_time
from qa_portal.bodies.workflow import advice as advice_steps
from qa_portal.bodies.workflow import assignment as assignment_steps
from qa_portal.bodies.workflow import dispatch as dispatch_steps
from qa_portal.bodies.workflow import request as request_steps
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door

from . import scenes_work as scenes

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"


def told() -> list[str]:
    return sorted(Notice.objects.values_list("person__username", flat=True))


def forget_notices() -> None:
    Notice.objects.all().delete()


# -- where somebody sits -----------------------------------------------------------------------
def test_seats_are_read_once_a_person(world):
    body = scenes.body(world)
    dean, council, hr, staff = world.dean, world.council, world.hr, world.staff
    assert (duty(dean, body.pk), presides(dean, body.pk), keeps_minutes(dean, body.pk)) == ("chair", True, False)
    assert (keeps_minutes(council, body.pk), runs(council, body.pk), presides(council, body.pk)) == (True, True, False)
    assert (sits(hr, body.pk), votes_in(hr, body.pk), runs(hr, body.pk)) == (True, True, False)
    assert not sits(staff, body.pk)
    assert not votes_in(staff, None)
    assert seats_of(SYSTEM) == {}
    with CaptureQueriesContext(connection) as captured:
        for _time in range(20):
            runs(dean, body.pk)
    assert len(captured) == 0


def test_seats_that_ended_or_have_not_begun_count_nowhere(world):
    body = scenes.body(world)
    with door("import"):
        body.seats.filter(person=world.dean).update(until=scenes.in_days(-1))
        body.seats.filter(person=world.council).update(since=scenes.in_days(1))
        body.seats.filter(person=world.hr).update(state="ended")
    assert [seats_of(p) for p in (world.dean, world.council, world.hr)] == [{}, {}, {}]


# -- assignments ------------------------------------------------------------------------------------
def test_secretary_gives_an_assignment_on_the_decisions_page_and_those_concerned_are_told(world, signed_in):
    decision = scenes.decision(world)
    data = {"text": "Есепті жариялау", "owner": world.staff.pk, "due": scenes.in_days(10).isoformat()}
    answer = signed_in("council").post(f"/bodies/assignments/add/?decision={decision.pk}", data)
    assert (answer.status_code, answer.url) == (302, decision.get_absolute_url())
    made = Assignment.objects.get()
    assert (made.decision, made.unit, made.first_due, made.state) == (decision, world.department, made.due, "open")
    assert made.number.endswith("-0001")
    assert told() == ["head", "staff"]


@pytest.mark.parametrize("username", ["hr", "head", "asb", "admin"])
def test_others_give_no_assignments(world, username):
    with pytest.raises(Refused):
        scenes.assignment(world, by=username)


def test_a_deadline_in_the_past_is_refused_and_nothing_typed_is_lost(world, signed_in):
    decision = scenes.decision(world)
    data = {"text": TYPED, "owner": world.staff.pk, "due": "2020-02-29"}
    answer = signed_in("dean").post(f"/bodies/assignments/add/?decision={decision.pk}", data)
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()
    assert Assignment.objects.count() == 0


def test_an_annulled_decision_gives_no_assignments_any_more(world, signed_in):
    decision = scenes.decision(world, state=Decision.ANNULLED)
    data = {"text": TYPED, "owner": world.staff.pk, "due": scenes.in_days(10).isoformat()}
    answer = signed_in("dean").post(f"/bodies/assignments/add/?decision={decision.pk}", data)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?decision=999999", "?decision=x", "?decision=99999999999999999999999"])
def test_without_a_decision_that_is_seen_there_is_no_such_page(world, signed_in, query):
    assert signed_in("dean").get(f"/bodies/assignments/add/{query}").status_code == 404


def test_somebody_from_outside_or_who_has_left_is_not_chosen(world, signed_in):
    decision = scenes.decision(world)
    for owner in (world.expert.pk, 999999, "x"):
        data = {"text": TYPED, "owner": owner, "due": scenes.in_days(10).isoformat()}
        assert signed_in("dean").post(f"/bodies/assignments/add/?decision={decision.pk}", data).status_code == 400


def test_from_given_to_accepted(world):
    row = scenes.assignment(world)
    forget_notices()
    assignment_steps.carry_out(row, by=world.staff, note="", link="https://example.org/report")
    assert told() == ["council", "dean"]
    assert row.proofs.count() == 1
    forget_notices()
    assignment_steps.send_back(row, by=world.council, reason="Қосымша жоқ")
    assert (row.state, row.done_on, told()) == ("open", None, ["staff"])
    assignment_steps.carry_out(row, by=world.staff, note="Қосылды")
    assignment_steps.accept(row, by=world.dean)
    assert row.state == "accepted"
    assert row.accepted_on == row.done_on


def test_without_a_word_and_without_evidence_it_is_not_carried_out(world):
    row = scenes.assignment(world)
    with pytest.raises(InputProblem):
        assignment_steps.carry_out(row, by=world.staff, note="  ")
    row.refresh_from_db()
    assert row.state == "open"


def test_nobody_accepts_moves_or_cancels_an_assignment_of_their_own(world):
    row = scenes.assignment(world, owner="dean")
    for step, inputs in (
        (assignment_steps.move_deadline, {"until": scenes.in_days(50), "reason": "x"}),
        (assignment_steps.cancel, {"reason": "x"}),
    ):
        with pytest.raises(Refused):
            step(row, by=world.dean, **inputs)
    assignment_steps.carry_out(row, by=world.dean, note="Болды")
    with pytest.raises(Refused):
        assignment_steps.accept(row, by=world.dean)
    assignment_steps.accept(row, by=world.council)


def test_a_moved_deadline_keeps_the_first_one_in_sight(world, signed_in):
    row = scenes.assignment(world)
    first = row.due
    for until in (first, scenes.in_days(-1)):
        with pytest.raises(InputProblem):
            assignment_steps.move_deadline(row, by=world.council, until=until, reason="Сессия")
    forget_notices()
    assignment_steps.move_deadline(row, by=world.council, until=first + datetime.timedelta(days=9), reason="Сессия")
    assert (row.first_due, row.due) == (first, first + datetime.timedelta(days=9))
    assert told() == ["head", "staff"]
    assert "Сессия" in signed_in("staff").get(row.get_absolute_url()).content.decode()


def test_handing_over_tells_both_and_takes_the_unit_along(world):
    row = scenes.assignment(world)
    forget_notices()
    assignment_steps.hand_over(row, by=world.council, owner=world.head2.pk, reason="Ауысты")
    assert (row.owner, row.unit) == (world.head2, world.other)
    assert told() == ["dean", "head2", "staff"]
    with pytest.raises(Refused):
        assignment_steps.carry_out(row, by=world.staff, note="x")


def test_a_plain_edit_changes_the_words_only(world, signed_in):
    row = scenes.assignment(world)
    data = {"text": "Басқа сөз", "due": "2031-01-01", "owner": world.staff2.pk, "revision": row.revision}
    assert signed_in("council").post(f"/bodies/assignments/{row.pk}/edit/", data).status_code == 302
    fresh = Assignment.objects.get(pk=row.pk)
    assert (fresh.text, fresh.due, fresh.owner) == ("Басқа сөз", row.due, world.staff)


def test_assignments_of_an_annulled_decision_fall_away(world):
    decision = scenes.decision(world)
    row, done = scenes.assignment(world, of=decision), scenes.carried_out(world, of=decision)
    assignment_steps.accept(done, by=world.council)
    with door("step"):
        assert assignment_steps.fall_away(decision, world.board, "Жарғыға қайшы") == 1
    row.refresh_from_db()
    done.refresh_from_db()
    assert (row.state, done.state) == ("cancelled", "accepted")
    assert row.history.first().why == "Жарғыға қайшы"


def test_in_time_counts_what_was_due_and_nothing_that_was_cancelled(world):
    decision = scenes.decision(world)
    for days in (5, 9, 30):
        scenes.assignment(world, of=decision, due=scenes.in_days(days))
    cancelled = scenes.assignment(world, of=decision)
    assignment_steps.cancel(cancelled, by=world.dean, reason="x")
    rows = Assignment.objects.all()
    assert assignments_in_time(rows)["share"] is None
    assert assignments_in_time(Assignment.objects.none())["all"] == 0
    first, second, _third = Assignment.objects.filter(state="open").order_by("due")
    assignment_steps.carry_out(first, by=world.staff, note="Болды")
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=12), tick=False):
        late = assignments_in_time(rows)
        assert (late["in_time"], late["judged"], late["share"], late["overdue"], late["open"]) == (1, 2, 50, 1, 2)
        assignment_steps.carry_out(second, by=world.staff, note="Болды")
        numbers = assignments_in_time(rows)
    assert (numbers["all"], numbers["done"], numbers["in_time"], numbers["share"]) == (3, 2, 1, 50)


def test_the_decisions_panel_lists_its_assignments_and_offers_more_to_those_who_run_the_body(world, rf):
    row = scenes.assignment(world)
    render = next(r for r in registry.panels[Decision] if r.__name__ == "_on_decision")

    def seen_by(username):
        asked = rf.get("/")
        asked.user = getattr(world, username)
        return render(row.decision, asked)

    assert [item["row"] for item in seen_by("council")["rows"]] == [row]
    assert seen_by("council")["add"]["url"].endswith(f"?decision={row.decision_id}")
    assert seen_by("hr")["add"] is None
    assert seen_by("stranger") is None


def test_pages_of_decision_and_body_show_what_hangs_on_them(world, signed_in):
    row, sent = scenes.assignment(world), scenes.dispatch(world)
    client = signed_in("council")
    decision = client.get(row.decision.get_absolute_url()).content.decode()
    assert row.number in decision
    assert f"/bodies/assignments/add/?decision={row.decision_id}" in decision
    body = client.get(sent.body.get_absolute_url()).content.decode()
    assert sent.title in body
    assert f"/bodies/assignments/?body={sent.body_id}" in body
    stranger = signed_in("stranger").get(sent.body.get_absolute_url()).content.decode()
    assert sent.title not in stranger
    assert f"/bodies/dispatches/add/?body={sent.body_id}" in stranger


def test_desk_shows_what_is_mine_and_what_i_accept(world, signed_in):
    mine, done = scenes.assignment(world), scenes.carried_out(world)

    def waiting(username, key):
        groups = signed_in(username).get("/").context["waits"]
        return [item["url"] for group in groups if group["key"] == key for item in group["items"]]

    assert waiting("staff", "assignments") == [mine.get_absolute_url()]
    assert waiting("council", "assignments-to-accept") == [done.get_absolute_url()]
    assert waiting("hr", "assignments-to-accept") == []


def test_filters_of_the_register(world, signed_in):
    mine, other = scenes.assignment(world), scenes.carried_out(world, owner="head2")
    client = signed_in("council")
    for query, found in (
        ("", {mine, other}),
        (f"unit={world.department.pk}", {mine}),
        (f"body={mine.decision.body_id}&state=carried_out", {other}),
        ("to_accept=true", {other}),
        ("mine=true", set()),
        (f"decision={mine.decision_id}", {mine}),
        ("q=Силлабус", {mine, other}),
    ):
        page = client.get(f"/bodies/assignments/?{query}").content.decode()
        assert {row for row in (mine, other) if row.number in page} == found, query
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=30), tick=False):
        page = signed_in("staff").get("/bodies/assignments/?mine=true&overdue=true").content.decode()
    assert mine.number in page


# -- dispatches ---------------------------------------------------------------------------------------
def test_a_report_is_sent_with_its_paper_and_received(world, signed_in):
    body = scenes.body(world)
    data = {
        "body": body.pk,
        "title": "Жылдық есеп",
        "sent_on": scenes.in_days(-1).isoformat(),
        "link": "https://example.org/report.pdf",
    }
    assert signed_in("staff").post("/bodies/dispatches/add/", data).status_code == 302
    made = Dispatch.objects.get()
    assert (made.sent_by, made.proofs.count(), told()) == (world.staff, 1, ["council", "dean"])
    dispatch_steps.acknowledge(made, by=world.council, entry_number="7-12")
    assert (made.state, made.received_by, made.entry_number) == ("received", world.council, "7-12")
    assert made.received_on == scenes.in_days(0)
    assert "staff" in told()


def test_the_sender_does_not_confirm_the_receipt(world):
    row = scenes.dispatch(world, by="council")
    with pytest.raises(Refused):
        dispatch_steps.acknowledge(row, by=world.council, entry_number="1")
    dispatch_steps.acknowledge(row, by=world.dean, entry_number="1")


def test_a_dispatch_is_about_a_record_that_its_sender_sees(world, signed_in):
    finding = world.finding()
    client = signed_in("staff")
    page = client.get(f"/bodies/dispatches/add/?about=capa.finding:{finding.pk}")
    assert finding.title in page.context["form"]["title"].value()
    data = {"body": scenes.body(world).pk, "title": "Хат", "sent_on": scenes.in_days(0).isoformat()}
    assert client.post(f"/bodies/dispatches/add/?about=capa.finding:{finding.pk}", data).status_code == 302
    made = Dispatch.objects.get()
    assert made.subject == finding
    assert finding.title in client.get(made.get_absolute_url()).content.decode()
    # The secretary of another body, who may not see the finding, reads only what kind of thing it is.
    with door("import"):
        made.body.seats.model(body=made.body, person=world.stranger, since=datetime.date(2020, 1, 1)).save()
    assert finding.title not in signed_in("stranger").get(made.get_absolute_url()).content.decode()
    for about in ("capa.finding:999999", "people.person:1", "x"):
        assert client.get(f"/bodies/dispatches/add/?about={about}").status_code == 404
    assert signed_in("stranger").get(f"/bodies/dispatches/add/?about=capa.finding:{finding.pk}").status_code == 404


def test_a_day_in_the_future_is_refused(world, signed_in):
    data = {"body": scenes.body(world).pk, "title": TYPED, "sent_on": scenes.in_days(2).isoformat()}
    answer = signed_in("staff").post("/bodies/dispatches/add/", data)
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()


def test_members_only_see_what_is_sent_to_their_body(world):
    row = scenes.dispatch(world)
    for username, sees in (("hr", True), ("dean", True), ("asb", True), ("head", False), ("stranger", False)):
        assert Dispatch.objects.visible_to(getattr(world, username)).filter(pk=row.pk).exists() is sees, username


# -- information requests --------------------------------------------------------------------------------
def test_quality_manager_asks_and_the_unit_answers_with_papers(world, signed_in):
    Office.objects.create(person=world.auditor, role=Role.QUALITY_MANAGER, unit=world.university)
    client = signed_in("auditor")
    form = client.get(f"/bodies/requests/add/?unit={world.department.pk}").context["form"]
    assert form.initial["unit"] == str(world.department.pk)
    assert form["due"].value() > scenes.in_days(10)  # ten working days
    data = {"unit": world.department.pk, "what": "Жүктеме кестесі", "due": scenes.in_days(14).isoformat()}
    assert client.post("/bodies/requests/add/", data).status_code == 302
    made = InformationRequest.objects.get()
    assert (made.asked_by, told()) == (world.auditor, ["coordinator", "head"])
    forget_notices()
    request_steps.answer(made, by=world.coordinator, note="Тіркелді", link="https://example.org/table")
    assert (made.state, made.answered_by, told()) == ("answered", world.coordinator, ["auditor"])
    assert made.proofs.count() == 1
    request_steps.send_back(made, by=world.asb, reason="2025 жыл жоқ", due=scenes.in_days(20))
    assert (made.state, made.due) == ("asked", scenes.in_days(20))
    request_steps.answer(made, by=world.dean, note="Енді бар")
    request_steps.accept(made, by=world.auditor)
    assert made.state == "accepted"


@pytest.mark.parametrize("username", ["head", "board", "quality", "council", "admin", "staff"])
def test_nobody_else_asks(world, username):
    with pytest.raises(Refused):
        scenes.request(world, by=username)


def test_a_deputy_answers_in_the_heads_name(world):
    Deputy.objects.create(principal=world.head, deputy=world.staff, until=scenes.in_days(5), reason="демалыс")
    row = scenes.request(world)
    request_steps.answer(row, by=world.staff, note="Тіркелді")
    assert row.history.filter(verb="answer", in_name_of=world.head).exists()


def test_nobody_answers_their_own_question_nor_accepts_their_own_answer(world):
    Office.objects.create(person=world.asb, role=Role.UNIT_HEAD, unit=world.asb_unit)
    Office.objects.create(person=world.asb2, role=Role.QUALITY_COORDINATOR, unit=world.asb_unit)
    own = scenes.request(world, unit=world.asb_unit)
    with pytest.raises(Refused):
        request_steps.answer(own, by=world.asb, note="x")
    request_steps.answer(own, by=world.asb2, note="Тіркелді")
    with pytest.raises(Refused):
        request_steps.accept(own, by=world.asb2)
    request_steps.accept(own, by=world.asb)


def test_chair_and_secretary_of_the_council_read_what_climbs_up_to_them(world):
    row = scenes.request(world)
    assert not InformationRequest.objects.visible_to(world.stranger).exists()
    scenes.body(world, "academic_council", (("stranger", "chair"), ("auditor", "member")))
    assert InformationRequest.objects.visible_to(world.stranger).get() == row
    assert not InformationRequest.objects.visible_to(world.auditor).exists()


# -- proposals ----------------------------------------------------------------------------------------------
def test_a_proposal_goes_to_a_body_or_to_a_unit_and_not_to_both(world, signed_in):
    client, body = signed_in("asb"), scenes.body(world)
    data = {"title": TYPED, "text": "Негізі", "due": scenes.in_days(9).isoformat()}
    for to in ({}, {"body": body.pk, "unit": world.department.pk}):
        answer = client.post("/bodies/advice/add/", {**data, **to})
        assert answer.status_code == 400
        assert TYPED in answer.content.decode()
    assert client.post("/bodies/advice/add/", {**data, "body": body.pk}).status_code == 302
    assert (QualityProposal.objects.get().body, told()) == (body, ["council", "dean"])


def test_the_body_answers_through_those_who_run_it(world):
    row = scenes.proposal(world, to_body=True)
    for username in ("hr", "asb", "head", "board"):
        with pytest.raises(Refused):
            advice_steps.accept(row, by=getattr(world, username))
    forget_notices()
    advice_steps.decline(row, by=world.council, reason="Биыл жаңартылған")
    assert (row.answer, row.answered_by, told()) == ("Биыл жаңартылған", world.council, ["asb"])
    with pytest.raises(NotNow):
        advice_steps.finish(row, by=world.council, note="x")


def test_the_proposer_who_heads_the_unit_does_not_answer(world):
    Office.objects.create(person=world.asb, role=Role.UNIT_HEAD, unit=world.asb_unit)
    row = scenes.proposal(world, unit=world.asb_unit)
    with pytest.raises(Refused):
        advice_steps.accept(row, by=world.asb)


# -- pages, letters, API ---------------------------------------------------------------------------------------
def test_every_step_and_every_beginning_has_its_letter(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = scenes.assignment(world)
        assignment_steps.move_deadline(row, by=world.council, until=scenes.in_days(30), reason="Сессия")
        assignment_steps.hand_over(row, by=world.council, owner=world.staff2.pk, reason="Ауысты")
        assignment_steps.carry_out(row, by=world.staff2, note="Болды")
        assignment_steps.send_back(row, by=world.council, reason="Толық емес")
        assignment_steps.cancel(row, by=world.dean, reason="Қажет емес")
        scenes.accepted(world)
        scenes.received(world)
        dispatch_steps.cancel(scenes.dispatch(world), by=world.staff, reason="Қате")
        answered = scenes.answered(world)
        request_steps.send_back(answered, by=world.asb, reason="Толық емес", due=scenes.in_days(9))
        request_steps.cancel(answered, by=world.asb, reason="Қажет емес")
        scenes.closed_request(world)
        advice_steps.finish(scenes.taken_up(world), by=world.head, note="Жаңартылды")
        scenes.declined(world)
    subjects = {letter.subject for letter in mail.outbox}
    assert subjects
    # Without a template of its own a letter's subject is the step's label and the record.
    assert all("\n" not in subject for subject in subjects)


def test_the_two_tools_stand_on_one_page(world, signed_in):
    asked, proposed = scenes.request(world), scenes.proposal(world)
    text = signed_in("head").get("/bodies/tools/").content.decode()
    assert asked.number in text
    assert proposed.number in text
    assert asked.number not in signed_in("head2").get("/bodies/tools/").content.decode()
    assert "/bodies/requests/add/" in signed_in("asb").get("/bodies/tools/").content.decode()


def api(world, username):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="kk")
    client.force_authenticate(getattr(world, username))
    return client


def test_api_adds_by_the_same_forms(world):
    decision, body = scenes.decision(world), scenes.body(world)
    given = {"decision": decision.pk, "text": "Есеп", "owner": world.staff.pk, "due": scenes.in_days(5).isoformat()}
    answer = api(world, "council").post("/api/v1/bodies/assignments/", given)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["body"], answer.json()["state"]) == (body.pk, "open")
    assert api(world, "hr").post("/api/v1/bodies/assignments/", given).status_code == 403
    assert api(world, "council").post("/api/v1/bodies/assignments/", {**given, "decision": ""}).status_code == 400
    assert api(world, "stranger").post("/api/v1/bodies/assignments/", given).status_code == 404
    finding = world.finding()
    sent = {
        "body": body.pk,
        "title": "Хат",
        "sent_on": scenes.in_days(0).isoformat(),
        "about": f"capa.finding:{finding.pk}",
    }
    answer = api(world, "staff").post("/api/v1/bodies/dispatches/", sent)
    assert (answer.status_code, answer.json().get("about")) == (201, f"capa.finding:{finding.pk}")
    asked = {"unit": world.department.pk, "what": "Кесте", "due": scenes.in_days(5).isoformat()}
    answer = api(world, "asb").post("/api/v1/bodies/requests/", asked)
    assert answer.status_code == 201
    patched = api(world, "asb").patch(f"/api/v1/bodies/requests/{answer.json()['id']}/", {"why": "Есепке"})
    assert (patched.status_code, patched.json()["what"], patched.json()["why"]) == (200, "Кесте", "Есепке")
    proposed = {"body": body.pk, "title": "Ұсыныс", "text": "Негіз", "due": scenes.in_days(5).isoformat()}
    assert api(world, "asb").post("/api/v1/bodies/advice/", proposed).status_code == 201
    assert api(world, "head").post("/api/v1/bodies/advice/", proposed).status_code == 403


KINDS = (
    ("assignments", scenes.carried_out),
    ("dispatches", scenes.dispatch),
    ("requests", scenes.answered),
    ("advice", scenes.proposal),
)


def queries(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


@pytest.mark.parametrize(("records", "make"), KINDS, ids=[kind for kind, _make in KINDS])
@pytest.mark.parametrize("username", ["council", "asb"])
def test_lists_hold_their_query_count(world, signed_in, records, make, username):
    page, listed = signed_in(username), api(world, username)

    def count():
        return (
            queries(lambda: page.get(f"/bodies/{records}/")),
            queries(lambda: listed.get(f"/api/v1/bodies/{records}/")),
        )

    make(world)
    before = count()
    for _row in range(29):
        make(world)
    assert count() == before
    assert before[0] <= 16


def test_the_desk_holds_its_query_count(world, signed_in):
    def fill(rows):
        for _row in range(rows):
            for _kind, make in KINDS:
                make(world)
            scenes.assignment(world, owner="council")

    client = signed_in("council")
    fill(1)
    before = queries(lambda: client.get("/"))
    fill(3)  # still all in sight: what is not shown is counted, one query a kind
    assert queries(lambda: client.get("/")) == before


def test_admin_shows_and_changes_nothing(world, signed_in):
    scenes.assignment(world)
    scenes.dispatch(world)
    scenes.request(world)
    scenes.proposal(world)
    client = signed_in("admin")
    for model in ("assignment", "dispatch", "informationrequest", "qualityproposal"):
        assert client.get(f"/admin/bodies/{model}/").status_code == 200
        assert client.get(f"/admin/bodies/{model}/add/").status_code == 403
