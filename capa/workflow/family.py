"""What one record's step brings with it in the others: finding ← plan ← actions."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from qa_portal.people.heads import deciders, deciding_unit
from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import policy
from qa_portal.workflow.steps import move
from qa_portal.workflow.writing import door

from ..models import CapaAction, CapaPlan, Finding
from ..permissions import own_work


def start_if_decided(plan: CapaPlan, by: Any, verb: str = "approve") -> None:
    """After a decision on an item, or when one is cancelled: where the plan stands now.

    Something still submitted: it waits. Nothing left at all, or something returned: back to the unit. All that is left is
    approved: the work begins.
    """
    if plan.state not in (CapaPlan.SUBMITTED, CapaPlan.RETURNED):
        return
    states = set(plan.actions.values_list("state", flat=True)) - {CapaAction.CANCELLED}
    if CapaAction.SUBMITTED in states:
        return
    if states == {CapaAction.APPROVED}:
        today = timezone.localdate()
        move(
            plan,
            CapaPlan.IN_PROGRESS,
            by=by,
            verb=verb,
            letter="plan_approve",
            tells=[plan.submitted_by],
            approved_on=today,
        )
        begin_actions(plan, by)
    elif plan.state == CapaPlan.SUBMITTED:
        move(plan, CapaPlan.RETURNED, by=by, verb="send_back", tells=[plan.submitted_by])


def returned_if_empty(plan: CapaPlan, by: Any) -> None:
    """Every item of a plan in progress was cancelled: the unit adds new ones or the quality office cancels the plan."""
    if plan.state == CapaPlan.IN_PROGRESS and not plan.live_actions().exists():
        move(plan, CapaPlan.RETURNED, by=by, verb="cancel", letter="plan_send_back", tells=[plan.submitted_by])


def begin_actions(plan: CapaPlan, by: Any) -> None:
    for action in plan.actions.filter(state=CapaAction.APPROVED):
        move(action, CapaAction.IN_PROGRESS, by=by, verb="begin")


def time_to_mend(action: CapaAction) -> datetime.date:
    """The deadline of work that was sent back: the old one, or some days from now if that is later (a policy number)."""
    return max(action.due, timezone.localdate() + datetime.timedelta(days=policy("capa.mend_within")))


def implemented_if_done(plan: CapaPlan, by: Any, verb: str, tells: Any = ()) -> None:
    """The last open action is carried out: the plan is implemented. A cancelled action alone moves nothing."""
    states = set(plan.actions.values_list("state", flat=True)) - {CapaAction.CANCELLED}
    if plan.state == CapaPlan.IN_PROGRESS and states == {CapaAction.CARRIED_OUT}:
        move(
            plan,
            CapaPlan.IMPLEMENTED,
            by=by,
            verb=verb,
            tells=tells,
            letter="plan_implemented",
            implemented_on=timezone.localdate(),
        )


def close_finding(finding: Finding, by: Any, why: str) -> None:
    """The loop is closed: those who raised the signal are told."""
    move(
        finding,
        Finding.CLOSED,
        by=by,
        verb="close",
        why=why,
        closed_on=timezone.localdate(),
        tells=finding.those_who_raised_it(),
        letter="finding_close",
    )


def reroute() -> int:
    """Submitted items whose decider has changed (the head left, or became one whose work it is) go to who decides now.

    Run by the clock. Returns how many were moved; each move stands in history and the new deciders are told.
    """
    moved = 0
    waiting = CapaAction.objects.filter(state=CapaAction.SUBMITTED).values_list("pk", "plan__finding_id")
    for pk, finding_id in list(waiting):
        with transaction.atomic(), door("step"):
            list(Finding.objects.filter(pk=finding_id).select_for_update().values_list("pk"))
            action = CapaAction.objects.select_related("unit", "plan").get(pk=pk)
            if action.state != CapaAction.SUBMITTED:
                continue
            unit = deciding_unit(action.unit, own_work(action))
            if (unit.pk if unit else None) == action.approval_unit_id:
                continue
            move(action, action.state, by=SYSTEM, verb="reroute", tells=deciders(unit), approval_unit=unit)
            moved += 1
    return moved
