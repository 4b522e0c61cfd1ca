"""Forms of bodies and seats, and of their steps; the API reads the same ones."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import Document
from qa_portal.notices.telling import tell
from qa_portal.people.models import Person, Unit
from qa_portal.web.forms import DateField, LongText, PersonChoice, RecordForm, StepForm
from qa_portal.web.registry import registry

from ..models import Base, Body, BodyKind, Matter, Passing, Quorum, Seat

LANGUAGE_NAMES = (("kk", _("in Kazakh")), ("ru", _("in Russian")), ("en", _("in English")))


class UsualTicks(RecordForm):
    """A tick that the API does not send keeps its usual value; on the page an empty box says no."""

    ticks: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, instance: Any = None, **kwargs: Any):
        if data is not None and not (instance is not None and instance.pk):
            data = data.copy()
            for name in self.ticks:
                data.setdefault(name, "true")
        super().__init__(data, *args, instance=instance, **kwargs)


class BodyForm(RecordForm):
    lead = _("What you leave empty is taken from the kind: name, remit, matters, rule of passing, quorum, body above.")
    matters = forms.MultipleChoiceField(label=_("Matters"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Body
        fields = [
            "kind", "unit", "name_kk", "name_ru", "name_en", "above", "founding_decision", "founded_on", "charter",
            "remit_kk", "remit_ru", "remit_en", "matters", "passing", "base", "quorum", "rule_clause", "aside_counts",
            "remote_allowed", "remote_base", "seats_planned", "term_years",
        ]  # fmt: skip
        widgets = {f"remit_{code}": forms.Textarea(attrs={"rows": 3}) for code, _name in LANGUAGE_NAMES}

    def prepare(self) -> None:
        self.fields["matters"].choices = [(matter.code, str(matter)) for matter in Matter.objects.all()]
        self.fields["unit"].queryset = Unit.objects.working()
        self.fields["above"].queryset = Body.objects.active().exclude(pk=self.instance.pk)
        charters = Document.objects.visible_to(self.by).live().filter(origin="internal")
        kept = Document.objects.filter(pk=self.instance.charter_id)
        self.fields["charter"].queryset = (charters.order_by() | kept.order_by()).distinct().order_by("number", "pk")
        for field, words in (("name", _("Name")), ("remit", _("Remit"))):
            for code, language in LANGUAGE_NAMES:
                self.fields[f"{field}_{code}"].label = _("%(field)s %(language)s") % {
                    "field": words,
                    "language": language,
                }
        if self.instance.pk:
            del self.fields["kind"]
            self.fields["name_kk"].required = True
        else:
            self._rules_from_kind()

    def _rules_from_kind(self) -> None:
        for name, choices in (("passing", Passing.choices), ("base", Base.choices), ("quorum", Quorum.choices)):
            label = capfirst(Body._meta.get_field(name).verbose_name)
            field = forms.ChoiceField(choices=[("", _("as the kind says")), *choices], required=False, label=label)
            self.fields[name] = field
            self.initial.pop(name, None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, unit = cleaned.get("kind"), cleaned.get("unit")
        if not self.instance.pk and kind and unit:
            self._fill(cleaned, kind, unit)
        return cleaned

    def _fill(self, cleaned: dict[str, Any], kind: BodyKind, unit: Unit) -> None:
        """What was left empty is the kind's; its source clause belongs to its rule and goes with that only."""
        own_rule = any(cleaned.get(name) for name in ("passing", "base", "quorum"))
        for name, value in {**kind.rules(), **kind.name_for(unit)}.items():
            if not cleaned.get(name) and not (name == "rule_clause" and own_rule):
                cleaned[name] = value
        if cleaned.get("above") is None and kind.above is not None:
            code = registry.body_for(kind.above.code, unit)
            cleaned["above"] = Body.objects.active().filter(code=code).first() if code else None


class ApiBodyForm(UsualTicks, BodyForm):
    ticks = ("aside_counts", "remote_allowed")

    class Meta(BodyForm.Meta):
        pass


class SeatForm(RecordForm):
    saved = _("The seat is entered, and the person is told.")
    person = PersonChoice(queryset=Person.objects.none(), label=_("Who sits"))

    class Meta:
        model = Seat
        fields = ["person", "duty", "group", "voting", "since", "until", "basis"]

    def prepare(self) -> None:
        if self.instance.pk:
            del self.fields["person"], self.fields["since"]
        else:
            self.fields["person"].queryset = Person.objects.visible_to(self.by).filter(is_active=True).by_name()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since") or self.instance.since, cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The seat ends before it begins."))
        return cleaned

    def save_new(self, by: Any) -> Any:
        seat = super().save_new(by)
        context = {"why": "", "step": None}
        tell([seat.person], template="bodies/mail/seat_add.txt", record=seat, by=by, context=context, verb="add")
        return seat


class ApiSeatForm(UsualTicks, SeatForm):
    ticks = ("voting",)

    class Meta(SeatForm.Meta):
        pass


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class EndSeatForm(ReasonForm):
    on = DateField(label=_("Last day"))
    field_order = ["on", "reason"]

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day, since = self.cleaned_data["on"], self.record.since
        if day < since:
            raise ValidationError(_("The seat ends before it begins."))
        if day > max(timezone.localdate(), since):
            raise ValidationError(
                _("The day is still to come: edit the seat and enter it as its last day; it then ends by itself.")
            )
        return day


class DissolveForm(ReasonForm):
    on = DateField(label=_("Dissolved on"))
    field_order = ["on", "reason"]

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("The date is in the future. Choose today or an earlier day."))
        if self.record.founded_on and day < self.record.founded_on:
            raise ValidationError(_("The body was founded later."))
        return day
