"""Filters of the registers of risks, measures and context sheets; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import ContextSheet, RiskMeasure, UnitRisk
from ..risk_levels import AMBER, DEGREES, GREEN, LIGHTS, RED, WORDS, bounds
from ..standard_choices import standards


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def below(unit: Unit) -> Any:
    return Unit.objects.below(unit.path).order_by().values("pk")


def of_light(rows: Any, lights: list[str]) -> Any:
    """Rated risks of these lights; opportunities have none."""
    amber, red = bounds()
    # The bounds may be set so that nothing is amber: red is asked first, as for one risk.
    asked = {
        RED: Q(level__gte=red),
        AMBER: Q(level__gte=amber, level__lt=red),
        GREEN: Q(level__lt=min(amber, red)),
    }
    wanted = Q(pk__in=[])
    for light in lights:
        wanted |= asked[light]
    return rows.filter(wanted).exclude(kind=UnitRisk.Kind.OPPORTUNITY)


def _degree(label: Any, field: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, field_name=field, choices=[(n, str(n)) for n in DEGREES])


class _OfUnit(RecordFilters):
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=below(unit)) if unit else rows


class UnitRiskFilters(_OfUnit):
    FIRST = ("state", "unit", "kind", "light", "overdue", "mine")
    overdue = Tick(label=_("Review is due"), method="only_overdue")
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"),
        choices=UnitRisk.Kind.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    light = django_filters.MultipleChoiceFilter(
        label=_("Level"),
        choices=[(light, WORDS[light]) for light in LIGHTS],
        method="by_light",
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards)
    mine = Tick(label=_("I am the owner"), method="owned_by_me")
    unrated = Tick(label=_("Not rated yet"), method="only_unrated")
    came_true = Tick(label=_("Came true"), method="only_came_true")
    review_before = django_filters.DateFilter(label=_("Review by"), field_name="review_on", lookup_expr="lte")
    likelihood = _degree(_("Likelihood before measures"), "likelihood")
    impact = _degree(_("Impact before measures"), "impact")
    likelihood_now = _degree(_("Likelihood now"), "likelihood_now")
    impact_now = _degree(_("Impact now"), "impact_now")

    class Meta:
        model = UnitRisk
        fields: list[str] = []

    def by_light(self, rows: Any, name: str, value: list[str]) -> Any:
        return of_light(rows, value) if value else rows

    def owned_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(owner=self.request.user) if value else rows

    def only_unrated(self, rows: Any, name: str, value: bool) -> Any:
        return rows.live().filter(likelihood__isnull=True) if value else rows

    def only_came_true(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(events__isnull=False).distinct() if value else rows


class MatrixFilters(_OfUnit):
    """What the matrix counts: a unit and below, a standard; risks and potential nonconformities, or one of the two."""

    FIRST = ("unit", "standard", "kind")
    state = None  # type: ignore[assignment]  # live and rated ones only
    overdue = None  # type: ignore[assignment]
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[pair for pair in UnitRisk.Kind.choices if pair[0] != UnitRisk.Kind.OPPORTUNITY],
    )

    class Meta:
        model = UnitRisk
        fields: list[str] = []


class RiskMeasureFilters(RecordFilters):
    FIRST = ("state", "unit", "overdue", "mine")
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    risk = RecordNumber(label=_("Risk"), field_name="risk_id")
    mine = Tick(label=_("I do it"), method="done_by_me")
    due_before = django_filters.DateFilter(label=_("Due by"), field_name="due", lookup_expr="lte")

    class Meta:
        model = RiskMeasure
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(risk__unit__in=below(unit)) if unit else rows

    def done_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(owner=self.request.user) if value else rows


class ContextSheetFilters(_OfUnit):
    FIRST = ("state", "unit", "year")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    year = django_filters.NumberFilter(label=_("Year"), min_value=2000, max_value=2100)

    class Meta:
        model = ContextSheet
        fields: list[str] = []
