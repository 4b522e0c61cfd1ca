"""Upkeep in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import ChangeProposal, ConformityReview, ConformityVerdict, PaperCopy


@admin.register(ConformityReview)
class ConformityReviewAdmin(RecordAdmin):
    list_display = ["number", "title", "cause", "due", "state_word", "closed_on"]
    list_filter = [ByState, "cause"]
    search_fields = ["number", "title", "note"]


@admin.register(ConformityVerdict)
class ConformityVerdictAdmin(RecordAdmin):
    list_display = ["review", "document", "verdict", "state_word", "until", "done_on"]
    list_filter = [ByState, "verdict"]
    list_select_related = ["review", "document"]
    search_fields = ["review__number", "document__number", "document__title"]


@admin.register(ChangeProposal)
class ChangeProposalAdmin(RecordAdmin):
    list_display = ["number", "document", "unit", "proposer", "state_word", "answered_on"]
    list_filter = [ByState]
    list_select_related = ["document", "unit", "proposer"]
    search_fields = ["number", "text", "document__number", "document__title"]


@admin.register(PaperCopy)
class PaperCopyAdmin(RecordAdmin):
    list_display = ["version", "number", "holder", "where", "given_on", "state_word", "ended_on"]
    list_filter = [ByState]
    list_select_related = ["version__document", "holder"]
    search_fields = ["version__document__number", "version__document__title", "where"]
