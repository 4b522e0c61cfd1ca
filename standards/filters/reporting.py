"""Filters of the register of reports; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, Tick

from ..models import QualityReport, ReportKind


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def kinds(request: Any) -> Any:
    return ReportKind.objects.visible_to(request.user) if request is not None else ReportKind.objects.none()


class ReportFilters(RecordFilters):
    FIRST = ("state", "kind", "year", "mine")
    overdue = None  # type: ignore[assignment]  # a report has no deadline of its own: its duty has
    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=kinds)
    year = django_filters.NumberFilter(label=_("Year"), min_value=2000, max_value=2100)
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    mine = Tick(label=_("I write it"), method="written_by_me")

    class Meta:
        model = QualityReport
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def written_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(created_by=self.request.user) if value else rows
