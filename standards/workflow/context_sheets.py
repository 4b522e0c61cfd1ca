"""Steps of a yearly context sheet (N2 §6.2.2)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps

from ..forms.risks import NoteForm, ReasonForm
from ..models import ContextSheet
from ..permissions.risks import sheet_approver

steps = Steps(ContextSheet)


def _author(sheet: ContextSheet) -> list[Any]:
    """Whoever began the sheet."""
    return [sheet.created_by]


def _says_something(sheet: ContextSheet) -> Any | None:
    """Something is written."""
    if any(getattr(sheet, name).strip() for name in (*sheet.FACTORS, *sheet.SWOT)):
        return None
    return _("The sheet is empty: write it first.")


@steps.step(
    ContextSheet.DRAFT,
    to=ContextSheet.APPROVED,
    label=_("Approve"),
    form=NoteForm,
    needs=[_says_something],
    tells=[_author],
    primary=True,
    icon="check",
    office=sheet_approver,
)
def approve(sheet: ContextSheet, by: Any, note: str = "") -> None:
    """The sheet shows where we stand this year; nobody approves what they wrote themselves."""
    sheet.approved_by, sheet.approved_on = by, timezone.localdate()


@steps.step(
    ContextSheet.APPROVED,
    to=ContextSheet.DRAFT,
    label=_("Open again"),
    form=ReasonForm,
    tells=[_author],
    icon="reopen",
)
def reopen(sheet: ContextSheet, by: Any, reason: str) -> None:
    """Something has to be written anew; then it is approved again."""
    sheet.approved_by = sheet.approved_on = None


@steps.step(
    ContextSheet.DRAFT,
    to=ContextSheet.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_author],
    danger=True,
    icon="ban",
)
def cancel(sheet: ContextSheet, by: Any, reason: str) -> None:
    """The sheet was begun by mistake."""
