"""What the library may be narrowed to, inside and on the public page."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.fields import holding
from qa_portal.web.filters import RecordFilters, Tick
from qa_portal.web.registry import registry

from ..models import Document, Level, Origin


def standards() -> list[tuple[str, str]]:
    """The standards; their parts are found by the search and on the page of the standard."""
    return [(code, words) for code, words in registry.catalogue_choices() if "." not in code]


class PublicFilters(django_filters.FilterSet):
    """Of what anybody reads: how high a document stands, and which standard it supports."""

    level = django_filters.ChoiceFilter(label=_("Level"), field_name="kind__level", choices=Level.choices)
    standard = django_filters.ChoiceFilter(label=_("Standard"), choices=standards, method="supporting")

    class Meta:
        model = Document
        fields: list[str] = []

    def supporting(self, rows: Any, name: str, value: str) -> Any:
        return rows.supporting(value)


class LibraryFilters(PublicFilters, RecordFilters):
    """Of what a person inside may see."""

    unit = UnitFilter(label=_("Owner unit"), queryset=Unit.objects.all())
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES, method="written_in")
    origin = django_filters.ChoiceFilter(label=_("Origin"), choices=Origin.choices)
    #: the view reads it: it widens where words are looked for, not which documents are listed
    old = Tick(label=_("Earlier versions too"), method="as_they_are")
    overdue = None  # type: ignore[assignment]

    class Meta(PublicFilters.Meta):
        pass

    def written_in(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(holding("languages", value))

    def as_they_are(self, rows: Any, name: str, value: bool) -> Any:
        return rows
