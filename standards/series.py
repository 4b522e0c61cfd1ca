"""Values of indicators over units and periods: one truth for page, chart, export, API and report (decision 0013).

A unit's own value wins; else it is rolled up from the values nearest below it. The university (no unit) stands above all.
Rolling up and taking a year together are plain functions over rows that one query has read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, Sum
from django.utils import timezone

from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy

from .lights import Targets
from .models import Indicator, IndicatorUnit, Measurement
from .periods import TERM, Periods, Span, ends, labels_of

NOT, SUM, MEAN, WEIGHTED = "none", "sum", "mean", "weighted"
EXACT = Decimal("0.0001")
#: room for the product of the largest value and the largest number of cases, added up
ROOMY = Context(prec=60)


class Part(NamedTuple):
    """One value with the number of cases behind it."""

    value: Decimal
    weight: Decimal | None = None


class Rolled(NamedTuple):
    """A value of a unit in a period: its own (`parts` 0), or made of so many values below."""

    value: Decimal
    weight: Decimal | None
    parts: int


def together(parts: Sequence[Part], how: str) -> Part | None:
    """Several values as one; None when nothing can be said. Without cases a value has no weight in a weighted mean."""
    if not parts or how == NOT:
        return None
    weights = [part.weight for part in parts if part.weight is not None]
    cases = sum(weights, Decimal(0)) if weights else None
    if how == SUM:
        return Part(sum((part.value for part in parts), Decimal(0)), cases)
    if how == WEIGHTED and cases:
        return Part(sum((p.value * p.weight for p in parts if p.weight is not None), Decimal(0)) / cases, cases)
    return Part(sum((part.value for part in parts), Decimal(0)) / len(parts), cases)


def roll_up(own: Mapping[int | None, Part], above: Mapping[int, int | None], how: str) -> dict[int | None, Rolled]:
    """The values of all units, from those that some have of their own.

    `above` gives the unit above each unit (None for the university), lower units first. Each value counts once: what
    a unit says of itself hides what stands below it.
    """
    gathered: dict[int | None, list[Part]] = {}
    found: dict[int | None, Rolled] = {}
    for unit in (*above, None):
        mine = own.get(unit)
        parts = [mine] if mine is not None else gathered.pop(unit, [])
        if not parts:
            continue
        if mine is not None:
            found[unit] = Rolled(mine.value, mine.weight, 0)
        else:
            rolled = together(parts, how)
            if rolled is not None:
                found[unit] = Rolled(rolled.value, rolled.weight, len(parts))
        if unit is not None:
            gathered.setdefault(above[unit], []).extend(parts)
    return found


def year_of_parts(parts: Sequence[Part], how: str) -> Part | None:
    """The year's value from those of its periods, in their order: added up, or a mean; what is not rolled up, the last."""
    if how == NOT:
        return parts[-1] if parts else None
    return together(parts, how)


def units_above() -> dict[int, int | None]:
    """The unit above each unit, the lowest first; above the root stands the university as a whole."""
    return dict(Unit.objects.order_by("-path").values_list("pk", "parent_id"))


def definitions(codes: Iterable[str]) -> dict[str, Indicator]:
    """The definition of each code: the one in force, else the last one that was."""
    rows = Indicator.objects.filter(code__in=list(codes), state__in=(Indicator.IN_FORCE, Indicator.SUPERSEDED))
    return {row.code: row for row in rows.order_by("set__version")}


# -- one indicator over units and periods ---------------------------------------------------------
@dataclass(frozen=True)
class Point:
    """What stands at one unit and period. `pk` is the record's where the value is the unit's own."""

    value: Decimal
    weight: Decimal | None
    parts: int
    light: str
    pk: int | None = None
    origin: str = ""
    entered_by: int | None = None


