"""Steps of an assignment that a decision gave."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.workflow.steps import Steps, move

from ..forms.work import CarryOutForm, HandOverForm, MoveDeadlineForm, NoteForm, ReasonForm
from ..models import Assignment
from ..models.work import RUNNING, heads_for, seated

steps = Steps(Assignment)


def _owner(assignment: Assignment) -> list[Any]:
    """The person who does the assignment."""
    return [assignment.owner]


def _those_who_run(assignment: Assignment) -> list[Any]:
    """The chair, the deputy chair and the secretary of the body that decided."""
    return list(seated(assignment.decision.body_id, *RUNNING))


def _owner_and_head(assignment: Assignment) -> list[Any]:
    """The person who does the assignment and the head of that person's unit."""
    return [assignment.owner, *heads_for(assignment.unit, {assignment.owner_id}, board=False)]


def _both_owners(assignment: Assignment) -> list[Any]:
    """The person who does it from now on, that person's head, and whoever had it before."""
    return [*_owner_and_head(assignment), getattr(assignment, "handed_from", None)]


@steps.step(
    Assignment.OPEN,
    to=Assignment.CARRIED_OUT,
    label=_("Mark as carried out"),
    form=CarryOutForm,
    tells=[_those_who_run],
    primary=True,
    icon="flag",
)
def carry_out(assignment: Assignment, by: Any, note: str = "", **proof: Any) -> None:
    """Say what was done or attach what shows it; the secretary of the body looks at it."""
    attach_proof(assignment, by, **proof)
    assignment.done_note = note
    assignment.done_on = timezone.localdate()


@steps.step(
    Assignment.CARRIED_OUT,
    to=Assignment.ACCEPTED,
    label=_("Accept"),
    form=NoteForm,
    tells=[_owner],
    primary=True,
    icon="check",
)
def accept(assignment: Assignment, by: Any, note: str = "") -> None:
    """The chair or the secretary of the body agrees that the assignment is done; nobody accepts their own."""
    assignment.accepted_on = timezone.localdate()


@steps.step(
    Assignment.CARRIED_OUT,
    to=Assignment.OPEN,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_owner],
    icon="corner-up-left",
)
def send_back(assignment: Assignment, by: Any, reason: str) -> None:
    """Send the assignment back with a remark: it is not done yet. The deadline stays."""
    assignment.done_on = None


@steps.step(
    Assignment.OPEN,
    to=None,
    label=_("Move the deadline"),
    form=MoveDeadlineForm,
    tells=[_owner_and_head],
    icon="extend",
)
def move_deadline(assignment: Assignment, by: Any, until: datetime.date, reason: str) -> None:
    """Give another deadline and say why; the first deadline stays visible, reminders follow the new one."""
    assignment.due = until


@steps.step(
    Assignment.OPEN,
    to=None,
    label=_("Give to somebody else"),
    form=HandOverForm,
    tells=[_both_owners],
    icon="user-check",
)
def hand_over(assignment: Assignment, by: Any, owner: Any, reason: str) -> None:
    """Somebody else does the assignment from now on; the deadline stays."""
    assignment.handed_from = assignment.owner
    assignment.owner, assignment.unit = owner, owner.unit


@steps.step(
    Assignment.OPEN,
    Assignment.CARRIED_OUT,
    to=Assignment.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_owner_and_head],
    danger=True,
    icon="ban",
)
def cancel(assignment: Assignment, by: Any, reason: str) -> None:
    """The chair of the body takes the assignment back with a reason."""


def fall_away(decision: Any, by: Any, why: str) -> int:
    """What still stood open of a decision that was annulled is cancelled with it; called from inside a step."""
    live = decision.assignments.filter(state__in=(Assignment.OPEN, Assignment.CARRIED_OUT)).select_related("owner")
    rows = list(live)
    for row in rows:
        move(row, Assignment.CANCELLED, by=by, verb="cancel", why=why, tells=[row.owner])
    return len(rows)
