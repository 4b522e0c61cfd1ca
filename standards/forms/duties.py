"""Forms of the steps of a duty, and of the day on which one was last fulfilled; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Decision
from qa_portal.documents.forms import ProofFields
from qa_portal.web import cells
from qa_portal.web.forms import DateField, LongText, StepForm, keep_to_one_line

from ..duty_subjects import subjects
from ..models import DutyRule, DutyStart

#: an earlier year is a slip of the hand, and dates counted back from it would leave the calendar
EARLIEST = 1900


def _not_in_future(day: datetime.date) -> datetime.date:
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
    if day.year < EARLIEST:
        raise ValidationError(_("Give the year with four digits."))
    return day


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class FulfilForm(ProofFields, StepForm):
    """The day and a paper that shows it: a file, a link, or one that is attached already."""

    done_on = DateField(label=_("Done on"))
    note = LongText(label=_("What was done"), required=False, rows=4, max_length=3000)
    field_order = ["done_on", "note", "evidence_title", "file", "link", "speaks_of"]

    def prepare(self) -> None:
        self.fields["done_on"].initial = timezone.localdate()
        if self.record is None:
            return
        paper = self.record.rule.paper
        if paper:
            self.fields["file"].help_text = _("What shows it: %(paper)s.") % {"paper": paper}
            self.fields["evidence_title"].initial = paper

    def clean_done_on(self) -> datetime.date:
        day = _not_in_future(self.cleaned_data["done_on"])
        duty = self.record
        if duty.rule.timing == DutyRule.Timing.FROM_LAST:
            if duty.base and day <= duty.base:
                raise ValidationError(
                    _("The last time was %(day)s: give a later day.") % {"day": cells.date(duty.base)}
                )
        elif day < duty.opens_on:
            raise ValidationError(
                _("Its time begins on %(day)s: what was done before belongs to an earlier one.")
                % {"day": cells.date(duty.opens_on)}
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.has_proof and not self.record.is_proved():
            raise ValidationError(
                _("Attach what shows it: a file or a link. Without a paper it stays open."), code="evidence"
            )
        return cleaned


class DecideForm(StepForm):
    """Filled by the decision itself."""

    decision = forms.ModelChoiceField(queryset=Decision.objects.none(), label=_("Decision"))

    def prepare(self) -> None:
        self.fields["decision"].queryset = Decision.objects.all()


class SetDateForm(StepForm):
    due_on = DateField(label=_("To be done by"))
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        if self.record is not None:
            self.fields["due_on"].widget.attrs.update(
                min=timezone.localdate().isoformat(), max=self.record.first_due.isoformat()
            )

    def clean_due_on(self) -> datetime.date:
        day, duty = self.cleaned_data["due_on"], self.record
        if day < timezone.localdate():
            raise ValidationError(_("The deadline cannot be in the past."))
        if day > duty.first_due:
            raise ValidationError(
                _("By its rule it is due on %(day)s at the latest.") % {"day": cells.date(duty.first_due)}
            )
        if day == duty.due_on:
            raise ValidationError(_("This is the date already: give another day."))
        return day


class StartForm(forms.Form):
    """When a duty was last fulfilled before the portal knew of it, and of what."""

    subject = forms.ChoiceField(label=_("For what"))
    on = DateField(label=_("Last fulfilled on"))
    note = forms.CharField(label=_("By what"), max_length=250, required=False)

    def __init__(self, *args: Any, rule: DutyRule, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.found = {row.pk: row for row in subjects(rule.scope)}
        if rule.scope == DutyRule.Scope.UNIVERSITY:
            del self.fields["subject"]
        else:
            self.fields["subject"].choices = [(str(pk), str(row)) for pk, row in self.found.items()]  # type: ignore[attr-defined]
            self.fields["subject"].widget.attrs["data-picker"] = ""
        keep_to_one_line(self)

    def clean_on(self) -> datetime.date:
        return _not_in_future(self.cleaned_data["on"])

    @property
    def chosen(self) -> Any:
        """The subject; None where the rule is the university's."""
        return self.found[int(self.cleaned_data["subject"])] if "subject" in self.fields else None

    def start(self) -> DutyStart:
        """The row to write: the one there is, with what was typed."""
        subject = self.chosen
        rows = DutyStart.objects.filter(rule=self.rule)
        found = [row for row in rows if row.subject_id == getattr(subject, "pk", None)]
        row = found[0] if found else DutyStart(rule=self.rule, subject=subject)
        row.on, row.note = self.cleaned_data["on"], self.cleaned_data["note"]
        return row
