"""Appeals and reports on them in admin: what one sees on the page anyway. Nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import AcademicAppeal, AppealReport


@admin.register(AcademicAppeal)
class AcademicAppealAdmin(RecordAdmin):
    list_display = ["number", "student_name", "kind", "unit", "filed_on", "due_on", "state_word", "decision"]
    list_filter = [ByState, "kind", "decision", "cause"]
    list_select_related = ["unit"]
    search_fields = ["number", "student_name", "about"]
    fields = [
        "number", "state", "student", "student_name", "group", "kind", "course", "about", "unit", "grade", "happened_on",
        "filed_on", "in_time", "text", "due_on", "decision", "cause", "reason", "new_grade", "decided_on",
    ]  # fmt: skip


@admin.register(AppealReport)
class AppealReportAdmin(RecordAdmin):
    list_display = ["term", "unit", "state_word"]
    list_filter = [ByState]
    list_select_related = ["unit", "term__year"]
    search_fields = ["problems", "recommendations"]
    fields = ["term", "unit", "state", "figures", "problems", "recommendations"]
