"""The matrix likelihood × impact: how many live risks stand in each cell, before measures and as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from .risk_levels import DEGREES, LIGHTS, light_of

BEFORE, NOW = "before", "now"


@dataclass(frozen=True)
class Cell:
    likelihood: int
    impact: int
    count: int

    @property
    def level(self) -> int:
        return self.likelihood * self.impact

    @property
    def light(self) -> str:
        return light_of(self.level)


@dataclass(frozen=True)
class Matrix:
    """`rows` from the most likely down, in each the cells from the smallest impact on."""

    rows: list[tuple[int, list[Cell]]]

    @property
    def total(self) -> int:
        return sum(cell.count for _likelihood, cells in self.rows for cell in cells)

    @property
    def by_light(self) -> dict[str, int]:
        """{light: how many}, the worst first."""
        found = dict.fromkeys(LIGHTS, 0)
        for _likelihood, cells in self.rows:
            for cell in cells:
                found[cell.light] += cell.count
        return found


def matrix(rows: Any, when: str = NOW) -> Matrix:
    """Of these rows those that are live and rated; one query."""
    names = ("likelihood", "impact") if when == BEFORE else ("likelihood_now", "impact_now")
    counted = rows.live().now().filter(likelihood__isnull=False).order_by().values_list(*names).annotate(n=Count("pk"))
    counts = {(likelihood, impact): n for likelihood, impact, n in counted}
    return Matrix(
        [
            (likelihood, [Cell(likelihood, impact, counts.get((likelihood, impact), 0)) for impact in DEGREES])
            for likelihood in reversed(DEGREES)
        ]
    )
