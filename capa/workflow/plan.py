"""Steps of a CAPA plan."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import deciders, deciding_unit, quality_office
from qa_portal.workflow.steps import Steps, leads_to, move

from ..forms import CheckEffectForm, CheckerForm, EndorseForm, ReasonForm, VerifyForm
from ..models import CapaAction, CapaPlan
from ..permissions import effect_checker, in_quality_office, plan_approver, verifier
from . import family

steps = Steps(CapaPlan)


# -- what must be there ----------------------------------------------------------------
def _has_actions(plan: CapaPlan) -> Any | None:
    """It has at least one action."""
    if all(action.state == CapaAction.CANCELLED for action in plan.actions.all()):
        return _("The plan has no actions yet: add at least one.")
    return None


def _has_cause(plan: CapaPlan) -> Any | None:
    """The cause is written."""
    return None if plan.cause.strip() else _("Write the cause first.")


def _no_past_deadlines(plan: CapaPlan) -> Any | None:
    """No deadline lies in the past."""
    today = timezone.localdate()
    late = next((a for a in plan.actions.all() if a.state in CapaAction.EDITABLE_STATES and a.due < today), None)
    if late:
        return _("Action %(place)s has a deadline in the past: set a new one.") % {"place": late.place}
    return None


def _date_has_come(plan: CapaPlan) -> Any | None:
    """The planned day of the check has come."""
    if plan.check_on and plan.check_on > timezone.localdate():
        return _("The effect is checked from %(date)s on: give the measures time to work.") % {
            "date": date_format(plan.check_on, "DATE_FORMAT")
        }
    return None


def _finding_waits(plan: CapaPlan) -> Any | None:
    """The finding is open and has no next plan yet."""
    if not plan.finding.is_open:
        return _("The finding is no longer open.")
    if plan.finding.has_live_plan:
        return _("The next plan of this finding is there already.")
    return None


def _every_item_proved(plan: CapaPlan) -> Any | None:
    """Every action marked as carried out still has valid evidence."""
    for action in plan.actions.all():
        if action.state == CapaAction.CARRIED_OUT and not action.proofs_count():
            return _("Action %(place)s has no valid evidence any more: send it back.") % {"place": action.place}
    return None


def _council_has_decided(plan: CapaPlan) -> Any | None:
    """After an external evaluation the Academic Council has decided about the plan."""
    if plan.waits_for_council:
        return _("The finding came from an external evaluation: the Academic Council decides about this plan first.")
    return None


def _council_is_asked(plan: CapaPlan) -> Any | None:
    """The finding came from an external evaluation, and the Council has not decided yet."""
    if plan.endorsed_on:
        return _("The Academic Council has decided about this plan already.")
    return None if plan.waits_for_council else _("The finding did not come from an external evaluation.")


# -- who is told ----------------------------------------------------------------------------
def _those_who_decide(plan: CapaPlan) -> list[Any]:
    """The heads who decide about its items and today's deputies; without a free head the Board."""
    units = {
        action.approval_unit
        for action in plan.actions.filter(state=CapaAction.SUBMITTED).select_related("approval_unit")
    }
    return [person for unit in units for person in deciders(unit)]


def _submitter(plan: CapaPlan) -> list[Any]:
    """Whoever submitted it."""
    return [plan.submitted_by]


def _unit_people(plan: CapaPlan) -> list[Any]:
    """The submitter, the doers and the head of the unit."""
    owners = [action.owner for action in plan.live_actions().select_related("owner")]
    return [plan.submitted_by, *owners, *deciders(plan.unit)]


def _checker(plan: CapaPlan) -> list[Any]:
    """The person named to check the effect."""
    return [plan.checker] if plan.checker else []


