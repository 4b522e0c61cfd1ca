"""Forms of answers on evaluation areas and of the steps around them; page and API read the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from ..models import AreaAnswer

MOST_WORDS = 90


class TypingForm(RecordForm):
    """What one types in one area. Nothing is required: a half-written answer is saved as it stands."""

    class Meta:
        model = AreaAnswer
        fields = ["score", "comment", "strong", "improve"]


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3)


class SendBackForm(StepForm):
    reason = LongText(label=_("What has to be mended"), rows=3)


def _choices(answers: Any) -> list[tuple[str, str]]:
    """Standards as a whole, each followed by its areas: ("S1", …), ("S1.A1", …)."""
    found: list[tuple[str, str]] = []
    standards: set[str] = set()
    for answer in answers.select_related("area__standard").order_by("area__standard__number", "area__place"):
        if answer.standard not in standards:
            standards.add(answer.standard)
            name = answer.area.standard.name
            found.append((answer.standard, _("%(standard)s: all areas") % {"standard": f"{answer.standard} {name}"}))
        found.append((answer.code, f"{answer.code} {Truncator(answer.area.text).chars(MOST_WORDS)}"))
    return found


class AreasForm(StepForm):
    """Areas by code; a standard's code means all its areas."""

    areas = forms.MultipleChoiceField(
        label=_("Standards and areas"), widget=forms.SelectMultiple(attrs={"data-picker": "", "size": 12})
    )

    def rows(self) -> Any:
        return AreaAnswer.objects.filter(assessment=self.record, state__in=AreaAnswer.EDITABLE_STATES)

    def prepare(self) -> None:
        self.fields["areas"].choices = _choices(self.rows())


class DelegateForm(AreasForm):
    person = PersonChoice(queryset=Person.objects.none(), label=_("Who writes them"))
    until = DateField(label=_("By"))
    note = LongText(label=_("Note"), required=False, rows=3)
    field_order = ["person", "areas", "until", "note"]

    def prepare(self) -> None:
        super().prepare()
        people = Person.objects.visible_to(self.by).filter(is_active=True, unit__isnull=False)
        self.fields["person"].queryset = people.by_name()
        if self.record is not None and self.record.due >= timezone.localdate():
            self.fields["until"].initial = self.record.due

    def clean_until(self) -> datetime.date:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError(_("The deadline cannot be in the past."))
        if until > self.record.due and self.record.due >= timezone.localdate():
            raise ValidationError(_("The whole self-assessment is due earlier: give a day before that."))
        return until


class ReclaimForm(AreasForm):
    note = LongText(label=_("Note"), required=False, rows=3)

    def rows(self) -> Any:
        return super().rows().filter(assignee__isnull=False)
