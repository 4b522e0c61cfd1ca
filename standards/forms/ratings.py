"""Forms of rating formulas and ratings; the API reads the same ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import NotNow
from qa_portal.web.forms import RecordForm

from ..models import Indicator, Rating, RatingFormula
from ..models.ratings import BEING_PREPARED
from ..rated import rows_of
from .indicators import FIRST_YEAR, LAST_YEAR

WEIGHT = "weight_"
HEAVIEST = 100


class RatingFormulaForm(RecordForm):
    """One field for the weight of each indicator in force; empty or 0: it does not count."""

    lead: Any = _("A weight says how much an indicator counts beside the others: 2 counts twice as much as 1.")

    class Meta:
        model = RatingFormula
        fields = ["title", "unit_kind", "note"]

    def prepare(self) -> None:
        formula = self.instance
        if formula.pk:
            del self.fields["unit_kind"]
        weights = formula.weights or self._weights_before()
        for code, label, help_text in self._indicators(weights):
            self.fields[f"{WEIGHT}{code}"] = forms.IntegerField(
                label=label,
                help_text=help_text,
                required=False,
                min_value=0,
                max_value=HEAVIEST,
                initial=weights.get(code),
            )
        note = self.fields.pop("note")
        self.fields["note"] = note

    def _weights_before(self) -> dict[str, int]:
        """A new formula begins with the weights of the one in force for the same units."""
        asked = self.initial.get("unit_kind")
        kind = asked if asked in Unit.Kind.values else self.instance.unit_kind
        former = RatingFormula.objects.filter(state=RatingFormula.IN_FORCE, unit_kind=kind).first()
        return former.weights if former is not None else {}

    def _indicators(self, weights: dict[str, int]) -> list[tuple[str, Any, Any]]:
        rows = Indicator.objects.in_force().order_by("standard", "code")
        found = [
            (row.code, f"{row.code} {row.name}", f"{row.standard} · {row.get_direction_display()}") for row in rows
        ]
        known = {code for code, _label, _help in found}
        gone = _("It is no longer in force: take its weight away before the formula is submitted.")
        return [*found, *((code, code, gone) for code in weights if code not in known)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        weights = {
            name.removeprefix(WEIGHT): value for name, value in cleaned.items() if name.startswith(WEIGHT) and value
        }
        if not weights and not self.errors:
            raise ValidationError(_("Give at least one indicator a weight."))
        self.instance.weights = weights
        return cleaned

    def save_new(self, by: Any) -> RatingFormula:
        try:
            with transaction.atomic():
                return super().save_new(by)
        except IntegrityError as twice:  # two begin the very first formula: there is no row yet to wait for
            raise NotNow(BEING_PREPARED) from twice


class RatingForm(RecordForm):
    """Which formula, which year: the portal counts."""

    lead: Any = _("The portal counts the rating from the values of the year. Somebody else publishes it.")
    submit_label = _("Make the rating")
    saved = _("The rating is made.")
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    class Meta:
        model = Rating
        fields = ["formula", "year"]

    def prepare(self) -> None:
        formulas = RatingFormula.objects.visible_to(self.by).filter(state=RatingFormula.IN_FORCE)
        self.fields["formula"].queryset = formulas
        if not self.initial.get("formula") and formulas.count() == 1:  # nothing to choose
            self.initial["formula"] = formulas.get().pk
        self.initial["year"] = self.initial.get("year") or timezone.localdate().year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            self.instance.rows = rows_of(cleaned["formula"], cleaned["year"])
            if not any(row["place"] for row in self.instance.rows):
                raise ValidationError(_("No unit has a value for this year yet: there is nothing to rate."))
        return cleaned
