"""Filters of the register of campaigns; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Term
from qa_portal.web.filters import RecordFilters

from ..models import Audience, Campaign


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def terms(request: Any) -> Any:
    return Term.objects.visible_to(request.user).select_related("year") if request is not None else Term.objects.none()


class CampaignFilters(RecordFilters):
    FIRST = ("state", "audience", "year", "overdue")
    audience = django_filters.MultipleChoiceFilter(
        label=_("Audience"),
        field_name="questionnaire__audience",
        choices=Audience.choices,
        distinct=False,
        widget=forms.SelectMultiple(attrs={"data-few": ""}),
    )
    instrument = django_filters.CharFilter(
        label=_("Code of the questionnaire"), field_name="questionnaire__code", lookup_expr="iexact", max_length=40
    )
    way = django_filters.ChoiceFilter(label=_("Who is asked"), choices=Campaign.Way.choices)
    year = django_filters.NumberFilter(label=_("Year"), min_value=2000, max_value=2100)
    term = django_filters.ModelChoiceFilter(label=_("Term"), queryset=terms)
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    class Meta:
        model = Campaign
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows
