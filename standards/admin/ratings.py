"""Rating formulas and ratings in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Rating, RatingFormula


@admin.register(RatingFormula)
class RatingFormulaAdmin(RecordAdmin):
    list_display = ["title", "version", "unit_kind", "approved_on", "basis", "state_word"]
    list_filter = [ByState]
    search_fields = ["title"]


@admin.register(Rating)
class RatingAdmin(RecordAdmin):
    list_display = ["formula", "year", "published_on", "state_word"]
    list_filter = [ByState]
    list_select_related = ["formula"]
    search_fields = ["formula__title"]
