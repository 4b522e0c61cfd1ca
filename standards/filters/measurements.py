"""Filters of the registers of values and tables; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Light, Measurement, MeasurementImport


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


class Year(django_filters.NumberFilter):
    field_class = forms.IntegerField


class MeasurementFilters(RecordFilters):
    FIRST = ("state", "unit", "light", "year")
    overdue = None  # type: ignore[assignment]  # a value has no deadline
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    university = Tick(label=_("The university as a whole"), method="of_all")
    indicator = django_filters.CharFilter(label=_("Code of the indicator"), field_name="code", lookup_expr="iexact")
    standard = django_filters.CharFilter(label=_("Standard"), field_name="indicator__standard", lookup_expr="iexact")
    light = django_filters.MultipleChoiceFilter(
        label=pgettext_lazy("traffic light", "Light"),
        choices=Light.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    year = Year(label=_("Year"), field_name="until__year", min_value=1900, max_value=9999)
    period = django_filters.CharFilter(label=_("Period"))
    origin = django_filters.ChoiceFilter(label=_("How it came"), choices=Measurement.Origin.choices)
    corrected = Tick(label=_("Corrected ones"), method="only_corrected")
    batch = RecordNumber(label=_("Number of the table"), field_name="batch_id")

    class Meta:
        model = Measurement
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def of_all(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(unit__isnull=True) if value else rows

    def only_corrected(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(corrected_on__isnull=False) if value else rows


class ImportFilters(RecordFilters):
    FIRST = ("state",)
    overdue = None  # type: ignore[assignment]

    class Meta:
        model = MeasurementImport
        fields: list[str] = []
