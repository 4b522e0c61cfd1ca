"""Answers by steps, one stacked bar a question: what lies left of the line speaks against, right of it for.

The middle step straddles the line. Where the middle is the ideal (AROUND: too little … just right … too much) the same
picture has other tones: the middle is strong, both ends are off. Side and strength tell the steps apart without colour.
"""

from __future__ import annotations

import math
from typing import Any

from ..charts import AROUND, Chart, Point
from .series import box_of, placed
from .shapes import n, text_width, wrapped
from .words import labels_of, said, sentence

#: fill and ink on paper; on pages the classes `chart-d-<name>` of charts.css replace them
TONES = {
    "against": ("#9a4f00", "#ffffff"),
    "against-soft": ("#f3d9bd", "#1a2325"),
    "between": ("#e6ebec", "#1a2325"),
    "for-soft": ("#c5dfe0", "#1a2325"),
    "for": ("#0b5a5e", "#ffffff"),
}
_OUTLINE = "#4f5d60"
_STEP = 25  # percent from line to line of the grid
_LINES = 4
_LINE = 15


def tones_of(chart: Chart) -> list[str]:
    """The tone of each step, from the first to the last."""
    steps = len(chart.series)
    half = steps // 2
    if chart.kind == AROUND:
        side = ["against", *["against-soft"] * (half - 1)][:half]
        return [*side, *(["for"] if steps % 2 else []), *reversed(side)]
    middle = ["between"] if steps % 2 else []
    left = ["against", *["against-soft"] * (half - 1)][:half]
    right = [*["for-soft"] * (half - 1), "for"][-half:] if half else []
    return [*left, *middle, *right]


def diverging(chart: Chart, width: int) -> dict[str, Any]:
    tones = tones_of(chart)
    legend, top = _legend(chart, tones, width)
    labels = labels_of(chart)
    points = {label: [_point(series, label) for series in chart.series] for label in labels}
    above = width < 480
    longest = max((text_width(label) for label in labels), default=0)
    left = 2.0 if above else min(longest + 12, width * 0.42)
    behind = max((text_width(_note(row)) for row in points.values()), default=0)
    right = width - (behind + 10 if behind else 6)
    low, high = _ends([_sides(row) for row in points.values()])

    def x_of(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    thick, y = 20, top + 6
    start, rows, bars = y, [], []
    for label in labels:
        lines = wrapped(label, width - 8 if above else left - 22, _LINES)
        y += _LINE * len(lines) if above else 0
        need = thick if above else max(thick, _LINE * len(lines))
        base = y - _LINE * len(lines) + 11 if above else y + (need - _LINE * len(lines)) / 2 + 11
        where = {"x": n(2 if above else left - 8), "anchor": "start" if above else "end"}
        rows.append([{**where, "y": n(base + _LINE * k), "text": text} for k, text in enumerate(lines)])
        bars.append(_bar(chart, tones, points[label], (x_of, y + (need - thick) / 2, thick, right)))
        y += need + (10 if above else 8)
    end = y - 4
    return {
        "width": n(width),
        "height": n(end + 22),
        "top": n(start - 2),
        "bottom": n(end),
        "zero": n(x_of(0)),
        "grid": _grid(chart, (low, high), x_of, end + 15),
        "rows": rows,
        "bars": bars,
        "legend": legend,
    }


def _point(series: Any, label: str) -> Point | None:
    return next((point for point in series.points if point.label == label), None)


def _note(row: list[Point | None]) -> str:
    last = row[-1] if row else None
    return last.note if last else ""


def _known(row: list[Point | None]) -> list[float]:
    """The shares of the steps; none where the question is not shown."""
    values = [point.value if point else None for point in row]
    return [] if any(value is None for value in values) else [float(value) for value in values if value is not None]


def _sides(row: list[Point | None]) -> tuple[float, float]:
    """How far the bar reaches to the left and to the right of the line."""
    values, half = _known(row), len(row) // 2
    middle = values[half] / 2 if values and len(row) % 2 else 0
    return sum(values[:half]) + middle, sum(values[len(row) - half :]) + middle if values else 0


def _ends(sides: list[tuple[float, float]]) -> tuple[float, float]:
    left = max((side[0] for side in sides), default=0)
    right = max((side[1] for side in sides), default=0)
    return -max(math.ceil(left / _STEP - 1e-9), 1) * _STEP, max(math.ceil(right / _STEP - 1e-9), 1) * _STEP


def _grid(chart: Chart, ends: tuple[float, float], x_of: Any, y: float) -> list[dict[str, Any]]:
    low, high = (int(end) for end in ends)
    found = []
    for value in range(low, high + 1, _STEP):
        words = f"{abs(value)} {chart.measure}".strip() if value == high else str(abs(value))
        found.append({"x": n(x_of(value)), "ty": n(y), "text": words, "anchor": "middle"})
    return found


def _bar(chart: Chart, tones: list[str], row: list[Point | None], place: tuple[Any, float, float, float]) -> dict:
    x_of, y, thick, right = place
    values = _known(row)
    note = placed(right + 8, y + thick / 2 + 4, _note(row)) if values and _note(row) else None
    if not values:
        return {"parts": [], "note": None, "missing": placed(x_of(0) + 6, y + thick / 2 + 4, _note(row) or "—")}
    at, parts = -_sides(row)[0], []
    for series, tone, point, value in zip(chart.series, tones, row, values, strict=True):
        a, b = x_of(at), x_of(at + value)
        at += value
        if value <= 0 or point is None:
            continue
        fill, ink = TONES[tone]
        words = said(chart, value).removesuffix(f" {chart.measure}") if chart.measure else said(chart, value)
        fits = b - a >= text_width(words, 11) + 4
        spoken = sentence(chart, series, Point(point.label, value))
        parts.append(
            {
                "css": f"chart-d-{tone}",
                "box": box_of(a, y, max(b - a, 0.5), thick),
                "fill": fill,
                "ink": ink,
                "outline": _OUTLINE,
                "said": spoken,
                "x": n((a + b) / 2),
                "y": n(y + thick / 2),
                "words": placed((a + b) / 2, y + thick / 2 + 4, words, "middle") if fits else None,
            }
        )
    return {"parts": parts, "note": note, "missing": None}


def _legend(chart: Chart, tones: list[str], width: float) -> tuple[list[dict[str, Any]], float]:
    """The key in the order of the steps, in as many lines as it takes, and its height."""
    x, y, found = 0.0, 12.0, []
    for series, tone in zip(chart.series, tones, strict=True):
        text = wrapped(series.name, width - 30, 1)[0]
        room = 22 + text_width(text) + 14
        if x and x + room - 14 > width:
            x, y = 0.0, y + 20
        fill, _ink = TONES[tone]
        found.append(
            {
                "css": f"chart-d-{tone}",
                "box": box_of(x + 1, y - 7, 14, 14),
                "soft": fill,
                "colour": _OUTLINE,
                "text": text,
                "tx": n(x + 22),
                "ty": n(y + 4),
            }
        )
        x += room
    return found, y + 16
