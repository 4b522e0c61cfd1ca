"""The paper of a mechanism's year: plan, what was done, aims, conclusions, judgements of committees, what is changed."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qa_portal.documents.models import EvidenceUse
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..aims import tally
from ..models import MechanismYear


def fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": "—" if value in (None, "") else value}


def when(day: datetime.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


@report
class MechanismYearPaper(Printed):
    """One year of one mechanism, as the quality office files it (N1 §4)."""

    key = "standards.mechanism_year"
    kind = gettext_lazy("Record of a mechanism")
    template = "standards/mechanisms/paper.html"

    def rows(self) -> Any:
        related = ("mechanism", "unit", "doer_unit", "doer_body", "done_by")
        return MechanismYear.objects.visible_to(self.person).select_related(*related)

    def number(self) -> str:
        return f"{self.record.mechanism.code} · {self.record.year}"

    def subject(self) -> str:
        return self.record.mechanism.name

    def date(self) -> datetime.date:
        return self.record.closed_on or timezone.localdate()

    def edition(self) -> int:
        return self.record.revision

    def unit(self) -> Any:
        return self.record.unit or self.record.doer_unit

    def content(self) -> dict[str, Any]:
        year = self.record
        judged = {row.aim_id: row for row in year.aim_results.all()}
        proofs = EvidenceUse.objects.visible_to(self.person).of(year).valid().select_related("evidence")
        return {
            "facts": [
                fact(_("Mechanism"), year.mechanism),
                fact(pgettext("place", "Where"), year.where),
                fact(_("Who carries it out"), year.doer),
                fact(_("Standards"), ", ".join(year.mechanism.standards)),
                fact(_("What governs it"), year.mechanism.governing),
                fact(_("Deadline"), when(year.due)),
                fact(_("State"), year.state_label),
                fact(_("Check closed on"), when(year.checked_on)),
            ],
            "aims": [{"aim": aim, "result": judged.get(aim.pk)} for aim in year.aims],
            "words": tally(year).words,
            "conclusions": year.conclusions.select_related("unit", "body", "by"),
            "views": year.views.select_related("body", "by"),
            "evidence": [f"{use.evidence.title} ({when(use.evidence.speaks_of)})" for use in proofs],
        }

    def signatures(self) -> list[Signature]:
        year = self.record
        steps = {
            entry.verb: entry
            for entry in year.history.filter(verb__in=("close_check", "act")).select_related("by").order_by("pk")
        }
        closed, acted = steps.get("close_check"), steps.get("act")
        return [
            Signature(_("Reported by"), year.done_by, year.done_on),
            Signature(
                _("Check closed by"), closed.by if closed else None, year.checked_on, post=_("Quality office (ASB)")
            ),
            Signature(_("Closed by"), acted.by if acted else None, year.closed_on),
        ]
