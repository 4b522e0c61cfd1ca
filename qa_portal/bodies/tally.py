"""The result of an election: who may vote, how many voices each has, who is elected, where two are level (N1 §2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from qa_portal.people.models import Person


@dataclass(frozen=True)
class Result:
    """`elected` for certain; `tied` have the same number of votes for the `left` seats that remain."""

    elected: list[int]
    tied: list[int] = field(default_factory=list)
    left: int = 0


def result(votes: Mapping[int, int], seats: int) -> Result:
    """Most votes first, as many as there are seats. Nobody is elected without a vote; a tie at the last seat stays open."""
    ranked = sorted((who for who, count in votes.items() if count > 0), key=lambda who: (-votes[who], who))
    if len(ranked) <= seats:
        return Result(ranked)
    last = votes[ranked[seats - 1]]
    if votes[ranked[seats]] < last:
        return Result(ranked[:seats])
    sure = [who for who in ranked if votes[who] > last]
    return Result(sure, [who for who in ranked if votes[who] == last], seats - len(sure))


def votes_of(election: Any) -> dict[int, int]:
    """{candidate: votes}, of those with none too."""
    counted = election.candidates.order_by("pk").annotate(voices=Count("ballots"))
    return dict(counted.values_list("pk", "voices"))


def outcome(election: Any) -> Result:
    """Who is elected by the votes cast; not whoever has left the university meanwhile: the next one is."""
    gone = set(election.candidates.filter(person__is_active=False).order_by().values_list("pk", flat=True))
    return result({who: count for who, count in votes_of(election).items() if who not in gone}, election.seats)


def electorate(election: Any) -> QuerySet[Person]:
    """The active people of the electing unit and of those below."""
    return Person.objects.filter(is_active=True, unit__path__startswith=election.electorate.path)


def voters(election: Any) -> set[int]:
    """Who has voted."""
    return set(election.ballots.order_by().values_list("voter", flat=True).distinct())


def names(candidates: Iterable[Any]) -> str:
    return ", ".join(candidate.person.get_short_name() for candidate in candidates)
