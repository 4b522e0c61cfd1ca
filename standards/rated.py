"""A rating put together from the records: units of the formula's kind, indicators in force, targets, values of the year."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from qa_portal.people.models import Unit
from qa_portal.web.charts import BAR, Chart, Point, Series

from .lights import Targets
from .models import Indicator, Rating, RatingFormula
from .rating import Criterion, Goal, Row, rate
from .series import EXACT, yearly


def rows_of(formula: RatingFormula, year: int) -> list[dict[str, Any]]:
    """The rows of a rating as it keeps them for ever: with names, values, indexes and weights of that day."""
    units = list(Unit.objects.working().filter(kind=formula.unit_kind).order_by("path"))
    weights = {code: int(weight) for code, weight in formula.weights.items() if weight}
    definitions = Indicator.objects.in_force().filter(code__in=weights).order_by("code")
    ids = [unit.pk for unit in units]
    targets = Targets([row.pk for row in definitions], year)
    criteria = [_criterion(row, weights[row.code], targets, year, ids) for row in definitions]
    values = yearly([criterion.code for criterion in criteria], ids, year)
    by_id = {unit.pk: unit for unit in units}
    return [_kept(row, by_id[row.unit]) for row in rate(criteria, values, ids)]


def _criterion(indicator: Indicator, weight: int, targets: Targets, year: int, units: list[int]) -> Criterion:
    found = {unit: targets.of(indicator, year, unit) for unit in units}
    goals = {unit: Goal(target.target, target.red) for unit, target in found.items() if target is not None}
    return Criterion(indicator.code, weight, indicator.direction, goals)


def _kept(row: Row, unit: Unit) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "name": {code: getattr(unit, f"name_{code}") or unit.name for code in ("kk", "ru", "en")},
        "place": row.place,
        "score": None if row.score is None else str(row.score),
        "parts": [
            {
                "code": part.code,
                "value": None if part.value is None else _exact(part.value),
                "index": None if part.index is None else f"{part.index:.1f}",
                "weight": part.weight,
            }
            for part in row.parts
        ],
    }


def _exact(value: Decimal) -> str:
    """With the four decimals that values are kept with: a third has no end."""
    return f"{value.quantize(EXACT, ROUND_HALF_UP).normalize():f}"


def names_of(rating: Rating) -> dict[str, str]:
    """Names of the indicators that entered, by code, in the language at hand: those of the newest set that has them."""
    codes = {part["code"] for row in rating.rows for part in row["parts"]}
    rows = Indicator.objects.filter(code__in=codes).exclude(state__in=(Indicator.DRAFT, Indicator.CANCELLED))
    return {row.code: row.name for row in rows.select_related("set").order_by("set__version")}


def unit_name(row: dict[str, Any], language: str | None = None) -> str:
    """How the unit was called that day, in the language at hand unless told."""
    return row["name"].get(language or get_language() or "kk") or row["name"]["kk"]


def missing(row: dict[str, Any]) -> list[str]:
    """Codes of the indicators of which the unit had no value."""
    return [part["code"] for part in row["parts"] if part["value"] is None]


def chart_of(rating: Rating) -> Chart:
    """One bar a unit, by place; where there is no score, nothing is drawn."""
    points = tuple(Point(unit_name(row), None if row["score"] is None else float(row["score"])) for row in rating.rows)
    title = gettext("Rating of units, %(year)s") % {"year": rating.year}
    return Chart(title, (Series(gettext("Score"), points),), BAR, decimals=1, low=0, high=100)
