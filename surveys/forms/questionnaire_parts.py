"""Forms of a questionnaire's sections and items, and of its submission: inputs of steps, for page and API alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.web.forms import LongText, StepForm

from .. import conditions
from ..content import LANGUAGES, RATING, STEPS, say
from ..drafting import content_of, dropped_from_core, in_use_now, items_by_code, part_of
from ..models import Item, Question, QuestionKind, Section
from .questionnaires import QuestionForm, areas_field, name_languages, row, three, wants_words

OPERATORS = (
    ("in", _("is one of the answers chosen")),
    ("not_in", _("is none of the answers chosen")),
    ("at_least", _("is at least")),
    ("at_most", _("is at most")),
    ("answered", _("was answered")),
)


class PartForm(StepForm):
    """One part of the questionnaire: "section-3", "item-7"."""

    part = forms.CharField(label=_("Section or question"), max_length=40, widget=forms.HiddenInput)

    def clean_part(self) -> Section | Item:
        found = part_of(self.record, self.cleaned_data["part"])
        if found is None:
            raise ValidationError(_("This part is no longer in the questionnaire."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["note"] = self.said() % {"part": cleaned["part"]}
        return cleaned

    def said(self) -> str:
        return gettext("Taken out: %(part)s")


class MoveForm(PartForm):
    way = forms.ChoiceField(label=_("Where to"), choices=[("up", _("up")), ("down", _("down"))])

    def said(self) -> str:
        return gettext("Moved up: %(part)s") if self.cleaned_data["way"] == "up" else gettext("Moved down: %(part)s")


class SubmitForm(StepForm):
    """Submitted with a note; what is dropped from the locked core, with a reason that stays in history."""

    note = LongText(label=_("Note to whoever checks it"), rows=3, required=False)

    def prepare(self) -> None:
        codes = dropped_from_core(self.record) if self.record is not None else []
        if not codes:
            return
        former = in_use_now(self.record)
        words = items_by_code(content_of(former)) if former else {}
        self.facts = [
            {
                "label": _("Dropped from the core"),
                "html": "; ".join(f"{say(words[code]['text'])} ({code})" for code in codes),
            }
        ]
        field = self.fields["note"]
        field.required, field.label = True, _("Why these questions are dropped from the core")
        field.help_text = _(
            "The core is locked: what it asked can no longer be compared over the years. The reason is kept."
        )


# -- sections -------------------------------------------------------------------------------------------------------------
class SectionForm(StepForm):
    """A section: written anew, or (`section`) an existing one."""

    section = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    name_kk = forms.CharField(max_length=250, required=False)
    name_ru = forms.CharField(max_length=250, required=False)
    name_en = forms.CharField(max_length=250, required=False)
    intro_kk = LongText(max_length=600, required=False, rows=3)
    intro_ru = LongText(max_length=600, required=False, rows=3)
    intro_en = LongText(max_length=600, required=False, rows=3)
    block = forms.SlugField(label=_("Optional block"), max_length=40, required=False)
    per_teacher = forms.BooleanField(label=_("For each teacher"), required=False)
    areas = forms.MultipleChoiceField(required=False)

    def prepare(self) -> None:
        kept = self._kept()
        self.fields["areas"] = areas_field(kept.areas if kept else ())
        name_languages(self, "name", _("Name"))
        name_languages(self, "intro", _("Words before the questions"))
        self.fields["block"].help_text = _(
            "Empty: the section belongs to the locked core that every campaign asks. A word in Latin letters: it belongs to "
            "that block, which a campaign may leave out."
        )
        if self.record is not None and not self.record.about_courses:
            del self.fields["per_teacher"]

    def _kept(self) -> Section | None:
        number = str((self.data if self.is_bound else self.initial).get("section") or "")
        found = part_of(self.record, f"section-{number}") if self.record is not None else None
        return found if isinstance(found, Section) else None

    @staticmethod
    def initial_of(section: Section) -> dict[str, Any]:
        names = [f"{name}_{code}" for name in ("name", "intro") for code in LANGUAGES]
        values = {name: getattr(section, name) for name in (*names, "block", "per_teacher", "areas")}
        return {"section": section.pk, **values}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [three(self, "name"), three(self, "intro"), row(self, "block", "per_teacher", "areas")]

    def clean_section(self) -> Section | None:
        if not self.cleaned_data["section"]:
            return None
        found = part_of(self.record, f"section-{self.cleaned_data['section']}")
        if not isinstance(found, Section):
            raise ValidationError(_("This section is no longer in the questionnaire."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wants_words(self, cleaned, "name")
        if not self.errors:
            words = {"name": say({code: cleaned[f"name_{code}"] for code in LANGUAGES})}
            sentence = gettext("Section edited: %(name)s") if cleaned["section"] else gettext("Section added: %(name)s")
            cleaned["note"] = sentence % words
        return cleaned


# -- items ----------------------------------------------------------------------------------------------------------------
class AnswersOf(forms.SelectMultiple):
    """Answers of earlier questions in groups; each value carries its question's code, "code=value"."""


