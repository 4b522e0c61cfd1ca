"""Who may do what with documents, versions, their change sheets and approval sheets (domain.md §6; N0 §3, N1 §3, N2 §7.5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.rules import is_administrator, is_insider, is_quality_officer, prepares_for_unit
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, is_system, predicate


# -- predicates --------------------------------------------------------------------------
def own_text(version: Any) -> set[int]:
    """Whose text a version is: all who wrote it and whoever submitted it; none of them decides about it."""
    return {pk for pk in (version.submitted_by_id, *version.authors) if pk}


@predicate
def has_no_unit_yet(person: Any, record: Any) -> bool:
    """An empty form: the unit is asked when it is filled in."""
    return record.is_internal and record.unit_id is None


@predicate
def is_external(person: Any, document: Any) -> bool:
    return not document.is_internal


@predicate
def is_registered(person: Any, document: Any) -> bool:
    """It was in force: its title stands in the register, and its audience is being asked to read."""
    return document.is_internal and document.state not in ("preparing", "cancelled")


@predicate
def in_legal_office(person: Any, record: Any) -> bool:
    return person.standing.has(Role.LEGAL)


@predicate
def in_pr_office(person: Any, record: Any) -> bool:
    return person.standing.has(Role.PR)


@predicate
def leads_the_owner(person: Any, record: Any) -> bool:
    """Heads the unit that owns the document, or one above."""
    return record.unit is not None and person.standing.leads_above(record.unit.path)


@predicate
def decided_by_its_approver(person: Any, document: Any) -> bool:
    """A decision of the body that approved the version in force."""
    return bool(document.approved_by) and document.approved_by in getattr(person, "decides_for", frozenset())


def quality_offices(person: Any) -> list[int | None]:
    return person.standing.offices(*QUALITY_OFFICE)


@predicate
def checks_text_of_others(person: Any, version: Any) -> bool:
    """The quality office, but not with a text of one's own."""
    offices = quality_offices(person)
    return bool(offices) and free_principal(person.pk, offices, own_text(version))[0]


def form_checker(version: Any, person: Any) -> int | None:
    """In whose name this person acts for the quality office; for history."""
    return free_principal(person.pk, quality_offices(person), own_text(version))[1]


def _order_offices(version: Any, person: Any) -> list[int | None]:
    """The office asked now; before or after it, any office on its route: a second press is told how it stands."""
    asked = [version.waits_for] if version.state == "approving" else version.route
    roles = [code.removeprefix("role:") for code in asked if code.startswith("role:")]
    return person.standing.offices(*roles) if roles else []


@predicate
def gives_the_order(person: Any, version: Any) -> bool:
    """Holds the office whose order approves, and did not write the text."""
    offices = _order_offices(version, person)
    return bool(offices) and free_principal(person.pk, offices, own_text(version))[0]


def order_giver(version: Any, person: Any) -> int | None:
    offices = _order_offices(version, person)
    return free_principal(person.pk, offices, own_text(version))[1] if offices else None


def returner(version: Any, person: Any) -> int | None:
    """In whose name this person sends it back: for the quality office, or for the office whose order it waits for."""
    if checks_text_of_others(person, version):
        return form_checker(version, person)
    return order_giver(version, person)


def body_whose_word_it_needs(version: Any) -> str:
    """The code of the body whose decision it waits for; "" where an office or nobody is asked."""
    return "" if version.state != "approving" or version.waits_for_order else version.waits_for


@predicate
def overrules_its_approval(person: Any, version: Any) -> bool:
    """A decision of a body above one that has approved this version."""
    decided = getattr(person, "decides_for", frozenset())
    return any(f"over:{word['authority']}" in decided for word in version.approvals)


def answering_offices(person: Any, agreement: Any) -> list[int | None]:
    """The offices in which somebody may answer: the named office, the head of the answering unit, the Board."""
    standing = person.standing
    if agreement.role:
        return standing.offices(agreement.role)
    if agreement.answering_unit_id is None:
        return standing.offices(*BOARD_ROLES)
    return standing.headships(agreement.answering_unit_id)


@predicate
def answers(person: Any, agreement: Any) -> bool:
    offices = answering_offices(person, agreement)
    return bool(offices) and free_principal(person.pk, offices, own_text(agreement.version))[0]


def answerer(agreement: Any, person: Any) -> int | None:
    return free_principal(person.pk, answering_offices(person, agreement), own_text(agreement.version))[1]


@predicate
def releases(person: Any, agreement: Any) -> bool:
    """The quality office lets a party go that does not answer; not with a text of one's own."""
    return checks_text_of_others(person, agreement.version)


