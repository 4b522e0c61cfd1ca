"""Forms of the cycle and of its steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Programme
from qa_portal.web.forms import DateField, LongText, RecordForm, StepForm

from ..models import Assessment, Cycle, Edition, Standard
from ..scope import areas
from .area_boxes import AreaChoice

#: how many days each phase gets unless other dates are typed
USUAL = {"opens_on": 0, "answer_by": 45, "verify_by": 75, "decide_by": 90}
ORDER = _("The dates follow each other: begin, answers, verification, decision.")


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class BasisForm(StepForm):
    basis = forms.CharField(label=_("On what it rests"), max_length=200, required=False)


class CycleForm(RecordForm):
    saved: Any = _("Saved. Now plan who answers what.")
    lead: Any = _("The edition of the catalogue that is in force today stays the one of this cycle.")
    standards = forms.MultipleChoiceField(label=_("Standards"), widget=forms.CheckboxSelectMultiple)
    field_order = ("year", "title", "standards", *Cycle.DATES, "note")

    class Meta:
        model = Cycle
        fields = ["year", "title", *Cycle.DATES, "note"]

    def prepare(self) -> None:
        cycle = self.instance
        edition = cycle.edition if cycle.pk else Edition.objects.current()
        self.fields["standards"].choices = [
            (row.code, str(row)) for row in Standard.objects.filter(edition=edition).order_by("number")
        ]
        if cycle.pk:
            self.lead = ""
            self.initial["standards"] = cycle.standards
            for name in ("year", *Cycle.DATES):
                del self.fields[name]  # the dates move by a step of their own
            if cycle.state != Cycle.DRAFT:
                del self.fields["standards"]
            return
        today = timezone.localdate()
        self.fields["year"].min_value = today.year - 5
        self.initial["year"] = self.initial.get("year") or today.year
        self.initial["standards"] = [code for code, _words in self.fields["standards"].choices]
        for name, days in USUAL.items():
            self.initial[name] = self.initial.get(name) or today + datetime.timedelta(days=days)

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if not 2000 <= year <= timezone.localdate().year + 5:
            raise ValidationError(_("Give the year with four digits."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "standards" in cleaned:
            self.instance.standards = cleaned["standards"]
        return cleaned


class DatesForm(StepForm):
    opens_on = DateField(label=_("Answering begins"))
    answer_by = DateField(label=_("Answers by"))
    verify_by = DateField(label=_("Verified by"))
    decide_by = DateField(label=_("Decided by"))
    reason = LongText(label=_("Reason"), rows=3, required=False)

    def prepare(self) -> None:
        for name in Cycle.DATES:
            self.fields[name].initial = getattr(self.record, name)
        self.fields["reason"].required = self.record.state == Cycle.OPEN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days: list[Any] = [cleaned.get(name) for name in Cycle.DATES]
        if all(days) and days != sorted(days):
            raise ValidationError(ORDER)
        return cleaned


class _PlanForm(StepForm):
    areas = AreaChoice(label=_("Evaluation areas"))

    def prepare(self) -> None:
        self.fields["areas"].offer(areas(self.record))

    def _free(self, rows: Any, column: str) -> Any:
        """Those that are not in the cycle yet."""
        taken = Assessment.objects.live().filter(cycle=self.record, **{f"{column}__isnull": False})
        if column == "unit":
            taken = taken.filter(programme__isnull=True)
        return rows.exclude(pk__in=taken.order_by().values(column))


class PlanUnitsForm(_PlanForm):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Units"), widget=forms.SelectMultiple(attrs={"data-picker": "", "size": "8"})
    )
    field_order = ["units", "areas"]

    def prepare(self) -> None:
        super().prepare()
        self.fields["units"].queryset = self._free(Unit.objects.visible_to(self.by).working(), "unit")


class PlanProgrammesForm(_PlanForm):
    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.none(),
        label=_("Programmes"),
        widget=forms.SelectMultiple(attrs={"data-picker": "", "size": "8"}),
    )
    field_order = ["programmes", "areas"]

    def prepare(self) -> None:
        super().prepare()
        standard = policy("standards.programme_standard")
        self.fields["areas"].initial = [a.code for a in areas(self.record) if a.standard.code == standard]
        rows = Programme.objects.visible_to(self.by).select_related("unit", "head")
        self.fields["programmes"].queryset = self._free(rows, "programme")
