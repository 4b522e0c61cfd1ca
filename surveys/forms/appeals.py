"""Forms of appeals: filing, the steps, the report; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.programmes.models import Course, Term
from qa_portal.web.forms import LongText, PersonChoice, RecordForm, StepForm

from ..appeal_commission import too_few, unfit
from ..models import AcademicAppeal, AppealReport
from ..permissions.appeals import report_units

Cause, Decision = AcademicAppeal.Cause, AcademicAppeal.Decision
#: results older than this are appealed by naming them, not by picking a course
LONG_AGO = datetime.timedelta(days=400)


def insiders() -> Any:
    return Person.objects.filter(is_active=True, unit__isnull=False)


def recent_courses() -> Any:
    rows = Course.objects.filter(term__until__gte=timezone.localdate() - LONG_AGO)
    return rows.select_related("discipline", "term__year")


def school_of(unit: Unit) -> Unit:
    """The school that a unit belongs to, else the unit itself: appeals are kept above the department."""
    rows = Unit.objects.filter(pk__in=unit.chain_ids, kind=Unit.Kind.SCHOOL).order_by("-path")
    return rows.first() or unit


class AppealForm(RecordForm):
    """One's own, or one that an office enters from paper."""

    saved = _("The appeal is filed. Whether it is admitted will be said here.")
    lead: Any = _("Say which result you do not agree with, and why. The course's teacher does not see the appeal.")

    class Meta:
        model = AcademicAppeal
        fields = [
            "student", "student_name", "student_email", "group", "kind", "course", "about", "grade", "graded_by",
            "happened_on", "filed_on", "text", "unit",
        ]  # fmt: skip
        field_classes = {"student": PersonChoice, "graded_by": PersonChoice}
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def prepare(self) -> None:
        fields = self.fields
        fields["course"].queryset = recent_courses()
        fields["unit"].queryset = Unit.objects.working()
        fields["unit"].required = False
        fields["unit"].help_text = _("Left empty: the school of the course.")
        fields["about"].help_text = _("Where there is no course: which work, practice or examination.")
        fields["graded_by"].queryset = insiders().by_name()
        fields["graded_by"].help_text = _("Neither they nor the teachers of the course see the appeal or decide on it.")
        fields["student"].queryset = Person.objects.filter(student__isnull=False, is_active=True).by_name()
        fields["student"].label = _("Account of the student")
        self.initial.setdefault("filed_on", timezone.localdate())
        left_out: set[str] = set()
        if self.instance.pk is not None:
            left_out = set(fields) - {*AcademicAppeal.EDITABLE, "revision"}
            fields["course"].queryset = recent_courses() | Course.objects.filter(pk=self.instance.course_id)
        elif self.instance.student_id is not None:
            left_out = {"student", "student_name", "student_email", "filed_on"}
            self._from_account(self.instance.student)
        for name in left_out:
            del fields[name]

    def _from_account(self, person: Person) -> None:
        """One's own: name, address and day are those of the account and of today."""
        self.instance.student_name, self.instance.student_email = person.get_full_name(), person.email
        self.instance.filed_on = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        course = cleaned.get("course")
        if course is None and not cleaned.get("about") and not {"course", "about"} & set(self.errors):
            self.add_error("about", _("Choose the course, or write what is appealed."))
        if cleaned.get("unit") is None and "unit" not in self.errors:
            if course is not None:
                cleaned["unit"] = school_of(course.discipline.unit)
            else:
                self.add_error("unit", _("Without a course, say which unit it belongs to."))
        return cleaned


# -- steps -----------------------------------------------------------------------------------------
class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=4000)


class AdmitForm(StepForm):
    reason = LongText(
        label=_("Why it is admitted although late"),
        rows=3,
        max_length=4000,
        required=False,
        help_text=_("Only for an appeal that came too late."),
    )

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if not self.record.in_time and not reason:
            raise ValidationError(_("It came too late: say why it is admitted all the same."))
        return reason


