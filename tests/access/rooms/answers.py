"""Rows and cases of answers on evaluation areas, and of the steps of a self-assessment around them."""

from __future__ import annotations

from typing import Any

from standards.models import AreaAnswer
from tests.standards import scenes_answers as scenes
from tests.standards import scenes_cycles as cycles

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, step_api, with_step


def answer(made: Any) -> tuple[Any, ...]:
    return (made.answer.pk,)


def assessment(made: Any) -> tuple[Any, ...]:
    return (made.answer.assessment_id,)


NOBODY = {"staff": 403, "head": 403, "board": 403, "admin": 403}

ROWS: list[Row] = [
    ours("standards/assessments/<int:pk>/answers/", assessment),
    page("standards/answers/"),
    page("standards/answers/<int:pk>/type/", answer, rest=405),
    ours("standards/answers/<int:pk>/", answer),
    ours("standards/answers/<int:pk>/history/", answer),
    page("standards/answers/many/<slug:step>/", lambda made: ("accept",), rest=405),
    ours("standards/answers/<int:pk>/<slug:step>/", with_step(answer, "accept"), **NOBODY),
    api("api/v1/standards/answers/"),
    our_api("api/v1/standards/answers/<pk>/", answer),
    our_api("api/v1/standards/answers/<pk>/history/", answer),
    *[step_api(f"api/v1/standards/answers/<pk>/{step}/", answer) for step in ("accept", "send-back")],
    *[
        step_api(f"api/v1/standards/assessments/<pk>/{step}/", assessment)
        for step in ("delegate", "reclaim", "take-over")
    ],
]


def _given(w: Any, record: Any) -> dict[str, Any]:
    return {"person": w.staff.pk, "areas": ["S1"], "until": scenes.in_days(9).isoformat(), "note": "Көмектесіңіз"}


CASES: list[Case] = [
    Case("answer.accept", scenes.submitted, "asb", "head", scenes.accepted, lambda w, r: {"note": "Келісеміз"}),
    Case("answer.send_back", scenes.submitted, "asb", "head", scenes.returned, lambda w, r: REASON),
    Case("assessment.delegate", cycles.assessment, "head", "staff", cycles.submitted, _given),
    Case(
        "assessment.reclaim", scenes.delegated, "coordinator", "staff", cycles.submitted, lambda w, r: {"areas": ["S2"]}
    ),
    Case("assessment.take_over", scenes.with_last_time, "coordinator", "board", cycles.assessment),
]
STATES: list[Any] = [
    scenes.open_answer,
    scenes.submitted,
    scenes.accepted,
    scenes.sent_back,
    scenes.returned,
    scenes.delegated,
    scenes.with_last_time,
]
PLACES: dict[type, str] = {AreaAnswer: "answers"}


def make(made: Any, world: Any) -> None:
    """One answer that waits for the quality office."""
    made.answer = scenes.submitted(world)
