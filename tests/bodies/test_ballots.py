"""Votes: cast once, by whom, when; recorded by the secretary; in writing over some days, counted by the clock."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from qa_portal.bodies.models import AgendaItem, Meeting, Vote
from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem

from . import scenes
from .scenes import fresh

pytestmark = pytest.mark.django_db


# -- the vote ------------------------------------------------------------------------------------------------
def test_a_vote_is_cast_once(world):
    item = scenes.voted(world, scenes.voting(world), head="for")
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=world.head, choice="against")
    with pytest.raises(InputProblem):
        item_steps.record_vote(fresh(item), by=world.council, seat=scenes.seat(item.body, "head").pk, choice="against")
    assert Vote.objects.get().choice == "for"


def test_no_vote_after_closing(world):
    item = scenes.voting(world)
    item_steps.close_vote(fresh(item), by=world.dean)
    with pytest.raises(NotNow):
        item_steps.vote(fresh(item), by=world.head, choice="for")
    with pytest.raises(NotNow):
        item_steps.record_vote(fresh(item), by=world.council, seat=scenes.seat(item.body, "head").pk, choice="for")


@pytest.mark.parametrize("username", ["council", "coordinator", "asb", "board", "admin", "stranger"])
def test_without_a_vote_nobody_votes(world, username):
    item = scenes.voting(world)
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=getattr(world, username), choice="for")


def test_the_secretary_records_what_was_said_by_voice(world):
    item = scenes.voting(world)
    seat = scenes.seat(item.body, "staff")
    item_steps.record_vote(fresh(item), by=world.council, seat=seat.pk, choice="against")
    vote = Vote.objects.get()
    assert (vote.seat, vote.choice, vote.recorded_by) == (seat, "against", world.council)
    for username in ("dean", "head", "asb"):
        with pytest.raises(Refused):
            item_steps.record_vote(fresh(item), by=getattr(world, username), seat=seat.pk, choice="for")


def test_whoever_steps_aside_says_why(world):
    item = scenes.voting(world)
    with pytest.raises(InputProblem):
        item_steps.vote(fresh(item), by=world.head, choice="aside")
    item_steps.vote(fresh(item), by=world.head, choice="aside", reason="Туысым")
    assert Vote.objects.get().reason == "Туысым"


def test_one_vote_is_open_at_a_time_in_a_meeting(world):
    item = scenes.voting(world)
    other = scenes.on_agenda(world, item.meeting, title="Екінші")
    with pytest.raises(NotNow):
        item_steps.open_vote(fresh(other), by=world.dean)


# -- in writing ------------------------------------------------------------------------------------------------
def test_in_writing_members_vote_over_some_days_and_the_clock_counts(world):
    meeting = scenes.written(world)
    item = meeting.items.get()
    assert AgendaItem.objects.waiting_for_vote_of(world.head2).get() == item
    scenes.voted(world, item, dean="for", head="for", head2="against")
    with pytest.raises(NotNow):  # two may still vote
        item_steps.close_vote(fresh(item), by=world.dean)
    assert meeting_steps.close_written() == 0
    meeting = scenes.over(meeting)
    with pytest.raises(NotNow):
        item_steps.vote(fresh(item), by=world.staff, choice="for")
    assert not AgendaItem.objects.waiting_for_vote_of(world.staff).exists()
    assert meeting_steps.close_written() == 1
    decision = fresh(item).decision
    assert (decision.base, decision.votes_for, decision.votes_against, decision.present) == (5, 2, 1, 3)
    assert (decision.abstained, decision.passed) == (0, False)
    assert fresh(meeting).state == Meeting.CLOSED
    assert {row.seat.person.username for row in meeting.attendance.filter(present=True)} == {"dean", "head", "head2"}
    assert meeting_steps.close_written() == 0
    for username in ("dean", "council"):
        meeting_steps.sign(fresh(meeting), by=getattr(world, username))
    assert fresh(meeting).state == Meeting.SIGNED


def test_in_writing_the_vote_closes_early_when_all_have_voted(world):
    item = scenes.all_for(world, scenes.written(world).items.get())
    assert item_steps.close_vote(fresh(item), by=world.council).decision.passed


def test_each_item_in_writing_counts_its_own_voters(world):
    body = scenes.council(world, remote_base="voted")
    meeting = scenes.written(world)
    first = meeting.items.get()
    second = scenes.on_agenda(world, meeting, title="Екінші")
    item_steps.open_vote(fresh(second), by=world.dean)
    scenes.voted(world, first, dean="for", head="for", staff="against")
    scenes.voted(world, second, head2="for")
    scenes.over(meeting)
    meeting_steps.close_written()
    assert (fresh(first).decision.base, fresh(first).decision.passed) == (3, True)
    assert (fresh(second).decision.base, fresh(second).decision.passed) == (1, False)  # one of five is no quorum
    assert body.quorum == "third"


def test_in_writing_votes_open_only_in_its_days(world):
    meeting = scenes.invited(world, in_writing=True, closes_at=timezone.now() + 48 * scenes.HOUR)
    with pytest.raises(NotNow):
        item_steps.open_vote(meeting.items.get(), by=world.dean)
    with pytest.raises(NotNow):
        meeting_steps.begin(meeting, by=world.dean)


def test_a_body_that_does_not_vote_in_writing_is_taken_at_its_word(world, signed_in):
    body = scenes.council(world, remote_allowed=False)
    now = timezone.localtime()
    values = {
        "body": body.pk,
        "starts_at": f"{now:%Y-%m-%dT%H:%M}",
        "in_writing": "on",
        "closes_at": f"{now + 48 * scenes.HOUR:%Y-%m-%dT%H:%M}",
    }
    answer = signed_in("dean").post("/bodies/meetings/add/", values)
    assert answer.status_code == 400
    values.pop("in_writing")
    assert signed_in("dean").post("/bodies/meetings/add/", {**values, "closes_at": ""}).status_code == 302


def test_the_way_and_the_days_of_a_vote_in_writing_stay_as_announced(world):
    meeting = scenes.written(world)
    for name, value in (("in_writing", False), ("closes_at", meeting.closes_at - 24 * scenes.HOUR)):
        changed = fresh(meeting)
        setattr(changed, name, value)
        with pytest.raises(ValidationError) as refused:
            changed.save_changes(by=world.dean)
        assert list(refused.value.message_dict) == [name]
    changed = fresh(meeting)
    changed.note = "Материалдар қосылды"
    changed.save_changes(by=world.dean)


def test_an_announced_meeting_does_not_turn_into_a_vote_in_writing(world):
    meeting = scenes.invited(world)
    meeting.in_writing, meeting.closes_at = True, meeting.starts_at + 48 * scenes.HOUR
    with pytest.raises(ValidationError):
        meeting.save_changes(by=world.dean)


def test_a_running_vote_in_writing_is_counted_when_the_body_gives_such_votes_up(world):
    meeting = scenes.written(world)
    with scenes.door("import"):
        type(meeting.body).objects.filter(pk=meeting.body_id).update(remote_allowed=False)
    scenes.over(meeting)
    assert meeting_steps.close_written() == 1


# -- who has a vote at that moment ----------------------------------------------------------------------------
def test_the_quality_manager_has_no_vote_even_where_the_office_came_after_the_seat(world):
    scenes.council(world)
    Office.objects.create(person=world.staff, role=Role.QUALITY_MANAGER, unit=world.university)
    item = scenes.voting(world)
    seat = scenes.seat(item.body, "staff")
    assert item.meeting.attendance.get(seat=seat).voting is False
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=fresh(world.staff), choice="for")
    with pytest.raises(InputProblem):
        item_steps.record_vote(fresh(item), by=world.council, seat=seat.pk, choice="for")
    assert fresh(item.meeting).room.voting_present == 4


def test_the_quality_manager_does_not_vote_when_the_office_comes_while_voting_is_open(world):
    item = scenes.written(world).items.get()
    Office.objects.create(person=world.staff, role=Role.QUALITY_MANAGER, unit=world.university)
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=fresh(world.staff), choice="for")
    with pytest.raises(InputProblem):
        item_steps.record_vote(fresh(item), by=world.council, seat=scenes.seat(item.body, "staff").pk, choice="for")


def test_no_vote_is_recorded_for_somebody_whose_seat_has_ended_meanwhile(world):
    item = scenes.written(world).items.get()
    seat = scenes.seat(item.body, "staff")
    scenes.end_seat(item.body, "staff")
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=fresh(world.staff), choice="for")
    with pytest.raises(InputProblem):
        item_steps.record_vote(fresh(item), by=world.council, seat=seat.pk, choice="for")


def test_a_deputy_does_not_vote_for_a_member(world):
    item = scenes.voting(world)
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head, deputy=world.stranger, since=today, until=today)
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=fresh(world.stranger), choice="for")
