"""Inputs of the steps of documents, versions and approval sheets."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_working_days
from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy
from qa_portal.web.files import KINDS, DocumentField
from qa_portal.web.forms import DateField, LongText, StepForm

PDF = KINDS["pdf"][0]
DOCX = KINDS["docx"][0]


class VersionFile(DocumentField):
    """The file of a version: a PDF, shown in the page, or a DOCX."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"label": _("File (PDF or DOCX)"), **kwargs})
        self.widget.attrs["accept"] = ".pdf,.docx"

    @property
    def accept_hint(self) -> str:
        return "PDF, DOCX"

    def clean(self, data: Any, initial: Any = None) -> Any:
        # Said first: the house's own sentence would offer kinds of file that a version may not be.
        if data and data is not initial and not str(data.name).lower().endswith((".pdf", ".docx")):
            raise ValidationError(_("A version is a PDF or a DOCX file."), code="kind")
        file = super().clean(data, initial)
        if file and file is not initial and file.found_type not in (PDF, DOCX):
            raise ValidationError(_("A version is a PDF or a DOCX file."), code="kind")
        return file


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class NoteForm(StepForm):
    note = LongText(label=_("Note"), rows=3, required=False)


class CheckFormForm(StepForm):
    """Who is asked to agree, and by when. The legal office is asked always."""

    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units concerned"),
        required=False,
        help_text=_("Their heads answer on the approval sheet. The legal office is asked in any case."),
        widget=forms.SelectMultiple(attrs={"data-picker": ""}),
    )
    agree_by = DateField(label=_("Answers by"))
    note = LongText(label=_("Note"), rows=2, required=False)

    def prepare(self) -> None:
        self.fields["units"].queryset = Unit.objects.visible_to(self.by).working().order_by("path")
        if self.record is not None and self.record.round:
            # A corrected text goes to those who were asked the last time.
            asked = self.record.agreements.filter(round=self.record.round, unit__isnull=False)
            self.fields["units"].initial = list(asked.values_list("unit", flat=True))
        self.fields["agree_by"].initial = add_working_days(timezone.localdate(), policy("documents.agree_days"))

    def clean_agree_by(self) -> datetime.date:
        day = self.cleaned_data["agree_by"]
        if day < timezone.localdate():
            raise ValidationError(_("The day lies in the past."))
        return day


class AgreeForm(StepForm):
    note = LongText(label=_("Remark, if there is one"), rows=2, required=False)


class ObjectForm(StepForm):
    reason = LongText(
        label=_("Why you object, and what should stand there instead"),
        rows=4,
        help_text=_("The authors read this when they correct the text."),
    )


class ApproveForm(StepForm):
    """An order has number and date; a body's decision brings its own."""

    order_number = forms.CharField(label=_("Number of the order"), max_length=40, required=False)
    order_date = DateField(label=_("Date of the order"), required=False)
    basis = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    note = LongText(label=_("Note"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.record is not None and self.record.waits_for_order:
            for name in ("order_number", "order_date"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("An order has a number and a date."))
            if cleaned.get("order_date") and cleaned["order_date"] > timezone.localdate():
                self.add_error("order_date", _("The date of the order cannot be in the future."))
            cleaned["basis"] = ""  # only a decision brings its own words
        return cleaned


class ReviewForm(StepForm):
    note = LongText(
        label=_("What was looked at, and why nothing changes"),
        rows=3,
        help_text=_("It is entered in the change sheet of the version in force."),
    )


class AnnulForm(StepForm):
    basis = forms.CharField(
        label=_("Basis"), max_length=200, help_text=_("Decision or order, with number and date, that ends it.")
    )
    on = DateField(label=_("No longer in force from"))
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day cannot be in the future: annul it when the day has come."))
        return day


class EditionForm(StepForm):
    edition = forms.CharField(label=_("New edition"), max_length=120, help_text=_("As the act itself names it."))
    adopted_on = DateField(label=_("Date of the new edition"))
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    note = LongText(label=_("What has changed for the university"), rows=3)
    confirmed = forms.BooleanField(
        label=_("Only checked: our register named an older edition, the act itself has not changed since"),
        required=False,
    )

    def prepare(self) -> None:
        if self.record is not None:
            self.fields["link"].initial = self.record.link


class LoseForceForm(StepForm):
    on = DateField(label=_("No longer in force from"))
    reason = LongText(label=_("By which act, and what takes its place"), rows=3)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day cannot be in the future."))
        return day


class ArchiveForm(StepForm):
    index = forms.CharField(label=_("Nomenclature index"), max_length=30)
    years = forms.IntegerField(
        label=_("Kept … years"), required=False, min_value=1, max_value=100, help_text=_("Empty: permanently.")
    )

    def prepare(self) -> None:
        if self.record is not None:
            kind = self.record.kind
            self.fields["index"].initial = self.record.nomenclature_index or kind.nomenclature_index
            self.fields["years"].initial = kind.retention_years


class DestroyForm(StepForm):
    on = DateField(label=_("Destroyed on"))
    act = forms.CharField(label=_("Number of the act"), max_length=120)

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day cannot be in the future."))
        return day


class OutsideForm(StepForm):
    to_whom = forms.CharField(label=_("To whom"), max_length=200)
    purpose = LongText(label=_("What for"), rows=2)
    until = DateField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Whom, what for and until when stand in the history: the permission is kept nowhere else."""
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        words = (cleaned.get("to_whom"), cleaned.get("purpose"), date_format(until, "DATE_FORMAT") if until else "")
        cleaned["note"] = " · ".join(word for word in words if word)
        return cleaned
