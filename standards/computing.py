"""Indicators that the portal computes itself, by the formulas that apps declare (web.registry.Formula).

A period is computed while it runs and some days after its end; then its value stands as any other. What somebody has
corrected or withdrawn is never computed again. Run twice, the same comes out; a missed night is made up for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import policy
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door

from .lights import Targets
from .measuring import EXACT, Ready, note_computed
from .models import Indicator, Measurement
from .periods import Periods, Span
from .series import reporters_of

#: how many finished periods are looked at for one that was never computed
MOST_BACK = 12
registry.words.setdefault("compute_nothing", _("No cases any more"))


def compute_all(day: datetime.date | None = None) -> int:
    """Compute every indicator in force that has a formula; how many values are new, changed or gone."""
    day = day or timezone.localdate()
    periods = Periods()
    rows = Indicator.objects.in_force().exclude(formula="").select_related("set").order_by("pk")
    return sum(
        compute(indicator, span, day)
        for indicator in rows
        if indicator.formula in registry.formulas
        for span in due_spans(indicator, periods, day)
    )


def due_spans(indicator: Indicator, periods: Periods, day: datetime.date) -> Iterator[Span]:
    """The period that runs, the one just over while its days of grace last, and those that a stopped worker has missed."""
    running = periods.containing(indicator.period, day)
    if running.holds(day):
        yield running
    span = periods.last_over(indicator.period, day)
    # What a person has corrected or withdrawn says nothing of when the portal was here last.
    mine = Measurement.objects.filter(origin=Measurement.Origin.COMPUTED, corrected_by__isnull=True)
    computed = dict(
        mine.filter(code=indicator.code, until__lte=span.until)
        .order_by()
        .values("period")
        .annotate(last=Max("changed_at"))
        .values_list("period", "last")
    )
    for place in range(MOST_BACK):
        if span.until < indicator.set.valid_from:
            return
        last = computed.get(span.label)
        settled = last is not None and timezone.localtime(last).date() > span.until
        if not settled or (place == 0 and (day - span.until).days <= policy("standards.compute_days")):
            yield span
        span = periods.previous(span)


def compute(indicator: Indicator, span: Span, day: datetime.date) -> int:
    """Compute one period of one indicator for the university and every unit that reports it."""
    figures = registry.formulas[indicator.formula].values(span.since, span.until)
    wanted = {None, *reporters_of([indicator])[indicator.pk]}
    found = {unit: _ready(indicator, unit, span, figure) for unit, figure in figures.items() if unit in wanted}
    with transaction.atomic(), door("import"):
        list(Indicator.objects.select_for_update().filter(pk=indicator.pk).values_list("pk"))
        rows = Measurement.objects.filter(code=indicator.code, period=span.label).order_by("pk")
        there: dict[int | None, Measurement] = {}
        spoken: set[int | None] = set()
        for row in rows:
            if row.was_corrected or row.origin != Measurement.Origin.COMPUTED:
                spoken.add(row.unit_id)
            elif row.state == Measurement.VALID:
                there[row.unit_id] = row
        new = [ready for unit, ready in found.items() if unit not in there and unit not in spoken]
        changed = [
            (there[unit], ready)
            for unit, ready in found.items()
            if unit in there and unit not in spoken and there[unit].value != ready.value
        ]
        for unit, ready in found.items():
            # More cases, the same value: nothing that history would have to tell.
            if unit in there and there[unit].value == ready.value and there[unit].weight != ready.weight:
                rows.filter(pk=there[unit].pk).update(weight=ready.weight)
        gone = [row for unit, row in there.items() if unit not in found and unit not in spoken]
        note_computed(new, changed, Targets([indicator.pk]))
        for row in gone:
            _take_back(row)
        # Also where nothing has changed it was looked at: after the end of the period that settles it.
        rows.filter(origin=Measurement.Origin.COMPUTED).update(changed_at=timezone.now())
    return len(new) + len(changed) + len(gone)


def _ready(indicator: Indicator, unit: int | None, span: Span, figure: Any) -> Ready:
    weight = None if figure.weight is None else _exact(figure.weight)
    return Ready(0, indicator, unit, span, _exact(figure.value), weight)


def _exact(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(EXACT, ROUND_HALF_UP)


def _take_back(row: Measurement) -> None:
    """The cases behind a value are gone (cancelled, or handed to another unit): the value goes too."""
    before, row.state = row.state, Measurement.WITHDRAWN
    row.revision += 1
    row.save()
    row.write_entry("compute_nothing", None, from_state=before, to_state=row.state)