# -- kinds -----------------------------------------------------------------------------------
allow("documents.keep_kinds", is_administrator, _("Only administrators keep the kinds of documents."))

# -- documents -----------------------------------------------------------------------------
_ASB = _("Only the quality office (ASB) does this.")
_OWNER = _("Only people of the unit that owns the document, its head and the quality office prepare this.")
_ACTS = _("External acts are kept by the quality office and the legal office.")

keeps_acts = is_external & (is_quality_officer | in_legal_office)
prepares = prepares_for_unit | is_quality_officer

allow("documents.add_document", (has_no_unit_yet & is_insider) | prepares | keeps_acts, _OWNER)
allow(
    "documents.change_document",
    (prepares & ~is_registered) | leads_the_owner | is_quality_officer | keeps_acts,
    _(
        "Until it is approved the people of the unit that owns the document edit it; "
        "afterwards only the head of that unit, a head above and the quality office."
    ),
)
allow("documents.prove_document", prepares | keeps_acts, _OWNER)
allow(
    "documents.confirm_review_document",
    leads_the_owner | is_quality_officer | keeps_acts,
    _("Only the head of the unit that owns the document, a head above and the quality office confirm its review."),
)
allow("documents.call_review_document", is_quality_officer, _ASB)
allow("documents.become_due_document", is_system, _("The portal does this by itself on the day."))
allow(
    "documents.publish_document",
    in_pr_office | is_quality_officer,
    _("Only public relations and the quality office publish a document or take it off the public page."),
)
allow(
    "documents.unpublish_document",
    in_pr_office | is_quality_officer,
    _("Only public relations and the quality office publish a document or take it off the public page."),
)
allow(
    "documents.annul_document",
    is_quality_officer | decided_by_its_approver,
    _(
        "A document is annulled by the decision of the body that approved it, or entered by the quality office with its basis."
    ),
)
allow("documents.note_edition_document", keeps_acts, _ACTS)
allow("documents.lose_force_document", keeps_acts, _ACTS)
allow("documents.archive_document", is_quality_officer, _ASB)
allow("documents.destroy_original_document", is_quality_officer, _ASB)
allow("documents.permit_outside_document", is_quality_officer, _ASB)
allow("documents.cancel_document", prepares, _OWNER)

# -- versions --------------------------------------------------------------------------------
_CHECKER = _("Only the quality office checks the form, and nobody checks a text that they wrote themselves.")
allow("documents.add_version", prepares, _OWNER)
allow("documents.change_version", prepares, _OWNER)
allow("documents.prove_version", prepares, _OWNER)
allow("documents.submit_version", prepares, _OWNER)
allow("documents.check_form_version", checks_text_of_others, _CHECKER)
allow(
    "documents.send_back_version",
    checks_text_of_others | gives_the_order,
    _(
        "Before approval the quality office sends a version back; on its way to approval the body or office whose word it "
        "waits for does. Nobody does so with their own text."
    ),
    by_decision_of=body_whose_word_it_needs,
)
allow("documents.take_back_version", prepares, _OWNER)
allow("documents.send_to_approval_version", prepares, _OWNER)
allow(
    "documents.approve_version",
    gives_the_order,
    _(
        "A version is approved by the decision of the body, or by the order of the office, that stands next on its route. "
        "Nobody approves their own text."
    ),
    by_decision_of=body_whose_word_it_needs,
)
allow(
    "documents.undo_approval_version",
    overrules_its_approval,
    _("Only the decision of a body above undoes an approval, naming the breached clause."),
)
allow("documents.come_into_force_version", is_system, _("The portal does this by itself on the day."))
allow("documents.cancel_version", prepares, _OWNER)

# -- change sheet ------------------------------------------------------------------------------


@predicate
def prepares_its_version(person: Any, line: Any) -> bool:
    return prepares(person, line.version)


allow("documents.add_change", prepares_its_version, _OWNER)
allow("documents.change_change", prepares_its_version, _OWNER)
allow("documents.strike_change", prepares_its_version, _OWNER)

# -- approval sheet -----------------------------------------------------------------------------
_ANSWERS = _(
    "Only the head of the unit that is asked, or the office that is asked, answers on the approval sheet. "
    "Nobody agrees to their own text: then the head above answers."
)
allow("documents.add_agreement", is_quality_officer, _ASB)
allow("documents.change_agreement", is_system, _("Answers on the approval sheet are not edited."))
allow("documents.agree_agreement", answers, _ANSWERS)
allow("documents.raise_objection_agreement", answers, _ANSWERS)
allow("documents.release_agreement", releases, _CHECKER)
