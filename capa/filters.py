"""Filters of the three registers; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_language, resolution_order

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick
from standards.models import Standard

from .models import ActionLink, CapaAction, CapaPlan, Finding, Severity, SourceKind


def standards() -> list[tuple[str, str]]:
    """The standards in force by number and name."""
    columns = [f"name_{language}" for language in resolution_order(get_language())]
    rows = Standard.objects.in_force().values_list("code", "number", *columns)
    return [(code, f"{number}. {next(filter(None, names), '')}") for code, number, *names in rows]


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def _within(rows: Any, name: str, unit: Any) -> Any:
    return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows


class _InUnit(RecordFilters):
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return _within(rows, name, value)


class FindingFilters(_InUnit):
    FIRST = ("state", "unit", "severity", "overdue")
    severity = django_filters.MultipleChoiceFilter(
        label=_("Severity"),
        choices=Severity.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    standard = django_filters.ChoiceFilter(label=_("Standard"), method="of_standard", choices=standards)
    requirement = django_filters.CharFilter(
        label=_("Requirement"), field_name="requirement__code", lookup_expr="iexact"
    )
    source_kind = django_filters.ChoiceFilter(label=_("Source"), choices=SourceKind.choices)
    unqualified = Tick(label=_("Not tied to a requirement"), method="not_qualified")
    mine = Tick(label=_("Reported by me"), method="reported_by_me")
    found_after = django_filters.DateFilter(label=_("Found from"), field_name="found_on", lookup_expr="gte")
    found_before = django_filters.DateFilter(label=_("Found to"), field_name="found_on", lookup_expr="lte")

    class Meta:
        model = Finding
        fields: list[str] = []

    def of_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(requirement__in=Standard.objects.filter(code=value).values("requirements__pk"))

    def not_qualified(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(requirement__isnull=True) if value else rows

    def reported_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(reporter=self.request.user) if value else rows


class PlanFilters(_InUnit):
    finding = RecordNumber(label=_("Finding"), field_name="finding_id")

    class Meta:
        model = CapaPlan
        fields: list[str] = []


class ActionFilters(_InUnit):
    FIRST = ("state", "unit", "overdue", "mine", "waits_for_me")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CapaAction.Kind.choices)
    plan = RecordNumber(label=_("Plan"), field_name="plan_id")
    mine = Tick(label=_("I do it"), method="done_by_me")
    waits_for_me = Tick(label=_("Waits for my decision"), method="waiting_for_me")
    due_before = django_filters.DateFilter(label=_("Due by"), field_name="due", lookup_expr="lte")

    class Meta:
        model = CapaAction
        fields: list[str] = []

    def done_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(owner=self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting_for_decision_of(self.request.user) if value else rows


class LinkFilters(RecordFilters):
    FIRST = ("state", "action")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    action = RecordNumber(label=_("Action"), field_name="action_id")

    class Meta:
        model = ActionLink
        fields: list[str] = []
