"""Rows and cases of duties, their rules and the calendar feed."""

from __future__ import annotations

from typing import Any

from qa_portal.notices.models import CalendarKey
from standards.models import Duty
from tests.bodies import scenes_work
from tests.standards import scenes_duties as scenes

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, row, step_api, with_step


def duty(made: Any) -> tuple[Any, ...]:
    return (made.duty.pk,)


def rule(made: Any) -> tuple[Any, ...]:
    return (made.duty.rule_id,)


ROWS: list[Row] = [
    row("calendar/<str:key>.ics", lambda made: (made.calendar.key,)),
    page("notices/calendar/"),
    page("standards/duties/"),
    page("standards/duties/year/"),
    ours("standards/duties/<int:pk>/", duty),
    ours("standards/duties/<int:pk>/history/", duty),
    page("standards/duties/many/<slug:step>/", lambda made: ("waive",), rest=405),
    ours("standards/duties/<int:pk>/<slug:step>/", with_step(duty, "waive"), staff=403, head=403, board=403, admin=403),
    page("standards/duty-rules/"),
    page("standards/duty-rules/<int:pk>/", rule, expert=404),
    page("standards/duty-rules/<int:pk>/start/", rule, rest=403, asb=200, expert=404),
    api("api/v1/standards/duties/"),
    our_api("api/v1/standards/duties/<pk>/", duty),
    our_api("api/v1/standards/duties/<pk>/history/", duty),
    *[
        step_api(f"api/v1/standards/duties/<pk>/{step}/", duty)
        for step in ("decide", "fulfil", "reopen", "set-date", "undo-decision", "waive")
    ],
    api("api/v1/standards/duty-rules/"),
    api("api/v1/standards/duty-rules/<pk>/", rule, expert=404),
]
CASES: list[Case] = [
    Case(
        "duty.fulfil",
        scenes.of_department,
        "head",
        "dean",
        scenes.done,
        lambda w, r: {"done_on": scenes.today().isoformat(), "note": "Тексерілді", "link": scenes.PAPER},
    ),
    Case(
        "duty.set_date",
        scenes.of_department,
        "head",
        "staff",
        scenes.done,
        lambda w, r: {"due_on": scenes.today().isoformat(), **REASON},
    ),
    Case("duty.waive", scenes.of_department, "asb", "head", scenes.waived, lambda w, r: REASON),
    Case("duty.reopen", scenes.done, "quality", "head", scenes.of_department, lambda w, r: REASON),
    Case(
        "duty.decide",
        scenes.to_decide,
        "",
        "asb",
        scenes.decided,
        lambda w, r: {"decision": scenes_work.decision(w, scenes.body(w)).pk},
        decides_for=frozenset({scenes.CODE}),
    ),
    Case(
        "duty.undo_decision",
        scenes.decided,
        "",
        "asb",
        scenes.to_decide,
        lambda w, r: REASON,
        decides_for=frozenset({f"over:{scenes.CODE}"}),
    ),
]
STATES: list[Any] = [scenes.of_department, scenes.done, scenes.waived, scenes.to_decide, scenes.decided]
PLACES: dict[type, str] = {Duty: "duties"}


def make(made: Any, world: Any) -> None:
    """One duty of the department, and the board's calendar."""
    made.duty = scenes.of_department(world)
    made.calendar = CalendarKey.objects.create(person=world.board)
