"""A draft of a report on order, as PDF or DOCX, made in the background with progress; of a frozen one its issue."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from qa_portal.reports.base import CannotMake, Progress, Report, report
from qa_portal.reports.blocks import from_json
from qa_portal.reports.word import TYPE

from ..assembling import blocks_of
from ..models import QualityReport
from .issue import file_name, write_issue


class _Paper(Report):
    form = "pdf"

    @cached_property
    def record(self) -> QualityReport:
        rows = QualityReport.objects.visible_to(self.person).select_related(
            "kind", "unit", "submitted_by", "created_by"
        )
        found = rows.filter(pk=self.params["id"]).first()
        if found is None:
            raise CannotMake(_("You may no longer see this record, so its paper was not made."))
        return found

    def title(self) -> str:
        return f"{self.record.number} {self.record.heading}"

    def file_name(self) -> str:
        return file_name(self.record, self.form)

    def version(self) -> str:
        return f"{self.record.revision}" if self.record.is_frozen else ""

    def write(self, stream: Any, progress: Progress) -> None:
        record = self.record
        if record.is_frozen:
            blocks = from_json(record.frozen[self.language])
            write_issue(stream, record, blocks, self.language, self.form, progress)
            return
        # Half of the way are the figures, half the file.
        blocks = blocks_of(record, self.person, lambda done, total: progress(done, 2 * total))
        write_issue(stream, record, blocks, self.language, self.form, lambda d, t: progress(t + d, 2 * t), seal=False)


@report
class ReportPaper(_Paper):
    key = "standards.report"


@report
class ReportWord(_Paper):
    key = "standards.report.docx"
    form = "docx"
    content_type = TYPE
