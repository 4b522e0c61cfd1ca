"""Steps of an approval sheet and of a change sheet."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import Steps

from ..forms.library import AgreeForm, ObjectForm, ReasonForm
from ..models import Agreement, ChangeLine
from ..permissions.library import answerer, form_checker
from . import family

steps = Steps(Agreement)
line_steps = Steps(ChangeLine)


def _same_file(agreement: Agreement) -> Any | None:
    """The file is still the one that was sent round."""
    if agreement.version.checksum != agreement.checksum:
        return _("The file has changed since it was sent round: a new round is needed.")
    return None


def _in_round(agreement: Agreement) -> Any | None:
    """The version is in agreement."""
    if agreement.version.state != "in_agreement" or agreement.round != agreement.version.round:
        return _("This round of agreement is over.")
    return None


def _draft(line: ChangeLine) -> Any | None:
    """Its version is still a draft."""
    if line.version.state not in line.version.EDITABLE_STATES:
        return _("The version is no longer a draft: its change sheet stays as it was approved.")
    return None


@steps.step(
    Agreement.WAITING,
    to=Agreement.AGREED,
    label=_("Agree"),
    form=AgreeForm,
    needs=[_in_round, _same_file],
    primary=True,
    bulk=True,
    icon="check",
    office=answerer,
    then=family.settle_sheet,
)
def agree(agreement: Agreement, by: Any, note: str = "") -> None:
    """The unit or office agrees with exactly this file. When all have agreed it may be sent to approval."""
    agreement.answered_by = by
    agreement.answered_at = timezone.now()
    agreement.reason = note


@steps.step(
    Agreement.WAITING,
    to=Agreement.OBJECTED,
    label=_("Object"),
    form=ObjectForm,
    needs=[_in_round, _same_file],
    icon="alert-triangle",
    office=answerer,
    then=family.settle_sheet,
)
def raise_objection(agreement: Agreement, by: Any, reason: str) -> None:
    """The unit or office objects with a reason. When all have answered the text goes back to its authors."""
    agreement.answered_by = by
    agreement.answered_at = timezone.now()
    agreement.reason = reason


@steps.step(
    Agreement.WAITING,
    to=Agreement.VOID,
    label=_("Ask no longer"),
    form=ReasonForm,
    icon="ban",
    office=lambda agreement, by: form_checker(agreement.version, by),
    then=family.settle_sheet,
)
def release(agreement: Agreement, by: Any, reason: str) -> None:
    """This party is no longer asked, with the reason: it has nothing to do with the text, or nobody there answers."""
    if agreement.role and family.somebody_may_answer(agreement):
        raise NotNow(_("The legal office is asked in any case: it is let go only while nobody there may answer."))
    agreement.reason = reason


@line_steps.step(
    ChangeLine.WRITTEN,
    to=ChangeLine.STRUCK,
    label=_("Strike out"),
    form=ReasonForm,
    needs=[_draft],
    danger=True,
    icon="ban",
)
def strike(line: ChangeLine, by: Any, reason: str) -> None:
    """This line was entered by mistake; it stays, struck out."""
