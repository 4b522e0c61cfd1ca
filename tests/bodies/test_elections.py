"""Open elections: who stands, who votes and when, how votes are counted, which seats they give (N1 §2.2)."""

from __future__ import annotations

import pytest
from django.utils import translation

from qa_portal.bodies import tally
from qa_portal.bodies.models import Ballot, Election, Seat
from qa_portal.bodies.workflow import elections as steps
from qa_portal.notices.models import Notice
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry

from . import scenes_bodies as scenes
from .scenes_bodies import closed, day, opened, prepared, to_count, votes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "seats", "elected", "tied", "left"),
    [
        ({1: 3, 2: 1}, 1, [1], [], 0),
        ({1: 1, 2: 3, 3: 2}, 2, [2, 3], [], 0),
        ({1: 2, 2: 2}, 1, [], [1, 2], 1),
        ({1: 2, 2: 2}, 2, [1, 2], [], 0),
        ({1: 5, 2: 2, 3: 2, 4: 2}, 3, [1], [2, 3, 4], 2),
        ({1: 1, 2: 0}, 2, [1], [], 0),
        ({1: 0, 2: 0}, 1, [], [], 0),
    ],
)
def test_whoever_has_most_votes_is_elected_and_a_tie_at_the_last_seat_stays_open(given, seats, elected, tied, left):
    found = tally.result(given, seats)
    assert (found.elected, found.tied, found.left) == (elected, tied, left)


# -- candidates --------------------------------------------------------------------------------
def test_only_people_of_the_electing_unit_stand(world):
    with pytest.raises(InputProblem):
        steps.nominate(prepared(world), by=world.staff, person=world.stranger.pk)


def test_nobody_is_put_forward_twice(world):
    election = prepared(world, "staff")
    with pytest.raises(InputProblem):
        steps.nominate(election, by=world.head, person=world.staff.pk)


def test_quality_manager_cannot_stand(world):
    Office.objects.create(person=world.staff, role=Role.QUALITY_MANAGER, unit=world.university, since=day(-9))
    with pytest.raises(InputProblem) as refused:
        steps.nominate(prepared(world), by=world.head, person=world.staff.pk)
    assert "person" in refused.value.form.errors


def test_a_candidate_withdraws_only_oneself_and_whoever_runs_it_anybody(world):
    election = prepared(world, "staff", "staff2", "head")
    with pytest.raises(InputProblem):
        steps.withdraw(election, by=world.staff, person=world.staff2.pk, reason="x")
    steps.withdraw(election, by=world.staff, person=world.staff.pk, reason="Қарсымын")
    steps.withdraw(election, by=world.asb, person=world.head.pk, reason="Өтінішпен")
    assert [c.person.username for c in election.candidates.all()] == ["staff2"]


def test_voting_does_not_open_with_fewer_candidates_than_seats(world):
    with pytest.raises(NotNow):
        steps.open(prepared(world, "staff", seats=2), by=world.asb)


def test_opening_tells_the_people_who_may_vote_and_counts_them(world):
    election = opened(world)
    assert election.voters == 4
    assert Notice.objects.filter(verb="open", person=world.coordinator).exists()
    assert not Notice.objects.filter(verb="open", person=world.stranger).exists()


# -- voting --------------------------------------------------------------------------------------
def test_everybody_votes_once(world):
    election = votes(world, opened(world), head="staff")
    with pytest.raises(NotNow):
        votes(world, election, head="staff2")
    assert Ballot.objects.filter(election=election).count() == 1
    election.refresh_from_db()
    assert election.turnout == 1


def test_second_vote_on_the_page_is_409_and_the_form_is_gone(world, signed_in):
    election = opened(world)
    client, chosen = signed_in("head"), {"candidates": [election.candidates.first().pk]}
    page = client.get(election.get_absolute_url())
    assert f'action="{election.get_absolute_url()}vote/"' in page.content.decode()
    assert client.post(f"{election.get_absolute_url()}vote/", chosen).status_code == 302
    assert client.post(f"{election.get_absolute_url()}vote/", chosen).status_code == 409
    assert (
        f'action="{election.get_absolute_url()}vote/"' not in client.get(election.get_absolute_url()).content.decode()
    )


