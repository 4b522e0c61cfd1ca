"""Filters of the register of “you said — we did”; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from qa_portal.web.filters import RecordFilters, RecordNumber
from standards.standard_choices import standards

from ..models import Audience, LoopEntry


class LoopFilters(RecordFilters):
    FIRST = ("state", "audience", "standard")
    overdue = None  # type: ignore[assignment]  # nothing is due here
    audience = django_filters.MultipleChoiceFilter(label=_("Who said it"), choices=Audience.choices, distinct=False)
    origin = django_filters.MultipleChoiceFilter(
        label=_("Where it was said"), choices=LoopEntry.Origin.choices, distinct=False
    )
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards, method="in_standard")
    release = RecordNumber(label=_("Report on a survey"), field_name="release_id")

    class Meta:
        model = LoopEntry
        fields: list[str] = []

    def in_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_standard(value) if value else rows
