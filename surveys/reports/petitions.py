"""Papers: the Chancellery's report on petitions over some days (domain.md §10)."""

from __future__ import annotations

import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.permissions import refusal
from qa_portal.reports.base import CannotMake, report
from qa_portal.reports.layout import as_html
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..petition_figures import Summary, blocks, summary


def key_for(since: datetime.date, until: datetime.date) -> Any:
    """The days as the thing that is printed."""
    return SimpleNamespace(pk=f"{since.isoformat()}.{until.isoformat()}")


@report
class PetitionSummary(Printed):
    key = "surveys.petition_summary"
    kind = gettext_lazy("Report on petitions")
    template = "surveys/petition_summary_paper.html"
    landscape = True

    @cached_property
    def record(self) -> Summary:
        if refusal(self.person, "surveys.read_petition_summary"):
            raise CannotMake(_("You may no longer see this record, so its paper was not made."))
        try:
            since, until = (datetime.date.fromisoformat(part) for part in str(self.params["id"]).split("."))
        except ValueError:
            raise CannotMake(_("The days of the report are not understood.")) from None
        return summary(since, until)

    def number(self) -> str:
        return f"{self.record.since:%d.%m.%Y}–{self.record.until:%d.%m.%Y}"

    def subject(self) -> str:
        days = (date_format(day, "DATE_FORMAT") for day in (self.record.since, self.record.until))
        return " — ".join(days)

    def unit(self) -> Any:
        return None

    def date(self) -> datetime.date:
        return timezone.localdate()

    def version(self) -> str:
        return ""  # counts change without a revision: made anew each time

    def content(self) -> dict[str, Any]:
        return {"body": as_html(blocks(self.record), for_paper=True)}

    def signatures(self) -> list[Signature]:
        return [Signature(_("Chancellery"))]
