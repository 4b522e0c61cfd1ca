"""Reminders: a mechanism's year not yet reported as carried out."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import Seat
from qa_portal.bodies.sitting import RUNNING
from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit, quality_office
from qa_portal.people.models import Office, Unit
from qa_portal.people.roles import Role

from ..models import MechanismYear


def _prepare() -> dict[str, Any]:
    coordinators: dict[int, list[int]] = {}
    offices = Office.objects.on().filter(role=Role.QUALITY_COORDINATOR, person__is_active=True).order_by("pk")
    for unit, person in offices.values_list("unit_id", "person_id"):
        coordinators.setdefault(unit, []).append(person)
    runners: dict[int, list[int]] = {}
    seats = Seat.objects.held().filter(duty__in=RUNNING, person__is_active=True).order_by("pk")
    for body, person in seats.values_list("body_id", "person_id"):
        runners.setdefault(body, []).append(person)
    return {
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "coordinators": coordinators,
        "runners": runners,
        "office": list(quality_office().values_list("pk", flat=True)),
    }


def _audience(known: dict[str, Any], name: str, year: MechanismYear) -> list[int]:
    if name == "office":
        return known["office"]
    if year.doer_body_id:
        return known["runners"].get(year.doer_body_id, [])
    unit = year.doer_unit_id or 0
    return [*head_ids(known["paths"], known["heads"], unit), *known["coordinators"].get(unit, [])]


def _line(year: MechanismYear, late: int, language: str) -> Line:
    return Line(
        f"{lateness(late)}: {year.mechanism.name} ({year.mechanism.code} · {year.year})", year.get_absolute_url()
    )


remind_of(
    ReminderRule(
        name="standards.mechanism_due",
        rows=lambda: MechanismYear.objects.filter(state__in=(MechanismYear.PLAN, MechanismYear.DO)).select_related(
            "mechanism"
        ),
        deadline="due",
        thresholds=lambda: thresholds(
            doer="standards.mechanism_remind_doer", office="standards.mechanism_remind_office"
        ),
        prepare=_prepare,
        audience=_audience,
        line=_line,
    )
)