def test_vote_from_a_page_opened_before_others_voted_counts(world, signed_in):
    election = opened(world)
    read = Election.objects.get(pk=election.pk).revision
    votes(world, election, staff="staff2")
    data = {"candidates": [election.candidates.first().pk], "revision": read}
    assert signed_in("head").post(f"{election.get_absolute_url()}vote/", data).status_code == 302


def test_vote_after_closing_is_refused_with_the_day(world):
    election = closed(opened(world))
    with pytest.raises(NotNow) as refused, translation.override("en"):
        votes(world, election, head="staff")
    assert refused.value.sentence
    assert not Ballot.objects.exists()


def test_on_the_last_day_one_may_still_vote(world):
    votes(world, opened(world, closes_on=day(0)), head="staff")
    assert Ballot.objects.count() == 1


def test_people_of_other_units_do_not_vote(world):
    with pytest.raises(Refused):
        votes(world, opened(world), stranger="staff")


def test_nobody_gives_more_votes_than_there_are_seats(world):
    election = opened(world, "staff", "staff2", "head", seats=2)
    with pytest.raises(InputProblem):
        votes(world, election, head="staff staff2 head")
    votes(world, election, head="staff staff2")
    assert Ballot.objects.filter(voter=world.head).count() == 2


def test_candidate_of_another_election_gets_no_vote(world):
    one = opened(world)
    other = opened(world, body=scenes.body(world))
    with pytest.raises(InputProblem):
        steps.vote(one, by=world.head, candidates=[other.candidates.first().pk])


# -- the count -----------------------------------------------------------------------------------
def test_count_gives_the_winner_the_seat_for_the_term(world):
    election = steps.count(to_count(world), by=world.asb)
    seat = Seat.objects.get(election=election)
    assert (seat.person, seat.voting, seat.group, seat.since) == (world.staff, True, "teachers", day(10))
    assert seat.basis == election.title
    assert {c.person.username: (c.votes, c.elected) for c in election.candidates.all()} == {
        "staff": (2, True),
        "staff2": (1, False),
    }
    assert (election.turnout, election.voters, election.counted_on) == (3, 4, day(0))


def test_term_is_that_of_the_body_unless_typed(world, signed_in):
    body = scenes.committee(world)
    typed = {"title": "Сайлау", "seats": 1, "group": "teachers", "electorate": world.department.pk}
    dates = {"closes_on": day(3).isoformat(), "term_from": "2027-01-01"}
    answer = signed_in("council").post(f"/bodies/elections/add/?body={body.pk}", {**typed, **dates})
    assert answer.status_code == 302
    assert Election.objects.get().term_until.isoformat() == "2027-12-31"


def test_whoever_sits_there_already_sits_on_for_the_new_term(world):
    body = scenes.committee(world)
    old = scenes.seat(world, body, "staff", until=day(20))
    election = votes(world, opened(world, body=body, term_until=day(375)), head="staff", coordinator="staff")
    steps.count(closed(election), by=world.asb)
    old.refresh_from_db()
    assert (old.state, old.until, old.election) == (Seat.HELD, day(375), election)
    assert body.seats.count() == 1


def test_votes_are_not_counted_while_somebody_may_vote(world):
    with pytest.raises(NotNow):
        steps.count(votes(world, opened(world), head="staff"), by=world.asb)


def test_votes_are_counted_early_when_all_have_voted(world):
    election = votes(world, opened(world), head="staff", coordinator="staff", staff="staff2", staff2="staff")
    assert steps.count(election, by=world.asb).state == Election.COUNTED


def test_newcomer_who_has_not_voted_keeps_the_count_from_being_early(world):
    election = votes(world, opened(world), head="staff", coordinator="staff", staff="staff2", staff2="staff")
    world.person("newcomer", world.department)
    with pytest.raises(NotNow):
        steps.count(election, by=world.asb)


def test_turnout_is_never_above_those_who_may_vote(world):
    election = opened(world)
    world.person("newcomer", world.department)
    votes(world, election, head="staff", coordinator="staff", staff="staff2", staff2="staff", newcomer="staff")
    steps.count(election, by=world.asb)
    assert (election.turnout, election.voters) == (5, 5)


def test_without_votes_nothing_is_counted(world):
    with pytest.raises(NotNow):
        steps.count(closed(opened(world)), by=world.asb)


