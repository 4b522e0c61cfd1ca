"""Releases and teachers' answers in admin: what the pages show can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Release, TeacherReply


@admin.register(Release)
class ReleaseAdmin(RecordAdmin):
    list_display = ["campaign", "version", "state_word", "sent_on", "published_on", "indicative"]
    list_filter = [ByState]
    list_select_related = ["campaign"]
    search_fields = ["campaign__name"]
    exclude = ["facts"]  # read on the page of results, in words


@admin.register(TeacherReply)
class TeacherReplyAdmin(RecordAdmin):
    list_display = ["text", "teacher", "state_word"]
    list_filter = [ByState]
    list_select_related = ["teacher"]
    search_fields = ["text"]
    exclude = ["node"]
