"""Steps of a finding."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.workflow.steps import Steps, move

from ..forms import CorrectForm, DuplicateForm, ReasonForm
from ..models import Finding
from ..permissions import in_quality_office

steps = Steps(Finding)


def _no_live_plan(finding: Finding) -> Any | None:
    """It has no live CAPA plan."""
    if finding.has_live_plan:
        return _("It has a live CAPA plan: it closes with that plan. Cancel the plan first if it is not needed.")
    return None


def _corrected(finding: Finding) -> Any | None:
    """The correction is entered."""
    return None if finding.correction else _("First enter what was done at once: step “Enter the correction”.")


def _light(finding: Finding) -> Any | None:
    """It is an observation or minor."""
    return _("A major or critical finding closes through a CAPA plan only.") if finding.needs_plan else None


def _raised_by(finding: Finding) -> list[Any]:
    """Those who raised it: the reporter and the reporters of its duplicates."""
    return finding.those_who_raised_it()


@steps.step(Finding.OPEN, label=_("Enter the correction"), form=CorrectForm, icon="tool", tells=[_raised_by])
def correct(finding: Finding, by: Any, correction: str, cause: str = "") -> None:
    """Say what was done at once to put the matter right; the cause is dealt with by the plan."""
    finding.correction = correction
    finding.cause = cause or finding.cause
    finding.corrected_on = timezone.localdate()
    finding.corrected_by = by


@steps.step(
    Finding.OPEN,
    to=Finding.CLOSED,
    label=_("Close"),
    office=in_quality_office,
    needs=[_light, _corrected, _no_live_plan],
    tells=[_raised_by],
    icon="check",
)
def close(finding: Finding, by: Any) -> None:
    """Close an observation or a minor finding that was put right and needs no plan; those who raised it are told."""
    finding.closed_on = timezone.localdate()


@steps.step(
    Finding.OPEN,
    label=_("Mark as a duplicate"),
    office=in_quality_office,
    to=Finding.CANCELLED,
    form=DuplicateForm,
    needs=[_no_live_plan],
    icon="copy",
    tells=[_raised_by],
)
def link_duplicate(finding: Finding, by: Any, original: Finding, reason: str = "") -> None:
    """Somebody reported the same already: this one ends here, and its reporter is told when the other closes."""
    finding.duplicate_of = original
    for twin in finding.duplicates.all():  # what was linked to this one hangs on the original now
        move(twin, twin.state, by=by, verb="link_duplicate", why=reason, duplicate_of=original)


@steps.step(
    Finding.OPEN,
    to=Finding.CANCELLED,
    label=_("Cancel with a reason"),
    office=in_quality_office,
    form=ReasonForm,
    needs=[_no_live_plan],
    tells=[_raised_by],
    danger=True,
    icon="ban",
)
def cancel(finding: Finding, by: Any, reason: str) -> None:
    """The finding was entered by mistake or is no longer one; the reason stays and those who raised it are told."""
