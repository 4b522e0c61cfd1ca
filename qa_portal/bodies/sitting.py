"""Where a person sits today, with which duty and whether with a vote: read once a person object, then only memory.

Lists ask rights for every row, so predicates ask here and never the database. A body is meant by its number
(`record.body_id`), so that nothing has to be loaded to ask.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils import timezone

from .models import Seat
from .models.work import RUNNING

KEPT = "_seats_today"
PRESIDING = (Seat.Duty.CHAIR, Seat.Duty.DEPUTY_CHAIR)


class Sits(NamedTuple):
    duty: str
    voting: bool


def seats_of(person: Any) -> dict[int, Sits]:
    """The seats held today, by the number of the body. One query a day and person object; nobody's for the clock."""
    if not getattr(person, "pk", None):
        return {}
    today = timezone.localdate()
    kept = person.__dict__.get(KEPT)
    if kept is None or kept[0] != today:
        rows = Seat.objects.held(today).filter(person_id=person.pk).order_by()
        seats = {body: Sits(duty, voting) for body, duty, voting in rows.values_list("body_id", "duty", "voting")}
        kept = person.__dict__[KEPT] = (today, seats)
    return kept[1]


def forget_seats(person: Any) -> None:
    """For a step that has just changed the seats of the person who takes it."""
    person.__dict__.pop(KEPT, None)


def sits(person: Any, body_id: int | None) -> bool:
    """Has a seat there, with or without a vote."""
    return body_id in seats_of(person)


def duty(person: Any, body_id: int | None) -> str:
    """The duty of the seat held there; empty for whoever does not sit there."""
    seat = seats_of(person).get(body_id) if body_id is not None else None
    return seat.duty if seat else ""


def presides(person: Any, body_id: int | None) -> bool:
    """Chair or deputy chair."""
    return duty(person, body_id) in PRESIDING


def keeps_minutes(person: Any, body_id: int | None) -> bool:
    """The secretary."""
    return duty(person, body_id) == Seat.Duty.SECRETARY


def runs(person: Any, body_id: int | None) -> bool:
    """Chair, deputy chair or secretary."""
    return duty(person, body_id) in RUNNING


def votes_in(person: Any, body_id: int | None) -> bool:
    seat = seats_of(person).get(body_id) if body_id is not None else None
    return bool(seat and seat.voting)


def runs_any(person: Any) -> bool:
    """Chair, deputy chair or secretary of some body."""
    return any(seat.duty in RUNNING for seat in seats_of(person).values())
