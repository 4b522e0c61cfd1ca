"""Steps of a risk of a unit (domain.md §2; N2 §6.1)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import deciders, deciding_unit, quality_office
from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import Steps, leads_to, move

from ..forms.risks import (
    AssessAfterForm,
    AssessForm,
    ComeTrueForm,
    ReasonForm,
    ReviewForm,
    next_review,
)
from ..models import RiskEvent, RiskMeasure, RiskRating, UnitRisk
from ..permissions.risks import closer
from . import context_sheets, risk_measures  # noqa: F401 - their steps are declared with those of risks

steps = Steps(UnitRisk)


# -- who is told -------------------------------------------------------------------------------
def _owner(record: Any) -> list[Any]:
    """The owner."""
    return [record.owner]


def _head(risk: UnitRisk) -> list[Any]:
    """The head of the unit, else the nearest above."""
    unit = deciding_unit(risk.unit, set())
    return list(deciders(unit)) if unit is not None else []


def _quality_office(risk: UnitRisk) -> list[Any]:
    """The quality office."""
    return list(quality_office())


# -- rating ------------------------------------------------------------------------------------
def _is_rated(risk: UnitRisk) -> Any | None:
    """Rated before measures."""
    return None if risk.is_rated else _("First rate it as it is without measures.")


def _looked_at(risk: UnitRisk) -> None:
    """Whoever rates a risk has looked at it: the next review counts from today."""
    risk.reviewed_on = timezone.localdate()
    risk.review_on = next_review(risk.reviewed_on)


def _note_rating(risk: UnitRisk, by: Any, likelihood: int, impact: int, note: str, *, after: bool) -> None:
    RiskRating.objects.create(
        risk=risk,
        on=timezone.localdate(),
        by=by,
        after_measures=after,
        likelihood=likelihood,
        impact=impact,
        note=note,
    )


@steps.step(
    UnitRisk.IDENTIFIED,
    UnitRisk.ASSESSED,
    to=UnitRisk.ASSESSED,
    label=_("Rate"),
    form=AssessForm,
    primary=True,
    icon="scale",
)
def assess(risk: UnitRisk, by: Any, likelihood: int, impact: int, note: str = "") -> None:
    """Say how likely it is and how much would follow as things stand without further measures."""
    risk.likelihood, risk.impact = likelihood, impact
    _looked_at(risk)
    _note_rating(risk, by, likelihood, impact, note, after=False)


@steps.step(
    UnitRisk.ASSESSED,
    to=None,
    label=_("Rate after measures"),
    form=AssessAfterForm,
    needs=[_is_rated],
    icon="shield",
)
def assess_after(risk: UnitRisk, by: Any, likelihood_after: int, impact_after: int, note: str = "") -> None:
    """Say how likely it is and how much would follow now that measures work."""
    risk.likelihood_after, risk.impact_after = likelihood_after, impact_after
    _looked_at(risk)
    _note_rating(risk, by, likelihood_after, impact_after, note, after=True)


@steps.step(
    UnitRisk.ASSESSED,
    to=None,
    label=_("Reviewed, nothing changed"),
    form=ReviewForm,
    icon="eye-check",
)
def review(risk: UnitRisk, by: Any, note: str, review_on: datetime.date) -> None:
    """The risk was looked at and its rating holds. The next review counts from today."""
    risk.reviewed_on, risk.review_on = timezone.localdate(), review_on


def _may_come_true(risk: UnitRisk) -> Any | None:
    """It is no opportunity."""
    if risk.kind == UnitRisk.Kind.OPPORTUNITY:
        return _("An opportunity does not come true as a finding: write what came of it when you close it.")
    return None


@steps.step(
    UnitRisk.IDENTIFIED,
    UnitRisk.ASSESSED,
    to=None,
    label=_("It came true"),
    form=ComeTrueForm,
    tells=[_owner, _head, _quality_office],
    needs=[_may_come_true],
    only_if=lambda risk: _may_come_true(risk) is None,
    icon="bolt",
)
def come_true(risk: UnitRisk, by: Any, on: datetime.date, text: str) -> None:
    """What was feared has happened. The quality office makes a finding of it; then rate the risk anew."""
    RiskEvent.objects.create(risk=risk, on=on, text=text, by=by)


# -- the end of a risk -------------------------------------------------------------------------
def _no_open_measures(risk: UnitRisk) -> Any | None:
    """No measure is still open."""
    if any(measure.state == RiskMeasure.OPEN for measure in risk.measures.all()):
        return _("Measures are still open: first carry them out or cancel them.")
    return None


@steps.step(
    UnitRisk.ASSESSED,
    to=UnitRisk.CLOSED,
    label=_("Close"),
    form=ReasonForm,
    needs=[_no_open_measures],
    tells=[_owner],
    icon="check",
    office=closer,
)
def close(risk: UnitRisk, by: Any, reason: str) -> None:
    """The risk is gone or so small that it need not be watched any more."""
    risk.closed_on = timezone.localdate()


@leads_to(UnitRisk.ASSESSED, UnitRisk.IDENTIFIED)
def _as_before(risk: UnitRisk, **inputs: Any) -> str:
    """Under control, or not rated yet if it never was."""
    return UnitRisk.ASSESSED if risk.is_rated else UnitRisk.IDENTIFIED


@steps.step(
    UnitRisk.CLOSED,
    to=_as_before,
    label=_("Open again"),
    form=ReasonForm,
    tells=[_owner],
    icon="reopen",
)
def reopen(risk: UnitRisk, by: Any, reason: str) -> None:
    """The risk is there again. It is due for review at once."""
    twins = UnitRisk.objects.live().filter(unit=risk.unit_id, catalogue_code=risk.catalogue_code)
    if risk.catalogue_code and twins.exists():
        raise NotNow(_("This risk of the catalogue stands in the register of the unit already."))
    risk.closed_on = None
    risk.review_on = timezone.localdate() if risk.is_rated else None


def _cancel_measures(risk: UnitRisk, by: Any) -> None:
    """Open measures fall away with a risk that is cancelled."""
    for measure in risk.measures.filter(state=RiskMeasure.OPEN).select_related("owner", "risk"):
        move(measure, RiskMeasure.CANCELLED, by=by, verb="cancel", tells=[measure.owner])


@steps.step(
    UnitRisk.IDENTIFIED,
    UnitRisk.ASSESSED,
    to=UnitRisk.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_owner],
    danger=True,
    icon="ban",
    then=_cancel_measures,
)
def cancel(risk: UnitRisk, by: Any, reason: str) -> None:
    """It does not concern the unit or was entered by mistake. Its open measures fall away with it."""
