"""Steps of a link between an action and another record that it serves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms import ReasonForm
from ..models import ActionLink

steps = Steps(ActionLink)


@steps.step(
    ActionLink.LINKED,
    to=ActionLink.CANCELLED,
    label=_("Take off with a reason"),
    form=ReasonForm,
    danger=True,
    icon="unlink",
)
def cancel(link: ActionLink, by: Any, reason: str) -> None:
    """The action does not serve this record after all. Both stay as they are."""
