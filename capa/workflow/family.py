"""What one record's step brings with it in the others: finding ← plan ← actions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qa_portal.workflow.steps import move

from ..models import CapaAction, CapaPlan, Finding


def start_if_decided(plan: CapaPlan, by: Any) -> None:
    """After a decision on an item: nothing submitted or returned → the work begins; only returned ones → back to the unit."""
    states = set(plan.actions.values_list("state", flat=True))
    if CapaAction.SUBMITTED in states or plan.state != CapaPlan.SUBMITTED:
        return
    if CapaAction.RETURNED in states:
        move(plan, CapaPlan.RETURNED, by=by, verb="send_back", tells=[plan.submitted_by])
    elif CapaAction.APPROVED in states:
        move(
            plan,
            CapaPlan.IN_PROGRESS,
            by=by,
            verb="approve",
            tells=[plan.submitted_by],
            approved_on=timezone.localdate(),
        )
        begin_actions(plan, by)


def begin_actions(plan: CapaPlan, by: Any) -> None:
    for action in plan.actions.filter(state=CapaAction.APPROVED):
        move(action, CapaAction.IN_PROGRESS, by=by, verb="begin")


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
