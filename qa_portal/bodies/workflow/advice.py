"""Steps of the quality manager's proposal to a body or a unit (N1 §2.3)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.workflow.steps import Steps

from ..forms.work import FinishForm, NoteForm, ReasonForm
from ..models import QualityProposal
from ..permissions.work import addressee

steps = Steps(QualityProposal)


def _proposer(proposal: QualityProposal) -> list[Any]:
    """Whoever proposed it; the whole quality office when that person has left."""
    return [proposal.proposer] if proposal.proposer.is_active else list(quality_office())


def _answered(proposal: QualityProposal, by: Any, words: str) -> None:
    proposal.answer, proposal.answered_by = words, by
    proposal.answered_on = timezone.localdate()


@steps.step(
    QualityProposal.MADE,
    to=QualityProposal.ACCEPTED,
    label=_("Accept"),
    form=NoteForm,
    tells=[_proposer],
    primary=True,
    icon="check",
    office=addressee,
)
def accept(proposal: QualityProposal, by: Any, note: str = "") -> None:
    """The body or the unit takes the proposal up."""
    _answered(proposal, by, note)


@steps.step(
    QualityProposal.MADE,
    to=QualityProposal.DECLINED,
    label=_("Decline"),
    form=ReasonForm,
    tells=[_proposer],
    icon="x",
    office=addressee,
)
def decline(proposal: QualityProposal, by: Any, reason: str) -> None:
    """The body or the unit does not take the proposal up, with a reason."""
    _answered(proposal, by, reason)


@steps.step(
    QualityProposal.ACCEPTED,
    to=QualityProposal.DONE,
    label=_("Mark as carried out"),
    form=FinishForm,
    tells=[_proposer],
    primary=True,
    icon="flag",
    office=addressee,
)
def finish(proposal: QualityProposal, by: Any, note: str) -> None:
    """The body or the unit says what came of the proposal that it accepted."""
