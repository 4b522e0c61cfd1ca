"""Evidence in admin: to be seen, never changed; who may see it is asked as everywhere."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Evidence


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    list_display = ["title", "state_word", "speaks_of", "file_name", "link", "created_by"]
    list_filter = [ByState, "speaks_of"]
    list_select_related = ["created_by"]
    search_fields = ["title", "file_name", "link", "checksum"]
    readonly_fields = ["state_word"]
    # Not the file itself: it goes out through the portal's own door only.
    fields = [
        "title",
        "state_word",
        "file_name",
        "content_type",
        "size",
        "checksum",
        "link",
        "speaks_of",
        "edition",
        "created_by",
        "created_at",
    ]
