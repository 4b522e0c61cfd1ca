"""Cycles, self-assessments and monitoring plans in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Assessment, Cycle, PlanRow


@admin.register(Cycle)
class CycleAdmin(RecordAdmin):
    list_display = ["year", "title", "state_word", "opens_on", "answer_by", "decide_by", "approved_on"]
    list_filter = [ByState]
    search_fields = ["title", "year"]


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    list_display = ["unit", "programme", "cycle", "state_word", "lead", "due", "submitted_on", "verified_on"]
    list_filter = [ByState]
    list_select_related = ["unit", "programme", "cycle", "lead"]
    search_fields = ["unit__code", "programme__code"]


@admin.register(PlanRow)
class PlanRowAdmin(RecordAdmin):
    list_display = ["area", "indicator", "assessment", "due", "planned", "fact", "state_word"]
    list_filter = [ByState]
    list_select_related = ["assessment__unit", "assessment__programme", "assessment__cycle"]
    search_fields = ["indicator", "area"]
