"""Forms of reports and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_months
from qa_portal.people.models import Unit
from qa_portal.permissions import refusal
from qa_portal.web.forms import DateField, LongText, RecordForm, StepForm

from ..models import QualityReport, ReportKind


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class BasisForm(StepForm):
    """What an approval rests on: a decision fills it in, an office types its order."""

    basis = forms.CharField(label=_("On the basis of"), max_length=200, required=False)


class MeasureForm(StepForm):
    text = forms.CharField(label=_("What is to be done"), max_length=500)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False)
    due = DateField(label=_("Deadline"), required=False)
    result = forms.CharField(label=_("Expected result"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["unit"].widget.attrs["data-picker"] = ""


class DropMeasureForm(StepForm):
    measure = forms.ModelChoiceField(QualityReport.objects.none(), label=_("Measure"))
    reason = LongText(label=_("Reason"), rows=2)

    def prepare(self) -> None:
        self.fields["measure"].queryset = self.record.measures.all()


class ReportForm(RecordForm):
    lead: Any = _("The portal fills the report from its records. You add the introduction, comments and conclusions.")

    class Meta:
        model = QualityReport
        fields = ["kind", "year", "unit", "title", "since", "until", "intro", "conclusion"]
        widgets = {"intro": forms.Textarea(attrs={"rows": 8}), "conclusion": forms.Textarea(attrs={"rows": 8})}

    def prepare(self) -> None:
        if self.instance.pk:
            for name in ("kind", "year", "unit"):
                del self.fields[name]
            return
        for name in ("intro", "conclusion"):
            del self.fields[name]
        for name in ("title", "since", "until"):
            self.fields[name].required = False
        self.fields["title"].help_text = _("Empty: the kind of report and the year.")
        self.fields["since"].help_text = _("Empty: from the kind of report.")
        self.fields["kind"].queryset = ReportKind.objects.in_use()
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["unit"].help_text = _("Only for reports that each unit writes.")
        self.initial["year"] = self.initial.get("year") or timezone.localdate().year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, year, unit = cleaned.get("kind"), cleaned.get("year"), cleaned.get("unit")
        if self.instance.pk or kind is None or not year:
            return cleaned
        if not 2000 <= year <= timezone.localdate().year + 1:
            self.add_error("year", _("The year is not plausible."))
            return cleaned
        if kind.per_unit and unit is None:
            self.add_error("unit", _("Each unit writes this report: name the unit."))
        if unit is not None and not kind.per_unit:
            self.add_error("unit", _("This report is written for the whole university: leave the unit empty."))
        until = cleaned.get("until") or datetime.date(year, 12, 31)
        since = cleaned.get("since") or add_months(until, -kind.months) + datetime.timedelta(days=1)
        if since > until:
            self.add_error("until", _("The last day stands before the first."))
        cleaned["since"], cleaned["until"] = since, until
        cleaned["title"] = cleaned.get("title") or f"{kind.name}, {year}"[:250]
        if not self.errors and self.by is not None:
            sentence = refusal(self.by, "standards.add_report", QualityReport(kind=kind, unit=unit))
            if sentence:
                self.add_error("kind", str(sentence))
        return cleaned