# -- steps ---------------------------------------------------------------------------------------
@steps.step(
    CapaPlan.DRAFT,
    CapaPlan.RETURNED,
    to=CapaPlan.SUBMITTED,
    label=_("Submit for approval"),
    needs=[_has_cause, _has_actions, _no_past_deadlines],
    tells=[_those_who_decide],
    primary=True,
    icon="send",
)
def submit(plan: CapaPlan, by: Any) -> None:
    """Hand the plan to the head of the unit; what is a head's own work goes to the head above, at the top to the Board."""
    plan.submitted_by = by
    plan.submitted_on = timezone.localdate()
    for action in plan.actions.filter(state__in=CapaAction.EDITABLE_STATES):
        own = {pk for pk in (by.pk, action.owner_id, action.created_by_id, *action.authors) if pk}
        move(
            action,
            CapaAction.SUBMITTED,
            by=by,
            verb="submit",
            submitted_by=by,
            first_due=action.due,
            approval_unit=deciding_unit(plan.unit, own),
        )


@leads_to(CapaPlan.IN_PROGRESS, CapaPlan.RETURNED)
def _after_approval(plan: CapaPlan, **inputs: Any) -> str:
    returned = plan.actions.filter(state=CapaAction.RETURNED).exists()
    return CapaPlan.RETURNED if returned else CapaPlan.IN_PROGRESS


def _begin(plan: CapaPlan, by: Any) -> None:
    """The approved actions begin."""
    if plan.state == CapaPlan.IN_PROGRESS:
        family.begin_actions(plan, by)


@steps.step(
    CapaPlan.SUBMITTED,
    to=_after_approval,
    label=_("Approve"),
    tells=[_submitter],
    primary=True,
    icon="check",
    then=_begin,
    office=plan_approver,
    help=_("Every item still submitted is approved; its doer is told."),
)
def approve(plan: CapaPlan, by: Any) -> None:
    """Approve every item still submitted; with that the work begins."""
    now = timezone.now()
    for action in plan.actions.filter(state=CapaAction.SUBMITTED).select_related("owner"):
        move(action, CapaAction.APPROVED, by=by, verb="approve", tells=[action.owner], approved_by=by, approved_at=now)
    if not plan.actions.filter(state=CapaAction.RETURNED).exists():
        plan.approved_on = timezone.localdate()


def _send_items_back(plan: CapaPlan, by: Any, reason: str) -> None:
    submitted = plan.state == CapaPlan.SUBMITTED
    from_state = CapaAction.SUBMITTED if submitted else CapaAction.CARRIED_OUT
    to_state = CapaAction.RETURNED if submitted else CapaAction.IN_PROGRESS
    for action in plan.actions.filter(state=from_state).select_related("owner"):
        tells = [] if submitted else [action.owner]
        due = action.due if submitted else family.time_to_mend(action)
        move(action, to_state, by=by, verb="send_back", why=reason, tells=tells, due=due)
    if not submitted:
        plan.implemented_on = None


@steps.step(
    CapaPlan.SUBMITTED,
    CapaPlan.IMPLEMENTED,
    to={CapaPlan.SUBMITTED: CapaPlan.RETURNED, CapaPlan.IMPLEMENTED: CapaPlan.IN_PROGRESS},
    label=_("Send back"),
    form=ReasonForm,
    tells=[_submitter],
    icon="corner-up-left",
    office=lambda plan, by: plan_approver(plan, by) if plan.state == CapaPlan.SUBMITTED else verifier(plan, by),
)
def send_back(plan: CapaPlan, by: Any, reason: str) -> None:
    """Send the plan back with a remark: before approval to be mended, after carrying out to be finished."""
    _send_items_back(plan, by, reason)


@steps.step(
    CapaPlan.SUBMITTED,
    CapaPlan.IN_PROGRESS,
    CapaPlan.IMPLEMENTED,
    label=_("Endorse by the Academic Council"),
    form=EndorseForm,
    needs=[_council_is_asked],
    tells=[_unit_people],
    icon="gavel",
    only_if=lambda plan: plan.waits_for_council,
)
def endorse(plan: CapaPlan, by: Any, basis: str = "") -> None:
    """The Academic Council approves a plan that answers to an external evaluation; without it the plan is not verified."""
    plan.endorsed_on = timezone.localdate()
    plan.endorsement = basis


@steps.step(
    CapaPlan.SUBMITTED,
    CapaPlan.IN_PROGRESS,
    CapaPlan.IMPLEMENTED,
    label=_("Take back the endorsement"),
    form=ReasonForm,
    tells=[_unit_people],
    icon="corner-up-left",
    only_if=lambda plan: False,
)
def undo_endorsement(plan: CapaPlan, by: Any, reason: str) -> None:
    """A body above has annulled the Council's decision about this plan: it waits for a decision again."""
    plan.endorsed_on, plan.endorsement = None, ""


