"""Forms of sets and indicators, and of their steps; the API reads the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.forms import LongText, RecordForm, StepForm
from qa_portal.web.registry import registry

from .. import indicator_sets
from ..models import EvaluationArea, Indicator, IndicatorSet, IndicatorTarget, Standard

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_WORDS = 90
MOST_UNITS_NAMED = 8
#: groups of units that can be ticked together
GROUPS = ((Unit.Kind.SCHOOL.value, _("all schools")), (Unit.Kind.DEPARTMENT.value, _("all departments")))
WANTED = _("Not needed to save, but before the set is submitted.")


class ReasonForm(StepForm):
    reason = LongText(label=_("Reason"), rows=3)


class BasisForm(StepForm):
    """A body's decision brings its own number."""

    basis = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


class DecimalNumber(forms.DecimalField):
    """A number with up to four decimals; the comma of the reader's language is taken like a point.

    Typed as text: a browser of another language drops the comma from a number input, and 90,5 becomes 905.
    """

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=18, decimal_places=4, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)


def in_words(number: Decimal | None) -> str:
    """A stored number without the zeros that the column adds."""
    return "—" if number is None else f"{number.normalize():f}"


# -- sets ----------------------------------------------------------------------------------------------
class IndicatorSetForm(RecordForm):
    """The first set is empty or the portal's proposal; a later one begins as a copy of the set in force."""

    lead: Any = ""
    EMPTY, PROPOSAL = "empty", "proposal"

    start = forms.ChoiceField(
        label=_("Begin with"),
        choices=[(PROPOSAL, _("the indicators that the portal proposes")), (EMPTY, _("an empty set"))],
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = IndicatorSet
        fields = ["title", "valid_from", "note"]

    field_order = ["title", "valid_from", "start", "note"]

    def prepare(self) -> None:
        in_force = IndicatorSet.objects.in_force().first()
        if self.instance.pk or in_force is not None:
            del self.fields["start"]
        else:
            self.initial.setdefault("start", self.PROPOSAL)
        if self.instance.pk:
            return
        today = timezone.localdate()
        self.initial["valid_from"] = self.initial.get("valid_from") or today.replace(month=1, day=1)
        if in_force is not None:
            self.lead = _("It begins as a copy of the set in force: “%(set)s”.") % {"set": in_force}
        else:
            self.lead = _("Indicators, their units and targets are entered on its page.")

    def save_new(self, by: Any) -> IndicatorSet:
        proposal = self.cleaned_data.get("start") == self.PROPOSAL
        return indicator_sets.begin(self.instance, by, proposal=proposal)


# -- units that report ------------------------------------------------------------------------------------
class _UnitChoices(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield from self.queryset.labels()


class UnitsChoice(forms.ModelMultipleChoiceField):
    iterator = _UnitChoices

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Unit.objects.none(), widget=forms.SelectMultiple(attrs={"data-picker": ""}), **kwargs)


class UnitFields(forms.Form):
    """Whole groups ticked at once, and single units beside them."""

    groups = forms.MultipleChoiceField(
        label=_("Whole groups that report"), choices=GROUPS, required=False, widget=forms.CheckboxSelectMultiple
    )
    units = UnitsChoice(
        label=_("Single units that report"),
        required=False,
        help_text=_("Nothing chosen in both fields: it is reported for the university as a whole only."),
    )

    def chosen_units(self) -> list[Unit]:
        chosen = {unit.pk: unit for unit in self.cleaned_data.get("units") or ()}
        groups = self.cleaned_data.get("groups") or []
        if groups:
            chosen |= {unit.pk: unit for unit in Unit.objects.working().filter(kind__in=groups)}
        return sorted(chosen.values(), key=lambda unit: unit.path)


# -- definitions ------------------------------------------------------------------------------------------
class IndicatorForm(UnitFields, RecordForm):
    """One definition, in three languages."""

    lead: Any = _("What is measured, how, how often and by whom. Somebody else checks it before the set is submitted.")
    standard = forms.ChoiceField(label=_("Standard"), required=False)
    area = forms.ChoiceField(
        label=_("Evaluation area"),
        required=False,
        help_text=_("One of the two is needed; the area brings its standard."),
    )
    formula = forms.ChoiceField(
        label=_("Computed by the portal"),
        required=False,
        help_text=_("A computed one takes unit of measure and direction from what computes it."),
    )

    class Meta:
        model = Indicator
        fields = [
            "code", "name_kk", "name_ru", "name_en", "text_kk", "text_ru", "text_en", "formula", "measure", "decimals",
            "direction", "source", "period", "responsible", "roll_up",
        ]  # fmt: skip
        widgets = {f"text_{code}": forms.Textarea(attrs={"rows": 3}) for code in ("kk", "ru", "en")}

    field_order = [
        "code", "name_kk", "name_ru", "name_en", "text_kk", "text_ru", "text_en", "standard", "area", "formula", "measure",
        "decimals", "direction", "source", "period", "responsible", "roll_up", "groups", "units",
    ]  # fmt: skip

    def prepare(self) -> None:
        self._name_languages()
        indicator = self.instance
        standards = Standard.objects.in_force().order_by("number")
        areas = EvaluationArea.objects.in_force().select_related("standard").order_by("standard__number", "place")
        self.fields["standard"].choices = _choices(
            ((row.code, f"{row.code} {row.name}") for row in standards), indicator.standard
        )
        self.fields["area"].choices = _choices(
            ((row.code, f"{row.code} {Truncator(row.text).chars(MOST_WORDS)}") for row in areas), indicator.area
        )
        formulas = ((formula.key, formula.title) for formula in registry.formulas.values())
        self.fields["formula"].choices = _choices(formulas, indicator.formula, _("no, it is entered or imported"))
        for name in ("standard", "area"):
            self.fields[name].widget.attrs["data-picker"] = ""
            self.initial.setdefault(name, getattr(indicator, name))
        self.initial.setdefault("formula", indicator.formula)
        self.fields["decimals"].max_value = 4
        self.fields["decimals"].validators.append(forms.fields.validators.MaxValueValidator(4))
        self.fields["responsible"].queryset = Unit.objects.working() | Unit.objects.filter(pk=indicator.responsible_id)
        self.fields["code"].help_text = _("It stays the same over all sets: values hang on it. For example S9-COVER.")
        if indicator.pk:
            del self.fields["groups"], self.fields["units"]
            return
        self.fields["units"].queryset = Unit.objects.working()

    def _name_languages(self) -> None:
        names = {
            "kk": (_("Name in Kazakh"), _("Definition in Kazakh")),
            "ru": (_("Name in Russian"), _("Definition in Russian")),
            "en": (_("Name in English"), _("Definition in English")),
        }
        for code, (name, text) in names.items():
            self.fields[f"name_{code}"].label, self.fields[f"text_{code}"].label = name, text
            for field in (f"name_{code}", f"text_{code}"):
                self.fields[field].required = code == "kk"
                if field in ("name_ru", "name_en"):
                    self.fields[field].help_text = WANTED

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        twin = self.instance.set.indicators.filter(code=code).exclude(state=Indicator.CANCELLED)
        if twin.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("The set has an indicator of this code already."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        area = cleaned.get("area") or ""
        self.instance.area = area
        self.instance.standard = cleaned.get("standard") or area.partition(".")[0]
        formula = registry.formulas.get(cleaned.get("formula") or "")
        if formula is not None:
            cleaned["measure"], cleaned["direction"] = formula.measure, formula.direction
        self._check_targets(cleaned.get("direction", ""))
        return cleaned

    def _check_targets(self, direction: str) -> None:
        """Turned round, the direction would put the thresholds that are there already on the wrong side."""
        if not self.instance.pk or not direction:
            return
        wrong = [row for row in self.instance.targets.all() if side_problem(direction, row.target, row.amber, row.red)]
        if wrong:
            years = ", ".join(sorted({str(row.year) for row in wrong}))
            self.add_error(
                "direction",
                _("The thresholds of its targets would stand on the wrong side: drop these targets first: %(years)s.")
                % {"years": years},
            )

    def save_new(self, by: Any) -> Indicator:
        made = super().save_new(by)
        made.report_from(self.chosen_units())
        return made


def _choices(rows: Any, kept: str, nothing: Any = None) -> list[tuple[str, Any]]:
    """Choices with an empty one first; a code that is stored and no longer offered stays."""
    found = [("", _("— none —") if nothing is None else nothing), *rows]
    return found if not kept or kept in dict(found) else [*found, (kept, kept)]


class ValidateForm(StepForm):
    validation = LongText(
        label=_("What was checked"),
        max_length=3000,
        rows=5,
        help_text=_(
            "The formula or the instrument, on which cases it was tried, by whom they were counted, and what came out."
        ),
    )


class UnitsForm(UnitFields, StepForm):
    """Which units report; while the set is in force with a reason."""

    reason = LongText(label=_("Reason"), rows=2, required=False)
    field_order = ["groups", "units", "reason"]

    def prepare(self) -> None:
        self.fields["units"].queryset = Unit.objects.working() | Unit.objects.filter(
            pk__in=self.record.reporters.values("unit")
        )
        self.initial.setdefault("units", list(self.record.reporters.values_list("unit_id", flat=True)))
        self.fields["reason"].required = self.record.state == Indicator.IN_FORCE

    def clean(self) -> dict[str, Any]:
        """History says which units came and went: they are rows of their own."""
        cleaned = super().clean() or {}
        chosen = {unit.pk: unit for unit in self.chosen_units()}
        before = {row.unit_id: row.unit for row in self.record.reporters.select_related("unit")}
        moved = [
            f"{sign} {_named(units)}"
            for sign, units in (
                ("+", [unit for pk, unit in chosen.items() if pk not in before]),
                ("−", [unit for pk, unit in before.items() if pk not in chosen]),
            )
            if units
        ]
        cleaned["units"] = list(chosen.values())
        cleaned["reason"] = _with_reason("; ".join(moved), cleaned.get("reason", ""))
        return cleaned


def _named(units: list[Unit]) -> str:
    names = ", ".join(str(unit) for unit in units[:MOST_UNITS_NAMED])
    more = len(units) - MOST_UNITS_NAMED
    return f"{names} {ngettext('and %(n)s more', 'and %(n)s more', more) % {'n': more}}" if more > 0 else names


def _with_reason(facts: str, reason: str) -> str:
    return f"{facts}. {reason}" if facts and reason else facts or reason


# -- targets ------------------------------------------------------------------------------------------------
def target_in_words(row: IndicatorTarget | None) -> str:
    """Target, amber, red: «80 · 70 · 60»."""
    return "—" if row is None else " · ".join(in_words(value) for value in (row.target, row.amber, row.red))


def side_problem(direction: str, target: Decimal, amber: Decimal | None, red: Decimal | None) -> dict[str, Any]:
    """Thresholds that stand on the wrong side of the target, or in the wrong order: {field: sentence}."""
    sign = -1 if direction == Indicator.Direction.DOWN else 1
    found: dict[str, Any] = {}
    if sign > 0:
        beyond_target = _("The higher the better: a threshold stands at the target or below it.")
        beyond_amber = _("The higher the better: red begins at amber or below it.")
    else:
        beyond_target = _("The lower the better: a threshold stands at the target or above it.")
        beyond_amber = _("The lower the better: red begins at amber or above it.")
    if amber is not None and sign * amber > sign * target:
        found["amber"] = beyond_target
    if red is not None and sign * red > sign * target:
        found["red"] = beyond_target
    elif red is not None and amber is not None and sign * red > sign * amber:
        found["red"] = beyond_amber
    return found


def for_whom(indicator: Indicator) -> Any:
    """Whose a target without a unit is; of what adds up it is the university's alone (standards.lights)."""
    if indicator.roll_up == Indicator.RollUp.SUM:
        return _("the university as a whole")
    return _("all that have no target of their own")


class TargetForm(StepForm):
    """What a year should reach, for all units or for one, and where amber and red begin."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
    )
    target = DecimalNumber(label=_("Target"))
    amber = DecimalNumber(label=_("Amber from"), required=False, help_text=_("This value and what is worse is amber."))
    red = DecimalNumber(label=_("Red from"), required=False, help_text=_("This value and what is worse is red."))
    reason = LongText(label=_("Reason"), rows=2, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("year", timezone.localdate().year)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=self.record.reporters.values("unit")).order_by("path")
        self.fields["unit"].widget.attrs["data-picker"] = ""
        self.fields["unit"].empty_label = for_whom(self.record)
        if not self.record.reporters.exists():
            self.fields["unit"].widget = forms.HiddenInput()
        self.fields["reason"].required = self.record.state == Indicator.IN_FORCE

    def clean(self) -> dict[str, Any]:
        """Thresholds on the right side of the target; history keeps the old and the new figures."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        wrong = side_problem(self.record.direction, cleaned["target"], cleaned["amber"], cleaned["red"])
        if wrong:
            raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
        before = self.record.targets.filter(year=cleaned["year"], unit=cleaned["unit"]).first()
        now = IndicatorTarget(target=cleaned["target"], amber=cleaned["amber"], red=cleaned["red"])
        facts = f"{_place(cleaned['year'], cleaned['unit'])}: {target_in_words(before)} → {target_in_words(now)}"
        cleaned["reason"] = _with_reason(facts, cleaned.get("reason", ""))
        return cleaned


def _place(year: int, unit: Unit | None) -> str:
    return f"{year}, {unit or gettext('all')}"


class _TargetChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{_place(obj.year, obj.unit)}: {target_in_words(obj)}"


class DropTargetForm(StepForm):
    row = _TargetChoice(IndicatorTarget.objects.none(), label=_("Target"))
    reason = LongText(label=_("Reason"), rows=2)

    def prepare(self) -> None:
        self.fields["row"].queryset = self.record.targets.select_related("unit")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        row = cleaned.get("row")
        if row is not None:
            facts = f"{_place(row.year, row.unit)}: {target_in_words(row)} → —"
            cleaned["reason"] = _with_reason(facts, cleaned.get("reason", ""))
        return cleaned
