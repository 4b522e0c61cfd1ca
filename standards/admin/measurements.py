"""Values of indicators and tables of them in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Measurement, MeasurementImport


@admin.register(Measurement)
class MeasurementAdmin(RecordAdmin):
    list_display = ["code", "unit", "period", "value", "light", "origin", "state_word"]
    list_filter = [ByState, "light", "origin"]
    list_select_related = ["unit", "indicator"]
    search_fields = ["code", "period"]


@admin.register(MeasurementImport)
class MeasurementImportAdmin(RecordAdmin):
    list_display = ["file_name", "created_by", "created_at", "rows", "replaced", "skipped", "state_word"]
    list_filter = [ByState]
    list_select_related = ["created_by"]
    search_fields = ["file_name"]
