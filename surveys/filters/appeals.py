"""Filters of appeals and of the reports on them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.programmes.models import Term
from qa_portal.web.filters import RecordFilters, Tick

from ..models import AcademicAppeal, AppealReport


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def terms(request: Any) -> Any:
    return Term.objects.select_related("year") if request is not None else Term.objects.none()


class AcademicAppealFilters(RecordFilters):
    FIRST = ("state", "kind", "overdue", "mine")
    kind = django_filters.MultipleChoiceFilter(label=_("About"), choices=AcademicAppeal.Kind.choices, distinct=False)
    unit = django_filters.ModelChoiceFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    decision = django_filters.ChoiceFilter(label=_("Decision"), choices=AcademicAppeal.Decision.choices)
    cause = django_filters.ChoiceFilter(label=_("Cause"), choices=AcademicAppeal.Cause.choices)
    mine = Tick(label=_("I filed it"), method="filed_by_me")
    commission = Tick(label=_("I sit in its commission"), method="with_my_seat")
    since = django_filters.DateFilter(label=_("Filed from"), field_name="filed_on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Filed by"), field_name="filed_on", lookup_expr="lte")

    class Meta:
        model = AcademicAppeal
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows

    def filed_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(student=self.request.user) if value else rows

    def with_my_seat(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(members__person=self.request.user) if value else rows


class AppealReportFilters(RecordFilters):
    FIRST = ("state", "term", "unit")
    overdue = None  # type: ignore[assignment]
    term = django_filters.ModelChoiceFilter(label=_("Term"), queryset=terms)
    unit = django_filters.ModelChoiceFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    class Meta:
        model = AppealReport
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows
