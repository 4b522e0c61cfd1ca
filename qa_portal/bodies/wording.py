"""The rules of a body in plain words, with the arithmetic beside: for its page and its papers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Base, Passing, Quorum, RemoteBase

_PASSING = {
    (Passing.TWO_THIRDS, Base.PRESENT): _(
        "Passes with two thirds of all members present, with and without a vote: 3·for ≥ 2·base."
    ),
    (Passing.TWO_THIRDS, Base.VOTING): _(
        "Passes with two thirds of the members with a vote who are present: 3·for ≥ 2·base."
    ),
    (Passing.MAJORITY, Base.PRESENT): _(
        "Passes with more than half of all members present, with and without a vote: 2·for > base."
    ),
    (Passing.MAJORITY, Base.VOTING): _(
        "Passes with more than half of the members with a vote who are present: 2·for > base."
    ),
}
_QUORUM = {
    Quorum.NONE: _("No quorum is asked for."),
    Quorum.THIRD: _("One third of the seats must have come: 3·present ≥ seats."),
    Quorum.HALF: _("More than half of the seats must have come: 2·present > seats."),
    Quorum.TWO_THIRDS: _("Two thirds of the seats must have come: 3·present ≥ 2·seats."),
}
_REMOTE = {
    RemoteBase.SEATS: _("Allowed; the base is all members with a vote."),
    RemoteBase.VOTED: _("Allowed; the base is those who voted."),
}


def passing_words(passing: str, base: str) -> Any:
    return _PASSING[Passing(passing), Base(base)]


def quorum_words(quorum: str) -> Any:
    return _QUORUM[Quorum(quorum)]


def remote_words(allowed: bool, base: str) -> Any:
    return _REMOTE[RemoteBase(base)] if allowed else _("Not allowed.")


def aside_words(counts: bool) -> Any:
    if counts:
        return _("Stays in the base and is counted as abstained.")
    return _("Leaves the base.")
