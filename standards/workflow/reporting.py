"""Steps of a report: written, its figures fixed, decided about, published."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import holders, quality_office
from qa_portal.people.models import Person
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps

from ..forms.reporting import BasisForm, DropMeasureForm, MeasureForm, ReasonForm
from ..models import QualityReport, ReportMeasure
from ..permissions.reporting import approver, body_of, preparer

steps = Steps(QualityReport)
#: by name: the job stands above the steps and takes some of them
FIXING = "standards.tasks.reporting.fix_report"


# -- what must be there --------------------------------------------------------------------------
def _has_conclusions(report: QualityReport) -> Any | None:
    """The conclusions are written."""
    return None if report.conclusion.strip() else _("Write the conclusions first: figures alone are no report.")


def _has_plan(report: QualityReport) -> Any | None:
    """The plan of improvement has at least one measure, where the kind of report asks for one."""
    if report.kind.needs_plan and not report.measures.exists():
        return _("This kind of report comes with a plan of improvement: add at least one measure.")
    return None


def _has_measures(report: QualityReport) -> Any | None:
    """There is a measure to take out."""
    return None if report.measures.exists() else _("The plan of improvement has no measure yet.")


def _period_is_over(report: QualityReport) -> Any | None:
    """The period is over: a report on a year that still runs would be wrong tomorrow."""
    return None if report.until <= timezone.localdate() else _("The period is not over yet.")


# -- who hears of it ---------------------------------------------------------------------------------
def writers(report: QualityReport) -> list[Person]:
    """Everybody who wrote in it."""
    return list(Person.objects.filter(pk__in=report.authors, is_active=True))


def those_who_decide(report: QualityReport) -> list[Any]:
    """The people of the body that decides about it."""
    code = body_of(report)
    return list(registry.body_people(code)) if code else []


def _office(report: QualityReport) -> list[Person]:
    """The office that the kind of report names, and the quality office."""
    roles = [report.kind.role] if report.kind.role else []
    return list({person.pk: person for person in (*holders(roles), *quality_office())}.values())


# -- writing -------------------------------------------------------------------------------------------
@steps.step(QualityReport.DRAFT, label=_("Add a measure"), form=MeasureForm, icon="plus")
def add_measure(report: QualityReport, by: Any, text: str, unit: Any, due: Any, result: str) -> None:
    """Enter one measure of the plan of improvement."""
    last = report.measures.aggregate(last=models.Max("place"))["last"] or 0
    ReportMeasure.objects.create(report=report, place=last + 1, text=text, unit=unit, due=due, result=result)
    report.note_author(by)


@steps.step(
    QualityReport.DRAFT,
    label=_("Take a measure out"),
    form=DropMeasureForm,
    icon="minus",
    needs=[_has_measures],
)
def drop_measure(report: QualityReport, by: Any, measure: ReportMeasure, reason: str) -> None:
    """Take one measure out of the plan of a draft."""
    measure.delete()
    report.note_author(by)


# -- submitting --------------------------------------------------------------------------------------
@steps.step(
    QualityReport.DRAFT,
    to=QualityReport.FREEZING,
    label=_("Submit"),
    needs=[_has_conclusions, _has_plan, _period_is_over],
    office=preparer,
    primary=True,
    icon="send",
    help=_("The portal fixes the figures and makes the files in three languages; nothing in them moves after that."),
)
def submit(report: QualityReport, by: Any) -> None:
    """Fix the figures as they are now and hand the report on."""
    report.submitted_by = by
    report.progress, report.worked_at = 0, None
    # robust: with the queue away the report waits for resume(), and submitting is not answered with an error.
    transaction.on_commit(lambda: current_app.send_task(FIXING, args=[report.pk]), robust=True)


@steps.step(
    QualityReport.FREEZING,
    to=QualityReport.SUBMITTED,
    label=_("Figures fixed"),
    tells=[writers, those_who_decide],
    only_if=lambda report: False,
)
def freeze(report: QualityReport, by: Any) -> None:
    """The worker has fixed the figures and made the files."""
    report.frozen_at, report.progress = timezone.now(), 100


@steps.step(
    QualityReport.FREEZING,
    to=QualityReport.DRAFT,
    label=_("Figures could not be fixed"),
    form=ReasonForm,
    tells=[writers],
    only_if=lambda report: False,
)
def halt(report: QualityReport, by: Any, reason: str) -> None:
    """Something went wrong while the files were made: the report goes back to its author, nothing is lost."""
    _thaw(report)


def _thaw(report: QualityReport) -> None:
    report.frozen, report.frozen_at, report.progress = {}, None, 0
    report.issues.filter(superseded=False).update(superseded=True)


# -- deciding ------------------------------------------------------------------------------------------
@steps.step(
    QualityReport.SUBMITTED,
    to=QualityReport.APPROVED,
    label=_("Approve"),
    form=BasisForm,
    office=approver,
    tells=[writers, _office],
    primary=True,
    icon="check",
)
def approve(report: QualityReport, by: Any, basis: str) -> None:
    """Take the report as it was submitted."""
    report.approved_on, report.basis = timezone.localdate(), basis


@steps.step(
    QualityReport.SUBMITTED,
    to=QualityReport.DRAFT,
    label=_("Send back"),
    form=ReasonForm,
    office=approver,
    tells=[writers],
    icon="corner-up-left",
)
def send_back(report: QualityReport, by: Any, reason: str) -> None:
    """Give the report back to its authors with a remark; the files of this submission are kept aside."""
    _thaw(report)


@steps.step(
    QualityReport.APPROVED,
    to=QualityReport.SUBMITTED,
    label=_("Take the approval back"),
    form=ReasonForm,
    tells=[writers],
    icon="corner-up-left",
    only_if=lambda report: False,
)
def undo_approval(report: QualityReport, by: Any, reason: str) -> None:
    """A body above has annulled the decision about this report: it waits for a decision again."""
    report.approved_on, report.basis = None, ""


@steps.step(
    QualityReport.APPROVED,
    to=QualityReport.PUBLISHED,
    label=_("Publish"),
    office=preparer,
    tells=[writers, _office],
    primary=True,
    icon="world",
    confirm=_("From now on the report is read by everybody inside; a public one by everybody."),
)
def publish(report: QualityReport, by: Any) -> None:
    """Give the approved report to its readers; the duty to report is fulfilled by this."""
    report.published_on = timezone.localdate()


@steps.step(
    QualityReport.DRAFT,
    QualityReport.SUBMITTED,
    QualityReport.APPROVED,
    to=QualityReport.CANCELLED,
    label=_("Cancel"),
    form=ReasonForm,
    tells=[writers],
    danger=True,
    icon="ban",
)
def cancel(report: QualityReport, by: Any, reason: str) -> None:
    """The report is not needed; it stays in the register with the reason."""
