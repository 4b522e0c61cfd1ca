"""Rows and cases of “you said — we did”."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import LoopEntry
from tests.surveys import scenes_loop as scenes
from tests.surveys import scenes_releases

from ..cases import REASON, Case
from ..rows import Row, api, page, row, step_api, with_step


def line(found: Any) -> tuple[Any, ...]:
    return (found.loop.pk,)


#: the quality office and public relations; the Board reads
OFFICE = {name: 404 for name in ("expert", "stranger", "staff", "head", "admin")}
REFUSED = {name: 403 for name in (*OFFICE, "board")}

ROWS: list[Row] = [
    row("public/loop/"),
    page("surveys/loop-entries/"),
    page("surveys/loop-entries/add/", rest=404),  # a line is begun from a finding, a report or a petition
    page("surveys/loop-entries/waiting/", **REFUSED),
    page("surveys/loop-entries/waiting/<int:pk>/set-aside/", lambda found: (999999,), rest=405),
    page("surveys/loop-entries/<int:pk>/", line, **OFFICE),
    page("surveys/loop-entries/<int:pk>/edit/", line, **OFFICE, board=403),
    page("surveys/loop-entries/<int:pk>/history/", line, **OFFICE),
    page("surveys/loop-entries/many/<slug:step>/", lambda found: ("publish",), rest=405),
    page("surveys/loop-entries/<int:pk>/<slug:step>/", with_step(line, "publish"), **OFFICE, board=403),
    api("api/v1/surveys/loop-entries/"),
    api("api/v1/surveys/loop-entries/<pk>/", line, **OFFICE),
    api("api/v1/surveys/loop-entries/<pk>/history/", line, **OFFICE),
    *[step_api(f"api/v1/surveys/loop-entries/<pk>/{step}/", line) for step in ("publish", "set-aside", "withdraw")],
]
CASES: list[Case] = [
    Case("loop.publish", scenes.begun, "asb", "board", scenes.published),
    Case("loop.set_aside", scenes.begun, "asb", "board", scenes.published, lambda w, r: REASON),
    Case("loop.withdraw", scenes.published, "asb", "board", scenes.begun, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [scenes.begun, scenes.published, scenes.aside, scenes.withdrawn]
PLACES: dict[type, str] = {LoopEntry: "loop-entries"}


def make(made: Any, world: Any) -> None:
    """A line that is being written, about a report that was sent."""
    made.loop = scenes.about_release(world, scenes_releases.sent(world))
