"""Steps of a paper sent to a body: received, or taken back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms.work import AcknowledgeForm, ReasonForm
from ..models import Dispatch
from ..models.work import RUNNING, seated

steps = Steps(Dispatch)


def _sender(dispatch: Dispatch) -> list[Any]:
    """The person who sent it."""
    return [dispatch.sent_by]


def _receivers(dispatch: Dispatch) -> list[Any]:
    """The chair, the deputy chair and the secretary of the body."""
    return list(seated(dispatch.body_id, *RUNNING))


@steps.step(
    Dispatch.SENT,
    to=Dispatch.RECEIVED,
    label=_("Confirm the receipt"),
    form=AcknowledgeForm,
    tells=[_sender],
    primary=True,
    icon="check",
)
def acknowledge(dispatch: Dispatch, by: Any, entry_number: str, note: str = "") -> None:
    """The secretary or the chair of the body records that it has come, with the number of entry and today's date."""
    dispatch.received_by, dispatch.received_on = by, timezone.localdate()
    dispatch.entry_number = entry_number


@steps.step(
    Dispatch.SENT,
    to=Dispatch.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_receivers],
    danger=True,
    icon="ban",
)
def cancel(dispatch: Dispatch, by: Any, reason: str) -> None:
    """The sender takes it back with a reason, as long as the body has not received it."""
