"""Forms of assignments, dispatches, requests and proposals, and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_working_days
from qa_portal.documents.evidence import attach_proof
from qa_portal.documents.forms import ProofFields
from qa_portal.people.models import Person, Unit
from qa_portal.policy.registry import policy
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from ..models import Assignment, Body, Dispatch, InformationRequest, QualityProposal

PAST = _("The deadline cannot be in the past.")


def answer_day() -> datetime.date:
    """By when an answer is due, unless another day is given: so many working days from today."""
    return add_working_days(timezone.localdate(), policy("bodies.answer_within"))


def insiders(person: Any) -> Any:
    """Active people of the university's units."""
    return Person.objects.visible_to(person).filter(is_active=True, unit__isnull=False).by_name()


def not_past(day: datetime.date, before: datetime.date | None = None) -> datetime.date:
    """A deadline that is typed: today or later, or the one that stands already."""
    if day < timezone.localdate() and day != before:
        raise ValidationError(PAST)
    return day


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3)


# -- assignments ----------------------------------------------------------------------------
class AssignmentForm(RecordForm):
    saved = _("The assignment is given. Those concerned are told.")
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it"))

    class Meta:
        model = Assignment
        fields = ["text", "owner", "due"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def prepare(self) -> None:
        if self.instance.pk:
            # Deadline and person change by steps of their own, with a reason and people told.
            del self.fields["owner"], self.fields["due"]
            return
        self.lead = _("It follows from the decision: %(decision)s") % {"decision": self.instance.decision}
        self.fields["owner"].queryset = insiders(self.by)
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due(self) -> datetime.date:
        return not_past(self.cleaned_data["due"])


class CarryOutForm(ProofFields, StepForm):
    """What was done, in words, or evidence: one of them is needed."""

    note = LongText(label=_("What was done"), required=False)
    field_order = ["note", "evidence_title", "file", "link", "speaks_of"]

    def prepare(self) -> None:
        self.fields["file"].help_text = _("Say what was done, or give a file or a link that shows it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("note") and not self.has_proof and not self.record.is_proved():
            raise ValidationError(
                _("Say what was done, or attach evidence: a file or a link. One of them is needed."), code="evidence"
            )
        return cleaned


class MoveDeadlineForm(StepForm):
    until = DateField(label=_("New deadline"))
    reason = LongText(label=_("Reason"), rows=3)

    def clean_until(self) -> datetime.date:
        until = not_past(self.cleaned_data["until"])
        if until == self.record.due:
            raise ValidationError(_("This is the deadline already: give another day."))
        return until


class HandOverForm(StepForm):
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it from now on"))
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        self.fields["owner"].queryset = insiders(self.by).exclude(pk=self.record.owner_id)


# -- dispatches -------------------------------------------------------------------------------
class DispatchForm(ProofFields, RecordForm):
    """What is sent to which body; one paper may come along at once, more are attached on the page."""

    saved = _("It is sent. You will be told when the body has received it.")
    lead: Any = _("A report or another paper for a body. Its secretary confirms the receipt with date and number.")

    class Meta:
        model = Dispatch
        fields = ["body", "title", "note", "sent_on"]

    field_order = ["body", "title", "note", "sent_on", "evidence_title", "file", "link", "speaks_of"]

    def prepare(self) -> None:
        if self.instance.pk:
            for name in ("body", "sent_on", "evidence_title", "file", "link", "speaks_of"):
                del self.fields[name]
            return
        self.fields["body"].queryset = Body.objects.visible_to(self.by).active()
        self.fields["evidence_title"].label = _("What the paper is")
        self.fields["file"].help_text = _("More papers can be attached on the next page.")
        subject = self.instance.subject
        if subject is not None:
            self.lead = _("It is about: %(record)s") % {"record": subject}
            self.initial["title"] = self.initial.get("title") or str(subject)[:250]

    def save_new(self, by: Any) -> Dispatch:
        made = super().save_new(by)
        given = self.cleaned_data
        attach_proof(made, by, given["evidence_title"], given["file"], given["link"], given["speaks_of"])
        return made


class AcknowledgeForm(StepForm):
    entry_number = forms.CharField(label=_("Number of entry"), max_length=40)
    note = LongText(label=_("Note"), required=False, rows=3)


# -- information requests -------------------------------------------------------------------------
class RequestForm(RecordForm):
    saved = _("The request is sent. You will be told when the unit has answered.")
    lead = _("The quality manager may ask any unit for information; the unit answers with papers.")

    class Meta:
        model = InformationRequest
        fields = ["unit", "what", "why", "due"]

    def prepare(self) -> None:
        if self.instance.pk:
            del self.fields["unit"]
            return
        self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
        self.initial["due"] = self.initial.get("due") or answer_day()
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due(self) -> datetime.date:
        return not_past(self.cleaned_data["due"], self.initial.get("due") if self.instance.pk else None)


class AnswerForm(ProofFields, StepForm):
    note = LongText(label=_("Answer"), rows=6)
    field_order = ["note", "evidence_title", "file", "link", "speaks_of"]

    def prepare(self) -> None:
        self.fields["file"].help_text = _("A paper that belongs to the answer, if there is one.")


class AskAgainForm(StepForm):
    reason = LongText(label=_("What is missing"), rows=3)
    due = DateField(label=_("Answer by"))

    def prepare(self) -> None:
        self.fields["due"].initial = answer_day()

    def clean_due(self) -> datetime.date:
        return not_past(self.cleaned_data["due"])


# -- proposals of the quality manager -----------------------------------------------------------------
class AdviceForm(RecordForm):
    saved = _("The proposal is made. You will be told of the answer.")
    lead = _("To a body or to a unit: they accept it, or decline it with a reason. The quality manager proposes only.")

    class Meta:
        model = QualityProposal
        fields = ["body", "unit", "title", "text", "due"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def prepare(self) -> None:
        if self.instance.pk:
            del self.fields["body"], self.fields["unit"]
            return
        self.fields["body"].queryset = Body.objects.visible_to(self.by).active()
        self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
        self.initial["due"] = self.initial.get("due") or answer_day()
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due(self) -> datetime.date:
        return not_past(self.cleaned_data["due"], self.initial.get("due") if self.instance.pk else None)


class FinishForm(StepForm):
    note = LongText(label=_("What was done"))
