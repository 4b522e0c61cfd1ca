"""Rows and cases of course management forms. The record is staff's form on a course of therapy, not filled in yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import CourseForm
from tests.surveys import scenes_course_forms as scenes

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, step_api, with_step


def form(made: Any) -> tuple[Any, ...]:
    return (made.course_form.pk,)


UNSEEN = {"board": 404, "admin": 404}
STEPS = ("analyse", "answer", "ask-again", "not-needed", "send-back", "submit")

ROWS: list[Row] = [
    page("surveys/course-forms/"),
    page("surveys/course-forms/terms/", expert=403, stranger=403, staff=403, board=403, admin=403),
    page("surveys/course-forms/add/", rest=403),
    ours("surveys/course-forms/<int:pk>/", form, **UNSEEN),
    ours("surveys/course-forms/<int:pk>/edit/", form, head=403, asb=403, **UNSEEN),
    ours("surveys/course-forms/<int:pk>/history/", form, **UNSEEN),
    ours("surveys/course-forms/<int:pk>/print/", form, **UNSEEN),
    page("surveys/course-forms/many/<slug:step>/", lambda made: ("not-needed",), rest=405),
    ours("surveys/course-forms/<int:pk>/<slug:step>/", with_step(form, "not-needed"), staff=403, head=403, **UNSEEN),
    api("api/v1/surveys/course-forms/"),
    our_api("api/v1/surveys/course-forms/<pk>/", form, **UNSEEN),
    our_api("api/v1/surveys/course-forms/<pk>/history/", form, **UNSEEN),
    *[step_api(f"api/v1/surveys/course-forms/<pk>/{step}/", form) for step in STEPS],
]

CASES: list[Case] = [
    Case("course_form.submit", scenes.filled, "staff", "head", scenes.answered),
    Case("course_form.send_back", scenes.submitted, "committee", "head", scenes.answered, lambda w, r: REASON),
    Case(
        "course_form.analyse",
        scenes.submitted,
        "committee",
        "staff",
        scenes.answered,
        lambda w, r: {"analysis": "Жақсы", "recommendation": "Кейс қосыңыз"},
    ),
    Case(
        "course_form.answer", scenes.analysed, "staff", "committee", scenes.opened, lambda w, r: {"answer": "Қосамын"}
    ),
    Case("course_form.not_needed", scenes.opened, "asb", "staff", scenes.answered, lambda w, r: REASON),
    Case("course_form.ask_again", scenes.not_needed, "committee", "staff", scenes.answered),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.opened,
    scenes.filled,
    scenes.submitted,
    scenes.analysed,
    scenes.answered,
    scenes.not_needed,
]
PLACES: dict[type, str] = {CourseForm: "course-forms"}


def make(made: Any, world: Any) -> None:
    made.course_form = scenes.opened(world)
