"""Who may do what with findings, plans and actions: the policy on one page (domain.md §3, §4; N2 §10.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.rules import is_quality_officer, prepares_for_unit
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, anybody, predicate


# -- predicates --------------------------------------------------------------------------
@predicate
def reported_it(person: Any, record: Any) -> bool:
    return record.reporter_id == person.pk


def own_work(action: Any) -> set[int]:
    """Whose work an action is: submitter, writers and doer; none of them decides about it."""
    return {pk for pk in (action.submitted_by_id, action.created_by_id, action.owner_id, *action.authors) if pk}


def decides_for(person: Any, action: Any, own: set[int]) -> tuple[bool, int | None]:
    """Heads the unit that decides, or sits on the Board where no head is free; and it is not own work.

    A deputy decides in the head's name, but neither on own work nor on that of the person deputised.
    """
    standing = person.standing
    if action.approval_unit_id is None:
        return free_principal(person.pk, standing.offices(*BOARD_ROLES), own)
    return free_principal(person.pk, standing.headships(action.approval_unit_id), own)


def approver(action: Any, person: Any) -> int | None:
    """In whose name this person decides on an item; for history."""
    return decides_for(person, action, own_work(action))[1]


@predicate
def approves(person: Any, action: Any) -> bool:
    return decides_for(person, action, own_work(action))[0]


def waiting_items(plan: Any) -> list[Any]:
    """The items still submitted; when none is, all: a second press is "not now", not "not you"."""
    live = [action for action in plan.actions.all() if action.state != action.CANCELLED]
    return [action for action in live if action.state == action.SUBMITTED] or live


@predicate
def approves_all_submitted(person: Any, plan: Any) -> bool:
    items = waiting_items(plan)
    return bool(items) and all(approves(person, action) for action in items)


def plan_approver(plan: Any, person: Any) -> int | None:
    return next((approver(action, person) for action in waiting_items(plan)), None)


def _extension_own(action: Any) -> set[int]:
    asked = action.waiting_extension
    return {action.owner_id} | ({asked.asked_by_id} if asked else set())


def extension_offices(person: Any, action: Any) -> list[int | None]:
    """The offices in which somebody may decide about a later deadline: the approver's, the heads' above, the Board's."""
    unit = action.approval_unit or action.unit
    return [*person.standing.headships_above(unit.path), *person.standing.offices(*BOARD_ROLES)]


@predicate
def decides_extension(person: Any, action: Any) -> bool:
    """The approver, a head above or the Board; never whoever asked for it or does the work."""
    return free_principal(person.pk, extension_offices(person, action), _extension_own(action))[0]


def extension_decider(action: Any, person: Any) -> int | None:
    return free_principal(person.pk, extension_offices(person, action), _extension_own(action))[1]


@predicate
def does_it(person: Any, action: Any) -> bool:
    return action.owner_id == person.pk


@predicate
def coordinates(person: Any, record: Any) -> bool:
    return person.standing.coordinates(record.unit.path)


@predicate
def leads(person: Any, record: Any) -> bool:
    return person.standing.leads_above(record.unit.path)


@predicate
def is_approved_already(person: Any, action: Any) -> bool:
    return action.approved_by_id is not None


def touched_by(plan: Any) -> set[int]:
    """Everybody who wrote, owned, did, submitted, approved, proved or verified something of a plan."""
    people = {plan.submitted_by_id, plan.created_by_id, plan.verified_by_id, *plan.authors}
    for action in plan.actions.all():
        people |= {
            action.owner_id,
            action.done_by_id,
            action.created_by_id,
            action.submitted_by_id,
            action.approved_by_id,
        }
        people |= set(action.authors)
    people |= plan.proved_by()
    return {pk for pk in people if pk}


