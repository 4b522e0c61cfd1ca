"""Forms of evidence, and the fields that other steps borrow to take proof on the spot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web.files import DocumentField
from qa_portal.web.forms import DateField, LongText, RecordForm, StepForm
from qa_portal.web.registry import registry

from .evidence import describe_file, use_evidence
from .models import Evidence


class ProofFields(forms.Form):
    """Mixed into a step's form: one file or link, its title and the day it speaks of, all optional."""

    evidence_title = forms.CharField(label=_("What the evidence is"), max_length=200, required=False)
    file = DocumentField(required=False)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    speaks_of = DateField(label=_("Date it speaks of"), required=False)

    @property
    def has_proof(self) -> bool:
        return bool(self.cleaned_data.get("file") or self.cleaned_data.get("link"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("file") and cleaned.get("link"):
            self.add_error("link", _("Give either a file or a link."))
        if cleaned.get("speaks_of") and cleaned["speaks_of"] > timezone.localdate():
            self.add_error("speaks_of", _("The date it speaks of cannot be in the future."))
        return cleaned


def proved_record(key: str, person: Any) -> Any | None:
    """The record that "capa.action:7" names, if this person sees it."""
    name, _separator, pk = key.partition(":")
    model = registry.provable.get(name)
    if model is None or not (pk.isascii() and pk.isdigit()):
        return None
    return model.objects.visible_to(person).filter(pk=int(pk)).first()


class EvidenceForm(RecordForm):
    """A new piece of evidence for a record (`to`), or one that is there already (`existing`)."""

    to = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    existing = forms.ModelChoiceField(
        queryset=Evidence.objects.none(),
        label=_("Evidence that is in the portal already"),
        required=False,
        help_text=_("One piece of evidence may prove several things. Otherwise fill in the fields below."),
    )
    file = DocumentField(required=False)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Evidence
        fields = ["existing", "title", "file", "link", "speaks_of", "edition"]

    def prepare(self) -> None:
        self.fields["title"].required = False
        self.target = None
        if self.instance.pk:
            for name in ("to", "existing", "file", "link"):
                del self.fields[name]
            return
        if self.by is not None:
            self.fields["existing"].queryset = Evidence.objects.visible_to(self.by).filter(state=Evidence.VALID)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            return cleaned
        if cleaned.get("to"):
            self.target = proved_record(cleaned["to"], self.by)
            if self.target is None:
                raise ValidationError(_("There is no such record, or you do not see it."))
            sentence = refusal(self.by, self.target.right("prove"), self.target)
            if sentence:
                raise ValidationError(sentence, code="refused")
        if cleaned.get("existing"):
            if self.target is None:
                raise ValidationError(_("Choose what this evidence proves."))
            return cleaned
        file, link = cleaned.get("file"), cleaned.get("link")
        if not self.errors and bool(file) == bool(link):
            raise ValidationError(_("Give either a file or a link."))
        if file:
            describe_file(self.instance, file)
        cleaned["title"] = cleaned.get("title") or (file.name if file else link)
        return cleaned

    def _post_clean(self) -> None:
        if not self.cleaned_data.get("existing"):
            super()._post_clean()

    def after_adding(self, evidence: Evidence) -> None:
        if self.target is not None:
            use_evidence(evidence, self.target, self.by)


class WithdrawForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)
