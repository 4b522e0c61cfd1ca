"""The paper of a set of indicators, as it is put before the body that approves it (N2 §7.1.5.2)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Unit
from qa_portal.reports.base import report
from qa_portal.reports.printed import Printed

from .. import indicator_sets
from ..models import IndicatorSet

#: of each kind of difference its word
DIFFERENCES = {
    indicator_sets.NEW: gettext_lazy("New"),
    indicator_sets.CHANGED: gettext_lazy("Changed"),
    indicator_sets.DROPPED: gettext_lazy("Dropped"),
}


def fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": "—" if value in (None, "") else value}


def when(day: datetime.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


@report
class IndicatorSetPaper(Printed):
    """A set of indicators: every definition, and what differs from the set before."""

    key = "standards.indicator_set"
    kind = gettext_lazy("Set of indicators")
    template = "standards/indicators/paper_set.html"
    landscape = True

    def rows(self) -> Any:
        return IndicatorSet.objects.visible_to(self.person).select_related("based_on")

    def number(self) -> str:
        return f"v{self.record.version}"

    def subject(self) -> str:
        return self.record.title

    def date(self) -> datetime.date:
        return self.record.approved_on or timezone.localtime(self.record.created_at).date()

    def edition(self) -> int:
        return self.record.version

    def unit(self) -> Unit | None:
        return None

    def version(self) -> str:
        """Its indicators change without the set: the newest of their changes counts too."""
        newest = self.record.indicators.order_by("-changed_at").values_list("changed_at", flat=True).first()
        return f"{self.record.revision}.{newest.isoformat() if newest else ''}"

    def content(self) -> dict[str, Any]:
        record = self.record
        rows = indicator_sets.live(record)
        found = indicator_sets.differences(record.based_on, rows)
        return {
            "facts": [
                fact(_("State"), record.state_label),
                fact(_("In force from"), when(record.valid_from)),
                fact(_("Decision"), record.basis),
                fact(_("Made from"), str(record.based_on) if record.based_on else ""),
            ],
            "differences": [
                {"row": row, "word": DIFFERENCES[row.kind], "fields": ", ".join(row.fields)} for row in found
            ],
            "compared": record.based_on is not None,
            "indicators": sorted(rows, key=lambda row: (len(row.standard), row.standard, row.code)),
        }
