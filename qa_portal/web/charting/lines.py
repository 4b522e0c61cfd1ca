"""Lines over time."""

from __future__ import annotations

import math
from typing import Any

from ..charts import Chart, Point, Series
from .series import LIGHTS, Drawn, Mark, legend_of, placed, styles_of
from .shapes import LIGHT_MARKS, MARKS, axis, mark_path, n, text_width, tick_words
from .words import labels_of, light_letter, said, sentence


class _Free:
    """Boxes taken by words, so that no two of them lie over each other."""

    def __init__(self, low: float, high: float, top: float, bottom: float) -> None:
        self.taken: list[tuple[float, float, float, float]] = []
        self.edges = (low, high, top, bottom)

    def take(self, x: float, y: float, width: float, height: float) -> bool:
        low, high, top, bottom = self.edges
        box = (x, y, x + width, y + height)
        if box[0] < low or box[2] > high or box[1] < top or box[3] > bottom:
            return False
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.taken):
            return False
        self.taken.append(box)
        return True


def line(chart: Chart, width: int) -> dict[str, Any]:
    """A line chart: labels along the foot, values at the left, a gap where nothing was measured."""
    styles = styles_of(chart)
    legend, top = legend_of(chart, styles, width)
    values = axis(chart, from_zero=False)
    words = tick_words(values)
    top += 22 if chart.measure else 14
    left = max(text_width(word) for word in words) + 10
    bottom = top + min(max(width * 0.4, 170), 260)
    right = width - 14.0
    labels = labels_of(chart)
    gap = (right - left - 24) / max(len(labels) - 1, 1)
    x_of = {label: left + 12 + gap * k for k, label in enumerate(labels)}
    if len(labels) == 1:
        x_of = {labels[0]: (left + right) / 2}

    def y_of(value: float) -> float:
        return bottom - (value - values[0]) / (values[-1] - values[0]) * (bottom - top)

    for series, style in zip(chart.series, styles, strict=True):
        _line_of(chart, series, style, x_of, y_of)
    free = _Free(left, width, top - 18, bottom)
    free.taken.append((0, top - 26, text_width(chart.measure), top - 12))
    _value_words(chart, styles, free)
    return {
        "width": n(width),
        "height": n(bottom + 26),
        "measure": placed(0, top - 15, chart.measure) if chart.measure else None,
        "left": n(left),
        "right": n(right),
        "bottom": n(bottom),
        "grid": [
            {"y": n(y_of(v)), "text": w, "tx": n(left - 6), "ty": n(y_of(v) + 4)}
            for v, w in zip(values, words, strict=True)
        ],
        "labels": _foot(x_of, bottom + 18, gap, width),
        "drawn": sorted(styles, key=lambda style: not style.target),  # targets lie below
        "legend": legend,
    }


def _line_of(chart: Chart, series: Series, style: Drawn, x_of: dict[str, float], y_of: Any) -> None:
    points = {point.label: point for point in reversed(series.points)}
    piece: list[str] = []
    for label, x in x_of.items():
        point = points.get(label)
        if point is None or point.value is None:
            if len(piece) > 1:
                style.pieces.append("M" + "L".join(piece))
            piece = []
            continue
        y = y_of(point.value)
        piece.append(f"{n(x)} {n(y)}")
        style.marks.append(_mark(chart, series, style, point, x, y))
    if len(piece) > 1:
        style.pieces.append("M" + "L".join(piece))


def _mark(chart: Chart, series: Series, style: Drawn, point: Point, x: float, y: float) -> Mark:
    lit = point.light in LIGHTS
    strong, soft = LIGHTS[point.light] if lit else (style.colour, style.colour)
    shape = LIGHT_MARKS[point.light] if lit else MARKS[style.index]
    return Mark(
        n(x),
        n(y),
        path=f"M{n(x - 4)} {n(y)}h8" if style.target else mark_path(shape, x, y, 9 if lit else 4),
        said=sentence(chart, series, point),
        name=said(chart, point.value),
        colour=strong,
        css=f"chart-light-{point.light}" if lit else style.css,
        light=point.light if lit else "",
        soft=soft,
        letter=light_letter(point.light),
        letter_y=n(y + (5 if point.light == "amber" else 4)),
        url=point.url,
    )


def _value_words(chart: Chart, styles: list[Drawn], free: _Free) -> None:
    """Each value stands above its mark, else below, else is left to the table; the last of a series comes first."""
    marks = [mark for style in styles for mark in style.marks]
    for mark in marks:
        free.taken.append((float(mark.x) - 5, float(mark.y) - 5, float(mark.x) + 5, float(mark.y) + 5))
    ordered = [mark for style in styles for mark in style.marks[-1:]]
    ordered += [mark for style in styles if not style.target for mark in reversed(style.marks[:-1])]
    for mark in ordered:
        text = mark.name.removesuffix(f" {chart.measure}") if chart.measure else mark.name
        width = text_width(text)
        x, y = float(mark.x), float(mark.y)
        away = 10 if mark.light else 6
        left = min(x - width / 2, free.edges[1] - width)
        for base in (y - away - 2, y + away + 11):
            if free.take(left, base - 11, width, 12):
                mark.words = placed(left + width / 2, base, text, "middle")
                break


def _foot(x_of: dict[str, float], y: float, gap: float, width: float) -> list[dict[str, str]]:
    """As many labels as stand side by side, always the last one."""
    widest = max((text_width(label) for label in x_of), default=0) + 10
    every = max(math.ceil(widest / max(gap, 1)), 1)
    last = len(x_of) - 1
    shown = []
    for k, (label, x) in enumerate(x_of.items()):
        if (last - k) % every == 0:
            half = text_width(label) / 2
            shown.append(placed(min(max(x, half), width - half), y, label, "middle"))
    return shown
