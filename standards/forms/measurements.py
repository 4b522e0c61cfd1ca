"""Forms of values of indicators and of tables with them; the API reads the same ones."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.files import DocumentField
from qa_portal.web.forms import LongText, RecordForm, StepForm

from ..importing import hand_over
from ..measuring import LARGEST, Book, Ready, Typed, number
from ..mistakes import Mistake
from ..models import Indicator, Measurement, MeasurementImport

TABLES = ("xlsx", "csv")


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3, max_length=1000)


class NumberField(forms.CharField):
    """A number as people write it: with a comma or a point, with spaces between thousands."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            found = number(text)
        except ValueError:
            raise ValidationError(_("A number is expected: with a comma or a point, without words.")) from None
        if abs(found) >= LARGEST:
            raise ValidationError(Mistake(0, "", "too_large", {"said": text}).words, code="too_large")
        return found


class MeasurementForm(RecordForm):
    """One value. What is wrong with it is said by the same rules as in a table of thousands."""

    saved = _("The value is entered.")
    indicator = forms.ModelChoiceField(queryset=Indicator.objects.none(), label=_("Indicator"))
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(),
        label=_("Unit"),
        required=False,
        help_text=_("Empty: the university as a whole."),
    )
    period = forms.CharField(
        label=_("Period"), max_length=20, help_text="2026-03 · 2026-Q1 · 2026 · 2026/2027 · 2026/2027-1"
    )
    value = NumberField(label=_("Value"))
    weight = NumberField(label=_("Number of cases"), required=False)

    class Meta:
        model = Measurement
        fields = ["indicator", "unit", "period", "value", "weight", "note"]

    #: the columns of a table and the fields of the form
    COLUMNS = {"code": "indicator", "unit": "unit", "period": "period", "value": "value", "cases": "weight"}

    def prepare(self) -> None:
        rows = Indicator.objects.in_force().filter(formula="").select_related("responsible", "set")
        self.fields["indicator"].queryset = rows.order_by("code")
        self.fields["unit"].queryset = Unit.objects.visible_to(self.by).working()
        self.fields["unit"].label_from_instance = lambda unit: str(unit)
        code = self.initial.get("indicator")
        if isinstance(code, str) and not code.isdigit():
            known = rows.filter(code=code) if code.isprintable() else rows.none()
            self.initial["indicator"] = known.values_list("pk", flat=True).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        unit = cleaned.get("unit")
        typed = Typed(
            1, cleaned["indicator"].code, unit.code if unit else "", cleaned["period"], cleaned["value"],
            cleaned.get("weight"), cleaned.get("note", ""),
        )  # fmt: skip
        found = Book(self.by, [typed.code]).judge(typed)
        if isinstance(found, Ready):
            cleaned["period"] = found.span.label
            cleaned["value"] = found.value
            cleaned["unit"] = unit if found.unit_id else None
            return cleaned
        for mistake in found:
            if mistake.code != "not_yours":  # who may is asked first, and answered with its own sentence
                self.add_error(self.COLUMNS.get(mistake.column), ValidationError(mistake.words, code=mistake.code))
        return cleaned

    def validate_constraints(self) -> None:
        """The record's own message speaks of columns: ours names the value that is there."""
        cleaned = self.cleaned_data
        if self.errors or not cleaned.get("indicator"):
            return
        of_unit = Q(unit=cleaned["unit"]) if cleaned.get("unit") else Q(unit__isnull=True)
        rows = Measurement.objects.valid().filter(of_unit, code=cleaned["indicator"].code, period=cleaned["period"])
        if rows.exists():
            self.add_error("period", _("The value of this period is there already. Correct it on its own page."))


class CorrectForm(StepForm):
    value = NumberField(label=_("Right value"))
    weight = NumberField(label=_("Number of cases"), required=False)
    reason = LongText(label=_("Reason"), rows=3, max_length=1000)

    def prepare(self) -> None:
        self.fields["value"].initial = f"{self.record.value.normalize():f}"
        if self.record.weight is not None:
            self.fields["weight"].initial = f"{self.record.weight.normalize():f}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        weight = cleaned.get("weight")
        if weight is not None and weight < 0:
            self.add_error("weight", _("The number of cases cannot be negative."))
        if (
            weight is None
            and self.record.indicator.roll_up == Indicator.RollUp.WEIGHTED
            and "weight" not in self.errors
        ):
            self.add_error("weight", Mistake(0, "cases", "cases").words)  # without them it would count nowhere
        if not self.errors and (cleaned["value"], weight) == (self.record.value, self.record.weight):
            self.add_error("value", _("This is the value already: give another one."))
        return cleaned


class TableField(DocumentField):
    """An XLSX or CSV, judged by its content."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in TABLES)

    @property
    def accept_hint(self) -> str:
        return "XLSX, CSV"

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and PurePath(getattr(data, "name", "")).suffix.lower().lstrip(".") not in TABLES:
            raise ValidationError(_("A table is expected: XLSX or CSV."), code="kind")
        return super().clean(data, initial)


class ImportForm(RecordForm):
    saved = _("The table is handed in. You are told what became of it.")
    submit_label = _("Hand in")
    lead = _("All values of the table are taken, or none: then each mistake is named with its row and column.")
    file = TableField(label=_("Table"))

    class Meta:
        model = MeasurementImport
        fields = ["file", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.fields["file"].help_text = format_html(
            '{} <a href="{}">{}</a>',
            _("The columns: code of the indicator, code of the unit, period, value, number of cases, note."),
            reverse("standards:measurement-template"),
            _("Take the template with the values that are missing"),
        )

    def save_new(self, by: Any) -> Any:
        self.instance.file_name = self.cleaned_data["file"].name[-200:]
        made = super().save_new(by)
        hand_over(made)
        return made
