"""Forms of a mechanism's documents, of its years and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body
from qa_portal.bodies.sitting import RUNNING, seats_of
from qa_portal.documents.forms import ProofFields
from qa_portal.documents.models import Document
from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from qa_portal.web.forms import LongText, RecordForm, StepForm

from ..models import AimResult, Effect, Mechanism, MechanismYear
from ..permissions.mechanism_speakers import MANAGER, committees_for, speakers

FIRST_YEAR = 2000
YEARS_AHEAD = 2


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class DocumentsForm(StepForm):
    """Which documents of the library govern a mechanism: one more, and those no longer."""

    document = forms.ModelChoiceField(
        Document.objects.none(), label=_("Link this document"), required=False, empty_label=_("— none —")
    )
    remove = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        label=_("Take these out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        linked = self.record.documents.visible_to(self.by)
        self.fields["document"].queryset = (
            Document.objects.visible_to(self.by).live().exclude(pk__in=linked.values("pk"))
        )
        self.fields["document"].widget.attrs["data-picker"] = ""
        self.fields["remove"].queryset = linked
        if not linked:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("document") and not cleaned.get("remove"):
            raise ValidationError(_("Choose a document to link, or tick one to take out."))
        return cleaned

    def apply(self) -> None:
        self.record.documents.remove(*self.cleaned_data.get("remove") or ())
        if self.cleaned_data.get("document"):
            self.record.documents.add(self.cleaned_data["document"])


# -- a year ----------------------------------------------------------------------------------------
class YearForm(RecordForm):
    saved: Any = _("The year is planned. Begin it when the work begins.")
    lead: Any = _(
        "Plan, do, check, act. The check closes only with conclusions of two different quality units, neither being the doer."
    )

    class Meta:
        model = MechanismYear
        fields = ["mechanism", "year", "unit", "planned", "doer_unit", "doer_body", "due"]
        widgets = {"planned": forms.Textarea(attrs={"rows": 8})}

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["unit"].help_text = _("Leave it empty when it is done in the whole university.")
        self.fields["planned"].help_text = _(
            "What will be done this year so that the aims are reached, and how it will show."
        )
        self.fields["doer_body"].help_text = _("Name a unit or a body, one of them.")
        self._narrow()
        if self.instance.pk:
            del self.fields["mechanism"], self.fields["year"], self.fields["unit"]
            return
        self.fields["mechanism"].queryset = Mechanism.objects.visible_to(self.by).in_use()
        if not self.initial.get("year"):
            self.initial["year"] = today.year
        if not self.initial.get("due"):
            self.initial["due"] = datetime.date(today.year, 12, 20)

    def _narrow(self) -> None:
        """The quality office names any doer; others plan for the units and bodies that they act for."""
        units, bodies = Unit.objects.working(), Body.objects.visible_to(self.by).active()
        if not self.by.standing.quality_office:
            paths = [h.path for h in self.by.standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]
            mine = Q(pk__in=[])
            for path in paths:
                mine |= Q(path__startswith=path)
            units = units.filter(mine)
            bodies = bodies.filter(pk__in=[b for b, seat in seats_of(self.by).items() if seat.duty in RUNNING])
            schools = Unit.objects.filter(pk__in=bodies.values("unit"))
            self.fields["unit"].queryset = (units | schools).distinct()
        else:
            self.fields["unit"].queryset = units
        self.fields["doer_unit"].queryset, self.fields["doer_body"].queryset = units, bodies

    def clean_year(self) -> int:
        year, last = self.cleaned_data["year"], timezone.localdate().year + YEARS_AHEAD
        if not FIRST_YEAR <= year <= last:
            raise ValidationError(
                _("Give a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": last}, code="year"
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        due, year = cleaned.get("due"), cleaned.get("year") or self.instance.year
        today = timezone.localdate()
        # Earlier years may be entered afterwards; a plan for this year or the next cannot be due already.
        if due and due != self.initial.get("due") and year and year >= today.year and due < today:
            self.add_error("due", _("The deadline cannot be in the past."))
        if not self.instance.pk and cleaned.get("mechanism") and cleaned.get("year"):
            rows = MechanismYear.objects.live().filter(mechanism=cleaned["mechanism"], year=cleaned["year"])
            if rows.filter(unit=cleaned.get("unit")).exists():
                self.add_error("mechanism", _("This mechanism is planned for this year and place already."))
        return cleaned


class ReportForm(ProofFields, StepForm):
    """What was done, and evidence: a file or a link here, unless some is attached already."""

    done = LongText(label=_("What was done"), rows=6, max_length=10000)
    field_order = ["done", "evidence_title", "file", "link", "speaks_of"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.has_proof and not self.record.is_proved():
            raise ValidationError(_("Attach evidence: a file or a link that shows what was done."), code="evidence")
        return cleaned


class JudgeForm(StepForm):
    """One choice and one note an aim: `aim_<id>` and `note_<id>`. What is left open stays as it is."""

    def prepare(self) -> None:
        self.judged = {row.aim_id: row for row in self.record.aim_results.all()}
        # What a quality unit has concluded about is not judged otherwise afterwards; what was left open still is.
        concluded = self.record.conclusions.exists()
        self.aims = [aim for aim in self.record.aims if not (concluded and aim.pk in self.judged)]
        for aim in self.aims:
            kept = self.judged.get(aim.pk)
            self.fields[f"aim_{aim.pk}"] = forms.ChoiceField(
                label=str(aim),
                choices=AimResult.Reached.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=kept.reached if kept else None,
            )
            self.fields[f"note_{aim.pk}"] = LongText(
                label=_("Why, for %(code)s") % {"code": aim.code},
                required=False,
                rows=2,
                max_length=3000,
                initial=kept.note if kept else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for aim in self.aims:
            reached, note = cleaned.get(f"aim_{aim.pk}"), cleaned.get(f"note_{aim.pk}")
            if reached == AimResult.Reached.WEAK and not note:
                self.add_error(f"note_{aim.pk}", _("Say why the aim is weak: a finding may be made from it."))
            elif note and not reached and not self.errors.get(f"aim_{aim.pk}"):
                self.add_error(f"aim_{aim.pk}", _("Choose how far the aim was reached."))
        if not self.errors and not self.changes():
            raise ValidationError(_("Nothing was judged anew. Choose how far at least one aim was reached."))
        return {"results": self.changes(), "note": self._words()} if not self.errors else cleaned

    def changes(self) -> list[tuple[Any, str, str]]:
        """(aim, how far, why) of what is judged otherwise than it stands."""
        found = []
        for aim in self.aims:
            reached = self.cleaned_data.get(f"aim_{aim.pk}") or ""
            note = self.cleaned_data.get(f"note_{aim.pk}") or ""
            kept = self.judged.get(aim.pk)
            if reached and (kept is None or (kept.reached, kept.note) != (reached, note)):
                found.append((aim, reached, note))
        return found

    def _words(self) -> str:
        """For history: what was judged how, and how it stood before."""
        words = dict(AimResult.Reached.choices)
        lines = []
        for aim, reached, _note in self.changes():
            kept = self.judged.get(aim.pk)
            before = f"{words[kept.reached]} → " if kept and kept.reached != reached else ""
            lines.append(f"{aim.code}: {before}{words[reached]}")
        return "; ".join(lines)


def _names(model: Any, ids: list[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in model.objects.filter(pk__in=ids)}


class ConcludeForm(StepForm):
    speaks_as = forms.ChoiceField(label=_("You speak for"))
    effect = forms.ChoiceField(label=_("Judgement"), choices=Effect.choices, widget=forms.RadioSelect)
    text = LongText(label=_("Conclusion"), rows=5, max_length=5000)

    def prepare(self) -> None:
        self.speakers = {speaker.key: speaker for speaker in speakers(self.by, self.record)}
        units = _names(Unit, [s.unit for s in self.speakers.values() if s.unit])
        bodies = _names(Body, [s.body for s in self.speakers.values() if s.body])
        self.labels = {
            key: str(_("Quality manager")) if key == MANAGER else units.get(s.unit or 0) or bodies.get(s.body or 0, key)
            for key, s in self.speakers.items()
        }
        self.fields["speaks_as"].choices = list(self.labels.items())
        self.fields["speaks_as"].help_text = _("The unit or body that carries the mechanism out is not among them.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            # For history: who spoke, and how it was judged.
            effect = dict(Effect.choices)[cleaned["effect"]]
            cleaned["note"] = f"{self.labels[cleaned['speaks_as']]}: {effect}"
            cleaned["speaks_as"] = self.speakers[cleaned["speaks_as"]]
        return cleaned


class ViewForm(StepForm):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("Committee"), empty_label=None)
    effect = forms.ChoiceField(label=_("Judgement"), choices=Effect.choices, widget=forms.RadioSelect)
    recommendation = LongText(label=_("Recommendation"), required=False, rows=4, max_length=5000)

    def prepare(self) -> None:
        self.fields["body"].queryset = Body.objects.filter(pk__in=committees_for(self.by, self.record))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["effect"] == Effect.NOT and not cleaned.get("recommendation"):
            self.add_error("recommendation", _("Say what you recommend when the mechanism is not effective."))
        if not self.errors:
            cleaned["note"] = f"{cleaned['body']}: {dict(Effect.choices)[cleaned['effect']]}"
        return cleaned


class ActForm(StepForm):
    acted = LongText(
        label=_("What is changed"),
        rows=6,
        max_length=10000,
        help_text=_("What the check showed and what will be done otherwise. It goes into the next year's plan."),
    )


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=3)
