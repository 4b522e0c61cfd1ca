"""Acquaintances in admin: to be seen only. One confirms on the page that shows the document, not in a list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Acquaintance


@admin.register(Acquaintance)
class AcquaintanceAdmin(RecordAdmin):
    list_display = ["version", "person", "unit", "due", "state_word", "confirmed_at"]
    list_filter = [ByState, "why"]
    list_select_related = ["version__document", "person", "unit"]
    search_fields = ["version__document__number", "person__username", "person__last_name_kk"]

    def get_actions(self, request: Any) -> dict[str, Any]:
        return {}
