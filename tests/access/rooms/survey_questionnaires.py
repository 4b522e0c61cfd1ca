"""Rows and cases of the bank of questions and of questionnaires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Item, Question, Questionnaire, Section
from tests.surveys import scenes_questionnaires as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, page, step_api, with_step


def question(made: Any) -> tuple[Any, ...]:
    return (made.question.pk,)


def in_use(made: Any) -> tuple[Any, ...]:
    return (made.questionnaire.pk,)


def draft(made: Any) -> tuple[Any, ...]:
    return (made.questionnaire_draft.pk,)


def part(name: str) -> Callable[[Any], tuple[Any, ...]]:
    """The first section or item of the draft."""

    def of(made: Any) -> tuple[Any, ...]:
        first = Section.objects.filter(questionnaire=made.questionnaire_draft).order_by("place").first()
        row = first if name == "section" else Item.objects.filter(section=first).order_by("place").first()
        return (made.questionnaire_draft.pk, row.pk)

    return of


#: the bank and drafts are seen by the quality office, Board and administrators; nobody of the therapy department
UNSEEN = {"expert": 404, "stranger": 404, "staff": 404, "head": 404}
WRITERS = {**UNSEEN, "board": 403, "admin": 403}
NOT_OURS = {"expert": 403, "stranger": 403, **ASB_ONLY}

ROWS: list[Row] = [
    page("surveys/", expert=403),
    page("surveys/questions/"),
    page("surveys/questions/add/", **NOT_OURS),
    page("surveys/questions/<int:pk>/", question, **UNSEEN),
    page("surveys/questions/<int:pk>/edit/", question, **WRITERS),
    page("surveys/questions/<int:pk>/history/", question, **UNSEEN),
    page("surveys/questions/many/<slug:step>/", lambda made: ("take-up",), rest=405),
    page("surveys/questions/<int:pk>/<slug:step>/", with_step(question, "take-up"), **WRITERS),
    page("surveys/questionnaires/"),
    page("surveys/questionnaires/add/", **NOT_OURS),
    page("surveys/questionnaires/<int:pk>/", in_use, expert=404),
    page("surveys/questionnaires/<int:pk>/edit/", draft, **WRITERS),
    page("surveys/questionnaires/<int:pk>/history/", in_use, expert=404),
    page("surveys/questionnaires/<int:pk>/print/", in_use, expert=404),
    page("surveys/questionnaires/<int:pk>/preview/", in_use, expert=404),
    page("surveys/questionnaires/<int:pk>/sheet/", draft, **UNSEEN),
    page("surveys/questionnaires/<int:pk>/invented/", draft, **UNSEEN),
    page("surveys/questionnaires/<int:pk>/sections/add/", draft, **WRITERS),
    page("surveys/questionnaires/<int:pk>/sections/<int:part>/", part("section"), **WRITERS),
    page("surveys/questionnaires/<int:pk>/items/add/", draft, **WRITERS),
    page("surveys/questionnaires/<int:pk>/items/<int:part>/", part("item"), **WRITERS),
    page("surveys/questionnaires/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    page("surveys/questionnaires/<int:pk>/<slug:step>/", with_step(draft, "cancel"), **WRITERS),
    *[
        made
        for records, of, unseen, steps in (
            ("surveys/questions", question, UNSEEN, ("retire", "take-up")),
            (
                "surveys/questionnaires",
                draft,
                UNSEEN,
                (
                    "approve",
                    "cancel",
                    "move-part",
                    "next-version",
                    "put-item",
                    "put-section",
                    "remove-part",
                    "send-back",
                    "submit",
                    "undo-approval",
                ),
            ),
        )
        for made in (
            api(f"api/v1/{records}/"),
            api(f"api/v1/{records}/<pk>/", of, **unseen),
            api(f"api/v1/{records}/<pk>/history/", of, **unseen),
            *[step_api(f"api/v1/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
]


def first_section(record: Questionnaire) -> Section:
    return record.sections.order_by("place").first()


def a_section(w: Any, record: Any) -> dict[str, Any]:
    return scenes.words("name", "Жаңа бөлім")


def an_item(w: Any, record: Any) -> dict[str, Any]:
    return {"section": first_section(record).pk, "question": scenes.taken_up(w).pk}


def move(w: Any, record: Any) -> dict[str, Any]:
    return {"part": f"section-{first_section(record).pk}", "way": "down"}


def out(w: Any, record: Any) -> dict[str, Any]:
    return {"part": f"section-{first_section(record).pk}"}


CASES: list[Case] = [
    Case("question.take_up", scenes.question, "asb", "board", scenes.retired),
    Case("question.retire", scenes.taken_up, "asb", "board", scenes.retired, lambda w, r: REASON),
    Case("questionnaire.put_section", scenes.draft, "asb", "board", scenes.submitted, a_section),
    Case("questionnaire.put_item", scenes.draft, "asb", "board", scenes.submitted, an_item),
    Case("questionnaire.move_part", scenes.draft, "asb", "board", scenes.submitted, move),
    Case("questionnaire.remove_part", scenes.draft, "asb", "board", scenes.submitted, out),
    Case("questionnaire.submit", scenes.draft, "asb", "board", scenes.bare, lambda w, r: {"note": "Қараңыз"}),
    Case("questionnaire.approve", scenes.submitted, "asb2", "asb", scenes.draft),
    Case("questionnaire.send_back", scenes.submitted, "asb2", "asb", scenes.draft, lambda w, r: REASON),
    Case(
        "questionnaire.undo_approval",
        scenes.approved_by_council,
        "",
        "asb",
        scenes.before_council,
        lambda w, r: REASON,
        decides_for=scenes.OVER_COUNCIL,
    ),
    Case("questionnaire.next_version", scenes.in_use, "asb", "board", scenes.draft),
    Case("questionnaire.cancel", scenes.draft, "asb", "board", scenes.cancelled, lambda w, r: REASON),
]
STATES: list[Callable[[Any], Any]] = [
    scenes.question,
    scenes.taken_up,
    scenes.retired,
    scenes.draft,
    scenes.submitted,
    scenes.before_council,
    scenes.returned,
    scenes.in_use,
    scenes.superseded,
    scenes.cancelled,
]
PLACES: dict[type, str] = {Question: "questions", Questionnaire: "questionnaires"}


def make(made: Any, world: Any) -> None:
    """A question that is not in use yet, a questionnaire in use, and one that is being written."""
    made.question = scenes.question(world)
    made.questionnaire, made.questionnaire_draft = scenes.in_use(world), scenes.draft(world)
