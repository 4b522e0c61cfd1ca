"""Talks in admin: what one sees on the page anyway; nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Talk


@admin.register(Talk)
class TalkAdmin(RecordAdmin):
    list_display = ["title", "kind", "audience", "unit", "moderator", "on", "state_word"]
    list_filter = [ByState, "kind"]
    list_select_related = ["unit", "moderator"]
    search_fields = ["title"]
