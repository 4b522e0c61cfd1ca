"""Filters of the register of petitions."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, Tick
from standards.standard_choices import standards

from ..models import Petition


def _units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


class PetitionFilters(RecordFilters):
    FIRST = ("state", "kind", "overdue", "mine")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Petition.Kind.choices, distinct=False)
    unit = django_filters.ModelChoiceFilter(label=_("Unit and below"), queryset=_units, method="in_unit")
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards, method="of_standard")
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Petition.Outcome.choices)
    way = django_filters.ChoiceFilter(label=_("How it came"), choices=Petition.Way.choices)
    mine = Tick(label=_("I sent it"), method="sent_by_me")
    owned = Tick(label=_("I answer it"), method="owned_by_me")
    since = django_filters.DateFilter(label=_("Received from"), field_name="received_on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Received by"), field_name="received_on", lookup_expr="lte")

    class Meta:
        model = Petition
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows

    def of_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(area=value) | rows.filter(area__startswith=f"{value}.") if value else rows

    def sent_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(author=self.request.user) if value else rows

    def owned_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(owner=self.request.user) if value else rows
