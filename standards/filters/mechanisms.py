"""Filters of the registers of mechanisms and their years; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body
from qa_portal.bodies.sitting import RUNNING, seats_of
from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import AimResult, Effect, Mechanism, MechanismYear, Standard

MOST_YEAR = 9999


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def bodies(request: Any) -> Any:
    return Body.objects.visible_to(request.user) if request is not None else Body.objects.none()


def mechanisms(request: Any) -> Any:
    return Mechanism.objects.visible_to(request.user) if request is not None else Mechanism.objects.none()


def standards() -> list[tuple[str, str]]:
    return [(row.code, f"{row.number}. {row.name}") for row in Standard.objects.in_force().order_by("number")]


class MechanismFilters(django_filters.FilterSet):
    FIRST = ("kind", "standard", "retired")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Mechanism.Kind.choices)
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards, method="of_standard")
    per_school = Tick(label=_("Carried out in each school"), method="in_each_school")
    retired = Tick(label=_("With those no longer used"), method="with_retired")

    class Meta:
        model = Mechanism
        fields: list[str] = []

    @property
    def qs(self) -> Any:
        """Those no longer used are shown only when they are asked for."""
        rows = super().qs
        asked = self.form.is_valid() and self.form.cleaned_data.get("retired")
        return rows if asked or not self.form.is_valid() else rows.in_use()

    def of_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.serving(value) if value else rows

    def in_each_school(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(per_school=True) if value else rows

    def with_retired(self, rows: Any, name: str, value: bool) -> Any:
        return rows


class MechanismYearFilters(RecordFilters):
    FIRST = ("state", "mechanism", "year", "overdue", "mine")
    mechanism = django_filters.ModelChoiceFilter(label=_("Mechanism"), queryset=mechanisms)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Mechanism.Kind.choices, field_name="mechanism__kind")
    year = RecordNumber(label=_("Year"), method="of_year")
    unit = UnitFilter(label=_("Where: unit and below"), queryset=units, method="in_unit")
    doer_unit = UnitFilter(label=_("Carried out by the unit"), queryset=units)
    doer_body = django_filters.ModelChoiceFilter(label=_("Carried out by the body"), queryset=bodies)
    effect = django_filters.ChoiceFilter(label=_("Judged as"), choices=Effect.choices, method="judged_as")
    weak = Tick(label=_("With weak aims"), method="with_weak")
    mine = Tick(label=_("Carried out by my unit or body"), method="of_mine")

    class Meta:
        model = MechanismYear
        fields: list[str] = []

    def of_year(self, rows: Any, name: str, value: Any) -> Any:
        if value is None:
            return rows
        return rows.filter(year=value) if value <= MOST_YEAR else rows.none()

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(unit.path).order_by().values("pk")) if unit else rows

    def judged_as(self, rows: Any, name: str, value: str) -> Any:
        """Some quality unit concluded so."""
        return rows.filter(pk__in=rows.model.objects.filter(conclusions__effect=value).values("pk")) if value else rows

    def with_weak(self, rows: Any, name: str, value: bool) -> Any:
        weak = AimResult.objects.filter(year=OuterRef("pk"), reached=AimResult.Reached.WEAK)
        return rows.filter(Exists(weak)) if value else rows

    def of_mine(self, rows: Any, name: str, value: bool) -> Any:
        if not value:
            return rows
        person = self.request.user
        return rows.carried_out_by(*acting_for(person))


def acting_for(person: Any) -> tuple[list[int], list[int]]:
    """The units that a person heads or coordinates, and the bodies that the person runs."""
    roles = (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)
    led = [h.unit_id for h in person.standing.held if h.role in roles]
    return led, [body for body, seat in seats_of(person).items() if seat.duty in RUNNING]
