"""Rows and cases of assignments, dispatches, information requests and the quality manager's proposals."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import Assignment, Dispatch, InformationRequest, QualityProposal
from tests.bodies import scenes_work as scenes

from ..cases import REASON, Case
from ..rows import ASB_ONLY, Row, api, our_api, ours, page, step_api, with_step


def assignment(made: Any) -> tuple[Any, ...]:
    return (made.assignment.pk,)


def dispatch(made: Any) -> tuple[Any, ...]:
    return (made.dispatch.pk,)


def request(made: Any) -> tuple[Any, ...]:
    return (made.request.pk,)


def advice(made: Any) -> tuple[Any, ...]:
    return (made.advice.pk,)


#: the head's unit is not asked to see the papers that staff sends to a body
NOT_MEMBERS = {"head": 404}
EVERYBODY_REFUSED = {"staff": 403, "head": 403, "asb": 403, "board": 403, "admin": 403}

ROWS: list[Row] = [
    page("bodies/tools/"),
    page("bodies/assignments/"),
    page("bodies/assignments/add/", rest=404),  # it is given on a decision's page
    ours("bodies/assignments/<int:pk>/", assignment),
    ours("bodies/assignments/<int:pk>/edit/", assignment, **EVERYBODY_REFUSED),
    ours("bodies/assignments/<int:pk>/history/", assignment),
    page("bodies/assignments/many/<slug:step>/", lambda made: ("accept",), rest=405),
    ours("bodies/assignments/<int:pk>/<slug:step>/", with_step(assignment, "cancel"), **EVERYBODY_REFUSED),
    page("bodies/dispatches/"),
    page("bodies/dispatches/add/", expert=403),
    ours("bodies/dispatches/<int:pk>/", dispatch, **NOT_MEMBERS),
    ours("bodies/dispatches/<int:pk>/edit/", dispatch, head=404, asb=403, board=403, admin=403),
    ours("bodies/dispatches/<int:pk>/history/", dispatch, **NOT_MEMBERS),
    page("bodies/dispatches/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours(
        "bodies/dispatches/<int:pk>/<slug:step>/",
        with_step(dispatch, "cancel"),
        head=404,
        asb=403,
        board=403,
        admin=403,
    ),
    page("bodies/requests/"),
    page("bodies/requests/add/", expert=403, stranger=403, **ASB_ONLY),
    ours("bodies/requests/<int:pk>/", request),
    ours("bodies/requests/<int:pk>/edit/", request, **ASB_ONLY),
    ours("bodies/requests/<int:pk>/history/", request),
    page("bodies/requests/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("bodies/requests/<int:pk>/<slug:step>/", with_step(request, "cancel"), **ASB_ONLY),
    page("bodies/advice/"),
    page("bodies/advice/add/", expert=403, stranger=403, **ASB_ONLY),
    ours("bodies/advice/<int:pk>/", advice),
    ours("bodies/advice/<int:pk>/edit/", advice, **ASB_ONLY),
    ours("bodies/advice/<int:pk>/history/", advice),
    page("bodies/advice/many/<slug:step>/", lambda made: ("accept",), rest=405),
    ours("bodies/advice/<int:pk>/<slug:step>/", with_step(advice, "decline"), staff=403, asb=403, board=403, admin=403),
    *[
        made
        for records, of, hidden, steps in (
            (
                "assignments",
                assignment,
                {},
                ("accept", "cancel", "carry-out", "hand-over", "move-deadline", "send-back"),
            ),
            ("dispatches", dispatch, NOT_MEMBERS, ("acknowledge", "cancel")),
            ("requests", request, {}, ("accept", "answer", "cancel", "send-back")),
            ("advice", advice, {}, ("accept", "decline", "finish")),
        )
        for made in (
            api(f"api/v1/bodies/{records}/"),
            our_api(f"api/v1/bodies/{records}/<pk>/", of, **hidden),
            our_api(f"api/v1/bodies/{records}/<pk>/history/", of, **hidden),
            *[step_api(f"api/v1/bodies/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
]

CASES: list[Case] = [
    Case(
        "assignment.carry_out",
        scenes.assignment,
        "staff",
        "head",
        scenes.carried_out,
        lambda w, r: {"note": "Тексерілді"},
    ),
    Case(
        "assignment.accept", scenes.carried_out, "council", "staff", scenes.assignment, lambda w, r: {"note": "Жақсы"}
    ),
    Case("assignment.send_back", scenes.carried_out, "dean", "staff", scenes.accepted, lambda w, r: REASON),
    Case(
        "assignment.move_deadline",
        scenes.assignment,
        "council",
        "staff",
        scenes.carried_out,
        lambda w, r: {"until": scenes.in_days(40).isoformat(), **REASON},
    ),
    Case(
        "assignment.hand_over",
        scenes.assignment,
        "council",
        "staff",
        scenes.carried_out,
        lambda w, r: {"owner": w.staff2.pk, **REASON},
    ),
    Case("assignment.cancel", scenes.assignment, "dean", "council", scenes.accepted, lambda w, r: REASON),
    Case(
        "dispatch.acknowledge",
        scenes.dispatch,
        "council",
        "hr",
        scenes.received,
        lambda w, r: {"entry_number": "12-07", "note": "Қағаз түрінде де келді"},
    ),
    Case("dispatch.cancel", scenes.dispatch, "staff", "council", scenes.received, lambda w, r: REASON),
    Case(
        "request.answer",
        scenes.request,
        "head",
        "staff",
        scenes.answered,
        lambda w, r: {"note": "Тіркелді", "link": "https://example.org/table"},
    ),
    Case("request.accept", scenes.answered, "asb", "head", scenes.request, lambda w, r: {"note": "Рақмет"}),
    Case(
        "request.send_back",
        scenes.answered,
        "asb",
        "head",
        scenes.closed_request,
        lambda w, r: {"due": scenes.in_days(15).isoformat(), **REASON},
    ),
    Case("request.cancel", scenes.request, "asb", "head", scenes.closed_request, lambda w, r: REASON),
    Case("advice.accept", scenes.proposal, "head", "asb", scenes.declined, lambda w, r: {"note": "Келісеміз"}),
    Case("advice.decline", scenes.proposal, "head", "staff", scenes.taken_up, lambda w, r: REASON),
    Case("advice.finish", scenes.taken_up, "head", "staff", scenes.proposal, lambda w, r: {"note": "Жаңартылды"}),
]
STATES: list[Any] = [
    scenes.assignment,
    scenes.carried_out,
    scenes.accepted,
    scenes.dispatch,
    scenes.received,
    scenes.request,
    scenes.answered,
    scenes.closed_request,
    scenes.proposal,
    lambda w: scenes.proposal(w, to_body=True),
    scenes.taken_up,
    scenes.declined,
]
PLACES: dict[type, str] = {
    Assignment: "assignments",
    Dispatch: "dispatches",
    InformationRequest: "requests",
    QualityProposal: "advice",
}


def make(made: Any, world: Any) -> None:
    """One record of each kind."""
    made.assignment, made.dispatch = scenes.assignment(world), scenes.dispatch(world)
    made.request, made.advice = scenes.request(world), scenes.proposal(world)
