"""Rows and cases of petitions. The record is a complaint about therapy, in work, answered by staff, sent by staff2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.models import Petition
from tests.surveys import scenes_petitions as scenes

from ..cases import REASON, Case
from ..rows import Row, api, our_api, ours, page, row, step_api, with_step

#: nobody sees petitions by seeing everything
UNSEEN = {"board": 404, "admin": 404}
NOT_TYPED_IN = {"expert": 403, "stranger": 403, "staff": 403, "head": 403, "board": 403, "admin": 403}


def petition(made: Any) -> tuple[Any, ...]:
    return (made.petition.pk,)


def with_file(made: Any) -> tuple[Any, ...]:
    return (made.petition.pk, 999999)


STEPS = (
    "accept-by-decision", "answer", "ask", "assign", "carry-out", "close", "decline-by-decision", "extend",
    "name-concerned", "redirect", "register", "reopen", "take-to-body", "undo-decision", "withdraw", "write-on",
)  # fmt: skip

ROWS: list[Row] = [
    row("public/petitions/"),
    row("public/petitions/thread/"),
    page("surveys/petitions/summary/", expert=403, stranger=403, staff=403, head=403, admin=403),
    page("surveys/petitions/<int:pk>/files/<int:place>/", with_file, rest=404),
    page("surveys/petitions/"),
    page("surveys/petitions/add/", **NOT_TYPED_IN),
    ours("surveys/petitions/<int:pk>/", petition, **UNSEEN),
    ours("surveys/petitions/<int:pk>/edit/", petition, staff=403, head=403, **UNSEEN),
    ours("surveys/petitions/<int:pk>/history/", petition, **UNSEEN),
    page("surveys/petitions/many/<slug:step>/", lambda made: ("close",), rest=405),
    ours("surveys/petitions/<int:pk>/<slug:step>/", with_step(petition, "extend"), staff=403, head=403, **UNSEEN),
    api("api/v1/surveys/petitions/"),
    our_api("api/v1/surveys/petitions/<pk>/", petition, **UNSEEN),
    our_api("api/v1/surveys/petitions/<pk>/history/", petition, **UNSEEN),
    *[step_api(f"api/v1/surveys/petitions/<pk>/{step}/", petition) for step in STEPS],
]

OVER = frozenset({f"over:{scenes.BODY}"})
CASES: list[Case] = [
    Case(
        "petition.register",
        lambda w: scenes.received(w),
        "asb",
        "staff2",
        lambda w: scenes.in_work(w),
        lambda w, r: {"kind": "complaint", "unit": w.department.pk, "area": ""},
    ),
    Case(
        "petition.assign",
        lambda w: scenes.registered(w),
        "asb",
        "staff2",
        lambda w: scenes.closed(w),
        lambda w, r: {"owner": w.staff.pk, "unit": w.department.pk},
    ),
    Case(
        "petition.take_to_body",
        lambda w: scenes.in_work(w),
        "asb",
        "staff",
        lambda w: scenes.closed(w),
        lambda w, r: {"body": scenes.council(w).pk},
    ),
    Case(
        "petition.name_concerned",
        lambda w: scenes.in_work(w),
        "asb",
        "staff",
        lambda w: scenes.closed(w),
        lambda w, r: {"people": [w.head2.pk]},
    ),
    Case(
        "petition.redirect",
        lambda w: scenes.in_work(w),
        "asb",
        "staff",
        lambda w: scenes.closed(w),
        lambda w, r: {"kind": "suggestion", **REASON},
    ),
    Case(
        "petition.extend",
        lambda w: scenes.in_work(w),
        "asb",
        "staff",
        lambda w: scenes.closed(w),
        lambda w, r: {"until": scenes.in_days(60).isoformat(), **REASON},
    ),
    Case(
        "petition.ask",
        lambda w: scenes.in_work(w),
        "staff",
        "staff2",
        lambda w: scenes.closed(w),
        lambda w, r: {"text": "Қай кабинет?"},
    ),
    Case(
        "petition.write_on",
        lambda w: scenes.in_work(w),
        "staff2",
        "staff",
        lambda w: scenes.closed(w),
        lambda w, r: {"text": "305-кабинет"},
    ),
    Case("petition.withdraw", lambda w: scenes.in_work(w), "staff2", "staff", lambda w: scenes.closed(w)),
    Case(
        "petition.answer",
        lambda w: scenes.in_work(w),
        "staff",
        "staff2",
        lambda w: scenes.closed(w),
        lambda w, r: {"outcome": "declined", "note": "Қаржы жоқ"},
    ),
    Case(
        "petition.carry_out",
        lambda w: scenes.closed(w),
        "head",
        "staff2",
        lambda w: scenes.in_work(w),
        lambda w, r: {"note": "Орнатылды", "link": "https://example.org/photo"},
    ),
    Case("petition.close", lambda w: scenes.answered(w), "asb", "staff", lambda w: scenes.in_work(w)),
    Case(
        "petition.reopen",
        lambda w: scenes.answered(w),
        "asb",
        "staff",
        lambda w: scenes.in_work(w),
        lambda w, r: REASON,
    ),
    Case(
        "petition.accept_by_decision",
        lambda w: scenes.before_body(w),
        "",
        "asb",
        lambda w: scenes.decided(w),
        lambda w, r: REASON,
        decides_for=frozenset({scenes.BODY}),
    ),
    Case(
        "petition.decline_by_decision",
        lambda w: scenes.before_body(w),
        "",
        "asb",
        lambda w: scenes.decided(w),
        lambda w, r: REASON,
        decides_for=frozenset({scenes.BODY}),
    ),
    Case(
        "petition.undo_decision",
        lambda w: scenes.decided(w),
        "",
        "asb",
        lambda w: scenes.before_body(w),
        lambda w, r: REASON,
        decides_for=OVER,
    ),
]
STATES: list[Callable[[Any], Any]] = [
    lambda w: scenes.received(w),
    lambda w: scenes.registered(w),
    lambda w: scenes.in_work(w),
    lambda w: scenes.before_body(w),
    lambda w: scenes.answered(w),
    lambda w: scenes.closed(w),
    lambda w: scenes.withdrawn(w),
    lambda w: scenes.ethics(w),
    lambda w: scenes.adjustment(w),
]
PLACES: dict[type, str] = {Petition: "petitions"}


def make(made: Any, world: Any) -> None:
    made.petition = scenes.in_work(world)
