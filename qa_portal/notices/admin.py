"""Letters, notices and the log of reminders: administrators look whether the post goes out; nobody changes it."""

from django.contrib import admin

from qa_portal.permissions import AdminByRight

from .models import Letter, Notice, Reminded


class Log(AdminByRight):
    right_to_view = "people.read_logs"
    list_per_page = 50
    show_full_result_count = False


@admin.register(Letter)
class LetterAdmin(Log, admin.ModelAdmin):
    list_display = ["created_at", "person", "kind", "subject", "sent_at", "attempts", "problem"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter), "day"]
    list_select_related = ["person"]
    search_fields = ["subject", "person__username", "person__email"]
    exclude = ["html"]


@admin.register(Notice)
class NoticeAdmin(Log, admin.ModelAdmin):
    list_display = ["created_at", "person", "kind", "verb", "subject", "read_at"]
    list_filter = ["kind", "verb"]
    list_select_related = ["person"]
    search_fields = ["subject", "person__username"]


@admin.register(Reminded)
class RemindedAdmin(Log, admin.ModelAdmin):
    list_display = ["at", "rule", "record_id", "deadline", "threshold", "outcome"]
    list_filter = ["rule", "outcome"]
    ordering = ["-pk"]
