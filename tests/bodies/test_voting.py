"""The rules of voting against the wording of the sources (N1 §2): every case up to a size, and the boundaries by name.

Shares are small whole numbers, so all of them are tried, against fractions and the words of the sources, instead of a
random choice of them.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from qa_portal.bodies import voting
from qa_portal.bodies.models import Base, Passing, Quorum, RemoteBase
from qa_portal.bodies.voting import Ballots, Room, Rule, count

MOST = 60


# -- passing ---------------------------------------------------------------------------------
@pytest.mark.parametrize("base", range(MOST))
def test_two_thirds_means_that_at_least_two_of_three_of_the_base_are_for(base):
    for votes in range(base + 1):
        expected = base > 0 and Fraction(votes, base) >= Fraction(2, 3)
        assert voting.passes("two_thirds", votes, base) is expected


@pytest.mark.parametrize("base", range(MOST))
def test_majority_means_more_for_than_all_the_rest_of_the_base(base):
    for votes in range(base + 1):
        assert voting.passes("majority", votes, base) is (votes > base - votes)


@pytest.mark.parametrize(
    ("base", "least"), [(1, 1), (2, 2), (3, 2), (5, 4), (6, 4), (7, 5), (9, 6), (30, 20), (31, 21)]
)
def test_two_thirds_of_five_six_seven(base, least):
    assert not voting.passes("two_thirds", least - 1, base)
    assert voting.passes("two_thirds", least, base)
    assert voting.needed("two_thirds", base) == least


@pytest.mark.parametrize(("base", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4)])
def test_half_the_votes_are_no_majority(base, least):
    assert not voting.passes("majority", least - 1, base)
    assert voting.needed("majority", base) == least


@pytest.mark.parametrize("passing", ["two_thirds", "majority"])
def test_a_base_of_nobody_never_passes(passing):
    assert not voting.passes(passing, 0, 0)
    assert not voting.reachable(passing, 0, 0)


def test_one_more_vote_for_never_undoes_a_result():
    for passing, base in product(("two_thirds", "majority"), range(1, MOST)):
        results = [voting.passes(passing, votes, base) for votes in range(base + 1)]
        assert results == sorted(results)
        assert results[-1]


# -- quorum -------------------------------------------------------------------------------------
@pytest.mark.parametrize("seats", range(1, MOST))
def test_quorum_in_the_words_of_the_charters(seats):
    for present in range(seats + 1):
        share = Fraction(present, seats)
        assert voting.has_quorum("none", present, seats)
        assert voting.has_quorum("third", present, seats) is (share >= Fraction(1, 3))
        assert voting.has_quorum("half", present, seats) is (share > Fraction(1, 2))
        assert voting.has_quorum("two_thirds", present, seats) is (share >= Fraction(2, 3))


@pytest.mark.parametrize(("seats", "present"), [(9, 3), (12, 4), (30, 10)])
def test_exactly_one_third_is_a_quorum_and_one_less_is_none(seats, present):
    assert voting.has_quorum("third", present, seats)
    assert not voting.has_quorum("third", present - 1, seats)


def test_one_third_of_ten_seats_is_four_because_nobody_comes_in_part():
    assert voting.quorum_needed("third", 10) == 4


def test_half_of_the_seats_is_not_more_than_half():
    assert not voting.has_quorum("half", 5, 10)
    assert voting.quorum_needed("half", 10) == 6


def test_quorum_needed_is_the_least_number_that_is_a_quorum():
    for quorum, seats in product(("none", "third", "half", "two_thirds"), range(MOST)):
        least = voting.quorum_needed(quorum, seats)
        assert voting.has_quorum(quorum, least, seats)
        assert least == 0 or not voting.has_quorum(quorum, least - 1, seats)


# -- counting ---------------------------------------------------------------------------------------
def everything(most: int = 4):
    """All ballots that members with a vote may cast, with all numbers of members without one."""
    for said in product(range(most), repeat=4):
        for silent, without in product(range(2), range(3)):
            ballots = Ballots(*said)
            there = ballots.said + silent
            yield (
                ballots,
                Room(seats=there + without + 2, voting_seats=there + 1, present=there + without, voting_present=there),
            )


@pytest.mark.parametrize("aside_counts", [True, False])
@pytest.mark.parametrize("base", ["present", "voting"])
@pytest.mark.parametrize("passing", ["two_thirds", "majority"])
def test_figures_add_up_and_the_result_follows_from_them(passing, base, aside_counts):
    rule = Rule(passing=passing, base=base, aside_counts=aside_counts)
    for ballots, room in everything():
        result = count(rule, room, ballots)
        whole = room.present if base == "present" else room.voting_present
        assert result.base == whole - (0 if aside_counts else ballots.aside)
        said = result.votes_for + result.against + result.abstained
        assert said + (0 if aside_counts else result.aside) == room.voting_present
        assert result.passed is voting.passes(passing, ballots.votes_for, result.base)
        if base == "voting":
            assert said == result.base


def test_whoever_says_nothing_weighs_as_much_as_whoever_abstains():
    for passing, base in product(("two_thirds", "majority"), ("present", "voting")):
        rule, room = Rule(passing=passing, base=base), Room(9, 7, 8, 7)
        for votes in range(8):
            silent = count(rule, room, Ballots(votes_for=votes))
            aloud = count(rule, room, Ballots(votes_for=votes, abstained=7 - votes))
            assert (silent.passed, silent.base, silent.abstained) == (aloud.passed, aloud.base, aloud.abstained)


def test_members_without_a_vote_are_in_the_base_of_the_council_and_not_in_that_of_a_committee():
    room = Room(seats=9, voting_seats=6, present=9, voting_present=6)
    five = Ballots(votes_for=5, against=1)
    assert count(Rule(passing="two_thirds", base="present"), room, five).base == 9
    assert not count(Rule(passing="two_thirds", base="present"), room, five).passed
    assert count(Rule(passing="two_thirds", base="voting"), room, five).passed


def test_stepping_aside_stays_in_the_base_or_leaves_it():
    room, ballots = Room(6, 6, 6, 6), Ballots(votes_for=3, against=1, aside=2)
    stays = count(Rule(passing="two_thirds", aside_counts=True), room, ballots)
    assert (stays.base, stays.abstained, stays.aside, stays.passed) == (6, 2, 2, False)
    leaves = count(Rule(passing="two_thirds", aside_counts=False), room, ballots)
    assert (leaves.base, leaves.abstained, leaves.aside, leaves.passed) == (4, 0, 2, True)


def test_nothing_passes_when_everybody_steps_aside():
    room, ballots = Room(3, 3, 3, 3), Ballots(aside=3)
    for aside_counts in (True, False):
        assert not count(Rule(aside_counts=aside_counts), room, ballots).passed


def test_nothing_passes_when_nobody_is_there():
    for passing, base, quorum in product(("two_thirds", "majority"), ("present", "voting"), ("none", "third", "half")):
        result = count(Rule(passing=passing, base=base, quorum=quorum), Room(9, 7, 0, 0), Ballots())
        assert not result.passed
        assert result.quorum is (quorum == "none")


def test_nothing_passes_when_only_members_without_a_vote_are_there():
    for passing, base in product(("two_thirds", "majority"), ("present", "voting")):
        result = count(Rule(passing=passing, base=base, quorum="third"), Room(9, 6, 3, 0), Ballots())
        assert result.quorum
        assert not result.passed
        assert result.base == (3 if base == "present" else 0)


def test_without_a_quorum_nothing_passes_even_with_all_votes():
    result = count(Rule(quorum="half"), Room(10, 10, 5, 5), Ballots(votes_for=5))
    assert (result.quorum, result.passed) == (False, False)


def test_more_votes_than_voters_is_no_result():
    with pytest.raises(ValueError):
        count(Rule(), Room(5, 5, 3, 3), Ballots(votes_for=4))


# -- in writing ------------------------------------------------------------------------------------------
def written(ballots: Ballots, **rule) -> voting.Outcome:
    return count(Rule(in_writing=True, **rule), Room(10, 9, ballots.said, ballots.said), ballots)


def test_in_writing_the_base_is_everybody_with_a_vote_or_those_who_voted():
    five_of_nine = Ballots(votes_for=4, against=1)
    assert written(five_of_nine, remote_base="seats").base == 9
    assert not written(five_of_nine, remote_base="seats").passed
    assert written(five_of_nine, remote_base="voted").base == 5
    assert written(five_of_nine, remote_base="voted").passed


def test_in_writing_the_quorum_counts_those_who_voted():
    assert written(Ballots(votes_for=3), remote_base="voted", quorum="third").quorum
    assert not written(Ballots(votes_for=2), remote_base="voted", quorum="third").passed


def test_in_writing_who_is_silent_did_not_take_part():
    result = written(Ballots(votes_for=5), remote_base="voted")
    assert (result.silent, result.abstained, result.present) == (0, 0, 5)
    with pytest.raises(ValueError):
        count(Rule(in_writing=True), Room(10, 9, 6, 6), Ballots(votes_for=5))


def test_in_writing_stepping_aside_leaves_either_base_where_the_body_wants_it():
    aside = Ballots(votes_for=5, aside=2)
    assert written(aside, remote_base="seats", aside_counts=False).base == 7
    assert written(aside, remote_base="voted", aside_counts=False).base == 5
    assert written(aside, remote_base="voted", aside_counts=True).base == 7


# -- the warning ---------------------------------------------------------------------------------------------
def test_a_threshold_can_be_reached_exactly_when_all_votes_for_would_pass():
    for passing, voters, without in product(("two_thirds", "majority"), range(20), range(20)):
        base = voters + without
        assert voting.reachable(passing, base, voters) is voting.passes(passing, voters, base)
        assert voting.reachable(passing, base, voters) is (base > 0 and voting.needed(passing, base) <= voters)


def test_a_warning_names_the_figures_when_members_without_a_vote_make_two_thirds_impossible():
    rule = Rule(passing="two_thirds", base="present")
    assert voting.warning(rule, Room(12, 8, 12, 8)) is None  # 8 of 12 is exactly two thirds
    sentence = str(voting.warning(rule, Room(12, 8, 11, 7)))
    assert "11" in sentence and "8" in sentence and "7" in sentence
    assert voting.warning(Rule(passing="two_thirds", base="voting"), Room(12, 8, 11, 7)) is None


def test_a_warning_when_nobody_with_a_vote_is_there():
    assert voting.warning(Rule(), Room(9, 6, 3, 0))


def test_a_vote_in_writing_can_pass_when_it_is_opened():
    assert voting.warning(Rule(in_writing=True, remote_base="voted"), Room(9, 6, 0, 0)) is None


# -- the settings of a body are the words of this module ---------------------------------------------------------
def test_every_setting_that_a_body_offers_is_counted_by():
    room, ballots = Room(9, 6, 9, 6), Ballots(votes_for=6)
    for passing, base, quorum, remote in product(Passing.values, Base.values, Quorum.values, RemoteBase.values):
        count(Rule(passing, base, quorum, remote_base=remote), room, ballots)
        there = Room(9, 6, 6, 6)
        count(Rule(passing, base, quorum, remote_base=remote, in_writing=True), there, ballots)
