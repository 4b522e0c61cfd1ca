"""Filters of rating formulas and ratings; the API takes the same parameters."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber

from ..models import Rating, RatingFormula


class RatingFormulaFilters(RecordFilters):
    FIRST = ("state", "unit_kind")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    unit_kind = django_filters.ChoiceFilter(label=_("Which units are compared"), choices=Unit.Kind.choices)

    class Meta:
        model = RatingFormula
        fields: list[str] = []


class RatingFilters(RecordFilters):
    FIRST = ("state", "year", "unit_kind")
    overdue = None  # type: ignore[assignment]
    year = django_filters.NumberFilter(label=_("Year"), min_value=0, max_value=9999)
    unit_kind = django_filters.ChoiceFilter(
        label=_("Which units are compared"), field_name="formula__unit_kind", choices=Unit.Kind.choices
    )
    formula = RecordNumber(label=_("Formula"), field_name="formula_id")

    class Meta:
        model = Rating
        fields: list[str] = []