def test_a_candidate_does_not_count(world):
    body = scenes.committee(world)
    scenes.seat(world, body, "staff", duty="secretary")
    election = closed(votes(world, opened(world, body=body), head="staff2"))
    with pytest.raises(Refused):
        steps.count(election, by=world.staff)


def test_the_secretary_of_the_body_runs_the_election(world):
    body = scenes.committee(world)
    scenes.seat(world, body, "hr", duty="secretary", voting=False)
    election = prepared(world, "staff", body=body)
    steps.open(election, by=world.hr)
    votes(world, election, head="staff")
    assert steps.count(closed(election), by=world.hr).state == Election.COUNTED


def test_a_tie_is_settled_by_lot_and_said_so(world):
    election = closed(votes(world, opened(world), head="staff", coordinator="staff2"))
    with pytest.raises(InputProblem) as asked:
        steps.count(election, by=world.asb)
    assert "settled" in asked.value.form.errors
    winner = election.candidates.get(person=world.staff2).pk
    with pytest.raises(InputProblem) as asked:
        steps.count(election, by=world.asb, settled=[winner])
    assert "note" in asked.value.form.errors
    steps.count(election, by=world.asb, settled=[winner], note="Жеребемен")
    assert [seat.person for seat in Seat.objects.filter(election=election)] == [world.staff2]
    assert election.history.get(verb="count").why == "Жеребемен"


def test_a_tie_on_the_page_offers_those_with_equal_votes(world, signed_in):
    election = closed(votes(world, opened(world), head="staff", coordinator="staff2"))
    answer = signed_in("asb").post(f"{election.get_absolute_url()}count/", {})
    assert answer.status_code == 400
    assert answer.content.decode().count('name="settled"') == 2


def test_without_a_tie_nobody_can_be_named(world):
    election = to_count(world)
    with pytest.raises(InputProblem):
        steps.count(election, by=world.asb, settled=[election.candidates.get(person=world.staff2).pk])


def test_a_winner_who_may_no_longer_have_a_vote_gets_no_seat(world):
    election = to_count(world)
    Office.objects.create(person=world.staff, role=Role.QUALITY_MANAGER, unit=world.university, since=day(-1))
    with pytest.raises(NotNow):
        steps.count(election, by=world.asb)
    assert not Seat.objects.exists()


def test_a_winner_who_has_left_the_university_gets_no_seat_and_the_next_one_does(world):
    election = to_count(world)
    staff = world.staff
    staff.is_active = False
    staff.save()
    steps.count(election, by=world.asb)
    assert [seat.person for seat in Seat.objects.filter(election=election)] == [world.staff2]
    assert election.candidates.get(person=staff).votes == 2  # what was cast is shown as it was cast


def test_result_page_shows_votes_turnout_and_who_voted_for_whom(world, signed_in):
    election = scenes.counted(world)
    page = signed_in("stranger").get(election.get_absolute_url())
    sections = {section["id"]: section for section in page.context["sections"]}
    assert list(sections) == ["result", "candidates", "voices"]
    assert [(row.person.username, row.votes) for row in sections["candidates"]["rows"]] == [("staff", 2), ("staff2", 1)]
    assert len(sections["voices"]["rows"]) == 3


def test_nobody_reads_votes_before_the_count(world, signed_in):
    election = votes(world, opened(world), head="staff")
    page = signed_in("asb").get(election.get_absolute_url())
    assert [section["id"] for section in page.context["sections"]] == ["candidates"]
    found = signed_in("asb").get(election.get_absolute_url()).content.decode()
    assert "Votes by name" not in found


def test_open_election_waits_on_the_desk_until_one_has_voted(world):
    election = opened(world)
    rows = registry.desk["elections"].rows
    assert list(rows(world.head)) == [election]
    assert not rows(world.stranger).exists()
    votes(world, election, head="staff")
    assert not rows(world.head).exists()
    assert registry.desk["elections"].item(election)["label"] == election.title


def test_election_in_the_past_cannot_be_prepared(world, signed_in):
    body = scenes.committee(world)
    typed = {"title": "Сайлау", "seats": 1, "group": "teachers", "electorate": world.department.pk}
    dates = {"closes_on": day(-1).isoformat(), "term_from": day(3).isoformat()}
    answer = signed_in("council").post(f"/bodies/elections/add/?body={body.pk}", {**typed, **dates})
    assert answer.status_code == 400
    assert not Election.objects.exists()