def table(
    indicator: Indicator,
    spans: Sequence[Span],
    unit_ids: Iterable[int | None] | None = None,
    targets: Targets | None = None,
) -> dict[tuple[int | None, str], Point]:
    """{(unit, period): Point} of one indicator, for all units or those asked for; two queries and one for targets."""
    labels = [span.label for span in spans]
    rows = Measurement.objects.valid().filter(code=indicator.code, period__in=labels, until__range=ends(spans))
    own: dict[str, dict[int | None, Part]] = {}
    records: dict[tuple[int | None, str], tuple[Any, ...]] = {}
    for pk, unit, period, value, weight, light, origin, by in rows.order_by().values_list(
        "pk", "unit_id", "period", "value", "weight", "light", "origin", "created_by_id"
    ):
        own.setdefault(period, {})[unit] = Part(value, weight)
        records[unit, period] = (light, pk, origin, by)
    above, targets = units_above(), targets or Targets([indicator.pk])
    asked = None if unit_ids is None else set(unit_ids)
    found = {}
    for period, values in own.items():
        for unit, rolled in roll_up(values, above, indicator.roll_up).items():
            if asked is not None and unit not in asked:
                continue
            if rolled.parts:
                light = targets.light_in(indicator, period, unit, rolled.value)
                found[unit, period] = Point(*rolled, light)
            else:
                light, *rest = records[unit, period]
                found[unit, period] = Point(*rolled, light, *rest)
    return found


# -- many indicators in one year -----------------------------------------------------------------------
def yearly(
    codes: Iterable[str], unit_ids: Iterable[int | None], year: int
) -> dict[tuple[str, int | None], Decimal | None]:
    """The value of a year for each code and unit (None is the university); None where nothing was measured."""
    return yearly_of(definitions(codes).values(), unit_ids, year)


def yearly_of(
    indicators: Iterable[Indicator], unit_ids: Iterable[int | None], year: int
) -> dict[tuple[str, int | None], Decimal | None]:
    parts = parts_of_years(indicators, unit_ids, [year])
    return {(code, unit): found.value if found else None for (code, unit, _year), found in parts.items()}


def parts_of_years(
    indicators: Iterable[Indicator], unit_ids: Iterable[int | None], years: Iterable[int]
) -> dict[tuple[str, int | None, int], Part | None]:
    """{(code, unit, year): the year's value with its cases}: two queries, however many of each."""
    indicators, asked, years = list(indicators), list(unit_ids), list(years)
    above = units_above()
    if len(asked) == 1 and indicators and years:
        unit, rows = asked[0], _rows_of(indicators, years)
        own = rows.filter(unit__isnull=True) if unit is None else rows.filter(unit=unit)
        below = (
            rows.filter(unit__isnull=False) if unit is None else rows.filter(unit__in=_below({unit}, above) - {unit})
        )
        nested = _nested(below, above)
        added = _of_one([row for row in indicators if row.code not in nested], unit, years, own, below)
        return added | _of_many([row for row in indicators if row.code in nested], asked, years, above)
    return _of_many(indicators, asked, years, above)


def _of_many(
    indicators: list[Indicator], asked: list[int | None], years: list[int], above: Mapping[int, int | None]
) -> dict[tuple[str, int | None, int], Part | None]:
    values = _values_in(indicators, asked, years, above)
    found: dict[tuple[str, int | None, int], Part | None] = {}
    for indicator in indicators:
        by_period = values.get(indicator.code, {})
        for year in years:
            series: dict[int | None, list[Part]] = {unit: [] for unit in asked}
            for label in labels_of(indicator.period, year):
                if label not in by_period:
                    continue
                rolled = roll_up(by_period[label], above, indicator.roll_up)
                for unit in asked:
                    if unit in rolled:
                        series[unit].append(Part(rolled[unit].value, rolled[unit].weight))
            for unit in asked:
                found[indicator.code, unit, year] = year_of_parts(series[unit], indicator.roll_up)
    return found


def _rows_of(indicators: Iterable[Indicator], years: Sequence[int]) -> Any:
    """The valid values whose periods may count to some years: only an autumn term ends before its year begins."""
    kinds = {indicator.code: indicator.period for indicator in indicators}
    first = datetime.date(min(years) - 1, 9, 1) if TERM in kinds.values() else datetime.date(min(years), 1, 1)
    until = (first, datetime.date(max(years), 12, 31))
    return Measurement.objects.valid().filter(code__in=list(kinds), until__range=until).order_by()


