"""The paper of a self-assessment: of a unit its report, of a programme the report by its commission (N0 std 9)."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.documents.models import EvidenceUse
from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Approval, Signature
from qa_portal.reports.printed import Printed

from ..completeness import progress
from ..models import AreaAnswer, Assessment, CommissionMember, PlanRow


def fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "value": "—" if value in (None, "") else value}


def when(day: datetime.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def when_and_who(day: datetime.date | None, person: Any) -> str:
    return " · ".join(part for part in (when(day), person.get_full_name() if person else "") if part)


@report
class AssessmentPaper(Printed):
    """Summary, answers by standard, fact against plan, the commission with its signatures."""

    key = "standards.assessment"
    kind = gettext_lazy("Self-assessment report")
    template = "standards/paper/assessment.html"
    landscape = True

    def rows(self) -> Any:
        related = ("cycle__edition", "unit", "programme__head", "lead", "submitted_by", "agreed_by", "endorsed_by")
        return Assessment.objects.visible_to(self.person).select_related(*related, "verified_by")

    @cached_property
    def answers(self) -> list[AreaAnswer]:
        rows = AreaAnswer.objects.visible_to(self.person).live().filter(assessment=self.record)
        return list(rows.select_related("area__standard").order_by("area__standard__number", "area__place"))

    @cached_property
    def plan(self) -> list[PlanRow]:
        rows = PlanRow.objects.visible_to(self.person).filter(assessment=self.record)
        return list(rows.exclude(state=PlanRow.DROPPED).select_related("owner").order_by("due", "pk"))

    @cached_property
    def seats(self) -> list[CommissionMember]:
        return list(self.record.commission.select_related("person"))

    def number(self) -> str:
        return str(self.record.cycle.year)

    def subject(self) -> str:
        return str(self.record.programme or self.record.unit.name)

    def date(self) -> datetime.date:
        return self.record.submitted_on or timezone.localtime(self.record.changed_at).date()

    def version(self) -> str:
        """Changes with whatever stands in it."""
        answers = AreaAnswer.objects.filter(assessment=self.record).aggregate(last=Max("changed_at"))["last"]
        rows = PlanRow.objects.filter(assessment=self.record).aggregate(last=Max("changed_at"))["last"]
        stamps = [str(int(stamp.timestamp() * 1000)) for stamp in (answers, rows) if stamp]
        return ".".join([str(self.record.revision), str(self.record.cycle.revision), *stamps])

    def content(self) -> dict[str, Any]:
        record = self.record
        proofs = self._proofs()
        done = progress(self.answers)
        standards: dict[str, dict[str, Any]] = {}
        for answer in self.answers:
            standard = answer.area.standard
            part = standards.setdefault(
                standard.code, {"standard": standard, "progress": done[standard.code], "answers": []}
            )
            part["answers"].append({"answer": answer, "text": answer.area.text, "proofs": proofs.get(answer.pk, [])})
        return {
            "facts": self._facts(),
            "standards": list(standards.values()),
            "plan": [{"row": row, "state": row.state_label} for row in self.plan],
            "seats": self.seats,
            "assessment": record,
        }

    def _facts(self) -> list[dict[str, Any]]:
        record = self.record
        programme = [
            fact(_("Programme"), record.programme),
            fact(_("Agreed for the department by"), record.agreed_by),
            fact(_("Agreed for the dean's office by"), record.endorsed_by),
            fact(
                _("Considered by the committee"),
                " · ".join(part for part in (when(record.considered_on), record.considered_basis) if part),
            ),
        ]
        return [
            fact(_("Cycle"), record.cycle),
            fact(_("Unit"), record.unit.name),
            *(programme if record.of_programme else []),
            fact(_("Edition of the catalogue"), record.cycle.edition.number),
            fact(_("Who leads it"), record.lead),
            fact(_("State"), record.state_label),
            fact(_("Submitted"), when_and_who(record.submitted_on, record.submitted_by)),
            fact(_("Verified"), when_and_who(record.verified_on, record.verified_by)),
            *([fact(_("Decision"), record.cycle.basis)] if record.cycle.basis else []),
        ]

    def _proofs(self) -> dict[int, list[str]]:
        uses = EvidenceUse.objects.visible_to(self.person).valid()
        uses = uses.filter(
            record_type=ContentType.objects.get_for_model(AreaAnswer), record_id__in=[a.pk for a in self.answers]
        )
        found: dict[int, list[str]] = {}
        for use in uses.select_related("evidence"):
            found.setdefault(use.record_id, []).append(f"{use.evidence.title} ({when(use.evidence.speaks_of)})")
        return found

    def approval(self) -> Approval:
        """Filled by the decision that approves the year."""
        cycle = self.record.cycle
        if self.record.state != Assessment.APPROVED:
            return Approval(post=_("Academic Council"))
        return Approval(post=_("Academic Council"), day=cycle.approved_on, note=cycle.basis)

    def signatures(self) -> list[Signature]:
        record = self.record
        commission = [Signature(seat.get_duty_display().capitalize(), seat.person) for seat in self.seats]
        submitted = Signature(_("Submitted by"), record.submitted_by or record.lead, record.submitted_on)
        agreed = []
        if record.of_programme:
            agreed = [
                Signature(_("Agreed for the department by"), record.agreed_by),
                Signature(_("Agreed for the dean's office by"), record.endorsed_by),
            ]
        office = Signature(_("Verified by"), record.verified_by, record.verified_on, post=_("Quality office (ASB)"))
        return [*commission, submitted, *agreed, office]
