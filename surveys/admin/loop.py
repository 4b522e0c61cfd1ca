"""Lines of “you said — we did” in admin: read only. Letters that wait are nowhere to be read."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import LoopEntry


@admin.register(LoopEntry)
class LoopAdmin(RecordAdmin):
    list_display = ["said", "state_word", "origin", "audience", "published_on", "told"]
    list_filter = [ByState, "origin"]
    list_select_related = ["release__campaign", "petition"]
    search_fields = ["said_kk", "did_kk", "finding_number"]
