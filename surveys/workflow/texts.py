"""Steps of a theme of the codebook. Texts are no records: what happens to them is in reviewing.py."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms.texts import ReasonForm
from ..models import Theme

steps = Steps(Theme)


@steps.step(Theme.IN_USE, to=Theme.RETIRED, label=_("No longer use"), form=ReasonForm, danger=True, icon="ban")
def retire(theme: Theme, by: Any, reason: str) -> None:
    """Take a theme out of the codebook: nothing new is coded into it, and what was coded stays."""


@steps.step(Theme.RETIRED, to=Theme.IN_USE, label=_("Use again"), icon="refresh")
def take_back(theme: Theme, by: Any) -> None:
    """Put a theme back into the codebook."""
