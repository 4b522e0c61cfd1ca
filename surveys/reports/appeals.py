"""Papers: the report of the appeals commission on a term (N1 §4.1.6)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Person
from qa_portal.reports.base import report
from qa_portal.reports.layout import as_html
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..appeal_figures import blocks
from ..models import AppealReport
from ..workflow.appeals import figures_now


@report
class AppealReportPaper(Printed):
    key = "surveys.appeal_report"
    kind = gettext_lazy("Report on appeals")
    template = "surveys/appeal_report_paper.html"

    def rows(self) -> Any:
        return AppealReport.objects.visible_to(self.person).select_related("unit", "term__year")

    def number(self) -> str:
        return str(self.record.term)

    def subject(self) -> str:
        return self.record.unit.name

    def date(self) -> datetime.date:
        return timezone.localtime(self.record.changed_at).date()

    def version(self) -> str:
        # Until it is submitted the figures change without a revision.
        return str(self.record.revision) if self.record.figures else ""

    def content(self) -> dict[str, Any]:
        made = self.record.figures or figures_now(self.record)
        return {"body": as_html(blocks(made), for_paper=True), "draft": self.record.state != AppealReport.ACCEPTED}

    def signatures(self) -> list[Signature]:
        people = Person.objects.filter(pk__in=self.record.authors).order_by("pk")
        return [Signature(_("Prepared by"), person) for person in people]
