"""What the templates write: series with their colour, dash and hatching, their marks, and the key to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..charts import BAR, Chart
from .shapes import LIGHT_MARKS, MARKS, hatching, mark_path, n, text_width, wrapped
from .words import light_letter, light_word

COLOURS = ("#0b5a5e", "#9a4f00", "#1b4b8c", "#7a2a6b", "#5c6600", "#4f5d60")
#: strong and soft of each light
LIGHTS = {"green": ("#1d5a2c", "#d7eedd"), "amber": ("#734600", "#fdefd2"), "red": ("#9b1515", "#fde7e4")}
DASHES = ("", "7 3", "2 3", "9 3 2 3", "5 5", "1 4")
TARGET_DASHES = ("5 4", "2 4", "9 4")
HATCHES = ("full", "slanted", "empty", "crossed", "slanted", "empty")
LIGHT_HATCHES = {"green": "empty", "amber": "slanted", "red": "crossed"}


@dataclass
class Mark:
    """One point as drawn: its shape, what it says, where it leads."""

    x: str
    y: str
    path: str
    said: str
    colour: str
    name: str
    css: str = "chart-target"
    light: str = ""
    soft: str = ""
    letter: str = ""
    letter_y: str = ""
    url: str = ""
    words: dict[str, str] | None = None  # the value written beside it
    hatch: str = ""
    box: dict[str, str] | None = None  # of a bar
    filled: bool = False


@dataclass
class Drawn:
    """One series: its unbroken pieces and its marks."""

    index: int
    name: str
    colour: str
    dash: str
    target: bool
    bars: bool = False
    missing: list[dict[str, str]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def css(self) -> str:
        return "chart-target" if self.target else f"chart-{self.index}"

    @property
    def thick(self) -> str:
        return "2" if self.bars or not self.target else "1.25"


def placed(x: float, y: float, text: str, anchor: str = "start") -> dict[str, str]:
    return {"x": n(x), "y": n(y), "text": text, "anchor": anchor}


def styles_of(chart: Chart) -> list[Drawn]:
    drawn, bars, targets = [], 0, 0
    for series in chart.series:
        place = targets if series.target else bars
        dash = TARGET_DASHES[place % len(TARGET_DASHES)] if series.target else DASHES[place % len(DASHES)]
        colour = COLOURS[-1] if series.target else COLOURS[place % len(COLOURS)]
        drawn.append(Drawn(place % len(COLOURS), series.name, colour, dash, series.target, chart.kind == BAR))
        targets, bars = targets + series.target, bars + (not series.target)
    return drawn


def legend_of(chart: Chart, styles: list[Drawn], width: float) -> tuple[list[dict[str, Any]], float]:
    """The key to series and lights in as many lines as it takes, and its height."""
    entries: list[dict[str, Any]] = []
    if len(styles) > 1:
        entries += [{"kind": "series", "style": s, "text": s.name} for s in styles]
    used = {p.light for s in chart.series for p in s.points if p.light and p.value is not None}
    entries += [{"kind": "light", "light": key, "text": light_word(key)} for key in LIGHTS if key in used]
    x, y = 0.0, 12.0
    for entry in entries:
        entry["text"] = wrapped(entry["text"], width - 34, 1)[0]
        room = 32 + text_width(entry["text"]) + 16
        if x and x + room - 16 > width:
            x, y = 0.0, y + 20
        entry.update(_legend_shape(chart, entry, x, y), tx=n(x + 32), ty=n(y + 4))
        x += room
    return entries, (y + 16 if entries else 4.0)


def _legend_shape(chart: Chart, entry: dict[str, Any], x: float, y: float) -> dict[str, Any]:
    if entry["kind"] == "light":
        key = entry["light"]
        strong, soft = LIGHTS[key]
        shape = {"css": f"chart-light-{key}", "colour": strong, "soft": soft, "letter": light_letter(key)}
        shape.update(lx=n(x + 14), ly=n(y + 4))
        if chart.kind == BAR:
            hatch = hatching(LIGHT_HATCHES[key], x + 2, y - 7, 24, 14)
            return {**shape, "box": box_of(x + 2, y - 7, 24, 14), "hatch": hatch, "halo": True}
        return {**shape, "path": mark_path(LIGHT_MARKS[key], x + 14, y, 8)}
    style: Drawn = entry["style"]
    base = {"css": style.css, "colour": style.colour, "dash": style.dash, "thick": style.thick}
    if chart.kind == BAR and not style.target:
        kind = HATCHES[style.index]
        hatch = hatching(kind, x + 2, y - 6, 24, 12)
        filled = kind == "full"
        soft = style.colour if filled else "#ffffff"
        return {**base, "soft": soft, "box": box_of(x + 2, y - 6, 24, 12), "hatch": hatch, "filled": filled}
    if chart.kind == BAR:
        return {**base, "line": f"M{n(x + 14)} {n(y - 8)}V{n(y + 8)}"}
    path = "" if style.target else mark_path(MARKS[style.index], x + 14, y, 4)
    return {**base, "soft": style.colour, "line": f"M{n(x)} {n(y)}H{n(x + 28)}", "path": path}


def box_of(x: float, y: float, width: float, height: float) -> dict[str, str]:
    return {"x": n(x), "y": n(y), "width": n(width), "height": n(height)}
