"""Forms of elections and of their steps: nominate, vote, count."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qa_portal.dates.days import add_months
from qa_portal.people.models import Person, Unit
from qa_portal.web.forms import LongText, PersonChoice, RecordForm, StepForm

from .. import tally
from ..models import Candidate, Election
from ..models.checks import vote_refusal
from ..permissions.bodies import runs_election
from .bodies import ReasonForm


class ElectionForm(RecordForm):
    lead = _("First the election is prepared and candidates are put forward; then you open the voting.")

    class Meta:
        model = Election
        fields = ["title", "seats", "group", "electorate", "closes_on", "term_from", "term_until"]

    def prepare(self) -> None:
        self.fields["electorate"].queryset = Unit.objects.working()
        if not self.instance.pk:
            self.fields["electorate"].initial = self.instance.body.unit_id
        self.fields["term_until"].help_text = _("Left empty: by the term of the body, if it has one.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, years = cleaned.get("term_from"), self.instance.body.term_years
        if start and years and not cleaned.get("term_until"):
            cleaned["term_until"] = add_months(start, 12 * years) - datetime.timedelta(days=1)
        if start and cleaned.get("term_until") and cleaned["term_until"] <= start:
            self.add_error("term_until", _("The term ends before it begins."))
        return cleaned


class NominateForm(StepForm):
    person = PersonChoice(queryset=Person.objects.none(), label=_("Candidate"))

    def prepare(self) -> None:
        standing = Candidate.objects.filter(election=self.record.pk).values("person")
        self.fields["person"].queryset = tally.electorate(self.record).exclude(pk__in=standing).by_name()

    def clean_person(self) -> Person:
        person = self.cleaned_data["person"]
        sentence = vote_refusal(person, self.record.body)
        if sentence:
            raise ValidationError(sentence)
        return person


class WithdrawForm(ReasonForm):
    person = PersonChoice(queryset=Person.objects.none(), label=_("Candidate"))
    field_order = ["person", "reason"]

    def prepare(self) -> None:
        standing = Candidate.objects.filter(election=self.record.pk)
        if not runs_election(self.by, self.record):
            standing = standing.filter(person=self.by)
        self.fields["person"].queryset = Person.objects.filter(pk__in=standing.values("person")).by_name()


class CandidateChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        words = (obj.person.get_full_name(), obj.person.post, str(obj.person.unit) if obj.person.unit else "")
        return " — ".join(word for word in words if word)


class VoteForm(StepForm):
    candidates = CandidateChoice(queryset=Candidate.objects.none(), label=_("Whom you elect"))

    def prepare(self) -> None:
        field = self.fields["candidates"]
        field.queryset = self.record.candidates.select_related("person__unit")
        field.help_text = self._how_many()

    def _how_many(self) -> str:
        seats = self.record.seats
        return ngettext(
            "Choose one. Votes are open: after the count it is seen who voted for whom.",
            "Choose at most %(n)s. Votes are open: after the count it is seen who voted for whom.",
            seats,
        ) % {"n": seats}

    def clean_candidates(self) -> Any:
        chosen = list(self.cleaned_data["candidates"])
        if len(chosen) > self.record.seats:
            seats = self.record.seats
            raise ValidationError(
                ngettext(
                    "There is one seat: choose one candidate.",
                    "There are %(n)s seats: choose at most %(n)s candidates.",
                    seats,
                )
                % {"n": seats}
            )
        return chosen


class CountForm(StepForm):
    """Nothing to type where the votes say who is elected; at a tie for the last seat, who of the tied and how settled."""

    settled = CandidateChoice(
        queryset=Candidate.objects.none(), label=_("Who of those with equal votes is elected"), required=False
    )
    note = LongText(label=_("How it was settled"), required=False, rows=2, help_text=_("By lot or by a second vote."))

    def prepare(self) -> None:
        self.result = tally.outcome(self.record)
        tied = self.record.candidates.filter(pk__in=self.result.tied).select_related("person__unit")
        self.fields["settled"].queryset = tied
        if not self.result.tied:
            self.fields["settled"].widget = forms.MultipleHiddenInput()
            self.fields["note"].label = _("Note")
            self.fields["note"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.result.tied and not self.errors:
            if len(cleaned["settled"]) != self.result.left:
                raise ValidationError({"settled": self._tie()})
            if not cleaned["note"]:
                raise ValidationError({"note": _("Say how it was settled: by lot or by a second vote.")})
        return cleaned

    def _tie(self) -> str:
        who = tally.names(self.fields["settled"].queryset)
        return ngettext(
            "Equal votes for the last seat: %(who)s. Settle it by lot or a second vote, then choose who is elected.",
            "Equal votes for the last %(n)s seats: %(who)s. Settle it by lot or a second vote, then choose who is elected.",
            self.result.left,
        ) % {"n": self.result.left, "who": who}


class CancelElectionForm(ReasonForm):
    pass
