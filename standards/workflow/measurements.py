"""Steps of a value: corrected with a reason, withdrawn with a reason. Both count as spoken: the portal computes it no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms.measurements import CorrectForm, ReasonForm
from ..lights import light_of
from ..models import Measurement

steps = Steps(Measurement)


def _spoken(row: Measurement, by: Any) -> None:
    row.corrected_by, row.corrected_on = by, timezone.localdate()


@steps.step(Measurement.VALID, to=Measurement.VALID, label=_("Correct"), form=CorrectForm, primary=True, icon="edit")
def correct(row: Measurement, by: Any, value: Decimal, reason: str, weight: Decimal | None = None) -> None:
    """Put another value in its place, with the reason; the old one stays in the history."""
    row.value, row.weight = value, weight
    row.light = light_of(row)
    _spoken(row, by)


@steps.step(
    Measurement.VALID,
    to=Measurement.WITHDRAWN,
    label=_("Withdraw"),
    form=ReasonForm,
    danger=True,
    icon="ban",
)
def withdraw(row: Measurement, by: Any, reason: str) -> None:
    """Take the value back with a reason: it counts nowhere, and another one may be given."""
    _spoken(row, by)
