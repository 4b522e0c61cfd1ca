"""Questions and questionnaires in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Question, Questionnaire


@admin.register(Question)
class QuestionAdmin(RecordAdmin):
    list_display = ["code", "text", "kind", "wording", "state_word"]
    list_filter = [ByState, "kind"]
    search_fields = ["code", "text_kk", "text_ru", "text_en"]


@admin.register(Questionnaire)
class QuestionnaireAdmin(RecordAdmin):
    list_display = ["code", "version", "name", "audience", "designer", "checker", "approved_on", "state_word"]
    list_filter = [ByState, "audience", "designer"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
