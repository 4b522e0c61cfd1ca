"""Meetings, items and decisions in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import AgendaItem, Decision, Meeting


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    list_display = ["body", "number", "starts_at", "in_writing", "state_word"]
    list_filter = [ByState, "in_writing", "year"]
    list_select_related = ["body"]
    search_fields = ["body__name", "venue"]


@admin.register(AgendaItem)
class AgendaItemAdmin(RecordAdmin):
    list_display = ["title", "body", "meeting", "place", "proposer", "state_word"]
    list_filter = [ByState]
    list_select_related = ["body", "meeting__body", "proposer"]
    search_fields = ["title", "text"]


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    list_display = ["number", "item", "body", "decided_on", "passed", "state_word"]
    list_filter = [ByState, "passed"]
    list_select_related = ["item", "body"]
    search_fields = ["number", "text", "item__title"]
