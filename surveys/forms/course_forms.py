"""Forms of the course management form: what the teacher fills in, and the steps; the API reads the same ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.web.forms import LongText, RecordForm, StepForm

from ..models import CourseForm


class CourseFormForm(RecordForm):
    """Kept as often as wanted; the committee sees it once it is submitted."""

    lead: Any = ""

    class Meta:
        model = CourseForm
        fields = ["strengths", "weaknesses", "outcomes", "outcomes_share", "improvements"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 5}) for name in ("strengths", "weaknesses", "outcomes", "improvements")
        }

    def prepare(self) -> None:
        self.fields["outcomes_share"].widget.attrs |= {"min": 0, "max": 100}
        before = self.instance.previous() if self.instance.pk else None
        if before is not None:
            # What was recommended last time is before the eyes of whoever writes now.
            words = {"recommendation": before.recommendation, "answer": before.answer or "—"}
            self.lead = gettext("Recommended last time: %(recommendation)s Your answer: %(answer)s") % words


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=4000)


class AnalyseForm(StepForm):
    analysis = LongText(label=_("Analysis of the committee"), rows=6, max_length=6000)
    recommendation = LongText(label=_("Recommendation to the teacher"), rows=4, max_length=4000)


class AnswerForm(StepForm):
    answer = LongText(
        label=_("Your answer"),
        rows=4,
        max_length=4000,
        help_text=_("What you will do. It is shown beside your next form on this discipline."),
    )
