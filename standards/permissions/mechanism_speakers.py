"""For which quality units a person may speak about a mechanism's year, and who is its doer (N1 §4).

A quality unit is a unit, a body or the quality manager. All is read from what the person and the row carry.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils import timezone

from qa_portal.bodies.models import Body
from qa_portal.bodies.sitting import RUNNING, runs, seats_of, sits
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.standing import free_principal

#: how the quality manager is named among those who may speak
MANAGER = "manager"
#: the kind of body that judges mechanisms in its school (N1 §2.2)
COMMITTEE = "school_committee"
KEPT = "_committees_today"


class Speaker(NamedTuple):
    """One quality unit for which a person may speak; the principal is whom the person deputises, None for oneself."""

    key: str
    unit: int | None = None
    body: int | None = None
    principal: int | None = None


# -- the doer --------------------------------------------------------------------------------------
def _doing(person: Any, path: str) -> list[int | None]:
    """Headships and coordinatorships of the unit and those above it, own ones and those held as a deputy."""
    standing = person.standing
    coordinating = [
        h.principal for h in standing.held if h.role == Role.QUALITY_COORDINATOR and path.startswith(h.path)
    ]
    return [*standing.headships_above(path), *coordinating]


def acts_for_doer(person: Any, year: Any) -> tuple[bool, int | None]:
    """Heads or coordinates the unit that carries it out (or one above), or runs the body; and in whose name."""
    if year.doer_body_id is not None:
        return runs(person, year.doer_body_id), None
    if year.doer_unit_id is None:
        return False, None
    return free_principal(person.pk, _doing(person, year.doer_unit.path), set())


def belongs_to_doer(person: Any, year: Any) -> bool:
    """Works in the doer's unit, holds an office of it, sits in the doer's body, or reported it as carried out."""
    if person.pk == year.done_by_id:
        return True
    if year.doer_body_id is not None:
        return sits(person, year.doer_body_id)
    if year.doer_unit_id is None:
        return False
    standing = person.standing
    offices = (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR, *QUALITY_OFFICE)
    return standing.works_in(year.doer_unit.path) or any(
        h.unit_id == year.doer_unit_id and h.role in offices for h in standing.held
    )


# -- conclusions ---------------------------------------------------------------------------------------
def speakers(person: Any, year: Any) -> list[Speaker]:
    """The quality units in whose name this person may conclude: never the doer, nor a unit below it."""
    if belongs_to_doer(person, year):
        return []
    own = {year.done_by_id} - {None}
    found = [*_as_manager(person, own), *_as_head(person, year, own)]
    return found + [
        Speaker(f"body:{body}", body=body)
        for body, seat in seats_of(person).items()
        if seat.duty in RUNNING and body != year.doer_body_id
    ]


def _as_manager(person: Any, own: set[int]) -> list[Speaker]:
    may, principal = free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), own)
    return [Speaker(MANAGER, principal=principal)] if may else []


def _as_head(person: Any, year: Any, own: set[int]) -> list[Speaker]:
    standing, found = person.standing, []
    below = year.doer_unit.path if year.doer_unit_id else None
    for unit, path in {h.unit_id: h.path for h in standing.held if h.role == Role.UNIT_HEAD}.items():
        # The head of the quality office speaks as the quality manager: one quality unit has one voice.
        its_own_voice = standing.quality_office and path == standing.unit_path
        if its_own_voice or (below is not None and path.startswith(below)):
            continue
        may, principal = free_principal(person.pk, standing.headships(unit), own)
        if may:
            found.append(Speaker(f"unit:{unit}", unit=unit, principal=principal))
    return found


def in_whose_name(year: Any, person: Any) -> int | None:
    """For history: nobody else's when the person may speak in an own office, else that of the one deputised."""
    principals = [speaker.principal for speaker in speakers(person, year)]
    return None if None in principals or not principals else principals[0]


# -- committees of schools ----------------------------------------------------------------------------------
def committees_run(person: Any) -> dict[int, str]:
    """{school committee: path of its school} of those that this person runs; one query a day and person object."""
    running = [body for body, seat in seats_of(person).items() if seat.duty in RUNNING]
    if not running:
        return {}
    today = timezone.localdate()
    kept = person.__dict__.get(KEPT)
    if kept is None or kept[0] != today:
        rows = Body.objects.active().filter(pk__in=running, kind__code=COMMITTEE).order_by("pk")
        kept = person.__dict__[KEPT] = (today, dict(rows.values_list("pk", "unit__path")))
    return kept[1]


def committees_for(person: Any, year: Any) -> list[int]:
    """The school committees for which this person may judge the effect: of the school where it is done, not the doer."""
    if person.pk == year.done_by_id:
        return []
    where = year.unit.path if year.unit_id else None
    return [
        body
        for body, path in committees_run(person).items()
        if body != year.doer_body_id and (where is None or where.startswith(path))
    ]
