"""Forms of “you said — we did”; the API reads the same ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.web.forms import LongText, RecordForm, StepForm

from ..models import LoopEntry
from .questionnaires import areas_field, name_languages

_LANGUAGES = ("kk", "ru", "en")


class LoopForm(RecordForm):
    lead: Any = _(
        "In a sentence or two: what was said, in your own words and without names, and what was done. Kazakh is needed; "
        "it stands in for a language that you leave empty."
    )

    class Meta:
        model = LoopEntry
        fields = [*(f"{name}_{code}" for name in ("said", "did") for code in _LANGUAGES), "areas"]
        widgets = {
            f"{name}_{code}": forms.Textarea(attrs={"rows": 3}) for name in ("said", "did") for code in _LANGUAGES
        }

    def prepare(self) -> None:
        self.fields["areas"] = areas_field(self.instance.areas)
        name_languages(self, "said", _("What was said"))
        name_languages(self, "did", _("What was done"))
        for name in ("said_kk", "did_kk"):
            self.fields[name].required = True


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=1000)
