"""Values that are owed: the last finished period of an indicator has none for a unit that reports it. Desk and reminders ask."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, DateField, Q, Value, When
from django.utils import timezone

from qa_portal.people.roles import Role

from .models import Indicator, Measurement
from .periods import KINDS, Periods, Span
from .series import reporters_of


def last_spans(day: datetime.date) -> dict[str, Span]:
    """The last finished period of each kind."""
    periods = Periods()
    return {kind: periods.last_over(kind, day) for kind in KINDS}


def owed(rows: Iterable[Indicator], spans: dict[str, Span]) -> dict[int, set[int | None]]:
    """{definition: units without a value for the last finished period}; computed ones owe nothing."""
    due = [row for row in rows if not row.formula and spans[row.period].until >= row.set.valid_from]
    reporters = reporters_of(due)
    there = set(
        Measurement.objects.valid()
        .filter(code__in=[row.code for row in due], period__in=[span.label for span in spans.values()])
        .order_by()
        .values_list("code", "unit_id", "period")
    )
    found = {
        row.pk: {unit for unit in reporters[row.pk] if (row.code, unit, spans[row.period].label) not in there}
        for row in due
    }
    return {pk: units for pk, units in found.items() if units}


def _in_force() -> Any:
    return Indicator.objects.in_force().filter(formula="").select_related("set").defer("text", "validation")


def owed_by(person: Any) -> Any:
    """The indicators of which this person, as head or coordinator, owes values: of the responsible or a reporting unit."""
    duties = [h for h in person.standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]
    if not duties:
        return Indicator.objects.none()
    # Exactly these units: whoever leads the university is not asked for the values of each department.
    mine = {h.unit_id for h in duties}
    rows = _in_force().filter(Q(responsible__in=mine) | Q(reporters__unit__in=mine)).distinct()
    found = [
        row.pk
        for row, units in _with(list(rows), last_spans(timezone.localdate()))
        if row.responsible_id in mine or units & mine
    ]
    return with_end(Indicator.objects.filter(pk__in=found)).order_by("code")


def _with(rows: list[Indicator], spans: dict[str, Span]) -> list[tuple[Indicator, set[int | None]]]:
    units = owed(rows, spans)
    return [(row, units[row.pk]) for row in rows if row.pk in units]


def with_end(rows: Any, day: datetime.date | None = None) -> Any:
    """With the last day of the period whose values are owed, as `period_end`."""
    spans = last_spans(day or timezone.localdate())
    whens = [When(period=kind, then=Value(span.until)) for kind, span in spans.items()]
    return rows.annotate(period_end=Case(*whens, output_field=DateField()))


def all_owed() -> Any:
    """Every indicator of which values are owed today."""
    found = owed(_in_force(), last_spans(timezone.localdate()))
    return with_end(Indicator.objects.filter(pk__in=list(found)))
