"""Filters of course management forms."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters, Tick

from ..models import CourseForm
from .appeals import terms, units


class CourseFormFilters(RecordFilters):
    FIRST = ("state", "term", "overdue", "mine")
    term = django_filters.ModelChoiceFilter(label=_("Term"), field_name="course__term", queryset=terms)
    unit = django_filters.ModelChoiceFilter(label=_("Unit and below"), queryset=units, method="in_unit")
    mine = Tick(label=_("My courses"), method="taught_by_me")

    class Meta:
        model = CourseForm
        fields: list[str] = []

    def in_unit(self, rows: Any, name: str, unit: Any) -> Any:
        return rows.filter(unit__path__startswith=unit.path) if unit else rows

    def taught_by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(teacher=self.request.user) if value else rows
