"""Rows of the averages of self-assessment: everybody inside reads pages, each as far as they see; no steps."""

from __future__ import annotations

from typing import Any

from tests.standards import scenes_scores as scenes

from ..cases import Case
from ..rows import Row, page

ROWS: list[Row] = [
    page("standards/heat-map/", expert=404),
    page("standards/heat-map/cell/", rest=404),  # of no unit
    page("standards/heat-map/<int:pk>/print/", lambda made: (made.scored_cycle.pk,), expert=404),
    page("standards/trend/", expert=404),
]
CASES: list[Case] = []
STATES: list[Any] = []
PLACES: dict[type, str] = {}


def make(made: Any, world: Any) -> None:
    """An approved cycle of long ago, so that its heat map has a line for everybody."""
    made.scored_cycle = scenes.cycle(2019)
    scenes.answers(made.scored_cycle, world.department, S1="32-")
