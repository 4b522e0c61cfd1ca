"""Reminders of duties: before their date whoever answers, after it also the head and the quality office, then the Board."""

from __future__ import annotations

from typing import Any

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds

from ..duty_people import Answering
from ..models import Duty


def _audience(known: Answering, name: str, row: Duty) -> list[int]:
    if name == "responsible":
        return known.of(row)
    if name == "office":
        return [*known.head(row.rule.unit_id or row.unit_id), *known.office()]
    return known.board()


def _line(row: Any, late: int, language: str) -> Line:
    return Line(f"{lateness(late)}: {row.name} ({row.rule.basis})", row.get_absolute_url())


remind_of(
    ReminderRule(
        name="standards.duty_due",
        rows=lambda: Duty.objects.open().select_related("rule").prefetch_related("subject"),
        deadline="due_on",
        thresholds=lambda: thresholds(
            responsible="duties.remind_responsible", office="duties.remind_office", board="duties.remind_board"
        ),
        prepare=Answering,
        audience=_audience,
        line=_line,
    )
)
