"""Filters of the register of acquaintances; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick

from ..models import Acquaintance


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


class AcquaintanceFilters(RecordFilters):
    FIRST = ("state", "unit", "overdue", "mine")
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    mine = Tick(label=_("I am to read it"), method="asked_of_me")
    document = RecordNumber(label=_("Document"), field_name="version__document_id")
    version = RecordNumber(label=_("Version"), field_name="version_id")
    why = django_filters.ChoiceFilter(label=_("Why asked"), choices=Acquaintance.Why.choices)
    due_before = django_filters.DateFilter(label=_("Due by"), field_name="due", lookup_expr="lte")

    class Meta:
        model = Acquaintance
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(unit__in=Unit.objects.below(value.path).order_by().values("pk")) if value else rows

    def asked_of_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(person=self.request.user) if value else rows
