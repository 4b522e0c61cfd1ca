"""Steps of one action of a plan."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.people.heads import deciders, deciding_unit, quality_office
from qa_portal.workflow.steps import Steps, move

from ..forms import (
    AskExtensionForm,
    CarryOutForm,
    GrantExtensionForm,
    HandOverForm,
    ReasonForm,
    RefuseExtensionForm,
)
from ..models import CapaAction, CapaPlan, Extension
from ..permissions import approver, extension_decider, in_quality_office
from . import family

steps = Steps(CapaAction)


# -- what must be there ------------------------------------------------------------------
def _plan_submitted(action: CapaAction) -> Any | None:
    """The plan is submitted."""
    return None if action.plan.state == CapaPlan.SUBMITTED else _("The plan is not submitted.")


def _extension_asked(action: CapaAction) -> Any | None:
    """A later deadline was asked for."""
    return None if action.waiting_extension else _("No later deadline was asked for.")


def _no_extension_asked(action: CapaAction) -> Any | None:
    """No other later deadline waits for a decision."""
    return _("A later deadline is asked for already and waits for a decision.") if action.waiting_extension else None


# -- who is told -----------------------------------------------------------------------------
def _owner(action: CapaAction) -> list[Any]:
    """The person who does the action."""
    return [action.owner]


def _owner_and_submitter(action: CapaAction) -> list[Any]:
    """The person who does the action and whoever submitted it."""
    return [action.owner, action.submitted_by]


def _those_who_decide(action: CapaAction) -> list[Any]:
    """The head who decides and today's deputies; without a free head the Board."""
    return list(deciders(action.approval_unit))


def _those_who_decide_about_it(action: CapaAction) -> list[Any]:
    """The nearest head who neither asked nor does the work, and that head's deputies; without one the Board."""
    asked = action.extensions.filter(state=Extension.ASKED).select_related("unit").first()
    return list(deciders(asked.unit)) if asked else []


def _asker(action: CapaAction) -> list[Any]:
    """The person who does the action and whoever asked for the later deadline."""
    latest = action.extensions.select_related("asked_by").first()
    return [action.owner, latest.asked_by if latest else None]


# -- steps ------------------------------------------------------------------------------------
def _settle(action: CapaAction, by: Any) -> None:
    """Once no item is submitted or returned any more, the plan is in progress and its actions begin; with a returned item it goes back to the unit."""
    family.start_if_decided(action.plan, by)


@steps.step(
    CapaAction.SUBMITTED,
    to=CapaAction.APPROVED,
    label=_("Approve"),
    needs=[_plan_submitted],
    tells=[_owner],
    primary=True,
    bulk=True,
    icon="check",
    then=_settle,
    office=approver,
)
def approve(action: CapaAction, by: Any) -> None:
    """The head of the responsible unit agrees that this is done, by this person, by this day."""
    action.approved_by = by
    action.approved_at = timezone.now()


def _after_sending_back(action: CapaAction, by: Any) -> None:
    """An item sent back before approval takes the plan back to the unit once all items are decided; one sent back afterwards, to work in progress."""
    plan = action.plan
    if action.state == CapaAction.RETURNED:
        family.start_if_decided(plan, by)
    elif plan.state == CapaPlan.IMPLEMENTED:
        move(plan, CapaPlan.IN_PROGRESS, by=by, verb="send_back", implemented_on=None)


@steps.step(
    CapaAction.SUBMITTED,
    CapaAction.CARRIED_OUT,
    to={CapaAction.SUBMITTED: CapaAction.RETURNED, CapaAction.CARRIED_OUT: CapaAction.IN_PROGRESS},
    label=_("Send back"),
    form=ReasonForm,
    tells=[_owner_and_submitter],
    bulk=True,
    icon="corner-up-left",
    then=_after_sending_back,
    office=lambda action, by: (
        approver(action, by) if action.state == CapaAction.SUBMITTED else in_quality_office(action, by)
    ),
)
def send_back(action: CapaAction, by: Any, reason: str) -> None:
    """Send the item back with a remark: before approval to be mended, after carrying out to be finished.

    Work sent back after its deadline gets some days to be finished: it is not late on the very day.
    """
    if action.state == CapaAction.CARRIED_OUT:
        action.due = family.time_to_mend(action)


def _quality_office_if_last(action: CapaAction, by: Any) -> None:
    """With the last open action the plan is implemented, and the quality office is told."""
    family.implemented_if_done(action.plan, by, "carry_out", tells=list(quality_office()))


