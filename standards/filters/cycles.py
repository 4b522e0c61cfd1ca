"""Filters of the registers of cycles, self-assessments and plan rows; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme
from qa_portal.web.fields import holding
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Assessment, Cycle, PlanRow


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def cycles(request: Any) -> Any:
    return Cycle.objects.visible_to(request.user) if request is not None else Cycle.objects.none()


def programmes(request: Any) -> Any:
    return Programme.objects.visible_to(request.user) if request is not None else Programme.objects.none()


class CycleFilters(RecordFilters):
    FIRST = ("state", "year")
    overdue = None  # type: ignore[assignment]  # the self-assessments are due, not the cycle
    year = RecordNumber(label=_("Year"))
    standard = django_filters.CharFilter(label=_("Standard"), method="with_standard")

    class Meta:
        model = Cycle
        fields: list[str] = []

    def with_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(holding("standards", value)) if value else rows


class AssessmentFilters(RecordFilters):
    FIRST = ("state", "cycle", "unit", "kind", "mine", "overdue")
    KINDS = (("unit", _("Of units")), ("programme", _("Of programmes")))
    cycle = django_filters.ModelChoiceFilter(label=_("Cycle"), queryset=cycles)
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    kind = django_filters.ChoiceFilter(label=_("Whose"), choices=KINDS, method="of_kind")
    programme = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=programmes)
    area = django_filters.CharFilter(label=_("Evaluation area"), method="with_area")
    mine = Tick(label=_("I lead it"), method="led_by_me")
    waits_for_me = Tick(label=_("Waits for my decision"), method="waiting_for_me")
    to_verify = Tick(label=_("To be verified"), method="for_the_office")

    class Meta:
        model = Assessment
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(programme__isnull=value == "unit") if value else rows

    def with_area(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(holding("areas", value)) if value else rows

    def led_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.led_by(self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting_for_decision_of(self.request.user) if value else rows

    def for_the_office(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_verify() if value else rows


class PlanRowFilters(RecordFilters):
    FIRST = ("state", "programme", "mine", "overdue")
    assessment = RecordNumber(label=_("Self-assessment"), field_name="assessment_id")
    cycle = django_filters.ModelChoiceFilter(label=_("Cycle"), field_name="assessment__cycle", queryset=cycles)
    programme = django_filters.ModelChoiceFilter(
        label=_("Programme"), field_name="assessment__programme", queryset=programmes
    )
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    mine = Tick(label=_("I answer for it"), method="answered_by_me")

    class Meta:
        model = PlanRow
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        below = Unit.objects.below(unit.path).order_by().values("pk") if unit else None
        return rows.filter(assessment__unit__in=below) if unit else rows

    def answered_by_me(self, rows: Any, name: str, value: bool) -> Any:
        me = self.request.user
        return rows.filter(Q(owner=me) | Q(owner__isnull=True, assessment__lead=me)) if value else rows
