"""Forms of a self-assessment and of its steps, and of the rows of a programme's monitoring plan."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.forms import ProofFields
from qa_portal.people.models import Person
from qa_portal.permissions import refusal
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from ..models import AreaAnswer, Assessment, CommissionMember, EvaluationArea, PlanRow
from ..permissions.cycles import leads
from ..scope import areas
from .area_boxes import AreaChoice


def insiders(person: Any) -> Any:
    """Active people of the university's units."""
    return Person.objects.visible_to(person).filter(is_active=True, unit__isnull=False).by_name()


class AssessmentForm(RecordForm):
    """The three texts of the whole; the quality office also moves the deadline, and those who lead name who leads."""

    lead = PersonChoice(queryset=Person.objects.none(), label=_("Who leads it"), required=False)

    class Meta:
        model = Assessment
        fields = ["summary", "strong", "improve", "lead", "due"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 8}), "strong": forms.Textarea(attrs={"rows": 5})}

    def prepare(self) -> None:
        assessment, office = self.instance, self.by.standing.quality_office
        self.fields["lead"].queryset = insiders(self.by)
        if not office:
            del self.fields["due"]
        if not (office or leads(self.by, assessment)):
            del self.fields["lead"]
        if assessment.state == Assessment.PLANNED or (
            office and refusal(self.by, "standards.prove_assessment", assessment)
        ):
            for name in ("summary", "strong", "improve"):
                del self.fields[name]  # the quality office writes no text that it verifies later


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3)


class SendBackForm(StepForm):
    note = LongText(label=_("What is to be mended"), required=False, rows=4)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        returned = AreaAnswer.objects.filter(assessment=self.record, state=AreaAnswer.RETURNED)
        if not self.errors and not cleaned.get("note") and not returned.exists():
            raise ValidationError(_("Say what is to be mended, or send back single areas first."))
        return cleaned


class ReopenForm(StepForm):
    areas = AreaChoice(
        label=_("Areas to be written again"), required=False, help_text=_("None ticked: all areas of it.")
    )
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        self.fields["areas"].offer(_answered_areas(self.record))


def _answered_areas(assessment: Assessment) -> Any:
    found = EvaluationArea.objects.filter(answers__assessment=assessment, answers__state=AreaAnswer.ACCEPTED)
    return found.select_related("standard").order_by("standard__number", "place")


class ConsiderForm(StepForm):
    basis = forms.CharField(label=_("Decision of the committee"), max_length=200, required=False)


class AreasForm(StepForm):
    areas = AreaChoice(label=_("Evaluation areas"))
    reason = LongText(
        label=_("Reason"),
        rows=3,
        required=False,
        help_text=_(
            "Needed once the unit answers: it is told, and what was written in an area taken out stays to be read."
        ),
    )

    def prepare(self) -> None:
        offered = areas(self.record.cycle)
        self.fields["areas"].offer(offered)
        self.fields["areas"].initial = self.record.areas
        self.fields["reason"].required = self.record.state != Assessment.PLANNED

    def clean_areas(self) -> list[str]:
        ticked = set(self.cleaned_data["areas"])
        return [area.code for area in areas(self.record.cycle) if area.code in ticked]


class CommissionForm(StepForm):
    chair = PersonChoice(queryset=Person.objects.none(), label=_("Chair"))
    secretary = PersonChoice(queryset=Person.objects.none(), label=_("Secretary"), required=False)
    members = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Members"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": "", "size": "8"}),
    )
    note = forms.CharField(label=_("On what it rests"), max_length=200, help_text=_("Order with its number and date."))

    def prepare(self) -> None:
        people = insiders(self.by)
        seats = list(self.record.commission.all()) if self.record is not None and self.record.pk else []
        for name, duty in (("chair", CommissionMember.Duty.CHAIR), ("secretary", CommissionMember.Duty.SECRETARY)):
            self.fields[name].queryset = people
            self.fields[name].initial = next((seat.person_id for seat in seats if seat.duty == duty), None)
        self.fields["members"].queryset = people
        self.fields["members"].initial = [s.person_id for s in seats if s.duty == CommissionMember.Duty.MEMBER]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chair, secretary, members = cleaned.get("chair"), cleaned.get("secretary"), list(cleaned.get("members") or ())
        people = [person for person in (chair, secretary, *members) if person is not None]
        if len({person.pk for person in people}) != len(people):
            raise ValidationError(_("One person has one seat in the commission."))
        if not self.errors:
            # History says who sits in it, not only by which order.
            cleaned["reason"] = f"{cleaned['note']}: " + ", ".join(person.get_full_name() for person in people)
        return cleaned


# -- monitoring plan ---------------------------------------------------------------------------
class PlanRowForm(RecordForm):
    saved = _("The row stands in the plan.")
    area = forms.ChoiceField(label=_("Evaluation area"))
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who answers for it"), required=False)

    class Meta:
        model = PlanRow
        fields = ["area", "indicator", "source", "due", "owner", "planned"]

    def prepare(self) -> None:
        assessment = self.instance.assessment
        self.lead = str(assessment)
        offered = [area for area in areas(assessment.cycle) if area.code in assessment.areas]
        self.fields["area"].choices = [(area.code, f"{area.code} {area.text}") for area in offered]
        self.fields["owner"].queryset = insiders(self.by)


class FactForm(ProofFields, StepForm):
    fact = forms.CharField(label=_("Actual value"), max_length=120)
    fact_on = DateField(label=_("As of"))
    note = LongText(label=_("Note on the difference"), required=False, rows=3, max_length=3000)
    field_order = ["fact", "fact_on", "note", "evidence_title", "file", "link", "speaks_of"]

    def prepare(self) -> None:
        row = self.record
        self.fields["fact"].initial, self.fields["note"].initial = row.fact, row.note
        self.fields["fact_on"].initial = row.fact_on or timezone.localdate()
        if row.state == PlanRow.DONE:
            self.fields["note"].required = True
            self.fields["note"].label = _("Why the value is corrected")

    def clean_fact_on(self) -> datetime.date:
        day = self.cleaned_data["fact_on"]
        if day > timezone.localdate():
            raise ValidationError(_("A value cannot be as of a day that has not come."))
        return day


class DropForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)
