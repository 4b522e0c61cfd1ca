"""Whoever was asked to write areas of a self-assessment is reminded before the day and after it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Unit

from ..answering import address_of
from ..models import AreaAnswer


def _line(answer: AreaAnswer, late: int, language: str) -> Line:
    words = {"code": answer.code, "unit": answer.unit}
    return Line(f"{lateness(late)}: {_('self-assessment, area %(code)s (%(unit)s)') % words}", address_of(answer))


def _prepare() -> dict[str, Any]:
    return {"heads": heads_by_unit(), "paths": dict(Unit.objects.values_list("pk", "path"))}


def _audience(known: Any, name: str, answer: AreaAnswer) -> list[int]:
    """Whoever was asked while here; of somebody who left the head of the unit, who gives the area to another."""
    if answer.assignee_id is not None and answer.assignee.is_active:
        return [answer.assignee_id]
    return head_ids(known["paths"], known["heads"], answer.unit_id)


remind_of(
    ReminderRule(
        name="standards.answer_due",
        rows=lambda: (
            AreaAnswer.objects.being_written()
            .filter(assignee__isnull=False, assigned_until__isnull=False)
            .select_related("unit", "assignee")
            .order_by("pk")
        ),
        deadline="assigned_until",
        thresholds=lambda: thresholds(assignee="standards.remind_assignee"),
        prepare=_prepare,
        audience=_audience,
        line=_line,
    )
)