@steps.step(
    CapaPlan.IMPLEMENTED,
    to=CapaPlan.VERIFIED,
    label=_("Verify"),
    form=VerifyForm,
    needs=[_every_item_proved, _council_has_decided],
    office=verifier,
    tells=[_unit_people, _checker],
    primary=True,
    icon="eye-check",
)
def verify(plan: CapaPlan, by: Any, check_on: datetime.date, checker: Any = None, note: str = "") -> None:
    """Confirm from the evidence that every action was carried out, and plan when its effect is checked and by whom."""
    plan.verified_by = by
    plan.verified_on = timezone.localdate()
    plan.check_on = check_on
    plan.checker = checker
    for action in plan.actions.filter(state=CapaAction.CARRIED_OUT):
        move(action, CapaAction.VERIFIED, by=by, verb="verify")


@steps.step(
    CapaPlan.VERIFIED,
    label=_("Name who checks the effect"),
    form=CheckerForm,
    tells=[_checker],
    office=in_quality_office,
    icon="user-check",
)
def name_checker(plan: CapaPlan, by: Any, checker: Any, note: str = "") -> None:
    """Somebody independent is named, or somebody else instead, to check the effect on its day."""
    plan.checker = checker


@leads_to(CapaPlan.CLOSED, CapaPlan.NOT_EFFECTIVE)
def _by_effect(plan: CapaPlan, effective: bool, **inputs: Any) -> str:
    return CapaPlan.CLOSED if effective else CapaPlan.NOT_EFFECTIVE


def _close_the_loop(plan: CapaPlan, by: Any) -> None:
    """If the effect is confirmed the finding closes, and those who raised it are told."""
    if plan.state == CapaPlan.CLOSED and plan.finding.is_open:
        family.close_finding(plan.finding, by, plan.effect_note)


def _quality_office(plan: CapaPlan) -> list[Any]:
    """The quality office."""
    return list(quality_office())


@steps.step(
    CapaPlan.VERIFIED,
    to=_by_effect,
    label=_("Check the effect"),
    form=CheckEffectForm,
    needs=[_date_has_come],
    tells=[_unit_people, _quality_office],
    primary=True,
    icon="target-arrow",
    then=_close_the_loop,
    office=effect_checker,
)
def check_effect(plan: CapaPlan, by: Any, effective: bool, note: str) -> None:
    """Somebody independent looks whether the cause has gone. If so the finding closes and those who raised it are told."""
    plan.effective = effective
    plan.effect_note = note
    plan.checked_by = by
    plan.checked_on = timezone.localdate()


def _open_next(plan: CapaPlan, by: Any) -> None:
    """The finding's next plan is drafted with the same cause, to be thought over."""
    CapaPlan(finding=plan.finding, unit=plan.unit, cause=plan.cause).add(by=by, why=str(plan.number))


@steps.step(
    CapaPlan.NOT_EFFECTIVE,
    label=_("Open the next plan"),
    needs=[_finding_waits],
    tells=[_unit_people],
    primary=True,
    icon="refresh",
    then=_open_next,
)
def reopen(plan: CapaPlan, by: Any) -> None:
    """The measures did not help: open the finding's next plan, to look deeper for the cause."""


@steps.step(
    CapaPlan.DRAFT,
    CapaPlan.SUBMITTED,
    CapaPlan.RETURNED,
    CapaPlan.IN_PROGRESS,
    CapaPlan.IMPLEMENTED,
    CapaPlan.VERIFIED,
    to=CapaPlan.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_unit_people],
    office=in_quality_office,
    danger=True,
    icon="ban",
)
def cancel(plan: CapaPlan, by: Any, reason: str) -> None:
    """End the plan without effect, with the reason; its open actions end with it and the finding stays open."""
    for action in plan.actions.exclude(state__in=(CapaAction.CANCELLED, CapaAction.VERIFIED)):
        move(action, CapaAction.CANCELLED, by=by, verb="cancel", why=reason)
