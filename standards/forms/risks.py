"""Forms of risks, their measures and context sheets, and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_months
from qa_portal.documents.forms import ProofFields
from qa_portal.people.models import Person, Unit
from qa_portal.policy.registry import policy
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from ..models import ContextSheet, RiskMeasure, UnitRisk
from ..risk_levels import IMPACT, LIKELIHOOD, choices
from ..standard_choices import optional_standards, standards

FIRST_YEAR, LAST_YEAR = 2000, 2100
PAST = _("The deadline cannot be in the past.")


def insiders(person: Any) -> Any:
    """Active people of the university's units."""
    return Person.objects.visible_to(person).filter(is_active=True, unit__isnull=False).by_name()


def next_review(today: datetime.date | None = None) -> datetime.date:
    """When a risk looked at today is looked at again: counted from this review, not from the day it was due."""
    return add_months(today or timezone.localdate(), policy("standards.risk_review_months"))


def not_past(day: datetime.date | None, before: datetime.date | None = None) -> datetime.date | None:
    if day and day < timezone.localdate() and day != before:
        raise ValidationError(PAST)
    return day


class Degree(forms.TypedChoiceField):
    """A degree from 1 to 5 with its word."""

    def __init__(self, words: dict[int, Any], **kwargs: Any):
        listed = [("", _("— choose —")), *choices(words)]
        super().__init__(choices=listed, coerce=int, empty_value=None, **kwargs)


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3)


# -- risks -------------------------------------------------------------------------------------
class UnitRiskForm(RecordForm):
    saved = _("It stands in the register now. Next it is rated.")
    lead: Any = _("What may happen, what may cause it, what would follow. How great it is, is rated in the next step.")
    standard = forms.ChoiceField(label=_("Standard"), required=False, choices=optional_standards)
    owner = PersonChoice(
        queryset=Person.objects.none(),
        label=_("Owner"),
        required=False,
        help_text=_("Who watches over it and has it looked at again."),
    )

    class Meta:
        model = UnitRisk
        fields = ["unit", "kind", "title", "standard", "text", "consequence", "existing", "owner", "review_on"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("text", "consequence", "existing")}

    def prepare(self) -> None:
        self.fields["owner"].queryset = insiders(self.by)
        if self.instance.pk is None:
            del self.fields["review_on"]
            self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
            self.fields["title"].required = True
            self.initial["unit"] = self.initial.get("unit") or self.by.unit_id
            return
        if self.instance.owner_id:
            # An owner who has left stays until somebody names another: an edit of the words does not lose them.
            here = self.fields["owner"].queryset.order_by().values("pk")
            self.fields["owner"].queryset = Person.objects.filter(
                Q(pk__in=here) | Q(pk=self.instance.owner_id)
            ).by_name()
        del self.fields["unit"], self.fields["kind"]
        if self.instance.catalogue_code:
            # Its words are the catalogue's in every language; the unit says its own causes and consequences.
            self.lead = self.instance.words
            del self.fields["title"], self.fields["standard"]
        else:
            self.fields["title"].required = True

    def clean_review_on(self) -> datetime.date | None:
        day = self.cleaned_data["review_on"]
        if day is None and self.instance.is_rated:
            # Without a day nobody would ever be asked to look at it again.
            raise ValidationError(_("Give the day of the next review: a risk that is rated is looked at again."))
        if day and day < timezone.localdate() and day != self.initial.get("review_on"):
            raise ValidationError(_("The day of the next review cannot be in the past."))
        return day


class _RatingForm(StepForm):
    #: before or after measures, as the fields of the record are named
    AFTER = ""

    def facts(self) -> list[dict[str, Any]]:
        record = self.record
        rows = [{"label": _("What may happen"), "html": record.words}]
        if record.existing:
            rows.append({"label": _("What is in place already"), "html": record.existing})
        return rows


class AssessForm(_RatingForm):
    likelihood = Degree(LIKELIHOOD, label=_("Likelihood before measures"))
    impact = Degree(IMPACT, label=_("Impact before measures"))
    note = LongText(label=_("Grounds"), required=False, rows=3, max_length=3000)

    def prepare(self) -> None:
        self.fields["likelihood"].initial, self.fields["impact"].initial = self.record.likelihood, self.record.impact


class AssessAfterForm(_RatingForm):
    likelihood_after = Degree(LIKELIHOOD, label=_("Likelihood after measures"))
    impact_after = Degree(IMPACT, label=_("Impact after measures"))
    note = LongText(label=_("Grounds"), required=False, rows=3, max_length=3000)

    def prepare(self) -> None:
        risk = self.record
        self.fields["likelihood_after"].initial = risk.likelihood_after or risk.likelihood
        self.fields["impact_after"].initial = risk.impact_after or risk.impact


