"""The codebook in admin: everything can be read, nothing can be edited. Texts of answers are not here at all."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Theme


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ["code", "name", "parent", "state_word"]
    list_filter = [ByState]
    list_select_related = ["parent"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
