"""Assignments, dispatches, and the quality manager's requests and proposals: who may do what (N1 §2.1, §2.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.rules import is_insider, is_quality_officer
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..sitting import keeps_minutes, presides, runs


def quality_offices(person: Any) -> list[int | None]:
    return person.standing.offices(*QUALITY_OFFICE)


def in_quality_office(record: Any, person: Any) -> int | None:
    """In whose name this person acts for the quality office; for history."""
    return free_principal(person.pk, quality_offices(person), set())[1]


# -- assignments ------------------------------------------------------------------------------
@predicate
def runs_the_body(person: Any, assignment: Any) -> bool:
    """Chair, deputy chair or secretary of the body that decided."""
    return runs(person, assignment.decision.body_id)


@predicate
def presides_over_the_body(person: Any, assignment: Any) -> bool:
    return presides(person, assignment.decision.body_id)


@predicate
def does_it(person: Any, assignment: Any) -> bool:
    return assignment.owner_id == person.pk


@predicate
def answers_for_the_unit(person: Any, record: Any) -> bool:
    """Heads or coordinates the unit or one above it."""
    if record.unit_id is None:
        return False
    standing, path = person.standing, record.unit.path
    return standing.leads_above(path) or standing.coordinates(path)


_RUN = _("Only the chair, the deputy chair or the secretary of the body does this.")
_NOT_OWN = _(
    "Only the chair, the deputy chair or the secretary of the body does this, and never with an assignment of their own."
)
allow("bodies.add_assignment", runs_the_body, _RUN)
allow("bodies.change_assignment", runs_the_body, _RUN)
allow("bodies.carry_out_assignment", does_it, _("Only the person who does the assignment marks it as carried out."))
allow("bodies.accept_assignment", runs_the_body & ~does_it, _NOT_OWN)
allow("bodies.send_back_assignment", runs_the_body & ~does_it, _NOT_OWN)
allow("bodies.move_deadline_assignment", runs_the_body & ~does_it, _NOT_OWN)
allow("bodies.hand_over_assignment", runs_the_body, _RUN)
allow(
    "bodies.cancel_assignment",
    presides_over_the_body & ~does_it,
    _("Only the chair or the deputy chair of the body cancels an assignment, and never one of their own."),
)
allow(
    "bodies.prove_assignment",
    does_it | answers_for_the_unit,
    _("Evidence is attached by the person who does the assignment, the head of the unit and its coordinator."),
)


# -- dispatches ----------------------------------------------------------------------------------
@predicate
def sent_it(person: Any, dispatch: Any) -> bool:
    return dispatch.sent_by_id == person.pk


@predicate
def receives_it(person: Any, dispatch: Any) -> bool:
    """Chair or secretary of the body, for which it was sent."""
    return presides(person, dispatch.body_id) or keeps_minutes(person, dispatch.body_id)


_SENDER = _("Only the person who sent it does this.")
allow("bodies.add_dispatch", is_insider, _("Only people of the university send papers to a body."))
allow("bodies.change_dispatch", sent_it, _SENDER)
allow("bodies.cancel_dispatch", sent_it, _SENDER)
allow("bodies.prove_dispatch", sent_it, _("Papers are attached by the person who sends them."))
allow(
    "bodies.acknowledge_dispatch",
    receives_it & ~sent_it,
    _("Only the chair, the deputy chair or the secretary of the body confirms the receipt, and not the sender."),
)


# -- information requests ---------------------------------------------------------------------------
def _offices_for(person: Any, path: str) -> list[int | None]:
    """Headships and coordinatorships of the unit and those above it, own ones and those held as a deputy."""
    standing = person.standing
    coordinating = [
        h.principal for h in standing.held if h.role == Role.QUALITY_COORDINATOR and path.startswith(h.path)
    ]
    return [*standing.headships_above(path), *coordinating]


@predicate
def answers(person: Any, request: Any) -> bool:
    """Heads or coordinates the unit asked or one above it; not whoever asks."""
    return free_principal(person.pk, _offices_for(person, request.unit.path), {request.asked_by_id})[0]


def answerer(request: Any, person: Any) -> int | None:
    return free_principal(person.pk, _offices_for(person, request.unit.path), {request.asked_by_id})[1]


@predicate
def judges_answer(person: Any, request: Any) -> bool:
    """The quality office; nobody judges an answer of their own."""
    return free_principal(person.pk, quality_offices(person), {request.answered_by_id} - {None})[0]


def answer_judge(request: Any, person: Any) -> int | None:
    return free_principal(person.pk, quality_offices(person), {request.answered_by_id} - {None})[1]


@predicate
def works_in_unit(person: Any, request: Any) -> bool:
    return person.standing.works_in(request.unit.path)


_ASKS = _("Only the quality manager and the quality office (ASB) ask units for information.")
allow("bodies.add_request", is_quality_officer, _ASKS)
allow("bodies.change_request", is_quality_officer, _ASKS)
allow("bodies.cancel_request", is_quality_officer, _ASKS)
allow(
    "bodies.answer_request",
    answers,
    _(
        "Only the head and the coordinator of the unit asked, or those of a unit above, answer; never the person who asks."
    ),
)
_JUDGES = _("Only the quality manager and the quality office decide about the answer, and never about their own.")
allow("bodies.accept_request", judges_answer, _JUDGES)
allow("bodies.send_back_request", judges_answer, _JUDGES)
allow(
    "bodies.prove_request",
    answers | works_in_unit,
    _("Papers are attached by people of the unit asked, its head and its coordinator."),
)


# -- proposals of the quality manager ----------------------------------------------------------------
def _addressee(person: Any, advice: Any) -> tuple[bool, int | None]:
    """Runs the body, or heads the unit (or one above it); never whoever proposed it."""
    own = {advice.proposer_id}
    if advice.body_id is not None:
        return runs(person, advice.body_id) and person.pk not in own, None
    return free_principal(person.pk, person.standing.headships_above(advice.unit.path), own)


@predicate
def is_addressee(person: Any, advice: Any) -> bool:
    return _addressee(person, advice)[0]


def addressee(advice: Any, person: Any) -> int | None:
    return _addressee(person, advice)[1]


@predicate
def proposed_it(person: Any, advice: Any) -> bool:
    return advice.proposer_id == person.pk


_ADDRESSEE = _(
    "Only the chair or the secretary of the body, or the head of the unit to which it is addressed, does this; never "
    "the person who proposed it. The quality manager proposes and never decides."
)
_PROPOSES = _("Only the quality manager and the quality office (ASB) make these proposals.")
allow("bodies.add_advice", is_quality_officer, _PROPOSES)
allow("bodies.change_advice", is_quality_officer, _PROPOSES)
allow("bodies.accept_advice", is_addressee, _ADDRESSEE)
allow("bodies.decline_advice", is_addressee, _ADDRESSEE)
allow("bodies.finish_advice", is_addressee, _ADDRESSEE)
allow(
    "bodies.prove_advice",
    is_addressee | proposed_it,
    _("Papers are attached by the person who proposed it and by those to whom it is addressed."),
)
