"""Forms of questions and questionnaires; the API reads the same ones. Those of sections and items: questionnaire_parts.py."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.forms import LongText, RecordForm, StepForm
from qa_portal.web.registry import registry

from ..content import LANGUAGES
from ..designers import COMMITTEE, committees_of, kinds_of
from ..models import Checker, Designer, Question, QuestionKind, Questionnaire, Scale
from ..options import as_lines, read_lines

#: of the catalogue's codes, those of standards and of their areas
_AREA = re.compile(r"S\d+(\.A\d+)?")
IN_THREE = (("kk", _("in Kazakh")), ("ru", _("in Russian")), ("en", _("in English")))
CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class BasisForm(StepForm):
    """A body's decision brings its own number."""

    basis = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


def area_choices() -> list[tuple[str, str]]:
    """Standards and evaluation areas of the edition in force."""
    return [(code, label) for code, label in registry.catalogue_choices() if _AREA.fullmatch(code)]


def areas_field(kept: Any) -> forms.MultipleChoiceField:
    """Codes kept from an earlier edition stay among the choices."""
    choices = area_choices()
    known = {code for code, _label in choices}
    old = [(code, code) for code in kept or () if code not in known]
    widget = forms.SelectMultiple(attrs={"data-picker": ""})
    field = forms.MultipleChoiceField(
        label=_("Standards and areas"), choices=[*choices, *old], required=False, widget=widget
    )
    field.help_text = _("What of the catalogue of standards the answers tell about.")
    return field


def name_languages(form: forms.BaseForm, name: str, words: Any) -> None:
    """Labels of the columns of a text in three languages."""
    for code, language in IN_THREE:
        if f"{name}_{code}" in form.fields:
            form.fields[f"{name}_{code}"].label = _("%(field)s %(language)s") % {"field": words, "language": language}


def three(form: forms.BaseForm, name: str, kinds: str = "") -> dict[str, Any]:
    """A text in three languages, side by side on the page."""
    return {"kind": "three", "fields": [form[f"{name}_{code}"] for code in LANGUAGES], "kinds": kinds}


def row(form: forms.BaseForm, *names: str, kinds: str = "") -> dict[str, Any]:
    """Fields under each other; `kinds`: only for these kinds of questions (the page's script hides the others)."""
    return {"kind": "plain", "fields": [form[name] for name in names if name in form.fields], "kinds": kinds}


def wants_words(form: forms.BaseForm, cleaned: dict[str, Any], name: str) -> None:
    """Some language is needed to save; all three to submit."""
    if not any(cleaned.get(f"{name}_{code}") for code in LANGUAGES):
        form.add_error(
            f"{name}_kk", _("Write it in one language at least. All three are needed before it is submitted.")
        )