def independent_of(person: Any, plan: Any) -> bool:
    """Not owner, doer, writer, approver or verifier of any item, nor of that unit or one below it."""
    standing = person.standing
    return (
        person.pk not in touched_by(plan)
        and not standing.works_within(plan.unit.path)
        and not standing.coordinates(plan.unit.path)
        and not standing.leads_above(plan.unit.path)
    )


def quality_offices(person: Any) -> list[int | None]:
    return person.standing.offices(*QUALITY_OFFICE)


@predicate
def verifies(person: Any, plan: Any) -> bool:
    """The quality office, but nobody who had a hand in this plan, nor only in the name of such a person."""
    offices = quality_offices(person)
    return bool(offices) and free_principal(person.pk, offices, touched_by(plan))[0]


def verifier(plan: Any, person: Any) -> int | None:
    return free_principal(person.pk, quality_offices(person), touched_by(plan))[1]


def _checking_offices(person: Any, plan: Any) -> list[int | None]:
    named = [None] if plan.checker_id == person.pk else []
    return [*named, *person.standing.offices(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE)]


@predicate
def checks_effect(person: Any, plan: Any) -> bool:
    offices = _checking_offices(person, plan)
    return bool(offices) and independent_of(person, plan) and free_principal(person.pk, offices, touched_by(plan))[0]


def effect_checker(plan: Any, person: Any) -> int | None:
    return free_principal(person.pk, _checking_offices(person, plan), touched_by(plan))[1]


@predicate
def is_submitted(person: Any, record: Any) -> bool:
    return record.state == "submitted"


@predicate
def is_done(person: Any, record: Any) -> bool:
    """Carried out (an action) or implemented (a plan): the quality office has the word."""
    return record.state in ("carried_out", "implemented")


@predicate
def verifies_item(person: Any, action: Any) -> bool:
    """The quality office sends back what was marked as carried out; not the doer."""
    return free_principal(person.pk, quality_offices(person), {action.owner_id, action.done_by_id})[0]


@predicate
def closes(person: Any, finding: Any) -> bool:
    """The quality office, but not whoever made the correction, nor only in that person's name."""
    return free_principal(person.pk, quality_offices(person), {finding.corrected_by_id} - {None})[0]


def in_quality_office(record: Any, person: Any) -> int | None:
    """In whose name this person acts for the quality office; for history."""
    return free_principal(person.pk, quality_offices(person), set())[1]


@predicate
def is_unqualified(person: Any, finding: Any) -> bool:
    """Nobody of the quality office has looked at it yet."""
    return finding.qualified_by_id is None


@predicate
def submitted_it(person: Any, action: Any) -> bool:
    return action.submitted_by_id == person.pk


# -- findings ------------------------------------------------------------------------------
_ASB = _("Only the quality office (ASB) does this.")
_UNIT = _("Only people of the unit concerned, its head and the quality office prepare this.")

allow("capa.add_finding", anybody, _("Sign in to report a finding."))
allow(
    "capa.change_finding",
    is_quality_officer | (reported_it & is_unqualified),
    _("The quality office edits a finding; whoever reported it may, until the quality office has looked at it."),
)
allow("capa.correct_finding", prepares_for_unit | is_quality_officer, _UNIT)
allow(
    "capa.close_finding",
    closes,
    _("Only the quality office closes a finding, and not the person who made the correction."),
)
allow("capa.cancel_finding", is_quality_officer, _ASB)
allow("capa.link_duplicate_finding", is_quality_officer, _ASB)
allow(
    "capa.prove_finding",
    reported_it | prepares_for_unit | is_quality_officer,
    _("Evidence is attached by the person who reported the finding, people of the unit and the quality office."),
)
allow("capa.decide_signal", is_quality_officer, _("Only the quality office decides about signals."))
allow("capa.view_signal", is_quality_officer, _("Only the quality office decides about signals."))