class ReviewForm(StepForm):
    note = LongText(label=_("What was looked at"), rows=3)
    review_on = DateField(
        label=_("Next review"), required=False, help_text=_("Left empty: in the usual time, counted from today.")
    )

    def prepare(self) -> None:
        self.fields["review_on"].initial = next_review()
        self.fields["review_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_review_on(self) -> datetime.date:
        day = self.cleaned_data["review_on"] or next_review()
        if day <= timezone.localdate():
            raise ValidationError(_("The next review must be on a later day than today."))
        return day


class ComeTrueForm(StepForm):
    on = DateField(label=_("When it happened"))
    text = LongText(label=_("What happened"), max_length=5000)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day it happened cannot be in the future."))
        return day


class StartForm(forms.Form):
    """Which unit begins with which standards' risks."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label=_("Unit"), empty_label=_("— choose —"))
    standards = forms.MultipleChoiceField(
        label=_("Standards"),
        choices=standards,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one standard.")},
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].widget.attrs["data-picker"] = ""
        only = list(units.order_by("pk")[:2])
        if len(only) == 1 and not self.initial.get("unit"):  # a head of one unit has nothing to choose
            self.initial["unit"] = only[0].pk
        self.fields["standards"].initial = [code for code, _name in standards()]


# -- measures ----------------------------------------------------------------------------------
class MeasureForm(RecordForm):
    saved = _("The measure is entered. Whoever does it is told.")
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it"))

    class Meta:
        model = RiskMeasure
        fields = ["text", "owner", "due"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def prepare(self) -> None:
        if self.instance.pk:
            # Person and deadline change by steps of their own, with a reason and people told.
            del self.fields["owner"], self.fields["due"]
            return
        self.lead = _("It lessens the risk: %(risk)s") % {"risk": self.instance.risk}
        self.fields["owner"].queryset = insiders(self.by)
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()
        if not self.instance.risk.measures.exists():
            # What the catalogue proposes is offered once, for the first measure.
            self.initial["text"] = self.initial.get("text") or self.instance.risk.mitigation

    def clean_due(self) -> datetime.date | None:
        return not_past(self.cleaned_data["due"])


class CarryOutForm(ProofFields, StepForm):
    """What was done; evidence may come along."""

    done_note = LongText(label=_("What was done"), max_length=3000)
    field_order = ["done_note", "evidence_title", "file", "link", "speaks_of"]


class MoveDeadlineForm(StepForm):
    due = DateField(label=_("New deadline"))
    reason = LongText(label=_("Reason"), rows=3)

    def clean_due(self) -> datetime.date | None:
        due = not_past(self.cleaned_data["due"])
        if due == self.record.due:
            raise ValidationError(_("This is the deadline already: give another day."))
        return due


class HandOverForm(StepForm):
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it from now on"))
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        self.fields["owner"].queryset = insiders(self.by).exclude(pk=self.record.owner_id)


# -- context sheets --------------------------------------------------------------------------------
class ContextSheetForm(RecordForm):
    saved = _("The sheet is begun. Write on as long as it is a draft; then it is approved.")
    lead = _("One line for each thought. From any line a risk or an opportunity can be made.")
    copy = forms.BooleanField(
        label=_("Start from last year's sheet"),
        required=False,
        help_text=_("What you leave empty here is taken over from the sheet of the year before."),
    )

    class Meta:
        model = ContextSheet
        fields = ["unit", "year", *ContextSheet.FACTORS, *ContextSheet.SWOT]
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in (*ContextSheet.FACTORS, *ContextSheet.SWOT)}

    field_order = ["unit", "year", "copy", *ContextSheet.FACTORS, *ContextSheet.SWOT]

    def prepare(self) -> None:
        if self.instance.pk:
            for name in ("unit", "year", "copy"):
                del self.fields[name]
            return
        self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
        self.initial["unit"] = self.initial.get("unit") or self.by.unit_id
        self.initial["year"] = self.initial.get("year") or timezone.localdate().year

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("A year of four figures is expected."))
        return year

    def _last_year(self) -> ContextSheet | None:
        given = self.cleaned_data
        rows = ContextSheet.objects.visible_to(self.by).exclude(state=ContextSheet.CANCELLED)
        return rows.filter(unit=given.get("unit"), year=(given.get("year") or 0) - 1).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("copy") and not self.errors and self._last_year() is None:
            self.add_error("copy", _("There is no sheet of this unit for the year before."))
        return cleaned

    def save_new(self, by: Any) -> ContextSheet:
        before = self._last_year() if self.cleaned_data.get("copy") else None
        if before is not None:
            for name in (*ContextSheet.FACTORS, *ContextSheet.SWOT):
                setattr(self.instance, name, getattr(self.instance, name) or getattr(before, name))
        return super().save_new(by)
