"""Risks, measures and context sheets in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import ContextSheet, RiskMeasure, UnitRisk


@admin.register(UnitRisk)
class UnitRiskAdmin(RecordAdmin):
    list_display = ["number", "brief", "unit", "kind", "level", "owner", "review_on", "state_word"]
    list_filter = [ByState, "kind", "standard"]
    list_select_related = ["unit", "owner"]
    search_fields = ["number", "title", "catalogue_code"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_words()


@admin.register(RiskMeasure)
class RiskMeasureAdmin(RecordAdmin):
    list_display = ["brief", "owner", "due", "state_word", "done_on"]
    list_filter = [ByState]
    list_select_related = ["owner"]
    search_fields = ["text", "risk__number"]


@admin.register(ContextSheet)
class ContextSheetAdmin(RecordAdmin):
    list_display = ["unit", "year", "state_word", "approved_by", "approved_on"]
    list_filter = [ByState, "year"]
    list_select_related = ["unit", "approved_by"]