# -- plans -------------------------------------------------------------------------------------
_APPROVER = _(
    "Only the head of the responsible unit decides. What a head submitted, drafted or will do themselves is decided by "
    "the head of the unit above, at the top by the Board: nobody approves their own work."
)
allow("capa.add_plan", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.change_plan", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.submit_plan", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.approve_plan", approves_all_submitted, _APPROVER)
allow(
    "capa.send_back_plan",
    (~is_done & approves_all_submitted) | (is_done & verifies),
    _(
        "A submitted plan is sent back by the head who decides; a carried out plan by the quality office. Nobody does so with their own work."
    ),
)
allow(
    "capa.verify_plan",
    verifies,
    _("Only the quality office verifies, and nobody verifies a plan in which they drafted, approved or did something."),
)
allow(
    "capa.check_effect_plan",
    checks_effect,
    _(
        "The effect is checked by the person named for it, the quality office or the quality representative, and only by "
        "somebody independent: not of this unit and not owner, doer, approver or verifier of any item."
    ),
)
COUNCIL = "academic_council"


@predicate
def overrules_council(person: Any, plan: Any) -> bool:
    """A decision of a body above the Academic Council."""
    return f"over:{COUNCIL}" in getattr(person, "decides_for", frozenset())


allow(
    "capa.endorse_plan",
    is_quality_officer,
    _("Only a decision of the Academic Council does this: put the plan on its agenda."),
    by_decision_of=COUNCIL,
)
allow(
    "capa.undo_endorsement_plan",
    overrules_council,
    _("Only a decision of the body above the Academic Council does this."),
)
allow("capa.name_checker_plan", is_quality_officer, _ASB)
allow("capa.reopen_plan", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.cancel_plan", is_quality_officer, _ASB)

# -- actions ------------------------------------------------------------------------------------
allow("capa.add_action", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.change_action", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.approve_action", approves, _APPROVER)
allow(
    "capa.send_back_action",
    (~is_done & approves) | (is_done & verifies_item),
    _(
        "A submitted action is sent back by the head who decides; a carried out one by the quality office. Nobody does so with their own work."
    ),
)
allow(
    "capa.carry_out_action",
    does_it | coordinates,
    _("Only the person who does the action, or the unit's quality coordinator, marks it as carried out."),
)
allow(
    "capa.hand_over_action",
    leads | is_quality_officer,
    _("Only the head of the unit, a head above and the quality office give an action to somebody else."),
)
allow(
    "capa.prove_action",
    does_it | prepares_for_unit | is_quality_officer,
    _("Evidence is attached by the person who does the action, people of the unit and the quality office."),
)
allow(
    "capa.ask_extension_action",
    does_it | coordinates | leads,
    _("Only the person who does the action, the unit's coordinator or its head asks for a later deadline."),
)
_EXTENSION = _(
    "The head who approved decides about a later deadline, or the head above; never the person who asked or who does the action."
)
allow("capa.grant_extension_action", decides_extension, _EXTENSION)
allow("capa.refuse_extension_action", decides_extension, _EXTENSION)
allow(
    "capa.cancel_action",
    is_quality_officer
    | (~is_approved_already & ~is_submitted & prepares_for_unit)
    | (is_submitted & (submitted_it | coordinates | leads)),
    _(
        "Before it is submitted people of the unit may cancel an action, while it waits whoever submitted it, the coordinator "
        "and the head; after approval only the quality office."
    ),
)


# -- what an action serves besides its plan --------------------------------------------------------
@predicate
def prepares_served(person: Any, link: Any) -> bool:
    """Works in the unit of the record that the action serves, coordinates or heads it, or owns the record."""
    record = link.record
    if record is None:
        return False
    return getattr(record, "owner_id", None) == person.pk or prepares_for_unit(person, record)


_SERVES = _(
    "Only people of the unit whose record it serves, its owner and the quality office link an action or take it off."
)
allow("capa.change_link", ~anybody, _("A link is not edited: take it off and make another one."))
allow("capa.add_link", prepares_served | is_quality_officer, _SERVES)
allow("capa.cancel_link", prepares_served | is_quality_officer, _SERVES)
