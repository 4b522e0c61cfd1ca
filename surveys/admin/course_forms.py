"""Course management forms in admin: what one sees on the page anyway. Nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import CourseForm


@admin.register(CourseForm)
class CourseFormAdmin(RecordAdmin):
    list_display = ["course", "teacher", "unit", "due_on", "state_word", "outcomes_share"]
    list_filter = [ByState]
    list_select_related = ["course__discipline", "course__term__year", "teacher", "unit"]
    search_fields = ["course__discipline__code"]
    fields = [
        "course", "teacher", "unit", "state", "due_on", "strengths", "weaknesses", "outcomes", "outcomes_share",
        "improvements", "analysis", "recommendation", "answer", "analysed_by",
    ]  # fmt: skip
