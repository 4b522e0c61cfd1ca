"""Filters of themes; the API takes the same parameters."""

from __future__ import annotations

from qa_portal.web.filters import RecordFilters

from ..models import Theme


class ThemeFilters(RecordFilters):
    FIRST = ("state",)
    overdue = None  # type: ignore[assignment]  # nothing is due here

    class Meta:
        model = Theme
        fields: list[str] = []
