"""Forms of evidence, and the fields that other steps borrow to take proof on the spot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.web.files import DocumentField
from qa_portal.web.forms import DateField, LongText, RecordForm, StepForm

from ..evidence import describe_file, use_evidence
from ..models import Evidence, EvidenceUse
from ..targets import proved_record


class ProofFields(forms.Form):
    """Mixed into a step's form: one file or link, its title and the day it speaks of, all optional."""

    evidence_title = forms.CharField(label=_("What the evidence is"), max_length=200, required=False)
    file = DocumentField(
        required=False, help_text=_("A file or a link is needed, unless evidence has been attached already.")
    )
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
        fields = ["title", "file", "link", "speaks_of", "edition"]

    field_order = ["existing", "title", "file", "link", "speaks_of", "edition"]

    def prepare(self) -> None:
        self.target = None
        if self.instance.pk:
            for name in ("to", "existing", "file", "link"):
                del self.fields[name]
            return
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty: the name of the file.")
        self.fields["speaks_of"].required = not self.data.get("existing")  # a piece that is there has its day
        self.target = proved_record(str(self.data.get("to") or self.initial.get("to") or ""), self.by)
        if self.target is not None:
            self.lead = _("It will prove: %(record)s") % {"record": self.target}
            self.cancel_url = self.target.get_absolute_url()
            # What proves it already need not be chosen again.
            there = EvidenceUse.objects.of(self.target).values("evidence_id")
            usable = Evidence.objects.visible_to(self.by).filter(state=Evidence.VALID)
            self.fields["existing"].queryset = usable.exclude(pk__in=there)
        elif not self.data.get("existing"):
            del self.fields["existing"]  # it would prove nothing

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            return cleaned
        if self.data.get("existing") and self.target is None:
            raise ValidationError(_("Choose what this evidence proves."))
        file, link = cleaned.get("file"), cleaned.get("link")
        if cleaned.get("existing"):
            if file or link:
                raise ValidationError(_("Choose evidence that is there, or give a new file or link: not both."))
            return cleaned
        if not self.errors and bool(file) == bool(link):
            raise ValidationError(_("Give either a file or a link."))
        if file:
            describe_file(self.instance, file)
        cleaned["title"] = cleaned.get("title") or (file.name if file else link)
        return cleaned

    def _post_clean(self) -> None:
        # A piece that is there already is not made again: the model is not asked about an empty one.
        if not self.cleaned_data.get("existing"):
            super()._post_clean()

    def save_new(self, by: Any) -> Evidence:
        """The new piece, or the chosen one; with a target it proves that from now on."""
        evidence = self.cleaned_data.get("existing") or super().save_new(by)
        if self.target is not None:
            use_evidence(evidence, self.target, by)
        return evidence


class WithdrawForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)