# -- questions ------------------------------------------------------------------------------------------------------------
class Lines(forms.Textarea):
    """Lines of answers; the API may send them as a list."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return "\n".join(str(value) for value in values if value is not None)


class QuestionForm(RecordForm):
    saved: Any = _("The question stands in the bank.")
    options = forms.CharField(label=_("Answers to choose from"), required=False, widget=Lines(attrs={"rows": 6}))

    class Meta:
        model = Question
        fields = [
            "code", "kind", "text_kk", "text_ru", "text_en", "hint_kk", "hint_ru", "hint_en", "scale", "reverse",
            "options", "low", "high", "allow_na", "allow_refuse", "areas",
        ]  # fmt: skip
        widgets = {f"text_{code}": forms.Textarea(attrs={"rows": 3}) for code in LANGUAGES}

    def prepare(self) -> None:
        self.fields["areas"] = areas_field(self.instance.areas)
        self.initial["options"] = as_lines(self.instance.options)
        self.fields["options"].help_text = _(
            "A line for each answer: code = Kazakh | Russian | English. Codes are small Latin letters and stay as they are: "
            "answers are stored by them. Without a code one is given."
        )
        self.fields["options"].max_length = None
        self.fields["reverse"].help_text = _("For example “Lessons were often cancelled”.")
        self.fields["scale"].required = False
        name_languages(self, "text", _("Question"))
        name_languages(self, "hint", _("Hint"))
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.fields["code"].help_text = _("Never changes: comparisons over the years follow it.")

    @property
    def lead(self) -> Any:
        if not self.instance.pk or not self.instance.was_asked():
            return ""
        return _(
            "Respondents have read this question (wording %(wording)d). When its words, kind, scale or answers change, it "
            "becomes wording %(next)d: questionnaires in use keep the words that were approved, their next version asks in "
            "the new ones, and comparisons over the years show a break."
        ) % {"wording": self.instance.wording, "next": self.instance.wording + 1}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            row(self, "code", "kind"),
            three(self, "text"),
            three(self, "hint"),
            row(self, "scale", "reverse", kinds="likert"),
            row(self, "options", kinds="single multiple"),
            row(self, "low", "high", kinds="number"),
            row(self, "allow_na", "allow_refuse", "areas"),
        ]

    def clean_options(self) -> list[dict[str, str]]:
        found, wrong = read_lines(self.cleaned_data["options"] or "")
        if wrong:
            raise ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wants_words(self, cleaned, "text")
        kind = cleaned.get("kind")
        if kind == QuestionKind.LIKERT:
            if not cleaned.get("scale"):
                self.add_error("scale", _("Choose the words of its scale."))
            elif cleaned["scale"] == Scale.BIPOLAR and cleaned.get("reverse"):
                self.add_error("reverse", _("Where the middle is best, nothing is turned round."))
        elif kind:
            cleaned["scale"], cleaned["reverse"] = "", False
        if kind and kind not in CHOICES and "options" not in self.errors:
            cleaned["options"] = []
        if kind and kind != QuestionKind.NUMBER:
            cleaned["low"] = cleaned["high"] = None
        elif cleaned.get("low") is not None and cleaned.get("high") is not None and cleaned["low"] >= cleaned["high"]:
            self.add_error("high", _("The largest number must be above the smallest."))
        return cleaned


# -- questionnaires -----------------------------------------------------------------------------------------------------
class QuestionnaireForm(RecordForm):
    saved: Any = _("The questionnaire is begun. Add sections and questions, look at it as a respondent, submit it.")

    class Meta:
        model = Questionnaire
        fields = [
            "code", "audience", "designer", "checker", "unit", "about_courses", "name_kk", "name_ru", "name_en",
            "intro_kk", "intro_ru", "intro_en", "thanks_kk", "thanks_ru", "thanks_en", "areas", "basis",
        ]  # fmt: skip
        widgets = {
            f"{name}_{code}": forms.Textarea(attrs={"rows": 4}) for name in ("intro", "thanks") for code in LANGUAGES
        }

    def prepare(self) -> None:
        self.fields["areas"] = areas_field(self.instance.areas)
        for name, words in (
            ("name", _("Name")),
            ("intro", _("Words before the questions")),
            ("thanks", _("Words after sending")),
        ):
            name_languages(self, name, words)
        self.fields["basis"].help_text = _("For example N1 §4.1.7.")
        if self.instance.pk:
            for name in ("code", "audience", "designer", "checker", "unit", "about_courses"):
                del self.fields[name]
            return
        self.fields["code"].help_text = _("Names the instrument in all its versions, for example “students”.")
        self.fields["unit"].help_text = _(
            "Of a school's own questionnaire about courses: its committee alone writes it."
        )
        self.fields["unit"].queryset = Unit.objects.working().filter(kind=Unit.Kind.SCHOOL)
        self.fields["about_courses"].help_text = _(
            "Asked about each course of a term; sections may be asked for each teacher."
        )
        self._narrow()

    def _narrow(self) -> None:
        """Whoever is not of the quality office writes as what they are, and the quality manager checks."""
        if self.by is None or self.by.standing.quality_office:
            self.fields["checker"].initial = Checker.COUNCIL
            return
        kinds = kinds_of(self.by)
        self.fields["designer"].choices = [(kind, label) for kind, label in Designer.choices if kind in kinds]
        self.fields["checker"].choices = [(Checker.QUALITY_MANAGER.value, Checker.QUALITY_MANAGER.label)]
        self.fields["unit"].queryset = self.fields["unit"].queryset.filter(pk__in=committees_of(self.by).values())

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            row(self, "code", "audience", "designer", "checker", "unit", "about_courses"),
            three(self, "name"),
            three(self, "intro"),
            three(self, "thanks"),
            row(self, "areas", "basis"),
        ]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Questionnaire.objects.filter(code=code).exclude(state=Questionnaire.CANCELLED).exists():
            raise ValidationError(_("There is a questionnaire with this code: prepare its next version."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wants_words(self, cleaned, "name")
        if cleaned.get("unit") and cleaned.get("designer") != COMMITTEE:
            self.add_error("unit", _("Only what a school committee writes belongs to one school."))
        return cleaned

    def save_new(self, by: Any) -> Any:
        """The number after those of cancelled questionnaires with the same code."""
        versions = Questionnaire.objects.filter(code=self.instance.code).values_list("version", flat=True)
        self.instance.version = max(versions, default=0) + 1
        return super().save_new(by)


class ApiQuestionForm(QuestionForm):
    """“Not applicable” is offered unless the API says no; on the page an empty box says no."""

    class Meta(QuestionForm.Meta):
        pass

    def __init__(self, data: Any = None, *args: Any, instance: Any = None, **kwargs: Any):
        if data is not None and not (instance is not None and instance.pk):
            data = data.copy()
            data.setdefault("allow_na", "true")
        super().__init__(data, *args, instance=instance, **kwargs)
