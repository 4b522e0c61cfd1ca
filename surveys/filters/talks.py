"""Filters of talks; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.filters import RecordFilters, Tick

from ..models import Audience, Talk


def _units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


class TalkFilters(RecordFilters):
    FIRST = ("state", "kind", "unit", "mine")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Talk.Kind.choices, distinct=False)
    audience = django_filters.ChoiceFilter(label=_("With whom"), choices=Audience.choices)
    unit = django_filters.ModelChoiceFilter(label=_("Unit and below"), queryset=_units, method="in_unit")
    mine = Tick(label=_("I lead it"), method="led_by_me")
    since = django_filters.DateFilter(label=_("From day"), field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("To day"), field_name="on", lookup_expr="lte")

    class Meta:
        model = Talk
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows

    def led_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(moderator=self.request.user) if value else rows
