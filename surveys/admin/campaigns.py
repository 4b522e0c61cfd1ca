"""Campaigns in admin: read, never edited. Rosters, invitations, respondents and letters are not shown at all."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Campaign


@admin.register(Campaign)
class CampaignAdmin(RecordAdmin):
    list_display = ["name", "questionnaire", "way", "opens_on", "closes_on", "state_word"]
    list_filter = [ByState, "way", "year"]
    list_select_related = ["questionnaire"]
    search_fields = ["name_kk", "name_ru", "name_en", "questionnaire__code"]
    exclude = ["public_key", "content", "counts", "authors", "uid"]
