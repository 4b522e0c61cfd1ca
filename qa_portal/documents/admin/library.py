"""The library in admin: kinds are kept here by administrators; documents and what belongs to them are only to be seen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from qa_portal.permissions import AdminByRight
from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Agreement, ChangeLine, Document, DocumentKind, Provision, RouteStop, Version


class KeptHere(AdminByRight):
    right_to_view = right_to_add = right_to_change = "documents.keep_kinds"


class StopsOfKind(KeptHere, admin.TabularInline):
    """Versions keep the route as it was when they were sent along it: a stop may be taken away."""

    model = RouteStop
    right_to_delete = "documents.keep_kinds"
    extra = 0


class ProvisionsOfKind(KeptHere, TranslationTabularInline):
    """Versions name them by number: one that is no longer required is marked, not deleted."""

    model = Provision
    extra = 0
    can_delete = False


@admin.register(DocumentKind)
class KindAdmin(KeptHere, TranslationAdmin):
    list_display = ["name", "code", "mark", "origin", "level", "way", "review_years", "public", "retired"]
    list_filter = ["origin", "level", "public", "retired"]
    search_fields = ["code", "mark", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]
    list_per_page = 50
    inlines = [StopsOfKind, ProvisionsOfKind]

    @admin.display(description=_("route of approval"))
    def way(self, kind: DocumentKind) -> str:
        return " → ".join(kind.route()) or "—"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("stops")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        # Loaded data and numbers given are found by these.
        return ["code", "origin"] if obj else []


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["number", "title", "kind", "unit", "state_word", "in_force_on", "review_due"]
    list_filter = [ByState, "origin", "kind"]
    list_select_related = ["kind", "unit"]
    search_fields = ["number", "title_kk", "title_ru", "title_en"]


@admin.register(Version)
class VersionAdmin(RecordAdmin):
    list_display = ["document", "label", "state_word", "round", "submitted_on", "approved_on", "in_force_on"]
    list_filter = [ByState]
    list_select_related = ["document"]
    search_fields = ["document__number", "document__title_kk", "document__title_ru", "checksum"]
    # Not the file itself: it goes out through the portal's own door only.
    exclude = ["file"]


@admin.register(ChangeLine)
class ChangeAdmin(RecordAdmin):
    list_display = ["version", "place", "section", "change", "state_word", "entered_by", "entered_on"]
    list_filter = [ByState, "change"]
    list_select_related = ["version__document", "entered_by"]
    search_fields = ["description", "section", "basis"]


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    list_display = ["version", "round", "party", "state_word", "due", "answered_by"]
    list_filter = [ByState]
    list_select_related = ["version__document", "unit", "answered_by"]
    search_fields = ["version__document__number", "version__document__title_kk"]
