"""Rating of units from indicators: the arithmetic, without the database (input 10 of the management review, N2 §9.3).

Each value becomes an index from 0 to 100:

* Where the year has a target with a red threshold for every unit that has a value, the index is how far the value has
  come from red (0) to the target (100); beyond either end it stays 0 or 100. The direction needs no case of its own:
  where less is better, red stands above the target, and the same formula holds.
* Otherwise the units are compared with one another: the worst value is 0, the best 100, what lies between in proportion.
  Equal values, or a single one, are 100: nobody is behind.

The score is the mean of the indexes weighted by the formula. A missing value lowers nothing: it is named, and its weight is
spread over the others. The score is rounded to one decimal, half up; units with the same rounded score share a place, and
the places after them are left out (1, 1, 3). A unit without any value has neither score nor place and stands at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FULL, TENTH = Decimal(100), Decimal("0.1")


@dataclass(frozen=True)
class Goal:
    """The ends of the scale for one unit: the target, and where red begins (None: no threshold)."""

    target: Decimal
    red: Decimal | None = None


@dataclass(frozen=True)
class Criterion:
    """One indicator of the formula. `goals` holds a goal for each unit that has one."""

    code: str
    weight: int
    direction: str = "up"
    goals: Mapping[int, Goal] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What one indicator gave one unit; value and index are None where nothing was measured."""

    code: str
    weight: int
    value: Decimal | None
    index: Decimal | None


@dataclass(frozen=True)
class Row:
    unit: int
    place: int | None
    score: Decimal | None
    parts: tuple[Part, ...]

    @property
    def missing(self) -> list[str]:
        return [part.code for part in self.parts if part.value is None]


def rate(
    criteria: Sequence[Criterion], values: Mapping[tuple[str, Any], Decimal | None], units: Sequence[int]
) -> list[Row]:
    """The units by place; those without any value at the end, as they came."""
    indexes = {criterion.code: _indexes(criterion, values, units) for criterion in criteria}
    scored = []
    for unit in units:
        parts = tuple(
            Part(c.code, c.weight, values.get((c.code, unit)), indexes[c.code].get(unit)) for c in criteria if c.weight
        )
        scored.append((unit, _score(parts), parts))
    ranked = sorted((row for row in scored if row[1] is not None), key=lambda row: -(row[1] or 0))
    better = [score for _unit, score, _parts in ranked]
    rows = [Row(unit, better.index(score) + 1, score, parts) for unit, score, parts in ranked]
    return [*rows, *(Row(unit, None, None, parts) for unit, score, parts in scored if score is None)]


def _indexes(
    criterion: Criterion, values: Mapping[tuple[str, Any], Decimal | None], units: Sequence[int]
) -> dict[int, Decimal]:
    known = {unit: value for unit in units if (value := values.get((criterion.code, unit))) is not None}
    goals = {unit: criterion.goals.get(unit) for unit in known}
    if known and all(goal is not None and goal.red is not None for goal in goals.values()):
        return {unit: _between(value, goals[unit], criterion.direction) for unit, value in known.items()}
    if not known:
        return {}
    low, high = min(known.values()), max(known.values())
    worst, best = (high, low) if criterion.direction == "down" else (low, high)
    if worst == best:
        return dict.fromkeys(known, FULL)
    return {unit: (value - worst) / (best - worst) * FULL for unit, value in known.items()}


def _between(value: Decimal, goal: Goal | None, direction: str) -> Decimal:
    """How far from red to the target, held between 0 and 100."""
    if goal is None or goal.red is None:
        raise ValueError("asked only where every unit has both ends")
    if goal.target == goal.red:
        reached = value <= goal.target if direction == "down" else value >= goal.target
        return FULL if reached else Decimal(0)
    return min(FULL, max(Decimal(0), (value - goal.red) / (goal.target - goal.red) * FULL))


def _score(parts: Sequence[Part]) -> Decimal | None:
    known = [(part.index, part.weight) for part in parts if part.index is not None]
    weights = sum(weight for _index, weight in known)
    if not weights:
        return None
    mean = sum((index * weight for index, weight in known), Decimal(0)) / weights
    return mean.quantize(TENTH, ROUND_HALF_UP)
