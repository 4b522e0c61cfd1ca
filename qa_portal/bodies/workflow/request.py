"""Steps of the quality manager's information request to a unit (N1 §2.3)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.people.heads import quality_office
from qa_portal.workflow.steps import Steps

from ..forms.work import AnswerForm, AskAgainForm, NoteForm, ReasonForm
from ..models import InformationRequest
from ..permissions.work import answer_judge, answerer, in_quality_office

steps = Steps(InformationRequest)


def _asker(request: InformationRequest) -> list[Any]:
    """Whoever asked; the whole quality office when that person has left."""
    return [request.asked_by] if request.asked_by.is_active else list(quality_office())


def _unit_asked(request: InformationRequest) -> list[Any]:
    """The head of the unit asked with deputies, its quality coordinators, and whoever answered."""
    return [*request.told_when_added(), request.answered_by]


@steps.step(
    InformationRequest.ASKED,
    to=InformationRequest.ANSWERED,
    label=_("Answer"),
    form=AnswerForm,
    tells=[_asker],
    primary=True,
    icon="message",
    office=answerer,
)
def answer(request: InformationRequest, by: Any, note: str, **proof: Any) -> None:
    """The head or the coordinator of the unit, or of one above it, answers and attaches the papers asked for."""
    attach_proof(request, by, **proof)
    request.answer, request.answered_by = note, by
    request.answered_on = timezone.localdate()


@steps.step(
    InformationRequest.ANSWERED,
    to=InformationRequest.ACCEPTED,
    label=_("Accept"),
    form=NoteForm,
    tells=[_unit_asked],
    primary=True,
    icon="check",
    office=answer_judge,
)
def accept(request: InformationRequest, by: Any, note: str = "") -> None:
    """The quality office has got what it asked for."""


@steps.step(
    InformationRequest.ANSWERED,
    to=InformationRequest.ASKED,
    label=_("Send back"),
    form=AskAgainForm,
    tells=[_unit_asked],
    icon="corner-up-left",
    office=answer_judge,
)
def send_back(request: InformationRequest, by: Any, reason: str, due: datetime.date) -> None:
    """Say what is missing in the answer and by when it is awaited."""
    request.due, request.answered_on = due, None


@steps.step(
    InformationRequest.ASKED,
    InformationRequest.ANSWERED,
    to=InformationRequest.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_unit_asked],
    danger=True,
    icon="ban",
    office=in_quality_office,
)
def cancel(request: InformationRequest, by: Any, reason: str) -> None:
    """The quality office takes the request back with a reason."""
