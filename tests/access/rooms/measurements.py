"""Rows and cases of values of indicators, of tables with them, of the board."""

from __future__ import annotations

from typing import Any

from standards.models import Measurement
from tests.standards import scenes_measurements as scenes

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, step_api, with_step


def value(made: Any) -> tuple[Any, ...]:
    return (made.measurement.pk,)


def table(made: Any) -> tuple[Any, ...]:
    return (made.measurement_import.pk,)


#: they see the value and are not asked for it
WATCHERS = {"board": 403, "admin": 403}
#: a table is seen by whoever handed it in and by those who see everything
NOT_MINE = {"staff": 404, "head": 404}

ROWS: list[Row] = [
    page("standards/indicator-board/", expert=404),
    page("standards/indicator-board/print/", expert=404),
    page("standards/indicator-values/<str:code>/", lambda made: ("KPI-1",), expert=404),
    page("standards/measurements/"),
    page("standards/measurements/grid/", expert=404),
    page("standards/measurements/add/", expert=403, admin=403),
    ours("standards/measurements/<int:pk>/", value),
    ours("standards/measurements/<int:pk>/edit/", value, staff=409, head=409, asb=409, **WATCHERS),
    ours("standards/measurements/<int:pk>/history/", value),
    page("standards/measurements/many/<slug:step>/", lambda made: ("correct",), rest=405),
    ours("standards/measurements/<int:pk>/<slug:step>/", with_step(value, "correct"), **WATCHERS),
    page("standards/measurement-imports/"),
    page("standards/measurement-imports/add/", expert=403, admin=403),
    page("standards/measurement-imports/template/", expert=404, admin=403),
    ours("standards/measurement-imports/<int:pk>/", table, **NOT_MINE),
    ours("standards/measurement-imports/<int:pk>/status/", table, **NOT_MINE),
    ours("standards/measurement-imports/<int:pk>/history/", table, **NOT_MINE),
    ours("standards/measurement-imports/<int:pk>/edit/", table, asb=403, board=403, admin=403, **NOT_MINE),
    api("api/v1/standards/measurements/"),
    api("api/v1/standards/measurements/bulk/", rest=405),
    our_api("api/v1/standards/measurements/<pk>/", value),
    our_api("api/v1/standards/measurements/<pk>/history/", value),
    *[step_api(f"api/v1/standards/measurements/<pk>/{step}/", value) for step in ("correct", "withdraw")],
]
CASES: list[Case] = [
    Case(
        "measurement.correct",
        scenes.value,
        "head",
        "board",
        scenes.withdrawn,
        lambda w, r: {"value": "55,5", **REASON},
    ),
    Case("measurement.withdraw", scenes.value, "asb", "board", scenes.withdrawn, lambda w, r: REASON),
]
STATES: list[Any] = [scenes.value, scenes.corrected, scenes.withdrawn]
PLACES: dict[type, str] = {Measurement: "measurements"}


def make(made: Any, world: Any) -> None:
    """A value of the therapy department and a table that the quality office has handed in."""
    made.measurement = scenes.value(world)
    made.measurement_import = scenes.table(world)