class ItemForm(StepForm):
    """A question in its place: an existing `item`, one of the bank (`question`), or written here (fields "new-…")."""

    item = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    section = forms.ModelChoiceField(Section.objects.none(), label=_("Section"), empty_label=None)
    question = forms.ModelChoiceField(Question.objects.none(), label=_("Question of the bank"), required=False)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    remark = forms.BooleanField(label=_("A remark may be added"), required=False)
    show_code = forms.ChoiceField(label=_("Shown if the answer to"), required=False)
    show_op = forms.ChoiceField(label=_("Condition"), choices=[("", "—"), *OPERATORS], required=False)
    show_values = forms.MultipleChoiceField(label=_("Answers"), required=False, widget=AnswersOf(attrs={"size": 8}))
    show_number = forms.IntegerField(label=_("Number"), required=False)

    def prepare(self) -> None:
        self.kept = self._kept()
        self.content = content_of(self.record)
        self.here = items_by_code(self.content)
        self.fields["section"].queryset = self.record.sections.order_by("place", "pk")
        bank = Question.objects.visible_to(self.by).usable().exclude(code__in=self.here)
        self.fields["question"].queryset = bank.order_by("code")
        self.fields["question"].label_from_instance = lambda question: f"{question.text} ({question.code})"
        self.fields["question"].widget.attrs["data-picker"] = ""
        self.fields["question"].empty_label = _("— a new one, written below —")
        if self.kept is not None:
            del self.fields["question"]
        self.earlier = self._earlier()
        self._offer_answers()
        # A new question is written with the bank's own form, unless one of the bank is chosen.
        self.inner = None
        if self.kept is None:
            self.inner = QuestionForm(
                self.data if self.is_bound else None, prefix="new", instance=Question(), by=self.by
            )
            del self.inner.fields["submission"]

    def _kept(self) -> Item | None:
        number = str((self.data if self.is_bound else self.initial).get("item") or "")
        found = part_of(self.record, f"item-{number}")
        return found if isinstance(found, Item) else None

    def _earlier(self) -> dict[str, Any]:
        """Questions before this one, by code; for a new one, all of them."""
        codes = list(self.here)
        if self.kept is not None and self.kept.question.code in codes:
            codes = codes[: codes.index(self.kept.question.code)]
        return {code: self.here[code] for code in codes}

    def _offer_answers(self) -> None:
        self.fields["show_code"].choices = [
            ("", _("— always shown —")),
            *((code, f"{say(item['text'])} ({code})") for code, item in self.earlier.items()),
        ]
        self.fields["show_code"].widget.attrs["data-condition-of"] = ""
        groups = [
            (say(item["text"]), [(f"{code}={value}", label) for value, label in answers])
            for code, item in self.earlier.items()
            if (answers := answers_of(item))
        ]
        field = self.fields["show_values"]
        field.choices = groups
        field.help_text = _("Several may be chosen. “At least” and “at most” take one.")
        self.fields["show_number"].help_text = _("Where the question asked is a number.")

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        condition = item.show_if or {}
        code, values = condition.get("code", ""), condition.get("values", [])
        return {
            "item": item.pk,
            "section": item.section_id,
            "required": item.required,
            "remark": item.remark,
            "show_code": code,
            "show_op": condition.get("op", ""),
            "show_values": [f"{code}={value}" for value in values],
            "show_number": next((value for value in values if isinstance(value, int)), None),
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row(self, "section"), row(self, "required", "remark")]

    @property
    def condition_rows(self) -> list[dict[str, Any]]:
        return [row(self, "show_code", "show_op", "show_values", "show_number")]

    def full_clean(self) -> None:
        """The API may send bare values; they are answers of the question asked."""
        if self.is_bound and hasattr(self.data, "getlist") and self.data.get("show_code"):
            sent, code = self.data.getlist("show_values"), self.data["show_code"]
            if any("=" not in value for value in sent):
                self.data = self.data.copy()
                self.data.setlist("show_values", [v if "=" in v else f"{code}={v}" for v in sent])
        super().full_clean()

    def clean_item(self) -> Item | None:
        if self.cleaned_data["item"] and self.kept is None:
            raise ValidationError(_("This question is no longer in the questionnaire."))
        return self.kept

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        question = None
        if self.kept is None and not cleaned.get("question") and "question" not in self.errors:
            question = self._new_question()
        cleaned["show_if"] = self._condition(cleaned)
        if self.errors:
            return cleaned
        asked = self.kept.question if self.kept else cleaned.get("question") or question
        sentence = gettext("Question edited: %(text)s") if self.kept else gettext("Question added: %(text)s")
        return {
            "item": self.kept,
            "section": cleaned["section"],
            "question": asked,
            "required": cleaned["required"],
            "remark": cleaned["remark"],
            "show_if": cleaned["show_if"],
            "note": sentence % {"text": asked},
        }

    def _new_question(self) -> Question | None:
        inner = self.inner
        if inner.is_valid():
            return inner.instance
        for name, errors in inner.errors.items():
            label = inner.fields[name].label if name in inner.fields else ""
            for error in errors:
                self.add_error(None, f"{label}: {error}" if label else error)
        return None

    def _condition(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        code, op = cleaned.get("show_code"), cleaned.get("show_op")
        if not code:
            return {}
        if not op:
            self.add_error("show_op", _("Choose how the answer is compared."))
            return {}
        asked = self.earlier[code]
        condition = {"code": code, "op": op, "values": self._values(cleaned, asked) if op != "answered" else []}
        for sentence in conditions.unfit_values(condition, asked):
            self.add_error("show_values", sentence)
        return condition

    def _values(self, cleaned: dict[str, Any], asked: Any) -> list[Any]:
        if asked["kind"] == QuestionKind.NUMBER:
            number = cleaned.get("show_number")
            return [] if number is None else [number]
        found = []
        for chosen in cleaned.get("show_values") or ():
            code, _sign, value = chosen.partition("=")
            if code != asked["code"]:
                self.add_error("show_values", _("Choose answers of the question that is asked."))
                return []
            found.append(value if asked["options"] else int(value))
        return found


def answers_of(item: Any) -> list[tuple[Any, str]]:
    """What can be chosen of an earlier question; numbers are typed, of a text only whether it was answered is asked."""
    if item["kind"] == QuestionKind.LIKERT:
        return [(step, str(step)) for step in range(1, STEPS + 1)]
    if item["kind"] == QuestionKind.RATING:
        return [(step, str(step)) for step in range(RATING[0], RATING[1] + 1)]
    return [(option["code"], say(option["text"]) or option["code"]) for option in item["options"]]
