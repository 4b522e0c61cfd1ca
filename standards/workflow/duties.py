"""Steps of a duty: shown by a paper, decided by a body, dated, not needed, opened again. What the clock does stands beside."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.people.heads import quality_office
from qa_portal.permissions import Refused, refusal
from qa_portal.workflow.steps import Steps
from qa_portal.workflow.writing import door

from ..duty_people import responsible_people
from ..forms.duties import DecideForm, FulfilForm, ReasonForm, SetDateForm
from ..models import Duty, DutyRule, DutyStart
from ..permissions.duties import fulfiller, judge
from .duties_closing import count_from, let_follow

steps = Steps(Duty)


def _answering(duty: Duty) -> list[Any]:
    """Those who answer for the duty."""
    return responsible_people(duty)


def _office(duty: Duty) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _never(duty: Duty) -> bool:
    """No button: only the decision of a body takes this step."""
    return False


def _office_sets_date(duty: Duty) -> bool:
    return duty.rule.date_by_office


def _date_is_free(duty: Duty) -> Any | None:
    """Its rule leaves the day to the office."""
    return None if duty.rule.date_by_office else _("The rule itself says by when it is due.")


@steps.step(
    Duty.OPEN,
    to=Duty.DONE,
    label=_("Show that it is done"),
    form=FulfilForm,
    tells=[_office],
    primary=True,
    icon="check",
    office=fulfiller,
    help=_("Attach the paper that shows it."),
    then=let_follow,
)
def fulfil(duty: Duty, by: Any, done_on: datetime.date, note: str = "", **proof: Any) -> None:
    """Whoever answers for the duty says when it was done and attaches the paper that shows it."""
    attach_proof(duty, by, **proof)
    duty.done_on, duty.done_by, duty.note = done_on, by, note


@steps.step(
    Duty.OPEN,
    to=Duty.DONE,
    label=_("Decide"),
    form=DecideForm,
    tells=[_answering],
    only_if=_never,
    icon="gavel",
    then=let_follow,
)
def decide(duty: Duty, by: Any, decision: Any) -> None:
    """The body that the duty names has considered it and decided."""
    duty.done_on, duty.done_by, duty.means = decision.decided_on, by, decision


@steps.step(
    Duty.DONE,
    to=Duty.OPEN,
    label=_("Take the decision back"),
    form=ReasonForm,
    tells=[_answering, _office],
    only_if=_never,
    danger=True,
    icon="corner-up-left",
)
def undo_decision(duty: Duty, by: Any, reason: str) -> None:
    """A body above annulled the decision: the duty is open again."""
    _open_again(duty)


@steps.step(
    Duty.OPEN,
    to=None,
    label=_("Set the date"),
    form=SetDateForm,
    needs=[_date_is_free],
    tells=[_answering],
    only_if=_office_sets_date,
    icon="calendar",
    office=fulfiller,
)
def set_date(duty: Duty, by: Any, due_on: datetime.date, reason: str) -> None:
    """Where the rule leaves the day to the office, it sets one; the last day by the rule stays visible."""
    duty.due_on = due_on
    duty.opens_on = min(duty.opens_on, due_on)


@steps.step(
    Duty.OPEN,
    to=Duty.WAIVED,
    label=_("Not needed this time"),
    form=ReasonForm,
    tells=[_answering],
    danger=True,
    icon="ban",
    office=judge,
)
def waive(duty: Duty, by: Any, reason: str) -> None:
    """The quality representative or the quality office say why it is not needed this time; the next one comes as usual."""


@steps.step(
    Duty.DONE,
    Duty.WAIVED,
    to=Duty.OPEN,
    label=_("Open again"),
    form=ReasonForm,
    tells=[_answering],
    danger=True,
    icon="refresh",
    office=judge,
)
def reopen(duty: Duty, by: Any, reason: str) -> None:
    """It turned out not to be done, or to be needed after all."""
    _open_again(duty)


def _open_again(duty: Duty) -> None:
    duty.done_on = duty.done_by = duty.means_type = duty.means_id = None


def type_start(start: DutyStart, by: Any) -> int:
    """The quality office says when it was last fulfilled; the duty that is open is counted from that day."""
    sentence = refusal(by, "standards.start_dutyrule", start.rule)
    if sentence:
        raise Refused(sentence)
    with transaction.atomic(), door("step"):
        start.by = by
        start.full_clean(exclude=["subject_type"])
        start.save()
        if start.rule.timing != DutyRule.Timing.FROM_LAST:
            return 0
        rows = Duty.objects.filter(rule=start.rule, subject_type=start.subject_type_id, subject_id=start.subject_id)
        # What was done in the portal itself is later than what was done before it.
        if rows.filter(state=Duty.DONE, done_on__gte=start.on).exists():
            return 0
        found = list(rows.open().select_for_update(of=("self",)).select_related("rule"))
        for duty in found:
            count_from(duty, start.on, by)
        return len(found)
