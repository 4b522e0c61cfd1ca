"""How indicators stand: value, target, light and trend of each, for one unit or the university. Board, panel, report, export."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.models import Unit
from qa_portal.web import charting
from qa_portal.web.charts import Chart, Point, Series

from .lights import Target, Targets
from .models import Indicator
from .periods import Span, year_of
from .querysets.cycles import insider
from .series import Point as Value
from .series import parts_of_years, stale

#: years of a trend, the one shown included
YEARS_BACK = 5
#: of the small trend on a page; papers and reports go further back
TREND_YEARS = 3


@functools.lru_cache(maxsize=20_000)
def _shown(value: Decimal, decimals: int, measure: str, language: str | None) -> str:
    """Written once a language: tables have hundreds of values, of few kinds."""
    figures = charting.written(value, decimals)
    return f"{figures} {Indicator.Measure(measure).label}" if measure else figures


def shown(indicator: Indicator, value: Decimal | None, measure: bool = True) -> str:
    """A value as people read it, with its unit of measure; a dash where nothing was measured."""
    if value is None:
        return "—"
    return _shown(value, indicator.decimals, indicator.measure if measure else "", get_language())


@dataclass(frozen=True)
class Line:
    """One indicator in one year."""

    indicator: Indicator
    year: int
    value: Decimal | None
    target: Target | None
    light: str
    is_stale: bool
    #: the years before and this one, oldest first; None where nothing was measured
    trend: tuple[tuple[int, Decimal | None], ...] = ()

    @property
    def has_trend(self) -> bool:
        return sum(value is not None for _year, value in self.trend) > 1


def lines(indicators: Iterable[Indicator], unit_id: int | None, year: int, back: int = YEARS_BACK) -> list[Line]:
    """The lines of a board: a handful of queries, however many indicators."""
    rows = list(indicators)
    years = range(year - back + 1, year + 1)
    parts = parts_of_years(rows, [unit_id], years)
    targets, late = Targets((row.pk for row in rows), year), stale(rows, unit_ids=[unit_id])
    found = []
    for row in rows:
        series = tuple((each, _value(parts[row.code, unit_id, each])) for each in years)
        value = series[-1][1]
        found.append(
            Line(
                row,
                year,
                value,
                targets.of(row, year, unit_id),
                targets.light(row, year, unit_id, value),
                unit_id in late.get(row.code, ()),
                series,
            )
        )
    return found


def _value(part: Any) -> Decimal | None:
    return part.value if part is not None else None


def in_force(standard: str = "") -> Any:
    """The definitions in force, of one standard if it is named."""
    rows = Indicator.objects.in_force().select_related("set", "responsible").defer("text", "validation")
    return (rows.filter(standard=standard) if standard else rows).order_by("code")


# -- whose values somebody sees ---------------------------------------------------------------------------
def units_seen(person: Any, indicator: Indicator | None = None) -> set[int] | None:
    """Units whose values this person reads; None means all. Those of the university everybody inside reads."""
    if not insider(person):
        return set()
    if person.standing.sees_everything:
        return None
    mine = {row["pk"] for row in own_units(person)}
    return None if indicator is not None and indicator.responsible_id in mine else mine


def sees_unit(person: Any, unit: Unit | None, indicator: Indicator | None = None) -> bool:
    if not insider(person):
        return False
    seen = units_seen(person, indicator)
    return unit is None or seen is None or unit.pk in seen


# -- charts -------------------------------------------------------------------------------------------------
def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _axis(indicator: Indicator) -> dict[str, Any]:
    ends = {"low": 0.0, "high": 100.0} if indicator.measure == Indicator.Measure.PERCENT else {}
    return {"measure": str(indicator.get_measure_display()), "decimals": indicator.decimals, **ends}


def _drawn(indicator: Indicator, name: str, points: Sequence[Point], goal: Sequence[Point], note: str = "") -> Chart:
    series = [Series(name, tuple(points))]
    if any(point.value is not None for point in goal):
        series.append(Series(_("Target"), tuple(goal), target=True))
    return Chart(f"{indicator.code} {indicator.name}", tuple(series), note=note, **_axis(indicator))


def trend_chart(line: Line, name: str, unit_id: int | None, targets: Targets) -> Chart:
    """The years of one indicator with their targets."""
    row = line.indicator
    points = [
        Point(str(year), _number(value), _light(targets.light(row, year, unit_id, value))) for year, value in line.trend
    ]
    return _drawn(row, name, points, [_goal(targets, row, year, unit_id, str(year)) for year, _v in line.trend])


def periods_chart(
    indicator: Indicator, spans: Sequence[Span], values: dict[tuple[int | None, str], Value], unit_id: int | None,
    name: str, targets: Targets,
) -> Chart:  # fmt: skip
    """The last periods of one indicator for one unit or the university."""
    found = [(span, values.get((unit_id, span.label))) for span in spans]
    points = [
        Point(span.label, _number(value.value), _light(value.light), _rolled(value))
        if value
        else Point(span.label, None)
        for span, value in found
    ]
    judged = indicator.roll_up != Indicator.RollUp.SUM or indicator.period in ("year", "academic_year")
    goal = [_goal(targets, indicator, year_of(span.label), unit_id, span.label) for span in spans] if judged else []
    return _drawn(indicator, name, points, goal)


def _goal(targets: Targets, row: Indicator, year: int, unit_id: int | None, label: str) -> Point:
    found = targets.of(row, year, unit_id)
    return Point(label, _number(found.target) if found else None)


def _light(light: str) -> str:
    return "" if light == "none" else light


def _rolled(value: Value) -> str:
    return _("rolled up from %(n)s units") % {"n": value.parts} if value.parts else ""
