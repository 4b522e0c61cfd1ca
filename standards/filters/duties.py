"""Filters of the registers of duties and of their rules; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..duty_words import GROUPS, PHASES
from ..models import Duty, DutyRule

_FEW = forms.SelectMultiple(attrs={"data-few": ""})


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def _standards() -> list[tuple[str, str]]:
    return [(f"S{number}", f"S{number}") for number in range(1, 12)]


class DutyFilters(RecordFilters):
    FIRST = ("phase", "group", "unit", "mine")
    state = None  # type: ignore[assignment]  # the phase says it, by the dates of today
    phase = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(code, words[0]) for code, words in PHASES.items()],
        widget=_FEW,
        method="in_phase",
    )
    group = django_filters.ChoiceFilter(
        label=pgettext_lazy("of duties", "Group"), field_name="rule__group", choices=list(GROUPS.items())
    )
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    mine = Tick(label=_("I answer for it"), method="of_me")
    office = django_filters.ChoiceFilter(label=_("Office"), field_name="rule__role", choices=Role.choices)
    standard = django_filters.ChoiceFilter(label=_("Standard"), field_name="rule__standard", choices=_standards)
    scope = django_filters.ChoiceFilter(label=_("For whom"), field_name="rule__scope", choices=DutyRule.Scope.choices)
    rule = RecordNumber(label=_("Rule"), field_name="rule_id")
    year = django_filters.NumberFilter(
        label=_("Year"), method="of_year", min_value=1990, max_value=2200, field_name="due_on"
    )
    month = django_filters.NumberFilter(label=_("Month"), method="of_month", min_value=1, max_value=12)
    due_after = django_filters.DateFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_before = django_filters.DateFilter(label=_("Due by"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Duty
        fields: list[str] = []

    def in_phase(self, rows: Any, name: str, value: list[str]) -> Any:
        return rows.in_phase(value) if value else rows

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def of_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.of(self.request.user) if value else rows

    def of_year(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(due_on__year=int(value))

    def of_month(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(due_on__month=int(value))


class DutyRuleFilters(django_filters.FilterSet):
    FIRST = ("group", "standard", "timing", "scope")
    group = django_filters.ChoiceFilter(label=pgettext_lazy("of duties", "Group"), choices=list(GROUPS.items()))
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=_standards)
    timing = django_filters.ChoiceFilter(label=_("When"), choices=DutyRule.Timing.choices)
    scope = django_filters.ChoiceFilter(label=_("For whom"), choices=DutyRule.Scope.choices)
    office = django_filters.ChoiceFilter(label=_("Office"), field_name="role", choices=Role.choices)
    retired = Tick(label=_("Also those no longer used"), method="with_retired")

    class Meta:
        model = DutyRule
        fields: list[str] = []

    def with_retired(self, rows: Any, name: str, value: bool) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("retired") else rows.filter(retired=False)
