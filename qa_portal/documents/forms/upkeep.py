"""Forms of conformity reviews, verdicts, proposals and paper copies, and of their steps."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qa_portal.notices.telling import tell
from qa_portal.people.models import Person
from qa_portal.web import cells
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm

from .. import conformity
from ..models import ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy, Version
from ..models.kinds import Origin
from ..querysets.library import ONCE_IN_FORCE


def live_internal(person: Any) -> models.QuerySet:
    """The university's own documents in force that this person sees, with what a picker names."""
    rows = Document.objects.visible_to(person).live().filter(origin=Origin.INTERNAL)
    return names_only(rows)


def names_only(rows: models.QuerySet) -> models.QuerySet:
    return rows.only("number", "title_kk", "title_ru", "title_en").order_by("number", "pk")


def not_past(day: datetime.date) -> datetime.date:
    if day < timezone.localdate():
        raise ValidationError(_("The date is in the past. Choose today or a later day."))
    return day


def not_future(day: datetime.date) -> datetime.date:
    if day > timezone.localdate():
        raise ValidationError(_("The day cannot be in the future."))
    return day


# -- conformity reviews ------------------------------------------------------------------
class ReviewOpeningForm(RecordForm):
    """A review opened by hand; what rests on the act is listed by itself, other documents are named here."""

    lead = _("Every document that rests on the act is listed by itself. Name others that may be out of line now.")
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        label=_("Other documents to be looked at"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": ""}),
    )

    class Meta:
        model = ConformityReview
        fields = ["cause", "act", "title", "note", "due"]

    field_order = ["cause", "act", "title", "note", "documents", "due"]

    def prepare(self) -> None:
        if self.instance.pk:
            for name in ("cause", "act", "documents"):
                del self.fields[name]
            return
        self.fields["act"].queryset = names_only(Document.objects.visible_to(self.by).filter(state__in=ONCE_IN_FORCE))
        self.fields["documents"].queryset = live_internal(self.by)
        self.fields["due"].initial = conformity.usual_due()

    def clean_due(self) -> datetime.date:
        day = self.cleaned_data["due"]
        return day if self.instance.pk and day == self.initial.get("due") else not_past(day)

    def save_new(self, by: Any) -> ConformityReview:
        act = self.cleaned_data.get("act")
        listed = conformity.resting_on(act) if act else []
        there = {document.pk for document, _why in listed}
        named = self.cleaned_data["documents"].select_related(None).defer(None).select_related("unit")
        why = gettext("Named when the review was opened.")
        listed += [(document, why) for document in named if document.pk not in there]
        conformity.start(self.instance, listed, by)
        return self.instance


class ListDocumentForm(StepForm):
    document = forms.ModelChoiceField(
        Document.objects.none(), label=_("Document"), widget=forms.Select(attrs={"data-picker": ""})
    )
    why = forms.CharField(label=_("Why it is listed"), max_length=200)

    def prepare(self) -> None:
        there = self.record.verdicts.values("document") if self.record is not None else []
        self.fields["document"].queryset = live_internal(self.by).exclude(pk__in=there)


# -- verdicts --------------------------------------------------------------------------------
class _VerdictForm(StepForm):
    """A verdict, and the day by which a change or the end must be done."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=ConformityVerdict.Verdict.choices, widget=forms.RadioSelect)
    until = DateField(
        label=_("To be done by"), required=False, help_text=_("Where the document is to be changed or ended.")
    )

    def prepare(self) -> None:
        if self.record is not None:
            self.fields["verdict"].initial = self.record.verdict or None
            self.fields["until"].initial = self.record.until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == ConformityVerdict.Verdict.IN_LINE:
            cleaned["until"] = None
        elif cleaned.get("verdict") and "until" not in self.errors:
            if not cleaned.get("until"):
                self.add_error("until", _("Name the day by which it must be done."))
            elif cleaned["until"] < timezone.localdate():
                self.add_error("until", _("The date is in the past. Choose today or a later day."))
        return cleaned


class JudgeForm(_VerdictForm):
    note = LongText(label=_("Grounds"), rows=3, help_text=_("What was compared, and what follows from it."))
    field_order = ["verdict", "note", "until"]

    def prepare(self) -> None:
        super().prepare()
        if self.record is not None:
            self.fields["note"].initial = self.record.note


class DecideForm(_VerdictForm):
    decision = LongText(label=_("Decision"), rows=3, help_text=_("Confirm the verdict or change it, and say why."))
    field_order = ["verdict", "decision", "until"]

    def facts(self) -> list[dict[str, Any]]:
        """What the owner unit said: nobody decides about it blind."""
        verdict = self.record
        if not verdict.verdict:
            return []
        return [
            {"label": _("Verdict of the owner unit"), "html": verdict.get_verdict_display()},
            {"label": _("Grounds"), "html": verdict.note},
            {"label": _("To be done by"), "html": cells.date(verdict.until) or "—"},
        ]


# -- proposals to change ---------------------------------------------------------------------------
class ProposalForm(RecordForm):
    saved = _("Thank you: the proposal is registered. You will be told what comes of it.")
    lead: Any = ""

    class Meta:
        model = ChangeProposal
        fields = ["section", "text", "reason"]

    def prepare(self) -> None:
        document = self.instance.document
        self.lead = _("A proposal to change: %(document)s") % {"document": document}
        self.cancel_url = document.get_absolute_url()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        document = self.instance.document
        if not self.instance.pk and not (document.is_internal and document.is_live):
            raise ValidationError(_("Only a document of the university that is in force can be changed on a proposal."))
        return cleaned

    def save_new(self, by: Any) -> ChangeProposal:
        proposal = super().save_new(by)
        tell(
            conformity.owners(proposal.document),
            template="documents/mail/proposal_add.txt",
            record=proposal,
            by=by,
            context={"why": proposal.reason},
            verb="add",
        )
        return proposal


class AcceptForm(StepForm):
    note = LongText(
        label=_("Answer"), rows=3, required=False, help_text=_("What will be done with it, and in which version.")
    )


class RefuseForm(StepForm):
    reason = LongText(label=_("Grounds for the refusal"), rows=3)


# -- paper copies -----------------------------------------------------------------------------------
class CopyForm(RecordForm):
    lead: Any = ""
    holder = PersonChoice(queryset=Person.objects.none(), label=pgettext_lazy("of a paper copy", "Holder"))

    class Meta:
        model = PaperCopy
        fields = ["holder", "where", "given_on"]

    def prepare(self) -> None:
        self.fields["holder"].queryset = Person.objects.visible_to(self.by).filter(is_active=True).by_name()
        if self.instance.pk:
            del self.fields["given_on"]
            return
        self.lead = _("A numbered copy of: %(version)s") % {"version": self.instance.version}
        self.cancel_url = self.instance.version.get_absolute_url()

    def clean_given_on(self) -> datetime.date:
        return not_future(self.cleaned_data["given_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.pk and self.instance.version.state not in (Version.APPROVED, Version.IN_FORCE):
            raise ValidationError(_("Copies are handed out of a version that is approved or in force."))
        return cleaned


class GiveBackForm(StepForm):
    on = DateField(label=_("Given back on"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day = not_future(self.cleaned_data["on"])
        if self.record is not None and day < self.record.given_on:
            raise ValidationError(_("The copy was not handed out yet on that day."))
        return day
