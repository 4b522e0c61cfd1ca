"""Rating formulas and ratings at every stage, with the values of three departments that they count."""

from __future__ import annotations

import datetime
from typing import Any

from qa_portal.people.models import Unit
from qa_portal.workflow.writing import door
from standards.models import Indicator, Measurement, Rating, RatingFormula
from standards.rated import rows_of
from standards.workflow import rating_formulas as formula_steps
from standards.workflow import ratings as steps

from . import scenes_indicators as indicators

YEAR = indicators.YEAR
CODES = ("S1-DOWN", "S1-UP")


def departments(w: Any) -> tuple[Unit, Unit, Unit]:
    third = Unit.objects.filter(code="nursing").first() or w.unit("nursing", w.school, Unit.Kind.DEPARTMENT)
    return w.department, w.other, third


def measured(w: Any) -> None:
    """Two indicators in force: one with thresholds (the lower the better), one without; values of three departments."""
    if Indicator.objects.in_force().filter(code__in=CODES).count() == len(CODES):
        return
    of = indicators.draft(w)
    down = indicators.indicator(w, of, "S1-DOWN", direction="down")
    indicators.with_target(w, down, target="10", amber="20", red="50")
    indicators.validated(w, down)
    indicators.validated(w, indicators.indicator(w, of, "S1-UP"))
    indicators.set_steps.submit(indicators.fresh(of), by=w.asb)
    indicators.set_steps.approve(indicators.fresh(of), by=indicators.by_council(w), basis="№ 1")
    first, second, third = departments(w)
    value(w, "S1-DOWN", first, "30")  # half way from red 50 to the target 10
    value(w, "S1-DOWN", second, "5")  # better than the target
    value(w, "S1-UP", first, "80")
    value(w, "S1-UP", second, "60")
    value(w, "S1-UP", third, "70")


def value(w: Any, code: str, unit: Unit, figure: str) -> Measurement:
    row = Indicator.objects.in_force().get(code=code)
    since, until = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)
    with door("import"):
        Measurement.objects.filter(code=code, unit=unit, period=str(YEAR)).update(state=Measurement.WITHDRAWN)
        return Measurement.objects.create(
            indicator=row, code=code, unit=unit, period=str(YEAR), since=since, until=until, value=figure
        )


def clear() -> None:
    with door("import"):
        RatingFormula.objects.filter(state__in=("draft", "submitted")).update(state="cancelled")


def draft(w: Any, weights: dict[str, int] | None = None, by: str = "asb", **fields: Any) -> RatingFormula:
    measured(w)
    clear()
    values = {"title": "Кафедралар рейтингі", "weights": weights or {"S1-DOWN": 2, "S1-UP": 1}, **fields}
    return RatingFormula(**values).add(by=getattr(w, by))


def submitted(w: Any, weights: dict[str, int] | None = None) -> RatingFormula:
    return formula_steps.submit(draft(w, weights), by=w.asb)


def in_force(w: Any, weights: dict[str, int] | None = None) -> RatingFormula:
    formula = formula_steps.approve(submitted(w, weights), by=indicators.by_council(w), basis="Хаттама № 5")
    return indicators.fresh(formula)


def superseded(w: Any) -> RatingFormula:
    former = in_force(w)
    in_force(w, {"S1-UP": 1})
    return indicators.fresh(former)


def cancelled(w: Any) -> RatingFormula:
    return formula_steps.cancel(draft(w), by=w.asb, reason="Қайта жасалады")


def made(w: Any, formula: RatingFormula | None = None, by: str = "asb") -> Rating:
    formula = formula or in_force(w)
    return Rating(formula=formula, year=YEAR, rows=rows_of(formula, YEAR)).add(by=getattr(w, by))


def published(w: Any) -> Rating:
    return steps.publish(made(w), by=w.asb2)


def withdrawn(w: Any) -> Rating:
    return steps.cancel(published(w), by=w.asb, reason="Қате мән")
