"""Rows and cases of bodies, seats and elections."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import Body, Election, Seat
from tests.bodies import scenes_bodies as scenes

from ..cases import REASON, Case
from ..rows import Row, api, page, step_api, with_step

#: known to everybody inside, kept by the quality office
INSIDE = {"expert": 404}
KEPT = {"expert": 404, "stranger": 403, "staff": 403, "head": 403, "board": 403, "admin": 403}


def body(made: Any) -> tuple[Any, ...]:
    return (made.body.pk,)


def seat(made: Any) -> tuple[Any, ...]:
    return (made.seat.pk,)


def election(made: Any) -> tuple[Any, ...]:
    return (made.election.pk,)


def pages(records: str, of: Any, step: str) -> list[Row]:
    return [
        page(f"bodies/{records}/"),
        page(f"bodies/{records}/<int:pk>/", of, **INSIDE),
        page(f"bodies/{records}/<int:pk>/edit/", of, **KEPT),
        page(f"bodies/{records}/<int:pk>/history/", of, **INSIDE),
        page(f"bodies/{records}/many/<slug:step>/", lambda made: (step,), rest=405),
        page(f"bodies/{records}/<int:pk>/<slug:step>/", with_step(of, step), **KEPT),
    ]


def endpoints(records: str, of: Any, *steps: str) -> list[Row]:
    return [
        api(f"api/v1/bodies/{records}/"),
        api(f"api/v1/bodies/{records}/<pk>/", of, **INSIDE),
        api(f"api/v1/bodies/{records}/<pk>/history/", of, **INSIDE),
        *[step_api(f"api/v1/bodies/{records}/<pk>/{step}/", of) for step in steps],
    ]


ROWS: list[Row] = [
    page("bodies/", rest=302),
    *pages("bodies", body, "dissolve"),
    page("bodies/bodies/add/", **{**KEPT, "expert": 403}),
    *pages("seats", seat, "end"),
    page("bodies/seats/add/", rest=404),  # it is added from its body
    *pages("elections", election, "cancel"),
    page("bodies/elections/add/", rest=404),
    *endpoints("bodies", body, "dissolve"),
    *endpoints("seats", seat, "end"),
    *endpoints("elections", election, "nominate", "withdraw", "open", "vote", "count", "cancel"),
]


def _ending(w: Any, record: Any) -> dict[str, Any]:
    return {"on": scenes.day(0).isoformat(), **REASON}


def _candidate(w: Any, record: Any) -> int:
    return record.candidates.get(person=w.staff2).pk


CASES: list[Case] = [
    Case("body.dissolve", scenes.body, "asb", "head", scenes.dissolved, _ending),
    Case("seat.end", lambda w: scenes.seat(w, scenes.body(w)), "council", "head", scenes.ended, _ending),
    Case("election.nominate", scenes.prepared, "staff", "hr", scenes.opened, lambda w, r: {"person": w.head.pk}),
    Case(
        "election.withdraw",
        lambda w: scenes.prepared(w, "staff", "staff2"),
        "staff2",
        "hr",
        scenes.opened,
        lambda w, r: {"person": w.staff2.pk, **REASON},
    ),
    Case("election.open", lambda w: scenes.prepared(w, "staff", "staff2"), "asb", "head", scenes.opened),
    Case(
        "election.vote",
        scenes.opened,
        "head",
        "hr",
        lambda w: scenes.closed(scenes.opened(w)),
        lambda w, r: {"candidates": _candidate(w, r)},
    ),
    Case("election.count", scenes.to_count, "asb", "staff", scenes.opened),
    Case("election.cancel", scenes.opened, "council", "staff", scenes.counted, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.body,
    scenes.dissolved,
    lambda w: scenes.seat(w, scenes.body(w)),
    scenes.ended,
    lambda w: scenes.prepared(w, "staff"),
    scenes.opened,
    scenes.to_count,
    scenes.counted,
]
PLACES: dict[type, str] = {Body: "bodies", Seat: "seats", Election: "elections"}


def make(made: Any, world: Any) -> None:
    """One record of each kind."""
    made.body = scenes.body(world)
    made.seat = scenes.seat(world, made.body)
    made.election = scenes.prepared(world, "staff")
