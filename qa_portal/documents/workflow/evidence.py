"""Steps of a piece of evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms import WithdrawForm
from ..models import Evidence

steps = Steps(Evidence)


def _not_judged(evidence: Evidence) -> Any | None:
    """What was verified or closed with this evidence keeps it."""
    return evidence.judged_refusal()


@steps.step(
    Evidence.VALID,
    to=Evidence.WITHDRAWN,
    label=_("Withdraw"),
    form=WithdrawForm,
    needs=[_not_judged],
    danger=True,
    icon="ban",
)
def withdraw(evidence: Evidence, by: Any, reason: str) -> None:
    """The evidence was wrong or no longer holds; it stays to be seen, marked, and proves nothing any more."""
    for use in evidence.uses.all():
        record = use.record
        record.write_entry(
            "withdraw", by, from_state=record.state, to_state=record.state, why=f"{evidence.title}: {reason}"
        )
