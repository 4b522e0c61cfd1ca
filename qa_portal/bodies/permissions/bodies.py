"""Who keeps bodies, gives seats, runs elections and votes in them (N1 §2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.permissions import is_superuser
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.rules import is_administrator
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..sitting import keeps_minutes, runs


def keeping_offices(person: Any) -> list[int | None]:
    """The offices in which somebody keeps the bodies: the quality office's and that of the Council's secretary."""
    return person.standing.offices(*QUALITY_OFFICE, Role.COUNCIL_SECRETARY)


def keeper(record: Any, person: Any) -> int | None:
    """In whose name this person keeps bodies; for history."""
    return free_principal(person.pk, keeping_offices(person), set())[1]


@predicate
def keeps_bodies(person: Any, record: Any) -> bool:
    return bool(keeping_offices(person))


# -- seats -------------------------------------------------------------------------------------------
def _seat_offices(person: Any, seat: Any) -> list[int | None]:
    own: list[int | None] = [None] if keeps_minutes(person, seat.body_id) else []
    return [*own, *keeping_offices(person)]


@predicate
def keeps_seats(person: Any, seat: Any) -> bool:
    return bool(_seat_offices(person, seat))


@predicate
def gives_seats(person: Any, seat: Any) -> bool:
    """Whoever keeps the seats, but not to themselves, nor only in the name of the person who gets it."""
    offices = _seat_offices(person, seat)
    return bool(offices) and free_principal(person.pk, offices, {seat.person_id} - {None})[0]


def seat_keeper(seat: Any, person: Any) -> int | None:
    return free_principal(person.pk, _seat_offices(person, seat), set())[1]


# -- elections -----------------------------------------------------------------------------------------
def _election_offices(person: Any, election: Any) -> list[int | None]:
    own: list[int | None] = [None] if runs(person, election.body_id) else []
    return [*own, *keeping_offices(person)]


@predicate
def runs_election(person: Any, election: Any) -> bool:
    return bool(_election_offices(person, election))


def election_runner(election: Any, person: Any) -> int | None:
    return free_principal(person.pk, _election_offices(person, election), set())[1]


def candidate_ids(election: Any) -> set[int]:
    return {candidate.person_id for candidate in election.candidates.all()} if election.pk else set()


@predicate
def counts_election(person: Any, election: Any) -> bool:
    """Whoever runs the election, but no candidate, nor only in a candidate's name."""
    offices = _election_offices(person, election)
    return bool(offices) and free_principal(person.pk, offices, candidate_ids(election))[0]


def election_counter(election: Any, person: Any) -> int | None:
    return free_principal(person.pk, _election_offices(person, election), candidate_ids(election))[1]


@predicate
def belongs_to_electorate(person: Any, election: Any) -> bool:
    standing = person.standing
    return bool(standing.unit_path) and standing.works_within(election.electorate.path)


@predicate
def stands(person: Any, election: Any) -> bool:
    return person.pk in candidate_ids(election)


_KEEPERS = _("Only the quality office and the secretary of the Academic Council do this.")
_SEATS = _(
    "Seats are entered by the quality office, the secretary of the Academic Council and the secretary of the body; "
    "nobody gives themselves a seat."
)
_ELECTION = _(
    "Elections are run by the chair and the secretary of the body, the quality office and the secretary of the "
    "Academic Council."
)

allow("bodies.keep_kinds", is_administrator | is_superuser, _("Only administrators do this."))
allow("bodies.add_body", keeps_bodies, _KEEPERS)
allow("bodies.change_body", keeps_bodies, _KEEPERS)
allow("bodies.dissolve_body", keeps_bodies, _KEEPERS)

allow("bodies.add_seat", gives_seats, _SEATS)
allow("bodies.change_seat", gives_seats, _SEATS)
allow(
    "bodies.end_seat",
    keeps_seats,
    _("Seats are ended by the quality office, the secretary of the Academic Council and the secretary of the body."),
)

allow("bodies.add_election", runs_election, _ELECTION)
allow("bodies.change_election", runs_election, _ELECTION)
allow("bodies.open_election", runs_election, _ELECTION)
allow("bodies.cancel_election", runs_election, _ELECTION)
allow(
    "bodies.nominate_election",
    belongs_to_electorate | runs_election,
    _("Candidates are put forward by the people of the unit that elects and by those who run the election."),
)
allow(
    "bodies.withdraw_election",
    stands | runs_election,
    _("A candidate is withdrawn by themselves or by those who run the election."),
)
allow(
    "bodies.vote_election", belongs_to_electorate, _("Only the people of the unit that elects vote, each of them once.")
)
allow(
    "bodies.count_election",
    counts_election,
    _(
        "The votes are counted by the chair or the secretary of the body, the quality office or the secretary of the "
        "Academic Council, and never by a candidate."
    ),
)
