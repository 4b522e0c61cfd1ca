"""Petitions in admin: what one sees on the page anyway, without health data and reports on ethics. Nothing can be edited;
messages and files of petitions are not here at all.
"""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Petition


@admin.register(Petition)
class PetitionAdmin(RecordAdmin):
    list_display = ["number", "subject", "kind", "unit", "owner", "received_on", "due_on", "state_word", "outcome"]
    list_filter = [ByState, "way", "outcome"]
    list_select_related = ["unit", "owner"]
    search_fields = ["number", "subject"]
    fields = [
        "number", "state", "kind", "way", "subject", "text", "unit", "area", "received_on", "due_on", "owner", "body",
        "outcome", "outcome_note", "outcome_link", "answered_on",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).ordinary()
