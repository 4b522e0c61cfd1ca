"""Papers: the register of risks of a unit, and a context sheet."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F, Max, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Unit
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Approval, Signature
from qa_portal.reports.printed import Printed

from ..models import ContextSheet, RiskMeasure, UnitRisk
from ..risk_levels import light, said


@report
class RiskRegister(Printed):
    """The live risks of one unit, the greatest first, with what is done about each (N2 §6.1)."""

    key = "standards.risk_register"
    kind = gettext_lazy("Register of risks and opportunities")
    template = "standards/risks/paper_register.html"
    landscape = True

    def rows(self) -> Any:
        return Unit.objects.visible_to(self.person)

    def number(self) -> str:
        return str(self.record)

    def subject(self) -> str:
        return self.record.name

    def unit(self) -> Any:
        return self.record

    def date(self) -> datetime.date:
        return timezone.localdate()

    def _risks(self) -> Any:
        return UnitRisk.objects.visible_to(self.person).live().filter(unit=self.record)

    def version(self) -> str:
        risks = self._risks()
        last = risks.aggregate(last=Max("changed_at"))["last"]
        measures = RiskMeasure.objects.filter(risk__unit=self.record).aggregate(last=Max("changed_at"))["last"]
        return f"{self.date()}.{risks.count()}.{last}.{measures}"

    def content(self) -> dict[str, Any]:
        measures = (
            RiskMeasure.objects.exclude(state=RiskMeasure.CANCELLED).select_related("owner").order_by("due", "pk")
        )
        rows = self._risks().select_related("owner").with_words().prefetch_related(Prefetch("measures", measures))
        return {
            "risks": [
                {
                    "risk": risk,
                    "light": light(risk),
                    "before": said(risk.level_before, risk.kind),
                    "now": said(risk.level, risk.kind),
                    "measures": risk.measures.all(),
                }
                for risk in rows.order_by(F("level").desc(nulls_last=True), "pk")
            ]
        }

    def signatures(self) -> list[Signature]:
        return [Signature(_("Head of the unit")), Signature(_("Quality coordinator"))]


@report
class ContextSheetPaper(Printed):
    """Four factors and the square of strengths, weaknesses, opportunities and threats (N2 §6.2.2)."""

    key = "standards.context_sheet"
    kind = gettext_lazy("Context sheet")
    template = "standards/risks/paper_sheet.html"

    def rows(self) -> Any:
        return ContextSheet.objects.visible_to(self.person).select_related("unit", "approved_by", "created_by")

    def number(self) -> str:
        return str(self.record.year)

    def subject(self) -> str:
        return self.record.unit.name

    def date(self) -> datetime.date:
        return self.record.approved_on or timezone.localtime(self.record.created_at).date()

    def content(self) -> dict[str, Any]:
        sheet = self.record

        def part(name: str) -> dict[str, Any]:
            text = getattr(sheet, name)
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            return {"title": sheet._meta.get_field(name).verbose_name, "lines": lines}

        return {
            "draft": sheet.state == ContextSheet.DRAFT,
            "factors": [part(name) for name in sheet.FACTORS],
            "inside": [part("strengths"), part("weaknesses")],
            "outside": [part("opportunities"), part("threats")],
        }

    def approval(self) -> Approval | None:
        sheet = self.record
        return Approval(person=sheet.approved_by, day=sheet.approved_on) if sheet.approved_by else Approval()

    def signatures(self) -> list[Signature]:
        sheet = self.record
        return [Signature(_("Prepared by"), sheet.created_by, timezone.localtime(sheet.created_at).date())]