def _nested(rows: Any, above: Mapping[int, int | None]) -> set[str]:
    """Codes of which a unit has values while one above it has some too: there one hides the other, else all add up."""
    inner = {parent for parent in above.values() if parent is not None and above[parent] is not None}
    over = set(rows.filter(unit__in=inner).values_list("code", "unit_id").distinct())
    if not over:
        return set()
    below = _below({unit for _code, unit in over}, above)
    pairs = rows.filter(code__in={code for code, _unit in over}, unit__in=below).values_list("code", "unit_id")
    return {
        code for code, unit in pairs.distinct() if any((code, higher) in over for higher in _all_above(unit, above))
    }


def _all_above(unit: int, above: Mapping[int, int | None]) -> Iterator[int]:
    higher = above.get(unit)
    while higher is not None:
        yield higher
        higher = above[higher]


def _of_one(
    indicators: list[Indicator], unit: int | None, years: list[int], own: Any, below: Any
) -> dict[tuple[str, int | None, int], Part | None]:
    """The same for one unit or the university, added up by the database: a board reads sums, not each value."""
    labels = {i.code: {label: year for year in years for label in labels_of(i.period, year)} for i in indicators}
    how = {indicator.code: indicator.roll_up for indicator in indicators}
    periods: dict[tuple[str, int], dict[str, Part]] = {}
    # Own values come last and take the place of what was rolled up.
    for code, period, part in (*_rolled(below, how), *_own(own)):
        year = labels.get(code, {}).get(period)
        if year is not None:
            periods.setdefault((code, year), {})[period] = part
    found: dict[tuple[str, int | None, int], Part | None] = {}
    for indicator in indicators:
        for year in years:
            values = periods.get((indicator.code, year), {})
            ordered = [values[label] for label in labels_of(indicator.period, year) if label in values]
            found[indicator.code, unit, year] = year_of_parts(ordered, indicator.roll_up)
    return found


def _own(rows: Any) -> Iterator[tuple[str, str, Part]]:
    for code, period, value, weight in rows.values_list("code", "period", "value", "weight"):
        yield code, period, Part(value, weight)


def _rolled(rows: Any, how: Mapping[str, str]) -> Iterator[tuple[str, str, Part]]:
    """(code, period, sum or mean). The groups follow the index `values_over_time`, which holds all that is added up."""
    product = ExpressionWrapper(F("value") * F("weight"), output_field=DecimalField(max_digits=38, decimal_places=8))
    sums = (
        rows.filter(code__in=[code for code, roll_up in how.items() if roll_up != NOT])
        .values("code", "until", "period")
        .annotate(sum=Sum("value"), cases=Sum("weight"), product=Sum(product), count=Count("value"))
        .values_list("code", "period", "sum", "cases", "product", "count")
    )
    periods: dict[tuple[str, str], list[list[Any]]] = {}
    for code, period, *figures in sums:
        periods.setdefault((code, period), []).append(figures)
    for (code, period), groups in periods.items():
        # More than one only where a term was moved between two values.
        yield code, period, _summed(how[code], *(_added(column) for column in zip(*groups, strict=True)))


def _added(column: Sequence[Any]) -> Any:
    known = [figure for figure in column if figure is not None]
    return sum(known[1:], known[0]) if known else None


def _summed(how: str, total: Decimal, cases: Decimal | None, product: Decimal | None, count: int) -> Part:
    """`together` of values that the database has added up; SQLite adds in floating point, so the sums are made exact."""
    total = total.quantize(EXACT, context=ROOMY)
    cases = None if cases is None else cases.quantize(EXACT, context=ROOMY)
    if how == SUM:
        return Part(total, cases)
    if how == WEIGHTED and cases and product is not None:
        return Part(product.quantize(EXACT * EXACT, context=ROOMY) / cases, cases)
    return Part(total / count, cases)


def _values_in(
    indicators: list[Indicator], asked: list[int | None], years: list[int], above: Mapping[int, int | None]
) -> dict[str, dict[str, dict[int | None, Part]]]:
    """{code: {period: {unit: value}}} of the periods that count to some years, one query."""
    if not (indicators and years):
        return {}
    labels = {
        indicator.code: {label for year in years for label in labels_of(indicator.period, year)}
        for indicator in indicators
    }
    rows = _rows_of(indicators, years)
    if None not in asked:
        rows = rows.filter(unit__in=_below({unit for unit in asked if unit is not None}, above))
    found: dict[str, dict[str, dict[int | None, Part]]] = {}
    for code, unit, period, value, weight in rows.values_list("code", "unit_id", "period", "value", "weight"):
        if period in labels[code]:
            found.setdefault(code, {}).setdefault(period, {})[unit] = Part(value, weight)
    return found


