"""Answers on evaluation areas in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import AreaAnswer


@admin.register(AreaAnswer)
class AreaAnswerAdmin(RecordAdmin):
    list_display = ["code", "unit", "cycle", "score", "state_word", "assignee"]
    list_filter = [ByState]
    list_select_related = ["unit", "cycle", "assignee"]
    search_fields = ["code", "comment"]
