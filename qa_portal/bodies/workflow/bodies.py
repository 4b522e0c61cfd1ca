"""Steps of bodies and seats; the clock ends seats whose term is over."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import SYSTEM
from qa_portal.workflow.steps import Steps, move
from qa_portal.workflow.writing import door

from ..forms.bodies import DissolveForm, EndSeatForm
from ..models import Assignment, Body, Election, Meeting, QualityProposal, Seat
from ..permissions.bodies import keeper, seat_keeper
from . import elections  # noqa: F401 - declares the steps of elections

body_steps, seat_steps = Steps(Body), Steps(Seat)

OPEN_MEETING = (Meeting.PLANNED, Meeting.INVITED, Meeting.IN_SESSION)
OPEN_ELECTION = (Election.PREPARED, Election.OPEN)
OPEN_ASSIGNMENT = (Assignment.OPEN, Assignment.CARRIED_OUT)
OPEN_PROPOSAL = (QualityProposal.MADE, QualityProposal.ACCEPTED)
KNOWN = "_open_business"


def know_open_business(bodies: list[Body]) -> None:
    """Tell the bodies of one page whether a meeting or an election is open: two queries for all."""
    meetings = set(Meeting.objects.filter(body__in=bodies, state__in=OPEN_MEETING).values_list("body", flat=True))
    held = set(Election.objects.filter(body__in=bodies, state__in=OPEN_ELECTION).values_list("body", flat=True))
    waiting = {pk for rows, name in _waiting(bodies) for pk in rows.order_by().values_list(name, flat=True)}
    for body in bodies:
        body.__dict__[KNOWN] = (body.pk in meetings, body.pk in held, body.pk in waiting)


def _waiting(bodies: list[Body]) -> list[tuple[Any, str]]:
    """What only people who sit in a body can finish, with the column that names the body."""
    return [
        (Meeting.objects.filter(body__in=bodies, state=Meeting.CLOSED), "body"),
        (Assignment.objects.filter(decision__body__in=bodies, state__in=OPEN_ASSIGNMENT), "decision__body"),
        (QualityProposal.objects.filter(body__in=bodies, state__in=OPEN_PROPOSAL), "body"),
    ]


def _open_business(body: Body) -> tuple[bool, bool, bool]:
    known = body.__dict__.get(KNOWN)
    if known is not None:
        return known
    return (
        body.meetings.filter(state__in=OPEN_MEETING).exists(),
        body.elections.filter(state__in=OPEN_ELECTION).exists(),
        any(rows.exists() for rows, _name in _waiting([body])),
    )


def _no_open_meeting(body: Body) -> Any | None:
    """No meeting is planned or in session."""
    if _open_business(body)[0]:
        return _("A meeting is planned or in session: hold or cancel it first.")
    return None


def _no_open_election(body: Body) -> Any | None:
    """No election is open."""
    if _open_business(body)[1]:
        return _("An election is being prepared or open: count or cancel it first.")
    return None


def _nothing_waits(body: Body) -> Any | None:
    """No minutes wait for a signature, no assignment and no proposal is open."""
    if _open_business(body)[2]:
        return _("Minutes to be signed, assignments or proposals still wait in this body: finish them first.")
    return None


def _members(body: Body) -> list[Any]:
    """Everybody who sat in it."""
    ended = body.seats.filter(state=Seat.ENDED, until=body.dissolved_on)
    return [seat.person for seat in ended.select_related("person")]


@body_steps.step(
    Body.ACTIVE,
    to=Body.DISSOLVED,
    label=_("Dissolve"),
    form=DissolveForm,
    office=keeper,
    needs=[_no_open_meeting, _no_open_election, _nothing_waits],
    tells=[_members],
    danger=True,
    icon="ban",
)
def dissolve(body: Body, by: Any, reason: str, on: datetime.date) -> None:
    """The body ends with a reason: all its seats end on that day, its papers and decisions stay."""
    body.dissolved_on = on
    for seat in body.seats.filter(state=Seat.HELD):
        last = max(seat.since, min(seat.until or on, on))
        move(seat, Seat.ENDED, by=by, verb="end", why=reason, until=last)


def _holder(seat: Seat) -> list[Any]:
    """Whoever held the seat."""
    return [seat.person]


@seat_steps.step(
    Seat.HELD,
    to=Seat.ENDED,
    label=_("End the seat"),
    form=EndSeatForm,
    office=seat_keeper,
    tells=[_holder],
    danger=True,
    icon="history",
)
def end(seat: Seat, by: Any, reason: str, on: datetime.date) -> None:
    """The person no longer sits in the body: resignation, a new post, a decision that says so."""
    seat.until = on


def end_expired() -> int:
    """Seats whose last day has passed end by themselves; the holders are told. Run by the clock; returns how many."""
    ended = 0
    over = Seat.objects.filter(state=Seat.HELD, until__lt=timezone.localdate()).order_by("pk")
    for pk, body_id in list(over.values_list("pk", "body")):
        with transaction.atomic(), door("step"):
            list(Body.objects.filter(pk=body_id).select_for_update().values_list("pk"))
            seat = Seat.objects.select_related("person").get(pk=pk)
            if seat.state != Seat.HELD or seat.until is None or seat.until >= timezone.localdate():
                continue
            move(seat, Seat.ENDED, by=SYSTEM, verb="end", tells=[seat.person])
            ended += 1
    return ended
