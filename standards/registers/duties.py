"""Rules of duties from `data/duties.yaml`: every row of the table of periods and of the monitoring calendar."""

from __future__ import annotations

from typing import Any

from qa_portal.people.models import Unit

from ..models import DutyRule
from .reading import Outcome, checked, read, texts

FILE = "duties.yaml"
_WORDS = ("name", "text", "doer", "paper")
_PLAIN = (
    "group",
    "basis",
    "standard",
    "scope",
    "timing",
    "months_from",
    "months",
    "opens",
    "due",
    "anchor",
    "offset_days",
    "notice_days",
    "event",
    "due_days",
    "working_days",
    "date_by_office",
    "role",
    "body",
    "fulfilled_by",
    "report_kind",
    "waits_for",
)
#: what the sources leave open: any day of the year
_WHOLE_YEAR = {"opens": "01-01", "due": "12-31"}
#: what a load tells of where the office has changed it
_TOLD = ("group", "basis", "timing", "scope")


def rules() -> list[DutyRule]:
    """The rules of the file, not saved: what the arithmetic of periods reads."""
    return [_rule(place, row) for place, row in enumerate(read(FILE)["rules"], 1)]


def _rule(place: int, row: dict[str, Any], unit: Unit | None = None) -> DutyRule:
    values = {name: row[name] for name in _PLAIN if name in row}
    if row["timing"] == DutyRule.Timing.YEARLY:
        values = {**_WHOLE_YEAR, **values}
    return DutyRule(code=row["code"], place=place, unit=unit, **values, **texts(row, *_WORDS))


def load(outcome: Outcome) -> None:
    """Make the rules that are missing, tell where the database says something else."""
    kept = {rule.code: rule for rule in DutyRule.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.working()}
    for place, row in enumerate(read(FILE)["rules"], 1):
        wanted = _rule(place, row, units.get(row.get("unit", "")))
        there = kept.get(wanted.code)
        if there is None:
            checked(wanted.code, wanted).save()
            outcome.made.append(wanted.code)
        else:
            outcome.compare(wanted.code, there, {name: getattr(wanted, name) for name in (*_TOLD, "opens", "due")})
