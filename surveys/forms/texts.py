"""Forms of themes; the API reads the same ones. What is typed on the page of review is read there (views/texts.py)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qa_portal.web.forms import LongText, RecordForm, StepForm

from ..content import LANGUAGES
from ..models import Theme
from .questionnaires import areas_field, name_languages, wants_words


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class ThemeForm(RecordForm):
    saved = _("The theme stands in the codebook.")

    class Meta:
        model = Theme
        fields = [
            "code", "name_kk", "name_ru", "name_en", "description_kk", "description_ru", "description_en", "parent",
            "areas",
        ]  # fmt: skip
        widgets = {f"description_{code}": forms.Textarea(attrs={"rows": 2}) for code in LANGUAGES}

    def prepare(self) -> None:
        self.fields["areas"] = areas_field(self.instance.areas)
        name_languages(self, "name", _("Name"))
        name_languages(self, "description", _("What belongs here"))
        tops = Theme.objects.in_use().filter(parent__isnull=True)
        self.fields["parent"].queryset = tops.exclude(pk=self.instance.pk)
        self.fields["parent"].help_text = _("Themes have one level of parts and no more.")
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.fields["code"].help_text = _("Never changes: comparisons over the years follow it.")

    def clean_parent(self) -> Any:
        parent = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and self.instance.children.exists():
            raise ValidationError(_("This theme has parts of its own, so it cannot be part of another."))
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wants_words(self, cleaned, "name")
        return cleaned
