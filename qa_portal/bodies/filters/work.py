"""Filters of the registers of assignments, dispatches, requests and proposals; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Assignment, Body, Dispatch, InformationRequest, QualityProposal
from ..sitting import seats_of


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def bodies(request: Any) -> Any:
    return Body.objects.visible_to(request.user) if request is not None else Body.objects.none()


class _OfUnit(RecordFilters):
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows


class AssignmentFilters(_OfUnit):
    FIRST = ("state", "unit", "body", "overdue", "mine")
    body = django_filters.ModelChoiceFilter(label=_("Body"), field_name="decision__body", queryset=bodies)
    decision = RecordNumber(label=_("Decision"), field_name="decision_id")
    mine = Tick(label=_("I do it"), method="done_by_me")
    to_accept = Tick(label=_("Waits for my decision"), method="waiting_for_me")
    due_before = django_filters.DateFilter(label=_("Due by"), field_name="due", lookup_expr="lte")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def done_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(owner=self.request.user) if value else rows

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.to_accept(self.request.user) if value else rows


class DispatchFilters(RecordFilters):
    FIRST = ("state", "body", "mine")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    body = django_filters.ModelChoiceFilter(label=_("Body"), queryset=bodies)
    mine = Tick(label=_("Sent by me"), method="sent_by_me")
    to_my_bodies = Tick(label=_("To the bodies where I sit"), method="to_mine")
    sent_after = django_filters.DateFilter(label=_("Sent from"), field_name="sent_on", lookup_expr="gte")
    sent_before = django_filters.DateFilter(label=_("Sent to"), field_name="sent_on", lookup_expr="lte")

    class Meta:
        model = Dispatch
        fields: list[str] = []

    def sent_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(sent_by=self.request.user) if value else rows

    def to_mine(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(body__in=list(seats_of(self.request.user))) if value else rows


class RequestFilters(_OfUnit):
    FIRST = ("state", "unit", "overdue")

    class Meta:
        model = InformationRequest
        fields: list[str] = []


class AdviceFilters(_OfUnit):
    FIRST = ("state", "unit", "body", "overdue")
    body = django_filters.ModelChoiceFilter(label=_("Body"), queryset=bodies)

    class Meta:
        model = QualityProposal
        fields: list[str] = []
