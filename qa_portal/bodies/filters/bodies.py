"""Filters of bodies, seats and elections; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.fields import holding
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Body, BodyKind, Election, Matter, Seat


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def matters() -> list[tuple[str, str]]:
    return [(matter.code, str(matter)) for matter in Matter.objects.all()]


class BodyFilters(RecordFilters):
    FIRST = ("state", "kind", "unit", "mine")
    overdue = None  # type: ignore[assignment]
    kind = django_filters.ModelChoiceFilter(
        label=_("Kind"), queryset=BodyKind.objects.all(), to_field_name="code", field_name="kind"
    )
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    matter = django_filters.ChoiceFilter(label=_("Matter"), choices=matters, method="dealing_with")
    code = django_filters.CharFilter(label=_("Code"), lookup_expr="iexact")
    mine = Tick(label=_("I sit in it"), method="where_i_sit")

    class Meta:
        model = Body
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(value.path).order_by().values("pk")) if value else rows

    def dealing_with(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(holding("matters", value)) if value else rows

    def where_i_sit(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(pk__in=Seat.objects.bodies_of(self.request.user)) if value else rows


class SeatFilters(RecordFilters):
    FIRST = ("state", "duty", "group")
    overdue = None  # type: ignore[assignment]
    body = RecordNumber(label=_("Body"), field_name="body_id")
    person = RecordNumber(label=_("Person"), field_name="person_id")
    duty = django_filters.ChoiceFilter(label=_("Duty"), choices=Seat.Duty.choices)
    group = django_filters.ChoiceFilter(label=_("Group"), choices=Seat.Group.choices)
    voting = Tick(label=_("With a vote"), method="with_vote")

    class Meta:
        model = Seat
        fields: list[str] = []

    def with_vote(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(voting=True) if value else rows


class ElectionFilters(RecordFilters):
    FIRST = ("state", "overdue", "waits_for_me")
    body = RecordNumber(label=_("Body"), field_name="body_id")
    group = django_filters.ChoiceFilter(label=_("Group"), choices=Seat.Group.choices)
    waits_for_me = Tick(label=_("I may still vote"), method="waiting_for_me")

    class Meta:
        model = Election
        fields: list[str] = []

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting_for_vote_of(self.request.user, timezone.localdate()) if value else rows
