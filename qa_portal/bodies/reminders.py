"""Reminders: assignments before and after their deadline, requests that climb to the Council, proposals without answer."""

from __future__ import annotations

from typing import Any

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit, holders
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role

from .models import Assignment, Body, InformationRequest, QualityProposal, Seat
from .models.work import RUNNING
from .querysets.work import COUNCIL


def _units() -> dict[str, Any]:
    return {"heads": heads_by_unit(), "paths": dict(Unit.objects.values_list("pk", "path"))}


def _runners() -> dict[int, dict[str, list[int]]]:
    """{body: {duty: people}} of those who run each body today."""
    found: dict[int, dict[str, list[int]]] = {}
    seats = Seat.objects.held().filter(duty__in=RUNNING, person__is_active=True).order_by("pk")
    for body, duty, person in seats.values_list("body_id", "duty", "person_id"):
        found.setdefault(body, {}).setdefault(duty, []).append(person)
    return found


def _secretaries(runners: dict[int, dict[str, list[int]]], body_id: int | None) -> list[int]:
    """The secretary of a body; where it has none, its chair."""
    duties = runners.get(body_id or 0, {})
    return duties.get(Seat.Duty.SECRETARY) or duties.get(Seat.Duty.CHAIR) or []


def _line(row: Any, late: int, language: str) -> Line:
    return Line(f"{lateness(late)}: {row.brief} ({row.number})", row.get_absolute_url())


# -- assignments ----------------------------------------------------------------------------
def _prepare_assignments() -> dict[str, Any]:
    active = set(Person.objects.filter(is_active=True).values_list("pk", flat=True))
    return {**_units(), "active": active, "runners": _runners()}


def _of_assignment(known: dict[str, Any], name: str, row: Assignment) -> list[int]:
    """The doer, while here; the head instead of somebody who has left."""
    if name == "owner" and row.owner_id in known["active"]:
        return [row.owner_id]
    if name == "secretary":
        return _secretaries(known["runners"], row.decision.body_id)
    return head_ids(known["paths"], known["heads"], row.unit_id) if row.unit_id else []


remind_of(
    ReminderRule(
        name="bodies.assignment_due",
        rows=lambda: (
            Assignment.objects.open()
            .select_related("decision")
            .only("number", "text", "due", "owner", "unit", "decision__body")
        ),
        deadline="due",
        thresholds=lambda: thresholds(
            owner="bodies.remind_owner", head="bodies.remind_head", secretary="bodies.remind_secretary"
        ),
        prepare=_prepare_assignments,
        audience=_of_assignment,
        line=_line,
    )
)


# -- information requests -----------------------------------------------------------------------
def _council(runners: dict[int, dict[str, list[int]]]) -> list[int]:
    """Chair and secretary of the Academic Council, the only one that the quality manager answers to (N1 §2.3)."""
    body_id = Body.objects.active().filter(code=COUNCIL).values_list("pk", flat=True).first()
    seats = [*runners.get(body_id or 0, {}).get(Seat.Duty.CHAIR, []), *_secretaries(runners, body_id)]
    return list(dict.fromkeys([*seats, *holders([Role.COUNCIL_SECRETARY]).values_list("pk", flat=True)]))


def _prepare_requests() -> dict[str, Any]:
    return {**_units(), "council": _council(_runners())}


def _of_request(known: dict[str, Any], name: str, row: InformationRequest) -> list[int]:
    if name == "council":
        return known["council"]
    head = head_ids(known["paths"], known["heads"], row.unit_id)
    if name == "head":
        return head
    # The head above: the nearest one in the line upwards who is another person.
    line = [int(part) for part in known["paths"][row.unit_id].split(".") if part]
    above = [known["heads"][unit] for unit in reversed(line) if unit in known["heads"]]
    return next(([person] for person in above if [person] != head), [])


remind_of(
    ReminderRule(
        name="bodies.request_due",
        rows=lambda: InformationRequest.objects.filter(state=InformationRequest.ASKED).only(
            "number", "what", "due", "unit"
        ),
        deadline="due",
        thresholds=lambda: thresholds(
            head="bodies.remind_asked", above="bodies.remind_head_above", council="bodies.remind_council"
        ),
        prepare=_prepare_requests,
        audience=_of_request,
        line=_line,
    )
)


# -- proposals of the quality manager -----------------------------------------------------------------
def _of_proposal(known: dict[str, Any], name: str, row: QualityProposal) -> list[int]:
    if row.body_id is not None:
        duties = known["runners"].get(row.body_id, {})
        return [*duties.get(Seat.Duty.CHAIR, []), *duties.get(Seat.Duty.SECRETARY, [])]
    return head_ids(known["paths"], known["heads"], row.unit_id) if row.unit_id else []


remind_of(
    ReminderRule(
        name="bodies.advice_due",
        rows=lambda: QualityProposal.objects.filter(state=QualityProposal.MADE).only(
            "number", "title", "due", "unit", "body"
        ),
        deadline="due",
        thresholds=lambda: thresholds(addressee="bodies.remind_addressee"),
        prepare=lambda: {**_units(), "runners": _runners()},
        audience=_of_proposal,
        line=_line,
    )
)
