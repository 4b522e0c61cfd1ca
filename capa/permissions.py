"""Who may do what with findings, plans and actions: the policy on one page (domain.md §3, §4; N2 §10.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow, anybody, predicate


# -- predicates --------------------------------------------------------------------------
@predicate
def prepares_for_unit(person: Any, record: Any) -> bool:
    """Works in the unit, coordinates quality there or heads it (or a unit above)."""
    standing, path = person.standing, record.unit.path
    return standing.works_in(path) or standing.coordinates(path) or standing.leads_above(path)


@predicate
def reported_it(person: Any, record: Any) -> bool:
    return record.reporter_id == person.pk


def _own_work(action: Any) -> set[int]:
    """Whose work an action is: submitter, drafter and doer; none of them decides about it."""
    return {pk for pk in (action.submitted_by_id, action.created_by_id, action.owner_id) if pk}


def decides_on(person: Any, action: Any, own: set[int]) -> bool:
    """Heads the unit that decides, or sits on the Board where no head is free; and it is not own work.

    A deputy decides in the head's name, but neither on own work nor on that of the person deputised.
    """
    if person.pk in own:
        return False
    standing = person.standing
    if action.approval_unit_id is None:
        principals = standing.board_principals()
        return standing.board and not (principals and principals <= own)
    principals = standing.deputised_for(action.approval_unit_id)
    return standing.leads(action.approval_unit_id) and not (principals and principals <= own)


@predicate
def approves(person: Any, action: Any) -> bool:
    return decides_on(person, action, _own_work(action))


@predicate
def approves_all_submitted(person: Any, plan: Any) -> bool:
    """Decides on every item still submitted; after the decision, on every item (a second press is "not now", not "not you")."""
    live = [action for action in plan.actions.all() if action.state != action.CANCELLED]
    items = [action for action in live if action.state == action.SUBMITTED] or live
    return bool(items) and all(approves(person, action) for action in items)


@predicate
def decides_extension(person: Any, action: Any) -> bool:
    """The approver, or a head above; never whoever asked for it or does the work."""
    asked = action.waiting_extension
    own = {action.owner_id} | ({asked.asked_by_id} if asked else set())
    if person.pk in own:
        return False
    if decides_on(person, action, own):
        return True
    unit = action.approval_unit or action.unit
    above = [
        h
        for h in person.standing.held
        if h.role == Role.UNIT_HEAD and h.unit_id != unit.pk and unit.path.startswith(h.path)
    ]
    return any(h.principal is None or h.principal not in own for h in above) or person.standing.board


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
    """Everybody who owned, did, drafted, submitted, approved or verified something of a plan."""
    people = {plan.submitted_by_id, plan.created_by_id, plan.verified_by_id}
    for action in plan.actions.all():
        people |= {
            action.owner_id,
            action.done_by_id,
            action.created_by_id,
            action.submitted_by_id,
            action.approved_by_id,
        }
    return {pk for pk in people if pk}


def independent_of(person: Any, plan: Any) -> bool:
    """Not owner, doer, approver or verifier of any item, nor of that unit."""
    standing = person.standing
    return (
        person.pk not in touched_by(plan)
        and not standing.works_in(plan.unit.path)
        and not standing.coordinates(plan.unit.path)
        and not standing.leads_above(plan.unit.path)
    )


@predicate
def verifies(person: Any, plan: Any) -> bool:
    """The quality office, but nobody who did, drafted or approved an item of this plan."""
    return person.standing.quality_office and person.pk not in touched_by(plan)


@predicate
def checks_effect(person: Any, plan: Any) -> bool:
    standing = person.standing
    named = plan.checker_id == person.pk or standing.quality_office or standing.has(Role.QUALITY_REPRESENTATIVE)
    return named and independent_of(person, plan)


@predicate
def is_submitted(person: Any, record: Any) -> bool:
    return record.state == "submitted"


@predicate
def verifies_item(person: Any, action: Any) -> bool:
    """The quality office sends back what was marked as carried out; not the doer."""
    return person.standing.quality_office and person.pk not in {action.owner_id, action.done_by_id}


@predicate
def corrected_it(person: Any, finding: Any) -> bool:
    return finding.corrected_by_id == person.pk


# -- findings ------------------------------------------------------------------------------
_ASB = _("Only the quality office (ASB) does this.")
_UNIT = _("Only people of the unit concerned, its head and the quality office prepare this.")

allow("capa.add_finding", anybody, _("Sign in to report a finding."))
allow(
    "capa.change_finding",
    is_quality_officer | reported_it,
    _("Only the quality office and the person who reported the finding may edit it."),
)
allow("capa.correct_finding", prepares_for_unit | is_quality_officer, _UNIT)
allow(
    "capa.close_finding",
    is_quality_officer & ~corrected_it,
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
    (is_submitted & approves_all_submitted) | (~is_submitted & verifies),
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
allow("capa.reopen_plan", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.cancel_plan", is_quality_officer, _ASB)

# -- actions ------------------------------------------------------------------------------------
allow("capa.add_action", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.change_action", prepares_for_unit | is_quality_officer, _UNIT)
allow("capa.approve_action", approves, _APPROVER)
allow(
    "capa.send_back_action",
    (is_submitted & approves) | (~is_submitted & verifies_item),
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
    (~is_approved_already & prepares_for_unit) | is_quality_officer,
    _("Before approval people of the unit may cancel an action; afterwards only the quality office."),
)
