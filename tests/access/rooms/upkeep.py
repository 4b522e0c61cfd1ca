"""Rows and cases of upkeep: conformity reviews, verdicts, proposals, paper copies, what the standards expect."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.documents.models import ChangeProposal, ConformityReview, ConformityVerdict, PaperCopy
from tests.documents import scenes_upkeep as scenes

from ..cases import REASON, Case
from ..rows import NOT_FOR_WATCHERS, Row, api, our_api, ours, page, step_api, with_step


def review(made: Any) -> tuple[Any, ...]:
    return (made.review.pk,)


def verdict(made: Any) -> tuple[Any, ...]:
    return (made.verdict.pk,)


def proposal(made: Any) -> tuple[Any, ...]:
    return (made.proposal.pk,)


def copy(made: Any) -> tuple[Any, ...]:
    return (made.copy.pk,)


def _steps(place: str, of: Any, *steps: str) -> list[Row]:
    return [step_api(f"api/v1/documents/{place}/<pk>/{step}/", of) for step in steps]


#: what changed above is no secret inside; experts see none of it
INSIDE = {"expert": 404}
OFFICE = {"staff": 403, "stranger": 403, "head": 403, "board": 403, "admin": 403}
OTHERS_TEXT = {"head": 403, "asb": 403, "board": 403, "admin": 403}

ROWS: list[Row] = [
    page("standards/expected/"),
    page("documents/upkeep/", expert=403, stranger=403, staff=403, head=403, admin=403),
    page("documents/reviews/"),
    page("documents/reviews/add/", expert=403, **OFFICE),
    page("documents/reviews/<int:pk>/", review, **INSIDE),
    page("documents/reviews/<int:pk>/edit/", review, **INSIDE, **OFFICE),
    page("documents/reviews/<int:pk>/history/", review, **INSIDE),
    page("documents/reviews/many/<slug:step>/", lambda made: ("close",), rest=405),
    page("documents/reviews/<int:pk>/<slug:step>/", with_step(review, "cancel"), **INSIDE, **OFFICE),
    page("documents/verdicts/"),
    page("documents/verdicts/<int:pk>/", verdict, **INSIDE),
    page("documents/verdicts/<int:pk>/history/", verdict, **INSIDE),
    page("documents/verdicts/many/<slug:step>/", lambda made: ("judge",), rest=405),
    page("documents/verdicts/<int:pk>/<slug:step>/", with_step(verdict, "strike-out"), **INSIDE, **OFFICE),
    page("documents/proposals/"),
    page("documents/proposals/add/", rest=404),
    ours("documents/proposals/<int:pk>/", proposal),
    ours("documents/proposals/<int:pk>/edit/", proposal, **OTHERS_TEXT),
    ours("documents/proposals/<int:pk>/history/", proposal),
    page("documents/proposals/many/<slug:step>/", lambda made: ("accept",), rest=405),
    ours("documents/proposals/<int:pk>/<slug:step>/", with_step(proposal, "refuse"), staff=403, **NOT_FOR_WATCHERS),
    page("documents/copies/"),
    page("documents/copies/add/", rest=404),
    ours("documents/copies/<int:pk>/", copy),
    ours("documents/copies/<int:pk>/edit/", copy, **NOT_FOR_WATCHERS),
    ours("documents/copies/<int:pk>/history/", copy),
    page("documents/copies/many/<slug:step>/", lambda made: ("give-back",), rest=405),
    ours("documents/copies/<int:pk>/<slug:step>/", with_step(copy, "give-back"), **NOT_FOR_WATCHERS),
    api("api/v1/documents/reviews/"),
    api("api/v1/documents/reviews/<pk>/", review, **INSIDE),
    api("api/v1/documents/reviews/<pk>/history/", review, **INSIDE),
    *_steps("reviews", review, "list-document", "close", "cancel"),
    api("api/v1/documents/verdicts/"),
    api("api/v1/documents/verdicts/<pk>/", verdict, **INSIDE),
    api("api/v1/documents/verdicts/<pk>/history/", verdict, **INSIDE),
    *_steps("verdicts", verdict, "judge", "decide", "finish", "strike-out"),
    api("api/v1/documents/proposals/"),
    our_api("api/v1/documents/proposals/<pk>/", proposal),
    our_api("api/v1/documents/proposals/<pk>/history/", proposal),
    *_steps("proposals", proposal, "accept", "refuse"),
    api("api/v1/documents/copies/"),
    our_api("api/v1/documents/copies/<pk>/", copy),
    our_api("api/v1/documents/copies/<pk>/history/", copy),
    *_steps("copies", copy, "give-back", "report-lost"),
]


def _until() -> str:
    return scenes.days(30).isoformat()


CASES: list[Case] = [
    Case(
        "review.list_document",
        scenes.review,
        "asb",
        "head",
        scenes.closed,
        lambda w, r: {"document": scenes.document(w).pk, "why": "Соған сүйенеді"},
    ),
    Case("review.close", scenes.all_decided, "asb", "head", scenes.review),
    Case("review.cancel", scenes.review, "asb", "head", scenes.closed, lambda w, r: REASON),
    Case(
        "verdict.judge",
        scenes.verdict,
        "head",
        "asb",
        scenes.decided,
        lambda w, r: {"verdict": "change", "note": "5-бап өзгерді", "until": _until()},
    ),
    Case(
        "verdict.decide",
        scenes.judged,
        "asb",
        "head",
        scenes.verdict,
        lambda w, r: {"verdict": "change", "decision": "Келісемін", "until": _until()},
    ),
    Case("verdict.finish", scenes.decided, "asb", "head", scenes.verdict, lambda w, r: {"note": "Түзетілді"}),
    Case("verdict.strike_out", scenes.verdict, "asb", "head", scenes.struck, lambda w, r: REASON),
    Case("proposal.accept", scenes.proposal, "head", "staff", scenes.refused, lambda w, r: {"note": "Ескереміз"}),
    Case("proposal.refuse", scenes.proposal, "head", "staff", scenes.refused, lambda w, r: REASON),
    Case(
        "copy.give_back",
        scenes.copy,
        "asb",
        "board",
        scenes.given_back,
        lambda w, r: {"on": timezone.localdate().isoformat()},
    ),
    Case("copy.report_lost", scenes.copy, "staff", "board", scenes.given_back, lambda w, r: REASON),
]
STATES: list[Any] = [
    scenes.review,
    scenes.all_decided,
    scenes.closed,
    scenes.verdict,
    scenes.judged,
    scenes.decided,
    scenes.struck,
    scenes.proposal,
    scenes.accepted,
    scenes.refused,
    scenes.copy,
    scenes.given_back,
]
PLACES: dict[type, str] = {
    ConformityReview: "reviews",
    ConformityVerdict: "verdicts",
    ChangeProposal: "proposals",
    PaperCopy: "copies",
}


def make(made: Any, world: Any) -> None:
    """One record of each kind, about documents of the therapy department."""
    made.verdict = scenes.verdict(world)
    made.review = made.verdict.review
    made.proposal = scenes.proposal(world)
    made.copy = scenes.copy(world)
