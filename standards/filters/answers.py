"""Filters of the register of answers on evaluation areas; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import AreaAnswer, Cycle, Score, Standard


def _units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def _cycles(request: Any) -> Any:
    return Cycle.objects.visible_to(request.user) if request is not None else Cycle.objects.none()


def _standards() -> list[tuple[str, str]]:
    """The standards in force by code and name."""
    return [(row.code, str(row)) for row in Standard.objects.in_force()]


class AnswerFilters(RecordFilters):
    FIRST = ("state", "cycle", "standard", "unit", "score")
    cycle = django_filters.ModelChoiceFilter(label=_("Cycle"), queryset=_cycles)
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=_standards)
    code = django_filters.CharFilter(label=_("Code of the area"), field_name="code", lookup_expr="iexact")
    unit = UnitFilter(label=_("Unit and below"), queryset=_units, method="in_unit")
    score = django_filters.MultipleChoiceFilter(
        label=_("Score"),
        choices=Score.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    assessment = RecordNumber(label=_("Self-assessment (number)"), field_name="assessment_id")
    of_programme = Tick(label=_("Programmes only"), method="of_programmes")
    mine = Tick(label=_("I may write it now"), method="mine_to_write")
    given = Tick(label=_("Given to me to write"), method="given_to_me")
    to_verify = Tick(label=_("Waits for my verification"), method="waiting_for_me")

    class Meta:
        model = AreaAnswer
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def of_programmes(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(of_programme=True) if value else rows

    def mine_to_write(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_write(self.request.user) if value else rows

    def given_to_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.delegated_to(self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_verify(self.request.user) if value else rows
