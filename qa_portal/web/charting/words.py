"""The words and figures of a chart: values as people read them, lights by letter and by word."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

from ..charts import Chart, Point, Series


def light_letter(light: str) -> str:
    """One letter for green, amber or red, for those who do not see the colour; "" for none."""
    letters = {
        "green": pgettext("letter of the light green", "G"),
        "amber": pgettext("letter of the light amber", "A"),
        "red": pgettext("letter of the light red", "R"),
    }
    return letters.get(light, "")


def light_word(light: str) -> str:
    words = {"green": pgettext("light", "green"), "amber": pgettext("light", "amber"), "red": pgettext("light", "red")}
    return words.get(light, "")


def written(value: float | Decimal, decimals: int = 0) -> str:
    """A number in people's figures, rounded half up as they round (Django's own writing only cuts off)."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return number_format(exact, decimals, use_l10n=True)


def said(chart: Chart, value: float | None) -> str:
    """A value as people read it: rounded, in their figures, with the measure; a dash where nothing was measured."""
    if value is None:
        return "—"
    number = written(value, chart.decimals)
    return f"{number} {chart.measure}" if chart.measure else number


def sentence(chart: Chart, series: Series, point: Point) -> str:
    """One sentence of a point, for the box beside the pointer and for `<title>`."""
    parts = [point.label, f"{series.name}: {said(chart, point.value)}" if series.name else said(chart, point.value)]
    parts += [part for part in (light_word(point.light), point.note) if part]
    return " · ".join(parts)


def labels_of(chart: Chart) -> list[str]:
    """All labels of the axis, in the order in which the series bring them."""
    return list(dict.fromkeys(point.label for series in chart.series for point in series.points))