@steps.step(
    CapaAction.IN_PROGRESS,
    to=CapaAction.CARRIED_OUT,
    label=_("Mark as carried out"),
    form=CarryOutForm,
    tells=[_those_who_decide],
    primary=True,
    icon="flag",
    then=_quality_office_if_last,
)
def carry_out(action: CapaAction, by: Any, note: str, **proof: Any) -> None:
    """Say what was done and attach what proves it; with the last action the plan goes to the quality office."""
    attach_proof(action, by, **proof)
    _drop_extension(action, by)
    action.done_note = note
    action.done_by = by
    action.done_on = timezone.localdate()


@steps.step(
    CapaAction.APPROVED,
    CapaAction.IN_PROGRESS,
    label=_("Ask for an extension"),
    form=AskExtensionForm,
    needs=[_no_extension_asked],
    only_if=lambda action: action.waiting_extension is None,
    tells=[_those_who_decide_about_it],
    icon="extend",
)
def ask_extension(action: CapaAction, by: Any, until: datetime.date, reason: str) -> None:
    """Ask for a later deadline and say why; the first deadline stays visible."""
    unit = deciding_unit(action.unit, {action.owner_id, by.pk})
    Extension.objects.create(action=action, from_due=action.due, until=until, reason=reason, asked_by=by, unit=unit)


def _drop_extension(action: CapaAction, by: Any) -> None:
    """A later deadline still asked for is no longer needed."""
    waiting = action.extensions.filter(state=Extension.ASKED)
    waiting.update(state=Extension.FELL_AWAY, decided_by=by, decided_at=timezone.now())


def _decide(action: CapaAction, by: Any, state: str, note: str) -> Extension:
    extension = action.extensions.get(state=Extension.ASKED)
    extension.state, extension.note = state, note
    extension.decided_by, extension.decided_at = by, timezone.now()
    extension.save()
    return extension


@steps.step(
    CapaAction.APPROVED,
    CapaAction.IN_PROGRESS,
    label=_("Grant the extension"),
    form=GrantExtensionForm,
    needs=[_extension_asked],
    only_if=lambda action: action.waiting_extension is not None,
    tells=[_asker],
    office=extension_decider,
    icon="calendar-check",
)
def grant_extension(action: CapaAction, by: Any, note: str = "") -> None:
    """Agree to the later deadline; reminders follow the new one."""
    action.due = _decide(action, by, Extension.GRANTED, note).until


@steps.step(
    CapaAction.APPROVED,
    CapaAction.IN_PROGRESS,
    label=_("Refuse the extension"),
    form=RefuseExtensionForm,
    needs=[_extension_asked],
    only_if=lambda action: action.waiting_extension is not None,
    tells=[_asker],
    office=extension_decider,
    icon="calendar-x",
)
def refuse_extension(action: CapaAction, by: Any, reason: str) -> None:
    """Keep the deadline, with the reason."""
    _decide(action, by, Extension.REFUSED, reason)


def _after_cancelling(action: CapaAction, by: Any) -> None:
    """What remains decides: the plan begins, or is implemented, as if the cancelled item had never been there."""
    family.start_if_decided(action.plan, by, "cancel")
    family.returned_if_empty(action.plan, by)
    family.implemented_if_done(action.plan, by, "cancel", tells=list(quality_office()))


@steps.step(
    CapaAction.DRAFT,
    CapaAction.SUBMITTED,
    CapaAction.RETURNED,
    CapaAction.APPROVED,
    CapaAction.IN_PROGRESS,
    to=CapaAction.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_owner_and_submitter],
    danger=True,
    icon="ban",
    then=_after_cancelling,
)
def cancel(action: CapaAction, by: Any, reason: str) -> None:
    """Take the item out of the plan with a reason. A cancelled action counts as nothing done."""
    _drop_extension(action, by)


def _new_owner(action: CapaAction) -> list[Any]:
    """The person who does it from now on, and whoever submitted it."""
    return [action.owner, action.submitted_by]


@steps.step(
    CapaAction.APPROVED,
    CapaAction.IN_PROGRESS,
    label=_("Give to somebody else"),
    form=HandOverForm,
    tells=[_new_owner],
    icon="user-check",
)
def hand_over(action: CapaAction, by: Any, owner: Any, reason: str) -> None:
    """Somebody else does the action from now on, for instance because its doer has left; the deadline stays."""
    action.owner = owner
