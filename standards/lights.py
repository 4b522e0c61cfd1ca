"""The traffic light of a value: one function for page, chart, export, signal and report (decision 0013).

A value that reaches the target is green. Beyond `red` it is red, beyond `amber` amber, the threshold itself included;
between the target and `amber` it still counts as green. Without `amber` everything short of the target is amber;
without `red` nothing is red.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps

from qa_portal.workflow.writing import door

from .periods import ACADEMIC_YEAR, YEAR, kind_of, year_of

GREEN, AMBER, RED, NONE = "green", "amber", "red", "none"
#: the badges of the house
TONES = {GREEN: "done", AMBER: "waiting", RED: "overdue", NONE: "draft"}
#: the roll-up that adds up, over units and over the periods of a year
SUM = "sum"
WHOLE_YEARS = (YEAR, ACADEMIC_YEAR)
PIECE = 500


@dataclass(frozen=True)
class Target:
    """What a year should reach and where amber and red begin."""

    target: Decimal
    amber: Decimal | None = None
    red: Decimal | None = None


def light(value: Any, target: Target | None, direction: str) -> str:
    """The light of a value; NONE without a value or a target."""
    if value is None or target is None:
        return NONE
    sign = -1 if direction == "down" else 1
    if sign * value >= sign * target.target:
        return GREEN
    if target.red is not None and sign * value <= sign * target.red:
        return RED
    if target.amber is None or sign * value <= sign * target.amber:
        return AMBER
    return GREEN


class Targets:
    """The targets of some definitions, read once: a unit's own for the year, else the one for all.

    Of what adds up over units (roll-up "sum") the one without a unit is the university's, and no unit's.
    """

    def __init__(self, indicator_ids: Iterable[int], year: int | None = None):
        rows = apps.get_model("standards", "IndicatorTarget").objects.filter(indicator__in=list(indicator_ids))
        rows = rows if year is None else rows.filter(year=year)
        self._found: dict[tuple[int, int, int | None], Target] = {
            (indicator, of, unit): Target(target, amber, red)
            for indicator, of, unit, target, amber, red in rows.values_list(
                "indicator_id", "year", "unit_id", "target", "amber", "red"
            )
        }

    def of(self, indicator: Any, year: int, unit_id: int | None) -> Target | None:
        own = self._found.get((indicator.pk, year, unit_id))
        if own is not None or indicator.roll_up == SUM:  # a part is not asked to reach what the whole should
            return own
        return self._found.get((indicator.pk, year, None))

    def light(self, indicator: Any, year: int, unit_id: int | None, value: Any) -> str:
        """The light of the value of a year."""
        return light(value, self.of(indicator, year, unit_id), indicator.direction)

    def light_in(self, indicator: Any, period: str, unit_id: int | None, value: Any) -> str:
        """The light of the value of a period. A month of what adds up over the year is not judged by the year's target."""
        if indicator.roll_up == SUM and kind_of(period) not in WHOLE_YEARS:
            return NONE
        return self.light(indicator, year_of(period), unit_id, value)


def light_of(measurement: Any, targets: Targets | None = None) -> str:
    """The light of one value under the definition by which it was measured."""
    targets = targets or Targets([measurement.indicator_id])
    return targets.light_in(measurement.indicator, measurement.period, measurement.unit_id, measurement.value)


def relight(code: str, year: int | None = None) -> int:
    """Judge the values of a code anew, after its targets have changed; how many lights changed."""
    model = apps.get_model("standards", "Measurement")
    rows = list(
        model.objects.valid()
        .filter(code=code)
        .select_related("indicator")
        .only("indicator__direction", "indicator__roll_up", "unit", "period", "value", "light")
        .order_by()
    )
    targets = Targets({row.indicator_id for row in rows})
    changed: dict[str, list[int]] = {}
    for row in rows:
        if year is not None and year_of(row.period) != year:
            continue
        now = light_of(row, targets)
        if now != row.light:
            changed.setdefault(now, []).append(row.pk)
    with door("import"):
        for now, ids in changed.items():
            for start in range(0, len(ids), PIECE):
                model.objects.filter(pk__in=ids[start : start + PIECE]).update(light=now)
    return sum(map(len, changed.values()))
