"""Who may do what with conformity reviews and their verdicts, proposals to change, and paper copies (domain.md §6)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.people.rules import is_board, is_quality_officer, is_quality_representative
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, is_system, predicate

from .library import in_legal_office, leads_the_owner, prepares, quality_offices


# -- predicates --------------------------------------------------------------------------
@predicate
def coordinates_the_owner(person: Any, record: Any) -> bool:
    """Coordinates quality in the unit that owns the document, or in one above."""
    return record.unit is not None and person.standing.coordinates(record.unit.path)


def _judges(verdict: Any) -> set[int]:
    return {verdict.judged_by_id} if verdict.judged_by_id else set()


def verdict_judge(verdict: Any, person: Any) -> int | None:
    """In whose name this person gives the verdict; for history."""
    path, standing = verdict.unit.path, person.standing
    coordinating = [
        h.principal for h in standing.held if h.role == Role.QUALITY_COORDINATOR and path.startswith(h.path)
    ]
    return free_principal(person.pk, [*standing.headships_above(path), *coordinating], set())[1]


def all_judges(verdict: Any) -> set[int]:
    """Who gave the verdict, and in whose name a deputy did: history is asked, so not for every row of a list."""
    said = verdict.history.filter(verb="judge").first()
    return _judges(verdict) | ({said.in_name_of_id} if said and said.in_name_of_id else set())


def may_decide(verdict: Any, person: Any) -> bool:
    """Also not about a verdict that a deputy gave in one's own name."""
    return free_principal(person.pk, quality_offices(person), all_judges(verdict))[0]


@predicate
def decides_about_it(person: Any, verdict: Any) -> bool:
    """The quality office, but not about a verdict of one's own."""
    offices = quality_offices(person)
    return bool(offices) and free_principal(person.pk, offices, _judges(verdict))[0]


def verdict_decider(verdict: Any, person: Any) -> int | None:
    """In whose name this person decides; for history."""
    return free_principal(person.pk, quality_offices(person), all_judges(verdict))[1]


def _answering(person: Any, proposal: Any) -> list[int | None]:
    """The offices in which somebody may answer a proposal: the quality office, and heads of the owner unit and above."""
    unit = proposal.document.unit
    return [*quality_offices(person), *(person.standing.headships_above(unit.path) if unit else [])]


@predicate
def answers_proposal(person: Any, proposal: Any) -> bool:
    offices = _answering(person, proposal)
    return bool(offices) and free_principal(person.pk, offices, {proposal.proposer_id})[0]


def proposal_answerer(proposal: Any, person: Any) -> int | None:
    return free_principal(person.pk, _answering(person, proposal), {proposal.proposer_id})[1]


@predicate
def has_a_unit(person: Any, record: Any) -> bool:
    """Belongs to a unit of the university."""
    return person.is_authenticated and not person.standing.outsider and bool(person.unit_id)


@predicate
def proposed_it(person: Any, proposal: Any) -> bool:
    return person.pk == proposal.proposer_id


@predicate
def hands_out(person: Any, copy: Any) -> bool:
    """The quality office and the people of the unit that owns the document."""
    return prepares(person, copy.version) if copy.version_id else is_quality_officer(person, copy)


@predicate
def holds_it(person: Any, copy: Any) -> bool:
    return person.pk == copy.holder_id


# -- the quality manager's page ----------------------------------------------------------------
allow(
    "documents.view_upkeep",
    is_quality_officer | is_board | is_quality_representative,
    _("Only the quality office, the quality representative and the Board see this page."),
)

# -- conformity reviews ----------------------------------------------------------------------------
_ASB = _("Only the quality office (ASB) does this.")
_OPENS = _("Only the quality office and the legal office open a conformity review.")
allow("documents.add_review", is_quality_officer | in_legal_office, _OPENS)
allow("documents.change_review", is_quality_officer, _ASB)
allow("documents.list_document_review", is_quality_officer, _ASB)
allow("documents.close_review", is_quality_officer, _ASB)
allow("documents.cancel_review", is_quality_officer, _ASB)

NOT_ONES_OWN = _("Only the quality office decides, and nobody decides about a verdict that they gave themselves.")

# -- verdicts ---------------------------------------------------------------------------------------
allow("documents.add_verdict", is_quality_officer | in_legal_office, _OPENS)
allow("documents.change_verdict", is_system, _("A verdict changes by its steps only."))
allow(
    "documents.judge_verdict",
    leads_the_owner | coordinates_the_owner,
    _("Only the head or the quality coordinator of the unit that owns the document gives the verdict."),
)
allow(
    "documents.decide_verdict",
    decides_about_it,
    NOT_ONES_OWN,
)
allow("documents.finish_verdict", is_quality_officer, _ASB)
allow("documents.strike_out_verdict", is_quality_officer, _ASB)

# -- proposals to change --------------------------------------------------------------------------------
_ANSWERS = _(
    "Only the head of the unit that owns the document, a head above and the quality office answer a proposal, "
    "and nobody answers their own."
)
allow("documents.add_proposal", has_a_unit, _("Proposals are filed by people of the university's units."))
allow("documents.change_proposal", proposed_it, _("Only whoever filed the proposal edits it."))
allow("documents.accept_proposal", answers_proposal, _ANSWERS)
allow("documents.refuse_proposal", answers_proposal, _ANSWERS)

# -- paper copies ------------------------------------------------------------------------------------------
_HANDS_OUT = _("Only the quality office and people of the unit that owns the document keep its paper copies.")
allow("documents.add_copy", hands_out, _HANDS_OUT)
allow("documents.change_copy", hands_out, _HANDS_OUT)
allow("documents.give_back_copy", hands_out, _HANDS_OUT)
allow(
    "documents.report_lost_copy",
    hands_out | holds_it,
    _("Only the holder, the quality office and people of the unit that owns the document report a copy as lost."),
)
