"""Votes and counts at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from qa_portal.bodies.models import AgendaItem, Decision, Meeting, Vote
from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem

from . import scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def at_once(*calls):
    """Run the calls in threads that start together; each result is what was returned or the exception."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Exception as problem:  # noqa: BLE001 - the test looks at what was raised
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def who(username: str) -> Person:
    return Person.objects.get(username=username)


def refused(results) -> list[BaseException]:
    problems = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(problem, Refused | NotNow | InputProblem) for problem in problems), problems
    return problems


def test_a_vote_cast_twice_at_once_counts_once(world):
    item = scenes.voting(world)

    def vote(choice):
        return item_steps.vote(AgendaItem.objects.get(pk=item.pk), by=who("head"), choice=choice)

    results = at_once(lambda: vote("for"), lambda: vote("against"), lambda: vote("for"))
    assert len(refused(results)) == 2
    assert Vote.objects.filter(item=item).count() == 1


def test_two_secretaries_recording_at_once_record_once(world):
    item = scenes.voting(world)
    seat = scenes.seat(item.body, "staff").pk

    def record(choice):
        row = AgendaItem.objects.get(pk=item.pk)
        return item_steps.record_vote(row, by=who("council"), seat=seat, choice=choice)

    results = at_once(lambda: record("for"), lambda: record("against"))
    problem = refused(results)
    assert len(problem) == 1
    assert str(problem[0])  # a sentence
    assert Vote.objects.filter(item=item).count() == 1


def test_all_members_voting_at_once_are_all_counted(world):
    item = scenes.voting(world)

    def vote(username):
        return item_steps.vote(AgendaItem.objects.get(pk=item.pk), by=who(username), choice="for")

    assert refused(at_once(*[lambda name=name: vote(name) for name in scenes.VOTERS])) == []
    decision = item_steps.close_vote(scenes.fresh(item), by=world.dean).decision
    assert decision.votes_for == len(scenes.VOTERS)


def test_a_vote_and_the_count_at_once_agree(world):
    item = scenes.voting(world)
    results = at_once(
        lambda: item_steps.vote(AgendaItem.objects.get(pk=item.pk), by=who("head"), choice="for"),
        lambda: item_steps.close_vote(AgendaItem.objects.get(pk=item.pk), by=who("dean")),
    )
    late = refused(results[:1])
    decision = Decision.objects.get(item=item)
    assert decision.votes_for == (0 if late else 1)
    assert decision.votes_for == Vote.objects.filter(item=item, choice="for").count()
    assert decision.votes_for + decision.votes_against + decision.abstained == len(scenes.VOTERS)


def test_two_who_close_a_vote_at_once_make_one_decision(world):
    item = scenes.voting(world)

    def close(username):
        return item_steps.close_vote(AgendaItem.objects.get(pk=item.pk), by=who(username))

    assert len(refused(at_once(lambda: close("dean"), lambda: close("council")))) == 1
    assert Decision.objects.filter(item=item).count() == 1


def test_the_clock_and_the_chair_closing_a_written_vote_at_once_count_once(world):
    meeting = scenes.written(world)
    item = meeting.items.get()
    scenes.voted(world, item, head="for")
    scenes.over(meeting)
    at_once(
        meeting_steps.close_written,
        lambda: item_steps.close_vote(AgendaItem.objects.get(pk=item.pk), by=who("dean")),
        meeting_steps.close_written,
    )
    meeting_steps.close_written()
    assert Decision.objects.filter(item=item).count() == 1
    meeting = scenes.fresh(meeting)
    assert meeting.state == Meeting.CLOSED
    assert meeting.history.filter(verb="close").count() == 1


def test_a_late_comer_and_the_count_at_once_leave_figures_that_add_up(world):
    item = scenes.voting(world, "dean", "council", "head", "head2")
    came = scenes.seats(item.body, "dean", "council", "head", "head2", "staff")
    results = at_once(
        lambda: meeting_steps.record_attendance(
            Meeting.objects.get(pk=item.meeting_id), by=who("council"), present=came
        ),
        lambda: item_steps.close_vote(AgendaItem.objects.get(pk=item.pk), by=who("dean")),
    )
    assert refused(results) == []
    decision = Decision.objects.get(item=item)
    assert decision.abstained == decision.rule["voting_present"] == Vote.objects.filter(item=item).count()


def test_items_put_on_one_agenda_at_once_get_different_numbers(world):
    meeting = scenes.planned(world)
    items = [scenes.proposed(world, title=f"Мәселе {n}").pk for n in range(4)]

    def put(pk):
        return item_steps.put_on_agenda(AgendaItem.objects.get(pk=pk), by=who("dean"), meeting=meeting.pk)

    assert refused(at_once(*[lambda pk=pk: put(pk) for pk in items])) == []
    assert sorted(meeting.items.values_list("place", flat=True)) == [1, 2, 3, 4]


def test_one_item_put_on_two_agendas_at_once_stands_on_one(world):
    meetings = [scenes.planned(world).pk, scenes.planned(world).pk]
    item = scenes.proposed(world).pk

    def put(meeting):
        return item_steps.put_on_agenda(AgendaItem.objects.get(pk=item), by=who("dean"), meeting=meeting)

    assert len(refused(at_once(*[lambda m=m: put(m) for m in meetings]))) == 1


def test_both_signatures_at_once_sign_the_minutes(world):
    meeting = scenes.ended(world)

    def sign(username):
        return meeting_steps.sign(Meeting.objects.get(pk=meeting.pk), by=who(username))

    assert refused(at_once(lambda: sign("dean"), lambda: sign("council"))) == []
    meeting = scenes.fresh(meeting)
    assert meeting.state == Meeting.SIGNED
