"""History in admin: every entry of a kind of record whose people may read logs; written once, changed never."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet

from qa_portal.permissions import AdminByRight

from .models import Entry, Record


@admin.register(Entry)
class EntryAdmin(AdminByRight, admin.ModelAdmin):
    right_to_view = "people.read_logs"
    list_display = ["at", "by", "in_name_of", "verb", "about", "from_state", "to_state", "why"]
    list_filter = ["verb", "record_type"]
    list_select_related = ["by", "in_name_of", "record_type"]
    search_fields = ["why", "by__username"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    fields = ["at", "by", "in_name_of", "about", "verb", "from_state", "to_state", "why", "changes", "policies"]
    readonly_fields = fields

    def get_queryset(self, request: Any) -> QuerySet:
        """Entries of records that this person sees; a superuser without an office sees what such a person sees."""
        seen = Q(pk__in=[])
        for model in Record.__subclasses__():
            shown = model.objects.visible_to(request.user).values("pk")  # type: ignore[attr-defined]
            seen |= Q(record_type__app_label=model._meta.app_label, record_type__model=model._meta.model_name, record_id__in=shown)
        return super().get_queryset(request).filter(seen).prefetch_related("record")

    @admin.display()
    def about(self, entry: Entry) -> str:
        return str(entry.record or "—")
