"""How votes are counted: the rules of the sources as arithmetic, without a database (N1 §2; domain.md §5).

Nothing here is typed by anybody: from who was there and what they said follow base, quorum and result.

- passes with two thirds: 3·for ≥ 2·base; with a majority: 2·for > base; a base of nobody never passes;
- quorum of one third: 3·present ≥ seats; of half: 2·present > seats; of two thirds: 3·present ≥ 2·seats;
- the base is everybody present, or only those present who have a vote; in writing all who have a vote, or those who voted;
- whoever steps aside stays in the base and counts as abstained, or leaves the base: a setting of the body.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

TWO_THIRDS, MAJORITY = "two_thirds", "majority"
PRESENT, VOTING = "present", "voting"
SEATS, VOTED = "seats", "voted"
NONE, THIRD, HALF = "none", "third", "half"


@dataclass(frozen=True)
class Rule:
    passing: str = MAJORITY
    base: str = VOTING
    quorum: str = NONE
    aside_counts: bool = True
    in_writing: bool = False
    remote_base: str = SEATS
    clause: str = ""


@dataclass(frozen=True)
class Room:
    """Seats and those who are there, each with and without a vote. In writing “there” are those who voted."""

    seats: int
    voting_seats: int
    present: int
    voting_present: int


@dataclass(frozen=True)
class Ballots:
    """What was said; members with a vote who are there and said nothing count as abstained."""

    votes_for: int = 0
    against: int = 0
    abstained: int = 0
    aside: int = 0

    @property
    def said(self) -> int:
        return self.votes_for + self.against + self.abstained + self.aside


@dataclass(frozen=True)
class Outcome:
    """All figures that the minutes print.

    `abstained` includes those who were there and said nothing (`silent`) and, where they stay in the base, those who
    stepped aside (`aside`): for + against + abstained = members with a vote who are there, else that sum + aside is.
    """

    seats: int
    voting_seats: int
    present: int
    voting_present: int
    base: int
    votes_for: int
    against: int
    abstained: int
    aside: int
    silent: int
    quorum: bool
    passed: bool


_passing: dict[str, Callable[[int, int], bool]] = {
    TWO_THIRDS: lambda votes_for, base: 3 * votes_for >= 2 * base,
    MAJORITY: lambda votes_for, base: 2 * votes_for > base,
}
_quorum: dict[str, Callable[[int, int], bool]] = {
    NONE: lambda present, seats: True,
    THIRD: lambda present, seats: 3 * present >= seats,
    HALF: lambda present, seats: 2 * present > seats,
    TWO_THIRDS: lambda present, seats: 3 * present >= 2 * seats,
}


def passes(passing: str, votes_for: int, base: int) -> bool:
    return base > 0 and _passing[passing](votes_for, base)


def has_quorum(quorum: str, present: int, seats: int) -> bool:
    return _quorum[quorum](present, seats)


def quorum_needed(quorum: str, seats: int) -> int:
    """The least number who must have come."""
    return next(n for n in range(seats + 2) if has_quorum(quorum, n, seats))


def base_of(rule: Rule, room: Room, aside: int = 0) -> int:
    """Of how many the share is taken."""
    if rule.in_writing:
        whole = room.voting_seats if rule.remote_base == SEATS else room.voting_present
    else:
        whole = room.present if rule.base == PRESENT else room.voting_present
    return whole if rule.aside_counts else whole - aside


def quorum_of(rule: Rule, room: Room) -> bool:
    """In writing only those with a vote can take part, so the quorum is taken of them: who voted, of all with a vote."""
    if rule.in_writing:
        return has_quorum(rule.quorum, room.voting_present, room.voting_seats)
    return has_quorum(rule.quorum, room.present, room.seats)


def count(rule: Rule, room: Room, ballots: Ballots) -> Outcome:
    """The result with all its figures. Without a quorum nothing passes."""
    silent = room.voting_present - ballots.said
    if silent < 0 or (rule.in_writing and silent):
        raise ValueError("the votes and those who cast them do not agree")
    base, quorum = base_of(rule, room, ballots.aside), quorum_of(rule, room)
    return Outcome(
        seats=room.seats,
        voting_seats=room.voting_seats,
        present=room.present,
        voting_present=room.voting_present,
        base=base,
        votes_for=ballots.votes_for,
        against=ballots.against,
        abstained=ballots.abstained + silent + (ballots.aside if rule.aside_counts else 0),
        aside=ballots.aside,
        silent=silent,
        quorum=quorum,
        passed=quorum and passes(rule.passing, ballots.votes_for, base),
    )


def needed(passing: str, base: int) -> int:
    """The least number of votes for with which a proposal passes on this base; one more than there are when none does."""
    return next((n for n in range(base + 1) if passes(passing, n, base)), base + 1)


def reachable(passing: str, base: int, voters: int) -> bool:
    """Whether it would pass if everybody who has a vote voted for."""
    return passes(passing, min(voters, base), base)


def warning(rule: Rule, room: Room) -> Any | None:
    """The sentence when nothing can pass, however they vote; None when it can. In writing: as if all voted."""
    if rule.in_writing:
        room = Room(room.seats, room.voting_seats, room.voting_seats, room.voting_seats)
    base, voters = base_of(rule, room), room.voting_present
    if voters == 0:
        return _("Nobody who is there has a vote: nothing can pass.")
    if reachable(rule.passing, base, voters):
        return None
    return _(
        "The base is %(base)s, because members without a vote are counted in it; %(needed)s votes are needed and only "
        "%(voters)s members have one: nothing can pass, however they vote."
    ) % {"base": base, "needed": needed(rule.passing, base), "voters": voters}
