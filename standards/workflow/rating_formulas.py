"""Steps of a rating formula: prepared by the quality office, approved by a body's decision, superseded by the next."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, move

from ..forms.indicators import BasisForm, ReasonForm
from ..models import Indicator, RatingFormula
from ..models.ratings import BEING_PREPARED
from ..permissions.indicators import approval_officer, preparer
from ..permissions.ratings import body_of_formulas

steps = Steps(RatingFormula)


def _office(formula: RatingFormula) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _body(formula: RatingFormula) -> list[Any]:
    """The chair and the secretary of the body that decides."""
    return list(registry.body_people(body_of_formulas()))


def counts_what_is_in_force(formula: RatingFormula) -> Any | None:
    """Some weights, and only of indicators that are in force."""
    codes = {code for code, weight in formula.weights.items() if weight}
    if not codes:
        return _("Give at least one indicator a weight.")
    gone = codes - set(Indicator.objects.in_force().filter(code__in=codes).values_list("code", flat=True))
    if gone:
        return _("These indicators are not in force: %(codes)s.") % {"codes": ", ".join(sorted(gone))}
    return None


@steps.step(
    RatingFormula.DRAFT,
    to=RatingFormula.SUBMITTED,
    label=_("Submit for approval"),
    needs=[counts_what_is_in_force],
    tells=[_body],
    primary=True,
    icon="send",
    office=preparer,
)
def submit(formula: RatingFormula, by: Any) -> None:
    """The quality office puts the formula before the body that approves it."""


@steps.step(
    RatingFormula.SUBMITTED,
    to=RatingFormula.IN_FORCE,
    label=_("Approve"),
    form=BasisForm,
    tells=[_office],
    primary=True,
    icon="check",
    office=approval_officer,
)
def approve(formula: RatingFormula, by: Any, basis: str = "") -> None:
    """The body's decision brings the formula into force; the one before for the same units is superseded."""
    of_kind = RatingFormula.objects.filter(state=RatingFormula.IN_FORCE, unit_kind=formula.unit_kind)
    for former in of_kind.select_for_update(of=("self",)).exclude(pk=formula.pk):
        move(former, RatingFormula.SUPERSEDED, by=by, verb="supersede")
    formula.approved_on, formula.basis = timezone.localdate(), basis


def _former_in_force_again(formula: RatingFormula, by: Any) -> None:
    before = RatingFormula.objects.filter(
        state=RatingFormula.SUPERSEDED, unit_kind=formula.unit_kind, version__lt=formula.version
    )
    former = before.order_by("-version").first()
    if former is not None:
        move(former, RatingFormula.IN_FORCE, by=by, verb="take_back")


@steps.step(
    RatingFormula.IN_FORCE,
    to=RatingFormula.SUBMITTED,
    label=_("Undo the approval"),
    form=ReasonForm,
    tells=[_office],
    danger=True,
    icon="corner-up-left",
    then=_former_in_force_again,
    only_if=lambda formula: False,
)
def undo_approval(formula: RatingFormula, by: Any, reason: str) -> None:
    """A body above has annulled the decision: the formula waits again, the one before is in force once more."""
    waiting = RatingFormula.objects.filter(
        state__in=(RatingFormula.DRAFT, RatingFormula.SUBMITTED), unit_kind=formula.unit_kind
    )
    if waiting.exists():
        raise NotNow(BEING_PREPARED)
    formula.approved_on, formula.basis = None, ""


@steps.step(
    RatingFormula.SUBMITTED,
    to=RatingFormula.DRAFT,
    label=_("Send back"),
    form=ReasonForm,
    tells=[_office],
    icon="corner-up-left",
    office=preparer,
)
def send_back(formula: RatingFormula, by: Any, reason: str) -> None:
    """The formula is worked on again: the body voted against it, or the office has found a mistake."""


@steps.step(
    RatingFormula.DRAFT,
    RatingFormula.SUBMITTED,
    to=RatingFormula.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_office],
    danger=True,
    icon="ban",
    office=preparer,
)
def cancel(formula: RatingFormula, by: Any, reason: str) -> None:
    """Give this formula up before it came into force; the one in force stays."""
