"""Scales, outlines and places: geometry that lines and bars share. Coordinates leave as text (see `n`)."""

from __future__ import annotations

import math

from ..charts import Chart
from .words import written

FONT = 12


def n(value: float) -> str:
    """A coordinate: one decimal, with a point in every language."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text_width(text: str, size: int = FONT) -> float:
    """Near enough to place words: Cyrillic letters of Inter are some 0.6 of their size wide."""
    return len(text) * size * 0.6


def wrapped(text: str, width: float, lines: int = 3) -> list[str]:
    """The text in lines no wider than `width`; what does not fit in so many lines ends with an ellipsis."""
    room = max(int(width / (FONT * 0.6)), 4)
    rows: list[str] = []
    for word in text.split():
        if rows and len(rows[-1]) + 1 + len(word) <= room:
            rows[-1] += " " + word
        else:
            rows.append(word)
    rows = [row if len(row) <= room else row[: room - 1] + "…" for row in rows] or [""]
    return rows if len(rows) <= lines else [*rows[: lines - 1], rows[lines - 1][: room - 1] + "…"]


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round steps (1, 2, 2.5, 5 times a power of ten) that cover low…high; both ends are ticks."""
    if high <= low:
        high = low + (abs(low) or 1)
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * k, 10) for k in range(first, last + 1)]


def axis(chart: Chart, from_zero: bool) -> list[float]:
    """The ticks of a chart: its own ends where it has them, never cutting off a value; bars start at zero."""
    values = [p.value for s in chart.series for p in s.points if p.value is not None]
    low, high = min(values, default=0), max(values, default=1)
    if from_zero or 0 <= low <= high * 0.6 or low == high >= 0:
        low = min(low, 0)
    low = low if chart.low is None else min(low, chart.low)
    high = high if chart.high is None else max(high, chart.high)
    return ticks(low, max(high, 0) if from_zero else high)


def tick_words(values: list[float]) -> list[str]:
    """As few decimals as tell the steps apart."""
    decimals = next((d for d in range(4) if all(abs(v - round(v, d)) < 1e-9 for v in values)), 4)
    return [written(v, decimals) for v in values]


def mark_path(shape: str, x: float, y: float, r: float) -> str:
    """Outline of a mark round (x, y)."""
    if shape == "square":
        return f"M{n(x - r)} {n(y - r)}h{n(2 * r)}v{n(2 * r)}h{n(-2 * r)}z"
    if shape == "triangle":
        return f"M{n(x)} {n(y - 1.25 * r)}L{n(x + 1.2 * r)} {n(y + 0.9 * r)}H{n(x - 1.2 * r)}z"
    if shape == "diamond":
        return f"M{n(x)} {n(y - 1.3 * r)}L{n(x + 1.3 * r)} {n(y)}L{n(x)} {n(y + 1.3 * r)}L{n(x - 1.3 * r)} {n(y)}z"
    return f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0z"


MARKS = ("circle", "square", "triangle", "diamond", "circle", "square")
LIGHT_MARKS = {"green": "circle", "amber": "triangle", "red": "square"}


def hatching(kind: str, x: float, y: float, width: float, height: float, step: float = 6) -> str:
    """Slanted lines inside a box as one path, cut at its edges (patterns and clips print badly)."""
    if kind not in ("slanted", "crossed") or width <= 0:
        return ""
    parts = []
    for k in range(1, int((width + height) / step) + 1):
        d = k * step  # the line x + y = d, within the box
        x1, x2 = max(d - height, 0), min(d, width)
        if x2 - x1 < 0.5:
            continue
        parts.append(f"M{n(x + x1)} {n(y + d - x1)}L{n(x + x2)} {n(y + d - x2)}")
        if kind == "crossed":
            parts.append(f"M{n(x + x1)} {n(y + height - d + x1)}L{n(x + x2)} {n(y + height - d + x2)}")
    return "".join(parts)