def _below(units: set[int], above: Mapping[int, int | None]) -> set[int]:
    """These units and all below them."""
    found = set(units)
    for unit, parent in reversed(list(above.items())):  # upper ones first
        if parent in found:
            found.add(unit)
    return found


# -- what is missing and what is stale --------------------------------------------------------------------
def stale_since(indicator: Indicator, periods: Periods, day: datetime.date) -> Span:
    """The last period of an indicator for which a value should be there by now: it ended so many days ago."""
    return periods.last_over(indicator.period, day - datetime.timedelta(days=policy("standards.stale_days")))


def stale(
    indicators: Iterable[Indicator],
    periods: Periods | None = None,
    day: datetime.date | None = None,
    unit_ids: Iterable[int | None] | None = None,
) -> dict[str, set[int | None]]:
    """{code: units whose value is late}: nothing since the last finished period, and the days of grace are over.

    The units are those that report (of those asked for); without any, the university. What was not in force then owes
    nothing.
    """
    periods, day = periods or Periods(), day or timezone.localdate()
    indicators = list(indicators)
    reporters = reporters_of(indicators, unit_ids)
    dues = {indicator.period: stale_since(indicator, periods, day) for indicator in indicators}
    there = _there_since(indicators, dues, unit_ids)
    found: dict[str, set[int | None]] = {}
    for indicator in indicators:
        if dues[indicator.period].until < indicator.set.valid_from:
            continue
        late = {unit for unit in reporters[indicator.pk] if (indicator.code, unit) not in there}
        if late:
            found[indicator.code] = late
    return found


def _of_units(unit_ids: Iterable[int | None]) -> Q:
    asked = set(unit_ids)
    found = Q(unit__in=[unit for unit in asked if unit is not None])
    return found | Q(unit__isnull=True) if None in asked else found


def _there_since(
    indicators: list[Indicator], dues: Mapping[str, Span], unit_ids: Iterable[int | None] | None
) -> set[tuple[str, int | None]]:
    """(code, unit) with a value of the period that is due, or a later one."""
    since = Q(pk__in=[])
    for kind, span in dues.items():
        codes = [row.code for row in indicators if row.period == kind]
        since |= Q(code__in=codes, until__gte=span.until)
        if kind == TERM:  # it may have been moved since the value was given
            since |= Q(code__in=codes, until__gte=ends([span])[0], period=span.label)
    rows = Measurement.objects.valid().filter(since)
    rows = rows if unit_ids is None else rows.filter(_of_units(unit_ids))
    return set(rows.order_by().values_list("code", "unit_id").distinct())


def reporters_of(
    indicators: Iterable[Indicator], unit_ids: Iterable[int | None] | None = None
) -> dict[int, list[int | None]]:
    """{definition: units that report it (of those asked for)}; the university alone where none is named.

    Closed units report no more.
    """
    ids = [indicator.pk for indicator in indicators]
    found: dict[int, list[int | None]] = {pk: [] for pk in ids}
    asked = None if unit_ids is None else set(unit_ids)
    rows = IndicatorUnit.objects.filter(indicator__in=ids)
    named = set(rows.order_by().values_list("indicator_id", flat=True).distinct())
    if asked is not None:
        # The root of the tree stands for the university.
        rows = rows.filter(Q(unit__in=[unit for unit in asked if unit is not None]) | Q(unit__parent__isnull=True))
    today = timezone.localdate()
    for indicator, unit, parent, closed in rows.order_by("unit__path").values_list(
        "indicator_id", "unit_id", "unit__parent_id", "unit__closed_on"
    ):
        reporter = unit if parent is not None else None
        if (closed is None or closed > today) and (asked is None or reporter in asked):
            found[indicator].append(reporter)
    if asked is None or None in asked:
        for pk in ids:
            if pk not in named:
                found[pk].append(None)
    return found
