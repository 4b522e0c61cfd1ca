"""Rows and cases of talks. The record is a focus group of therapy, held, led by staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Talk
from tests.surveys import scenes_talks as scenes

from ..cases import REASON, Case
from ..rows import NOT_FOR_WATCHERS, Row, api, our_api, ours, page, step_api, with_step


def talk(made: Any) -> tuple[Any, ...]:
    return (made.talk.pk,)


STEPS = ("add-quote", "cancel", "conclude", "edit-quote", "hold", "remove-quote")

ROWS: list[Row] = [
    page("surveys/talks/"),
    page("surveys/talks/add/", expert=403, stranger=403, staff=403, **NOT_FOR_WATCHERS),
    ours("surveys/talks/<int:pk>/", talk),
    ours("surveys/talks/<int:pk>/edit/", talk, **NOT_FOR_WATCHERS),
    ours("surveys/talks/<int:pk>/history/", talk),
    ours("surveys/talks/<int:pk>/print/", talk),
    page("surveys/talks/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("surveys/talks/<int:pk>/<slug:step>/", with_step(talk, "add-quote"), **NOT_FOR_WATCHERS),
    api("api/v1/surveys/talks/"),
    our_api("api/v1/surveys/talks/<pk>/", talk),
    our_api("api/v1/surveys/talks/<pk>/history/", talk),
    *[step_api(f"api/v1/surveys/talks/<pk>/{step}/", talk) for step in STEPS],
]


def first(record: Any) -> int:
    return record.quotes.values_list("pk", flat=True).first() or 0


def quote(w: Any, record: Any) -> dict[str, Any]:
    return {"group": "Интерндер", "text": "Кесте кеш шығады."}


CASES: list[Case] = [
    Case("talk.hold", scenes.planned, "head", "board", scenes.concluded, lambda w, r: scenes.hold_inputs()),
    Case("talk.add_quote", scenes.held, "staff", "board", scenes.planned, quote),
    Case(
        "talk.edit_quote",
        scenes.quoted,
        "staff",
        "board",
        scenes.held,
        lambda w, r: {"quote": first(r), **quote(w, r)},
    ),
    Case(
        "talk.remove_quote",
        scenes.quoted,
        "asb",
        "board",
        scenes.held,
        lambda w, r: {"quote": first(r), **REASON},
    ),
    Case(
        "talk.conclude",
        scenes.held,
        "head",
        "coordinator",
        scenes.planned,
        lambda w, r: {"conclusions": "Симулятор аз.", "recommendations": ""},
    ),
    Case("talk.cancel", scenes.planned, "head", "staff", scenes.concluded, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.planned,
    scenes.held,
    scenes.quoted,
    scenes.concluded,
    scenes.cancelled,
]
PLACES: dict[type, str] = {Talk: "talks"}


def make(made: Any, world: Any) -> None:
    made.talk = scenes.held(world)
