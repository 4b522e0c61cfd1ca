"""Steps of a measure on a risk (N2 §6.1)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.people.heads import deciders, deciding_unit
from qa_portal.workflow.steps import Steps

from ..forms.risks import CarryOutForm, HandOverForm, MoveDeadlineForm, ReasonForm
from ..models import RiskMeasure

steps = Steps(RiskMeasure)


def _owner(measure: RiskMeasure) -> list[Any]:
    """Whoever does it."""
    return [measure.owner]


def _both_owners(measure: RiskMeasure) -> list[Any]:
    """Whoever does it from now on, and whoever had it before."""
    return [measure.owner, getattr(measure, "handed_from", None)]


def _owner_of_risk(measure: RiskMeasure) -> list[Any]:
    """The owner of the risk; where it has none, the head of the unit."""
    risk = measure.risk
    if risk.owner_id:
        return [risk.owner]
    unit = deciding_unit(risk.unit, set())
    return list(deciders(unit)) if unit is not None else []


@steps.step(
    RiskMeasure.OPEN,
    to=RiskMeasure.DONE,
    label=_("Mark as carried out"),
    form=CarryOutForm,
    tells=[_owner_of_risk],
    primary=True,
    icon="flag",
)
def carry_out(measure: RiskMeasure, by: Any, done_note: str, **proof: Any) -> None:
    """Say what was done; what shows it may be attached. Then the risk is rated after measures."""
    attach_proof(measure, by, **proof)
    measure.done_note, measure.done_on = done_note, timezone.localdate()


@steps.step(
    RiskMeasure.OPEN, to=None, label=_("Move the deadline"), form=MoveDeadlineForm, tells=[_owner], icon="clock-plus"
)
def move_deadline(measure: RiskMeasure, by: Any, due: datetime.date, reason: str) -> None:
    """Give another deadline and say why; the history keeps the one before."""
    measure.due = due


@steps.step(
    RiskMeasure.OPEN,
    to=None,
    label=_("Give to somebody else"),
    form=HandOverForm,
    tells=[_both_owners],
    icon="user-check",
)
def hand_over(measure: RiskMeasure, by: Any, owner: Any, reason: str) -> None:
    """Somebody else does it from now on; the deadline stays."""
    measure.handed_from = measure.owner
    measure.owner = owner


@steps.step(
    RiskMeasure.OPEN,
    to=RiskMeasure.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_owner],
    danger=True,
    icon="ban",
)
def cancel(measure: RiskMeasure, by: Any, reason: str) -> None:
    """The measure is not needed any more."""
