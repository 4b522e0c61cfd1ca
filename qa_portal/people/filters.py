"""Filters of units, people and offices in the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from qa_portal.web.filters import RecordNumber

from .models import Office, Person, Unit
from .roles import Role


class _UnitChoices(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.labels()


class _UnitField(ModelChoiceField):
    iterator = _UnitChoices


@extend_schema_field(OpenApiTypes.INT)
class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit to choose, in the filters of any register: every page of a register draws all of them."""

    field_class = _UnitField


class UnitFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Unit.Kind.choices)
    parent = RecordNumber(label=_("Part of"), field_name="parent_id")
    within = RecordNumber(label=_("Unit and below"), method="below")
    working = django_filters.BooleanFilter(label=_("Not closed"), method="only_working")

    class Meta:
        model = Unit
        fields: list[str] = ["code"]

    def below(self, rows: Any, name: str, value: Any) -> Any:
        path = Unit.objects.filter(pk=value).values_list("path", flat=True).first()
        return rows.below(path) if path else rows.none()

    def only_working(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(pk__in=Unit.objects.working().values("pk")) if value else rows


class PersonFilters(django_filters.FilterSet):
    unit = RecordNumber(label=_("Unit"), field_name="unit_id")
    within = RecordNumber(label=_("Unit and below"), method="below")
    role = django_filters.ChoiceFilter(label=_("Role held today"), choices=Role.choices, method="holding")

    class Meta:
        model = Person
        fields: list[str] = []

    def below(self, rows: Any, name: str, value: Any) -> Any:
        path = Unit.objects.filter(pk=value).values_list("path", flat=True).first()
        return rows.filter(unit__path__startswith=path) if path else rows.none()

    def holding(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(pk__in=Office.objects.on().filter(role=value).values("person_id"))


class OfficeFilters(django_filters.FilterSet):
    person = RecordNumber(label=_("Person"), field_name="person_id")
    unit = RecordNumber(label=_("Unit"), field_name="unit_id")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    on = django_filters.DateFilter(label=_("Held on"), method="held_on")

    class Meta:
        model = Office
        fields: list[str] = []

    def held_on(self, rows: Any, name: str, value: Any) -> Any:
        return rows.on(value)
