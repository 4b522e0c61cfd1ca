"""Forms of releases, of their recommendations and of teachers' answers; the API reads the same ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.forms import LongText, RecordForm, StepForm
from standards.models import EvaluationArea, Standard

from ..content import say
from ..models import Recommendation, Release, TeacherReply, Theme

_LANGUAGES = ("kk", "ru", "en")


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class BasisForm(StepForm):
    """What it rests on: a decision fills it in."""

    basis = forms.CharField(label=_("On the basis of"), max_length=200, required=False)


class ReleaseForm(RecordForm):
    lead: Any = _(
        "The figures are fixed. You write what they mean: in short, and the conclusions, in one language or in all three."
    )

    class Meta:
        model = Release
        fields = [f"{name}_{language}" for name in ("summary", "conclusions") for language in _LANGUAGES]
        widgets = {
            **{f"summary_{language}": forms.Textarea(attrs={"rows": 4}) for language in _LANGUAGES},
            **{f"conclusions_{language}": forms.Textarea(attrs={"rows": 9}) for language in _LANGUAGES},
        }


def questions_of(release: Release) -> list[tuple[str, str]]:
    """Code and words of every question of the release."""
    return [
        (item["code"], say(item["text"])) for section in release.facts.get("sections", ()) for item in section["items"]
    ]


def areas() -> list[tuple[str, str]]:
    """Standards and areas of evaluation in force."""
    found = [(row.code, f"{row.code} {row.name}") for row in Standard.objects.in_force()]
    found += [(row.code, f"{row.code} {row.text}"[:110]) for row in EvaluationArea.objects.in_force()]
    return sorted(found)


class RecommendationForm(StepForm):
    text = LongText(label=_("Recommendation"), rows=4, max_length=2000)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("To which unit"), required=False)
    question = forms.ChoiceField(label=_("On which question"), required=False)
    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("On which theme"), required=False)
    area = forms.ChoiceField(label=_("Standard or area"), required=False)

    def prepare(self) -> None:
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["theme"].queryset = Theme.objects.filter(state=Theme.IN_USE)
        for name in ("unit", "theme"):
            self.fields[name].widget.attrs["data-picker"] = ""
            self.fields[name].empty_label = _("— none —")
        none = ("", _("— none —"))
        self.fields["question"].choices = [none, *questions_of(self.record)]
        self.fields["area"].choices = [none, *areas()]


class _WhichRecommendation(StepForm):
    """Which of the release's recommendations is meant."""

    recommendation = forms.ModelChoiceField(Recommendation.objects.none(), label=_("Which recommendation"))

    def narrow(self) -> None:
        self.fields["recommendation"].queryset = self.record.recommendations.all()


class AmendRecommendationForm(_WhichRecommendation, RecommendationForm):
    field_order = ["recommendation", "text", "unit", "question", "theme", "area"]

    def prepare(self) -> None:
        super().prepare()
        self.narrow()
        asked = str(self.data.get("recommendation") or self.initial.get("recommendation") or "")
        rows = list(self.record.recommendations.all())
        row = next((row for row in rows if str(row.pk) == asked), rows[0] if len(rows) == 1 else None)
        if row is not None and not self.is_bound:
            self.initial = {
                **self.initial,
                "recommendation": row.pk,
                "text": row.text,
                "unit": row.unit_id,
                "question": row.question,
                "theme": row.theme_id,
                "area": row.area,
            }


class DropRecommendationForm(_WhichRecommendation):
    reason = LongText(label=_("Reason"), rows=2)

    def prepare(self) -> None:
        self.narrow()


class ReplyForm(RecordForm):
    lead: Any = _(
        "Your answer is public: whoever may read these results reads it too, and your students find it among what was done."
    )
    saved = _("Your answer is public now.")
    submit_label = _("Publish my answer")

    class Meta:
        model = TeacherReply
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
