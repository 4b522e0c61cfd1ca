"""Charts as data: the same chart is drawn on a page, in a PDF and in a DOCX, and always has its table beside it.

A chart says what it shows; how it is drawn is in the templates `parts/charts/*.svg`. Values are numbers or None (nothing
was measured: a gap, never a zero). Readable without colour: lights have a letter and a pattern, series a dash and a mark.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

LINE, BAR = "line", "bar"
#: answers by steps as one stacked bar a question, drawn to both sides of the middle: from bad to good, or round an ideal middle
DIVERGING, AROUND = "diverging", "around"


@dataclass(frozen=True)
class Point:
    """One value with its label on the axis. `light` is green, amber, red or ""; `note` is said beside the value."""

    label: str
    value: float | None
    light: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Series:
    """One line or one row of bars; `target=True` draws it thin and dashed."""

    name: str
    points: tuple[Point, ...]
    target: bool = False


@dataclass(frozen=True)
class Chart:
    """`kind` is LINE, BAR, DIVERGING or AROUND; `measure` stands at the axis ("%", "days"); `low` and `high` fix the axis
    where it has ends. In the last two a series is a step of the scale, a label a question, and the note of the last
    step's point stands behind the bar.
    """

    title: str
    series: tuple[Series, ...]
    kind: str = LINE
    measure: str = ""
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Chart:
        series = tuple(
            Series(row["name"], tuple(Point(**point) for point in row["points"]), row["target"])
            for row in data["series"]
        )
        return cls(**{**data, "series": series})
