"""Reminders: values of indicators that nobody has given after the end of their period."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Office, Unit
from qa_portal.people.roles import Role

from ..models import Indicator
from ..owing import all_owed


def _prepare() -> dict[str, Any]:
    coordinators: dict[int, list[int]] = {}
    offices = Office.objects.on().filter(role=Role.QUALITY_COORDINATOR, person__is_active=True)
    for unit, person in offices.order_by("pk").values_list("unit_id", "person_id"):
        coordinators.setdefault(unit, []).append(person)
    paths = dict(Unit.objects.values_list("pk", "path"))
    return {"heads": heads_by_unit(), "paths": paths, "coordinators": coordinators}


def _responsible(known: dict[str, Any], name: str, row: Indicator) -> list[int]:
    """The head of the responsible unit and its quality coordinators."""
    unit = row.responsible_id
    return [*head_ids(known["paths"], known["heads"], unit), *known["coordinators"].get(unit, [])]


def _line(row: Any, late: int, language: str) -> Line:
    words = _("values are missing: %(indicator)s") % {"indicator": f"{row.code} {row.name}"}
    return Line(f"{lateness(late)}: {words}", f"{reverse('standards:measurement-grid')}?indicator={row.code}")


remind_of(
    ReminderRule(
        name="standards.values_owed",
        rows=all_owed,
        deadline="period_end",
        thresholds=lambda: thresholds(responsible="standards.remind_values"),
        prepare=_prepare,
        audience=_responsible,
        line=_line,
    )
)
