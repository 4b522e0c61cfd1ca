"""Forms of findings, plans, actions and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.forms import ProofFields
from qa_portal.people.heads import holders
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.policy.registry import policy
from qa_portal.web import cells
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm
from standards.models import EvaluationArea, Requirement

from .models import ActionLink, CapaAction, CapaPlan, Finding
from .permissions import independent_of


class FindingForm(RecordForm):
    saved = _("Thank you: the finding is registered. You will be told what comes of it.")
    lead = _(
        "Say what you saw. You need not know the requirement: the quality office adds it. You will be told what came of it."
    )

    class Meta:
        model = Finding
        fields = [
            "title",
            "description",
            "unit",
            "severity",
            "requirement",
            "area",
            "source_kind",
            "source_note",
            "found_on",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    def prepare(self) -> None:
        self.fields["unit"].queryset = Unit.objects.working()
        # The edition in force, and the one that this finding was made against.
        for name, model in (("requirement", Requirement), ("area", EvaluationArea)):
            kept = getattr(self.instance, f"{name}_id", None)
            self.fields[name].queryset = model.objects.in_force(or_pk=kept).select_related("standard")


class PlanForm(RecordForm):
    lead = _("First the cause, then the actions. The plan stays a draft until you submit it.")

    class Meta:
        model = CapaPlan
        fields = ["cause", "goal"]


class ActionForm(RecordForm):
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it"))

    class Meta:
        model = CapaAction
        fields = ["kind", "text", "owner", "due", "expected_proof"]

    def prepare(self) -> None:
        # Doers are people of the unit and below; the whole tree would be 2,000 names and mostly mistakes.
        plan = self.instance.plan
        self.fields["owner"].queryset = Person.objects.filter(
            is_active=True, unit__path__startswith=plan.unit.path
        ).by_name()
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class CorrectForm(StepForm):
    correction = LongText(label=_("What was done at once"))
    cause = LongText(label=_("Cause in words"), required=False)

    def prepare(self) -> None:
        self.fields["correction"].initial = self.record.correction
        self.fields["cause"].initial = self.record.cause


class DuplicateForm(StepForm):
    original = forms.ModelChoiceField(queryset=Finding.objects.none(), label=_("The finding that stays"))
    reason = LongText(label=_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        others = Finding.objects.visible_to(self.by).exclude(pk=self.record.pk)
        # Open ones only: whoever reported the twin is told when the other closes.
        self.fields["original"].queryset = others.open().order_by("-pk")
        self.fields["original"].widget.attrs["data-picker"] = ""


class CarryOutForm(ProofFields, StepForm):
    """What was done, and evidence: a file or a link here, unless some is attached already."""

    note = LongText(label=_("What was done"))
    field_order = ["note", "evidence_title", "file", "link", "speaks_of"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.has_proof and not self.record.proofs_count():
            raise ValidationError(
                _("Attach evidence: a file or a link. Without it the action is not carried out."), code="evidence"
            )
        return cleaned


class AskExtensionForm(StepForm):
    until = DateField(label=_("New deadline"))
    reason = LongText(label=_("Reason"), rows=3)

    def clean_until(self) -> datetime.date:
        until = self.cleaned_data["until"]
        if until <= max(self.record.due, timezone.localdate()):
            raise ValidationError(_("The new deadline must be later than the present one and not in the past."))
        return until


class _AboutExtension:
    """Shows what was asked: nobody decides about a later deadline blind."""

    def facts(self) -> list[dict[str, Any]]:
        asked = self.record.waiting_extension
        if asked is None:
            return []
        return [
            {"label": _("Deadline now"), "html": cells.date(asked.from_due)},
            {"label": _("Asked until"), "html": cells.date(asked.until)},
            {"label": _("First deadline"), "html": cells.date(self.record.first_due)},
            {"label": _("Who asks"), "html": asked.asked_by.get_full_name()},
            {"label": _("Reason"), "html": asked.reason},
        ]


class HandOverForm(StepForm):
    owner = PersonChoice(queryset=Person.objects.none(), label=_("Who does it from now on"))
    reason = LongText(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        people = Person.objects.filter(is_active=True, unit__path__startswith=self.record.unit.path)
        # Whoever approved the item does not become its doer: nobody approves their own work, not even afterwards.
        without = {self.record.owner_id, self.record.approved_by_id}
        self.fields["owner"].queryset = people.exclude(pk__in=[pk for pk in without if pk]).by_name()


class CheckerForm(StepForm):
    checker = PersonChoice(queryset=Person.objects.none(), label=_("Who checks the effect"))
    note = LongText(label=_("Note"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["checker"].queryset = checkers(self.record, self.by)

    def clean_checker(self) -> Any:
        return independent_checker(self.cleaned_data["checker"], self.record)


def checkers(plan: CapaPlan, by: Any) -> Any:
    """Who may be named to check an effect: auditors, quality office and representative, of another unit."""
    roles = (Role.AUDITOR, Role.ASB_OFFICER, Role.QUALITY_MANAGER, Role.QUALITY_REPRESENTATIVE)
    found = holders(roles).exclude(unit=plan.unit)
    return (found.exclude(pk=by.pk) if by is not None else found).by_name()


def independent_checker(checker: Any, plan: CapaPlan) -> Any:
    if checker is not None and not independent_of(checker, plan):
        raise ValidationError(
            _("%(person)s is not independent of this plan: choose somebody else.") % {"person": checker},
            code="independent",
        )
    return checker


class NoteForm(StepForm):
    note = LongText(label=_("Note"), required=False, rows=2)


class GrantExtensionForm(_AboutExtension, NoteForm):
    pass


class RefuseExtensionForm(_AboutExtension, ReasonForm):
    pass


class VerifyForm(StepForm):
    check_on = DateField(label=_("The effect is checked on"))
    checker = PersonChoice(
        queryset=Person.objects.none(),
        label=_("Who checks the effect"),
        required=False,
        help_text=_("Somebody independent. Left empty: whoever of the quality office is independent."),
    )
    note = LongText(label=_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["check_on"].initial = today + datetime.timedelta(days=policy("capa.effect_check_after"))
        self.fields["checker"].queryset = checkers(self.record, self.by)

    def clean_check_on(self) -> datetime.date:
        day = self.cleaned_data["check_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The date is in the past. Choose today or a later day."))
        return day

    def clean_checker(self) -> Any:
        return independent_checker(self.cleaned_data.get("checker"), self.record)


class CheckEffectForm(StepForm):
    effective = forms.TypedChoiceField(
        label=_("Has the cause gone?"),
        choices=[("true", _("Yes, effective")), ("false", _("No, not effective"))],
        coerce=lambda value: value == "true",
        widget=forms.RadioSelect,
    )
    note = LongText(label=_("How this was checked and what was seen"))


class SetAsideForm(forms.Form):
    reason = LongText(label=_("Reason"), rows=3)


class EndorseForm(StepForm):
    """A decision of the Academic Council brings its own number."""

    basis = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


class ActionChoice(forms.ModelChoiceField):
    """An action by number and words; the picker of the page searches in both."""

    def label_from_instance(self, obj: Any) -> str:
        text = " ".join(obj.text.split())
        return f"{obj.number} {text[:100]}"


class LinkForm(RecordForm):
    """Which open action serves the record, too."""

    saved = _("The action is linked.")
    submit_label = _("Link")
    action = ActionChoice(queryset=CapaAction.objects.none(), label=_("Action"))

    class Meta:
        model = ActionLink
        fields = ["action"]

    def prepare(self) -> None:
        record = self.instance.record
        if record is not None:
            self.heading = _("Link an action")
            self.lead = _("It serves: %(record)s") % {"record": record}
            self.cancel_url = record.get_absolute_url()
        rows = CapaAction.objects.visible_to(self.by).open().select_related("plan")
        self.fields["action"].queryset = rows.order_by("-pk")

    def clean_action(self) -> CapaAction:
        action = self.cleaned_data["action"]
        if ActionLink.objects.linked().of(self.instance.record).filter(action=action).exists():
            raise ValidationError(_("This action is linked here already."))
        return action
