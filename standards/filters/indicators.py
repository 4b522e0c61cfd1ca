"""Filters of sets and indicators; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, Tick

from ..models import EvaluationArea, Indicator, IndicatorSet, Period, Standard


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def sets(request: Any) -> Any:
    return IndicatorSet.objects.visible_to(request.user) if request is not None else IndicatorSet.objects.none()


def standards() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in Standard.objects.in_force().order_by("number")]


def areas() -> list[tuple[str, str]]:
    rows = EvaluationArea.objects.in_force().order_by("standard__number", "place")
    return [(code, code) for code in rows.values_list("code", flat=True)]


class IndicatorSetFilters(RecordFilters):
    FIRST = ("state",)
    overdue = None  # type: ignore[assignment]  # nothing is due here

    class Meta:
        model = IndicatorSet
        fields: list[str] = []


class IndicatorFilters(RecordFilters):
    """Without a set or a state asked for, the indicators in force stand there, as soon as there are any."""

    FIRST = ("standard", "responsible", "period", "set")
    #: asked for one of these, a list shows what is not in force as well
    OPENS = ("set", "state", "not_validated")
    overdue = None  # type: ignore[assignment]
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards)
    area = django_filters.ChoiceFilter(label=_("Evaluation area"), choices=areas)
    responsible = UnitFilter(label=_("Responsible unit and below"), queryset=units, method="answered_by")
    reporter = UnitFilter(label=_("Unit that reports"), queryset=units, method="reported_by")
    period = django_filters.ChoiceFilter(label=_("Period"), choices=Period.choices)
    computed = Tick(label=_("Computed by the portal"), method="only_computed")
    set = django_filters.ModelChoiceFilter(label=_("Set"), queryset=sets)
    code = django_filters.CharFilter(label=_("Code"), field_name="code")
    not_validated = Tick(label=_("Not validated yet"), method="unchecked")

    class Meta:
        model = Indicator
        fields: list[str] = []

    def filter_queryset(self, rows: Any) -> Any:
        rows = super().filter_queryset(rows)
        asked = self.form.cleaned_data
        return rows if any(asked.get(name) for name in self.OPENS) else rows.usual()

    def answered_by(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(responsible__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def reported_by(self, rows: Any, name: str, unit: Any) -> Any:
        reported = Indicator.objects.filter(reporters__unit=unit).order_by().values("pk")
        return rows.filter(pk__in=reported) if unit else rows

    def only_computed(self, rows: Any, name: str, value: bool) -> Any:
        return rows.exclude(formula="") if value else rows

    def unchecked(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(state=Indicator.DRAFT, validation="") if value else rows
