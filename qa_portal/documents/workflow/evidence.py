"""Steps of a piece of evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms import WithdrawForm
from ..models import Evidence

steps = Steps(Evidence)


@steps.step(Evidence.VALID, to=Evidence.WITHDRAWN, label=_("Withdraw"), form=WithdrawForm, danger=True, icon="ban")
def withdraw(evidence: Evidence, by: Any, reason: str) -> None:
    """The evidence was wrong or no longer holds; it stays to be seen, marked, and proves nothing any more."""
