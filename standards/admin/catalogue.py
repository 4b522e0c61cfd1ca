"""The catalogue in admin: to read only. It changes by `load_catalogue`, so that every wording belongs to an edition."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import PARTS, DocumentGroup, Edition, ExpectedDocument, Framework, FrameworkItem, Mapping, Standard


class _ReadOnly:
    """Whoever may enter admin may read; nobody writes here."""

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request: Any) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class CatalogueAdmin(_ReadOnly, admin.ModelAdmin):
    list_per_page = 100
    show_full_result_count = False


class _Inline(_ReadOnly, admin.TabularInline):
    extra = 0
    show_change_link = True


@admin.register(Edition)
class EditionAdmin(CatalogueAdmin):
    list_display = ["number", "in_force_from", "loaded_at"]


class MappingInline(_Inline):
    model = Mapping
    fields = ["requirement", "item"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("standard", "requirement", "item__framework")


@admin.register(Standard)
class StandardAdmin(CatalogueAdmin):
    list_display = ["code", "name", "edition", "origin"]
    list_filter = ["edition"]
    list_select_related = ["edition"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    inlines = [MappingInline]


class PartAdmin(CatalogueAdmin):
    list_display = ["code", "text", "edition", "origin"]
    list_filter = ["standard__edition", "standard__number", "origin"]
    list_select_related = ["standard__edition"]
    search_fields = ["code", "text_kk", "text_ru", "text_en"]

    @admin.display(description=_("edition"), ordering="standard__edition__number")
    def edition(self, part: Any) -> int:
        return part.standard.edition.number


class ExpectedDocumentInline(_Inline):
    model = ExpectedDocument
    fields = ["place", "name_kk", "name_ru", "name_en"]


class DocumentGroupAdmin(PartAdmin):
    inlines = [ExpectedDocumentInline]


for _kind, _letter, model in PARTS:
    admin.site.register(model, DocumentGroupAdmin if model is DocumentGroup else PartAdmin)


class ItemInline(_Inline):
    model = FrameworkItem
    fields = ["ref", "name_kk", "name_ru", "name_en", "number", "date"]


@admin.register(Framework)
class FrameworkAdmin(CatalogueAdmin):
    list_display = ["key", "name", "edition", "issuer"]
    inlines = [ItemInline]


@admin.register(Mapping)
class MappingAdmin(CatalogueAdmin):
    list_display = ["standard", "requirement", "item", "edition"]
    list_filter = ["standard__edition", "item__framework", "standard__number"]
    list_select_related = ["standard__edition", "requirement__standard", "item__framework"]

    @admin.display(description=_("edition"), ordering="standard__edition__number")
    def edition(self, mapping: Mapping) -> int:
        return mapping.standard.edition.number
