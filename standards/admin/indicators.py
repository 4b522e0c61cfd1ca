"""Sets and indicators in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Indicator, IndicatorSet


@admin.register(IndicatorSet)
class IndicatorSetAdmin(RecordAdmin):
    list_display = ["title", "version", "valid_from", "approved_on", "basis", "state_word"]
    list_filter = [ByState]
    search_fields = ["title"]


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    list_display = ["code", "name", "standard", "measure", "period", "responsible", "set", "state_word"]
    list_filter = [ByState, "period"]
    list_select_related = ["responsible", "set"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
