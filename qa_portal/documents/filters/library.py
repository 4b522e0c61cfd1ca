"""Filters of the library's registers; the API takes the same parameters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.filters import UnitFilter
from qa_portal.people.models import Unit
from qa_portal.web.fields import holding
from qa_portal.web.filters import RecordFilters, RecordNumber, Tick
from qa_portal.web.registry import registry

from ..models import Agreement, ChangeLine, Document, DocumentKind, Level, Origin, Version


def standards() -> list[tuple[str, str]]:
    """The standards of the catalogue, without their parts."""
    return [(code, words) for code, words in registry.catalogue_choices() if "." not in code]


def units(request: Any) -> Any:
    return Unit.objects.visible_to(request.user) if request is not None else Unit.objects.none()


def kinds(request: Any) -> Any:
    return DocumentKind.objects.visible_to(request.user) if request is not None else DocumentKind.objects.none()


class _OfUnit(RecordFilters):
    """Narrowed to a unit and those below; `OWNER` leads to the owner of the document."""

    OWNER = "unit"
    unit = UnitFilter(label=_("Unit and below"), queryset=units, method="in_unit")

    def in_unit(self, rows: Any, name: str, value: Any) -> Any:
        if not value:
            return rows
        return rows.filter(**{f"{self.OWNER}__in": Unit.objects.below(value.path).order_by().values("pk")})


class DocumentFilters(_OfUnit):
    FIRST = ("state", "level", "kind", "standard", "unit")
    level = django_filters.ChoiceFilter(label=_("Level"), field_name="kind__level", choices=Level.choices)
    origin = django_filters.ChoiceFilter(label=_("Origin"), choices=Origin.choices)
    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=kinds)
    standard = django_filters.ChoiceFilter(label=_("Standard"), method="of_standard", choices=standards)
    supports = django_filters.CharFilter(label=_("Requirement or part, by its code"), method="of_standard")
    language = django_filters.ChoiceFilter(label=_("Language"), method="in_language", choices=settings.LANGUAGES)
    published = Tick(label=_("Published"), method="only_published")
    unpublished = Tick(label=_("To be published, not yet"), method="only_unpublished")
    overdue = Tick(label=_("Review overdue"), method="only_overdue")
    check_edition = Tick(label=_("Edition to be checked"), method="only_to_check")
    on = RecordNumber(label=_("Rests on the document"), method="resting_on")

    class Meta:
        model = Document
        fields: list[str] = []

    def of_standard(self, rows: Any, name: str, value: str) -> Any:
        return rows.supporting(value.strip().upper()) if value else rows

    def in_language(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(holding("languages", value)) if value else rows

    def only_published(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(published_on__isnull=False) if value else rows

    def only_unpublished(self, rows: Any, name: str, value: bool) -> Any:
        return rows.unpublished() if value else rows

    def only_to_check(self, rows: Any, name: str, value: bool) -> Any:
        return rows.live().filter(check_edition=True) if value else rows

    def resting_on(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(holding("basis", int(value)) | Q(parent=int(value))) if value is not None else rows


class VersionFilters(_OfUnit):
    OWNER = "document__unit"
    FIRST = ("state", "unit", "waits_for_me", "overdue")
    document = RecordNumber(label=_("Document"), field_name="document_id")
    waits_for_me = Tick(label=_("Waits for me"), method="waiting_for_me")
    overdue = Tick(label=_("Agreement overdue"), method="only_overdue")

    class Meta:
        model = Version
        fields: list[str] = []

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return (
            rows.filter(pk__in=Version.objects.waiting_for(self.request.user).order_by().values("pk"))
            if value
            else rows
        )


class ChangeFilters(RecordFilters):
    FIRST = ("state", "version")
    overdue = None  # type: ignore[assignment]
    version = RecordNumber(label=_("Version"), field_name="version_id")
    document = RecordNumber(label=_("Document"), field_name="version__document_id")

    class Meta:
        model = ChangeLine
        fields: list[str] = []


class AgreementFilters(_OfUnit):
    OWNER = "version__document__unit"
    FIRST = ("state", "unit", "waits_for_me", "overdue")
    version = RecordNumber(label=_("Version"), field_name="version_id")
    waits_for_me = Tick(label=_("Waits for my answer"), method="waiting_for_me")

    class Meta:
        model = Agreement
        fields: list[str] = []

    def waiting_for_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.waiting_for(self.request.user) if value else rows