class CommissionForm(StepForm):
    members = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Members"),
        help_text=_("Independent experts: nobody who teaches or taught the course, nor who gave the grade."),
    )
    chair = PersonChoice(queryset=Person.objects.none(), label=_("Chair"), help_text=_("One of the members."))

    def prepare(self) -> None:
        # Whoever may not sit can be chosen and is refused with the reason: leaving them out would not say why.
        self.fields["members"].queryset = Person.objects.filter(unit__isnull=False).by_name()
        self.fields["members"].widget.attrs["data-picker"] = ""
        self.fields["chair"].queryset = insiders().by_name()

    def clean_members(self) -> list[Person]:
        people = list(self.cleaned_data["members"])
        problems = unfit(self.record, people)
        few = too_few(len(people))
        if few:
            problems.append(few)
        if problems:
            raise ValidationError(problems)
        return people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        members, chair = cleaned.get("members"), cleaned.get("chair")
        if members is not None and chair is not None and chair not in members:
            self.add_error("chair", _("The chair is one of the members."))
        return cleaned


class ReplaceForm(StepForm):
    leaving = PersonChoice(queryset=Person.objects.none(), label=_("Who leaves"))
    coming = PersonChoice(queryset=Person.objects.none(), label=_("Who comes"))
    reason = LongText(label=_("Reason"), rows=3, max_length=3000)

    def prepare(self) -> None:
        members = self.record.members.order_by().values("person")
        self.fields["leaving"].queryset = Person.objects.filter(pk__in=members).by_name()
        self.fields["coming"].queryset = Person.objects.filter(unit__isnull=False).exclude(pk__in=members).by_name()

    def clean_coming(self) -> Person:
        person = self.cleaned_data["coming"]
        problems = unfit(self.record, [person])
        if problems:
            raise ValidationError(problems)
        return person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"leaving", "coming", "reason"} <= cleaned.keys():
            # Who came for whom stands in the history, which knows fields of the appeal only.
            leaving, coming = cleaned["leaving"].get_full_name(), cleaned["coming"].get_full_name()
            cleaned["reason"] = f"{leaving} → {coming}: {cleaned['reason']}"
        return cleaned


class OpinionForm(StepForm):
    opinion = LongText(label=_("Your opinion"), rows=6, max_length=4000)

    def prepare(self) -> None:
        mine = self.record.members.filter(person=getattr(self.by, "pk", None)).first() if self.record else None
        if mine is not None:
            self.fields["opinion"].initial = mine.opinion


class DecideForm(StepForm):
    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=Cause.choices,
        help_text=_("What was found to be the cause; the report of the term counts by it."),
    )
    reason = LongText(label=_("Reasons, as the appellant reads them"), rows=6, max_length=10000)
    new_grade = forms.CharField(
        label=_("New grade"), max_length=20, required=False, help_text=_("When the appeal is upheld.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decision, cause = cleaned.get("decision"), cleaned.get("cause")
        if decision == Decision.UPHELD and not cleaned.get("new_grade") and "new_grade" not in self.errors:
            self.add_error("new_grade", _("An appeal that is upheld changes the grade: write the new one."))
        if decision == Decision.DISMISSED and cleaned.get("new_grade"):
            self.add_error("new_grade", _("An appeal that is dismissed leaves the grade as it was."))
        if decision in (Decision.UPHELD, Decision.PARTLY) and cause == Cause.NONE:
            self.add_error("cause", _("What is upheld has a cause: name it."))
        return cleaned


# -- report ----------------------------------------------------------------------------------------
class ReportForm(RecordForm):
    saved = _("The report is begun. Its figures are counted until it is submitted, and then they stand.")

    class Meta:
        model = AppealReport
        fields = ["term", "unit", "problems", "recommendations"]
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in ("problems", "recommendations")}

    def prepare(self) -> None:
        if self.instance.pk is not None:
            del self.fields["term"], self.fields["unit"]
            return
        today = timezone.localdate()
        self.fields["term"].queryset = Term.objects.filter(since__lte=today).select_related("year")
        self.fields["unit"].queryset = report_units(self.by) if self.by is not None else Unit.objects.none()
