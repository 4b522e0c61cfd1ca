"""Lying bars side by side: names of units are long, and need a line of their own on a phone."""

from __future__ import annotations

import math
from typing import Any

from ..charts import Chart, Point, Series
from .series import HATCHES, LIGHT_HATCHES, LIGHTS, Drawn, Mark, box_of, legend_of, placed, styles_of
from .shapes import axis, hatching, n, text_width, tick_words, wrapped
from .words import labels_of, light_letter, said, sentence


def bar(chart: Chart, width: int) -> dict[str, Any]:
    """Lying bars, because names of units are long: one group a label, targets as dashed marks across it."""
    styles = styles_of(chart)
    legend, top = legend_of(chart, styles, width)
    labels = labels_of(chart)
    above = width < 480
    longest = max((text_width(label) for label in labels), default=0)
    left = 2.0 if above else min(longest + 12, width * 0.38)
    longest_value = max(
        (text_width(said(chart, p.value)) for s in chart.series for p in s.points if p.value is not None), default=0
    )
    right = width - longest_value - 14
    values = axis(chart, from_zero=True)
    bars = [(s, d) for s, d in zip(chart.series, styles, strict=True) if not s.target]
    goals = [(s, d) for s, d in zip(chart.series, styles, strict=True) if s.target]
    thick = 18 if len(bars) < 2 else 14

    def x_of(value: float) -> float:
        return left + (value - values[0]) / (values[-1] - values[0]) * (right - left)

    y = start = top + 6
    rows = []
    for label in labels:
        lines = wrapped(label, width - 4 if above else left - 10)
        y += 15 * len(lines) if above else 0
        height = thick * max(len(bars), 1)
        need = height if above else max(height, 15 * len(lines))
        first = y + (need - height) / 2
        base = y - 15 * len(lines) + 11 if above else y + (need - 15 * len(lines)) / 2 + 11
        where = {"x": n(6 if above else left - 8), "anchor": "start" if above else "end"}
        rows.append([{**where, "y": n(base + 15 * k), "text": text} for k, text in enumerate(lines)])
        for k, (series, style) in enumerate(bars):
            _bar_of(chart, (series, style), label, (x_of, first + thick * k, thick - 2), goals)
        for series, style in goals:
            _goal_of(chart, series, style, label, (x_of, first - 3, first + height + 2))
        y += need + (8 if above else 10)
    end = y - 4
    return {
        "width": n(width),
        "height": n(end + 22),
        "top": n(start - 2),
        "bottom": n(end),
        "zero": n(x_of(0) if values[0] <= 0 <= values[-1] else left),
        "grid": _bar_grid(chart, values, x_of, (left, right, end + 15)),
        "rows": rows,
        "drawn": styles,
        "legend": legend,
    }


def _bar_grid(chart: Chart, values: list[float], x_of: Any, place: tuple[float, float, float]) -> list[dict[str, Any]]:
    left, right, y = place
    words = tick_words(values)
    if chart.measure:
        words[-1] = f"{words[-1]} {chart.measure}"
    widest = max(text_width(word) for word in words) + 8
    every = max(math.ceil(widest / ((right - left) / (len(values) - 1))), 1)
    last = len(values) - 1
    return [
        {
            "x": n(x_of(v)),
            "text": w if (last - k) % every == 0 else "",
            "ty": n(y),
            "anchor": "middle" if k else "start",
        }
        for k, (v, w) in enumerate(zip(values, words, strict=True))
    ]


def _point(series: Series, label: str) -> Point | None:
    return next((p for p in series.points if p.label == label and p.value is not None), None)


def _bar_of(chart: Chart, of: tuple[Series, Drawn], label: str, place: tuple[Any, float, float], goals: Any) -> None:
    (series, style), (x_of, y, height) = of, place
    point = _point(series, label)
    if point is None or point.value is None:
        style.missing.append(placed(x_of(0) + 6, y + height / 2 + 4, "—"))
        return
    lit = point.light in LIGHTS
    kind = LIGHT_HATCHES[point.light] if lit else HATCHES[style.index]
    filled = kind == "full"
    strong, soft = LIGHTS[point.light] if lit else (style.colour, style.colour if filled else "#ffffff")
    a, b = sorted((x_of(0), x_of(point.value)))
    wide = max(b - a, 1)
    value = said(chart, point.value)
    if lit and wide < 20:
        value = f"{light_letter(point.light)} {value}"
    words_x = b + 6
    for x in sorted(x_of(goal.value) for goal in (_point(s, label) for s, _style in goals) if goal):
        if words_x - 4 < x < words_x + text_width(value) + 2:
            words_x = x + 6  # the mark of a target does not run through the figure
    mark = Mark(
        n(b),
        n(y + height / 2),
        path="",
        said=sentence(chart, series, point),
        name=value,
        colour=strong,
        css=f"chart-light-{point.light}" if lit else style.css,
        light=point.light if lit else "",
        soft=soft,
        letter=light_letter(point.light) if wide >= 20 else "",
        letter_y=n(y + height / 2 + 4),
        url=point.url,
        words=placed(words_x, y + height / 2 + 4, value),
        hatch=hatching(kind, a, y, wide, height),
        box=box_of(a, y, wide, height),
        filled=filled,
    )
    mark.x = n(a + 10) if mark.letter else n(b)
    style.marks.append(mark)


def _goal_of(chart: Chart, series: Series, style: Drawn, label: str, place: tuple[Any, float, float]) -> None:
    x_of, top, bottom = place
    point = _point(series, label)
    if point is None or point.value is None:
        return
    x = x_of(point.value)
    path = f"M{n(x)} {n(top)}V{n(bottom)}"
    style.marks.append(
        Mark(
            n(x),
            n(top),
            path=path,
            said=sentence(chart, series, point),
            name=said(chart, point.value),
            colour=style.colour,
        )
    )
