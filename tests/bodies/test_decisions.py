"""Decisions: computed from the votes, performing what they decide, taken up by a body above; never typed by anybody."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from capa.models import CapaPlan
from capa.workflow import plan as plan_steps
from qa_portal.bodies.authority import speaking_for
from qa_portal.bodies.models import AgendaItem, Assignment, Decision, Seat, Vote
from qa_portal.bodies.portal import meetings as portal
from qa_portal.bodies.workflow import decisions as decision_steps
from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.notices.models import Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry

from . import scenes
from .scenes import fresh

pytestmark = pytest.mark.django_db
ENDORSE = "capa.plan.endorse"


def plan(world, **options) -> CapaPlan:
    """A plan after an external evaluation: the Academic Council decides about it."""
    return world.submitted(finding=world.finding(source_kind="expert"), **options)


def endorsing(world, record=None, **fields) -> AgendaItem:
    return scenes.in_the_vote(world, scenes.about(world, record or plan(world), ENDORSE, **fields))


def endorsed(world, record=None, choices=None, **fields) -> Decision:
    item = endorsing(world, record, **fields)
    item = scenes.all_for(world, item) if choices is None else scenes.voted(world, item, **choices)
    return item_steps.close_vote(item, by=world.dean).decision


# -- figures ---------------------------------------------------------------------------------------
def test_a_decision_keeps_all_figures_and_the_rule_of_that_day(world):
    choices = {"dean": "for", "head": "for", "head2": "against", "staff": "aside"}  # staff2 says nothing
    decision = scenes.decided(world, choices)
    assert (decision.seats, decision.present, decision.base) == (7, 7, 7)
    assert (decision.votes_for, decision.votes_against, decision.abstained, decision.aside) == (2, 1, 2, 1)
    assert decision.passed is False
    assert decision.rule == {
        "passing": "two_thirds",
        "base": "present",
        "quorum": "third",
        "aside_counts": True,
        "in_writing": False,
        "remote_base": "seats",
        "clause": "",
        "voting_seats": 5,
        "voting_present": 5,
        "silent": 1,
        "quorum_there": True,
    }
    assert (decision.number, decision.text) == ("1.1", "Ережені бекіту.")
    with scenes.door("import"):
        type(decision.body).objects.filter(pk=decision.body_id).update(passing="majority", base="voting")
    assert fresh(decision).rule["passing"] == "two_thirds"
    assert fresh(decision).votes_needed == 5
    silent = Vote.objects.get(silent=True)
    assert (silent.seat.person, silent.choice) == (world.staff2, "abstained")


def test_all_five_votes_are_two_thirds_of_seven_present_and_four_are_not(world):
    assert scenes.decided(world).passed
    four = {"dean": "for", "head": "for", "head2": "for", "staff": "for", "staff2": "against"}
    assert not scenes.decided(world, four).passed


def test_stepping_aside_leaves_the_base_where_the_body_wants_it(world):
    scenes.council(world, base="voting", aside_counts=False)
    decision = scenes.decided(
        world, {"dean": "for", "head": "for", "head2": "aside", "staff": "aside", "staff2": "against"}
    )
    assert (decision.base, decision.votes_for, decision.abstained, decision.aside) == (3, 2, 0, 2)
    assert decision.passed


def test_the_result_cannot_be_typed(world, signed_in):
    item = scenes.voting(world)
    client = signed_in("dean")
    client.post(f"{item.get_absolute_url()}close-vote/", {"passed": "true", "votes_for": "7", "text": "Басқа"})
    decision = Decision.objects.get()
    assert (decision.passed, decision.votes_for, decision.text) == (False, 0, "Ережені бекіту.")
    rest = APIClient()
    rest.force_authenticate(world.admin)
    assert rest.patch(f"/api/v1/bodies/decisions/{decision.pk}/", {"passed": True}).status_code == 405
    assert rest.post("/api/v1/bodies/decisions/", {"passed": True}).status_code == 405
    with pytest.raises(Refused):
        Decision(item=item, body=item.body, meeting=item.meeting).add(by=world.admin)
    decision.passed = True
    with pytest.raises(Refused):
        decision.save_changes(by=world.admin)


def test_the_text_decided_is_the_text_that_was_put_to_the_vote(world):
    item = scenes.voting(world)
    item.draft_decision = "Басқа"
    with pytest.raises(NotNow):
        item.save_changes(by=world.council)


def test_whoever_proposed_it_is_told_the_result(world):
    scenes.decided(world)
    assert Notice.objects.filter(person__username="staff", verb="close_vote").count() == 1


# -- performing -----------------------------------------------------------------------------------------
def test_a_decision_takes_the_step_that_nobody_takes_by_hand(world):
    record = plan(world)
    for username in ("asb", "head", "dean", "board", "admin"):
        with pytest.raises(Refused):
            plan_steps.endorse(fresh(record), by=getattr(world, username))
    decision = endorsed(world, record)
    assert (decision.passed, decision.performed, decision.not_performed) == (True, "capa.plan.endorse", "")
    record = fresh(record)
    assert record.endorsed_on == decision.decided_on
    assert record.endorsement == str(decision)
    assert record.history.filter(verb="endorse", by=world.dean).count() == 1


def test_a_decision_of_another_body_does_not_take_it(world):
    record = plan(world)
    stranger = speaking_for(world.dean, scenes.CODE)
    with pytest.raises(Refused):
        plan_steps.endorse(record, by=stranger)
    assert not hasattr(world.dean, "decides_for")


def test_a_refusal_performs_nothing(world):
    record = plan(world)
    decision = endorsed(world, record, {"dean": "for"})
    assert (decision.passed, decision.performed, decision.not_performed) == (False, "", "")
    assert fresh(record).endorsed_on is None


def test_when_the_step_cannot_be_taken_the_decision_stands_says_why_and_the_quality_office_is_told(world):
    record = plan(world)
    item = scenes.all_for(world, endorsing(world, record))
    plan_steps.cancel(fresh(record), by=world.asb, reason="Қайталанды")
    decision = item_steps.close_vote(item, by=world.dean).decision
    assert decision.passed
    assert (decision.performed, bool(decision.not_performed)) == ("", True)
    assert set(Notice.objects.filter(verb="not_performed").values_list("person__username", flat=True)) == {
        "asb",
        "asb2",
    }
    assert fresh(record).state == CapaPlan.CANCELLED


def test_a_vote_is_not_opened_on_what_no_longer_waits_for_the_body(world):
    record = plan(world)
    item = scenes.about(world, record, ENDORSE)
    plan_steps.cancel(fresh(record), by=world.asb, reason="Қайталанды")
    with pytest.raises(NotNow):
        scenes.in_the_vote(world, item)


def test_nobody_votes_on_their_own_text(world):
    item = endorsing(world, plan(world, by="head"))
    for choice in ("for", "against", "abstained"):
        with pytest.raises(InputProblem):
            item_steps.vote(fresh(item), by=world.head, choice=choice)
        with pytest.raises(InputProblem):
            seat = scenes.seat(item.body, "head").pk
            item_steps.record_vote(fresh(item), by=world.council, seat=seat, choice=choice)
    item_steps.vote(fresh(item), by=world.head, choice="aside", reason="Менің жоспарым")
    assert Vote.objects.get().choice == "aside"


def test_the_author_is_offered_only_to_step_aside(world, signed_in):
    item = endorsing(world, plan(world, by="head"))
    text = signed_in("head").get(item.get_absolute_url()).content.decode()
    assert 'value="for"' not in text and 'value="aside"' in text


def test_the_clock_counts_a_written_vote_and_its_decision_performs_the_step(world):
    record = plan(world)
    item = scenes.about(world, record, ENDORSE)
    now = scenes.timezone.now()
    meeting = scenes.planned(
        world, item.body, in_writing=True, starts_at=now - scenes.HOUR, closes_at=now + 24 * scenes.HOUR
    )
    scenes.on_agenda(world, meeting, item)
    meeting_steps.invite(fresh(meeting), by=world.dean)
    item = item_steps.open_vote(fresh(item), by=world.dean)
    scenes.voted(world, item, **dict.fromkeys(("dean", "head", "head2", "staff"), "for"))
    scenes.over(meeting)
    assert meeting_steps.close_written() == 1
    assert fresh(item).decision.performed == "capa.plan.endorse"
    assert fresh(record).history.get(verb="endorse").by == world.council  # who keeps the minutes carries the word
    assert fresh(item).history.get(verb="close_vote").by is None


# -- proposing what waits -----------------------------------------------------------------------------------
def test_what_waits_for_the_body_is_chosen_and_filled_in_by_the_link(world, signed_in):
    record, body = plan(world), scenes.council(world, code="academic_council")
    client = signed_in("staff")
    key = f"{ENDORSE}:{record.pk}"
    page = client.get(f"/bodies/items/add/?body={body.pk}&about={key}").content.decode()
    assert f'value="{key}" selected' in page
    values = {"body": body.pk, "about": key, "title": "Жоспар", "draft_decision": "Мақұлдау."}
    assert client.post("/bodies/items/add/", values).status_code == 302
    item = AgendaItem.objects.get()
    assert (item.subject, item.verb) == (record, ENDORSE)
    again = client.post("/bodies/items/add/", values)
    assert again.status_code == 400  # it stands before the body already
    other = scenes.council(world)
    assert client.post("/bodies/items/add/", {**values, "body": other.pk}).status_code == 400


@pytest.mark.parametrize("about", ["x", "capa.plan.endorse:999999", "capa.plan.endorse:x", "capa.plan.approve:1", ":"])
def test_nonsense_is_no_subject(world, signed_in, about):
    body = scenes.council(world, code="academic_council")
    values = {"body": body.pk, "about": about, "title": "Жоспар", "draft_decision": "Мақұлдау."}
    assert signed_in("staff").post("/bodies/items/add/", values).status_code == 400


def test_members_are_lent_sight_of_what_stands_on_their_agenda(world):
    record = plan(world)
    item = scenes.about(world, record, ENDORSE)
    seen = portal._on_my_agendas(world.staff2, CapaPlan)
    assert list(seen) == []
    scenes.on_agenda(world, scenes.planned(world, item.body), item)
    assert list(portal._on_my_agendas(world.staff2, CapaPlan)) == [{"subject_id": record.pk}]
    assert list(portal._on_my_agendas(world.auditor, CapaPlan)) == []


class _Request:
    def __init__(self, user):
        self.user = user


def test_the_panel_of_a_record_names_decisions_links_them_to_who_sees_them_and_shows_the_way(world):
    record = plan(world)
    scenes.council(world, code="academic_council")
    ways = portal._decisions_about(record, _Request(world.staff))["ways"]
    assert f"about={ENDORSE}:{record.pk}" in ways[0]["url"]
    assert portal._decisions_about(record, _Request(world.auditor)) is None
    decision = endorsed(world, record)
    member = portal._decisions_about(fresh(record), _Request(world.staff))
    assert (member["rows"][0]["url"], member["ways"]) == (decision.get_absolute_url(), [])
    stranger = portal._decisions_about(fresh(record), _Request(world.stranger))
    assert stranger["rows"][0]["url"] == ""


# -- a body above ----------------------------------------------------------------------------------------------
def test_annulling_takes_the_step_back_and_both_decisions_are_kept(world):
    record = plan(world)
    lower = endorsed(world, record)
    lower = scenes.taken_up(world, lower, "annul")
    upper = lower.overruled_by
    assert (lower.state, lower.clause, lower.passed) == (Decision.ANNULLED, scenes.CLAUSE, True)
    assert (upper.state, upper.performed) == (Decision.STANDS, "bodies.decision.annul")
    assert fresh(record).endorsed_on is None
    assert fresh(record).history.filter(verb__in=("endorse", "undo_endorsement")).count() == 2
    assert lower.performed == "capa.plan.endorse"  # what had been done stays readable
    assert Notice.objects.filter(person__username="staff2", verb="annul").count() == 1


def test_changing_a_refusal_takes_the_step_after_all(world):
    record = plan(world)
    lower = endorsed(world, record, {"dean": "for"})
    lower = scenes.taken_up(world, lower, "change")
    assert (lower.state, lower.passed, lower.changed_text) == (Decision.CHANGED, False, "Шешімнің күшін жою.")
    assert lower.performed == "capa.plan.endorse"
    assert fresh(record).endorsed_on is not None


def test_changing_what_had_passed_takes_the_step_back(world):
    record = plan(world)
    lower = scenes.taken_up(world, endorsed(world, record), "change")
    assert lower.state == Decision.CHANGED
    assert fresh(record).endorsed_on is None


def test_upholding_changes_nothing_but_is_kept(world):
    record = plan(world)
    lower = scenes.taken_up(world, endorsed(world, record), "uphold")
    assert (lower.state, bool(lower.overruled_by), lower.clause) == (Decision.UPHELD, True, scenes.CLAUSE)
    assert fresh(record).endorsed_on is not None


def test_when_the_step_cannot_be_taken_back_the_annulment_stands_and_says_why(world):
    record = plan(world)
    lower = endorsed(world, record)
    plan_steps.cancel(fresh(record), by=world.asb, reason="Қайталанды")
    lower = scenes.taken_up(world, lower, "annul")
    assert lower.state == Decision.ANNULLED
    assert lower.not_performed
    assert Notice.objects.filter(person__username="asb", verb="not_performed").count() == 1


def test_a_decision_above_that_does_not_pass_changes_nothing(world):
    lower = scenes.decided(world)
    item = scenes.taking_up(world, lower)
    scenes.voted(world, item, board="for", hr="against", auditor="against")
    item_steps.close_vote(fresh(item), by=world.board)
    assert fresh(lower).state == Decision.STANDS
    assert fresh(lower).overruled_by is None


def test_a_decision_is_taken_up_once(world):
    lower = scenes.taken_up(world, scenes.decided(world))
    with pytest.raises(NotNow):
        scenes.taking_up(world, lower)


@pytest.mark.parametrize("username", ["board", "dean", "asb", "quality", "admin", "hr"])
def test_nobody_annuls_by_hand_and_no_body_beside(world, username):
    lower = scenes.decided(world)
    person = getattr(world, username)
    inputs = {"clause": "1.1", "overruling": lower.pk}
    with pytest.raises(Refused):
        decision_steps.annul(fresh(lower), by=person, **inputs)
    with pytest.raises(Refused):
        decision_steps.annul(fresh(lower), by=speaking_for(person, lower.body.code), **inputs)


def test_taking_up_names_the_breached_clause_and_only_decisions_of_bodies_below_wait(world, signed_in):
    lower = scenes.decided(world)
    board = scenes.board(world)
    values = {
        "body": board.pk,
        "about": f"bodies.decision.annul:{lower.pk}",
        "title": "Шешімді қарау",
        "draft_decision": "Күшін жою.",
    }
    client = signed_in("auditor")
    assert client.post("/bodies/items/add/", values).status_code == 400
    answer = client.post("/bodies/items/add/", {**values, "clause": scenes.CLAUSE})
    assert answer.status_code == 302
    assert AgendaItem.objects.get(body=board).clause == scenes.CLAUSE
    own = {**values, "body": lower.body_id, "clause": "1.1"}
    assert signed_in("staff").post("/bodies/items/add/", own).status_code == 400


def test_members_of_the_body_above_see_the_decisions_below(world):
    lower = scenes.decided(world)
    assert Decision.objects.visible_to(world.auditor).filter(pk=lower.pk).exists()
    assert not Decision.objects.visible_to(world.stranger).filter(pk=lower.pk).exists()


# -- pages -----------------------------------------------------------------------------------------------------
def test_the_page_of_a_decision_shows_figures_rule_votes_and_what_came_of_it(world, signed_in):
    lower = scenes.taken_up(world, endorsed(world))
    page = signed_in("head").get(lower.get_absolute_url())
    text = page.content.decode()
    assert scenes.CLAUSE in text
    ids = {section["id"] for section in page.context["sections"]}
    assert {"text", "result", "rule", "votes"} <= ids
    assert not page.context["steps"]  # nothing to press: only a body above decides about it
    above = signed_in("auditor").get(lower.get_absolute_url())
    assert "votes" not in {section["id"] for section in above.context["sections"]}
    assert lower.overruled_by.get_absolute_url() in above.content.decode()
    assert signed_in("stranger").get(lower.get_absolute_url()).status_code == 404


def test_every_declared_decision_names_a_step_that_exists_and_a_way_back(world):
    for declared in registry.decidable.values():
        steps = registry.steps(declared.model)
        assert declared.verb in steps
        assert not declared.undo or declared.undo in steps
        assert not declared.otherwise or declared.otherwise in steps
        list(declared.waiting("academic_council")[:1])


def test_what_an_annulled_decision_had_assigned_falls_away(world):
    decision = scenes.decided(world)
    task = Assignment(
        decision=decision,
        text="Кестені жаңарту",
        owner=world.staff,
        due=timezone.localdate() + datetime.timedelta(days=9),
    ).add(by=world.dean)
    scenes.taken_up(world, decision, "annul")
    task.refresh_from_db()
    assert task.state == Assignment.CANCELLED
    assert scenes.CLAUSE in task.history.first().why


def test_an_author_who_is_there_and_says_nothing_has_stepped_aside(world):
    scenes.council(world, code="academic_council", base="voting", aside_counts=False)
    decision = endorsed(world, plan(world, by="head"), dict.fromkeys(("dean", "head2", "staff"), "for"))
    assert (decision.base, decision.votes_for, decision.abstained, decision.aside) == (4, 3, 1, 1)
    assert decision.rule["silent"] == 1  # staff2
    assert Vote.objects.get(seat__person=world.head).choice == "aside"


def test_members_of_every_body_above_read_the_decisions_that_they_may_take_up(world):
    lower = scenes.decided(world)
    top = scenes.council(world, code="top_council")
    with scenes.door("import"):
        type(top).objects.filter(pk=scenes.board(world).pk).update(above=top)
        type(top).objects.filter(pk=top.pk).update(above=None)
        Seat(body=top, person=world.stranger, since=datetime.date(2020, 1, 1)).save()
    assert lower in Decision.objects.visible_to(fresh(world.stranger))
    assert not AgendaItem.objects.visible_to(fresh(world.stranger)).exists()


def test_a_proposal_that_did_not_pass_gives_no_assignments(world, signed_in):
    decision = scenes.decided(world, {"dean": "for"})
    due = timezone.localdate() + datetime.timedelta(days=9)
    with pytest.raises(NotNow):
        Assignment(decision=decision, text="Кестені жаңарту", owner=world.staff, due=due).add(by=world.dean)
    assert "bodies/assignments/add" not in signed_in("dean").get(decision.get_absolute_url()).content.decode()
