"""Assignments, dispatches, requests and proposals in admin: everything can be read, nothing can be edited."""

from django.contrib import admin

from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Assignment, Dispatch, InformationRequest, QualityProposal


@admin.register(Assignment)
class AssignmentAdmin(RecordAdmin):
    list_display = ["number", "text", "owner", "unit", "due", "state_word", "done_on"]
    list_filter = [ByState]
    list_select_related = ["owner", "unit"]
    search_fields = ["number", "text"]


@admin.register(Dispatch)
class DispatchAdmin(RecordAdmin):
    list_display = ["title", "body", "sent_by", "sent_on", "received_on", "entry_number", "state_word"]
    list_filter = [ByState]
    list_select_related = ["body", "sent_by"]
    search_fields = ["title", "entry_number"]


@admin.register(InformationRequest)
class InformationRequestAdmin(RecordAdmin):
    list_display = ["number", "unit", "what", "due", "asked_by", "state_word"]
    list_filter = [ByState]
    list_select_related = ["unit", "asked_by"]
    search_fields = ["number", "what"]


@admin.register(QualityProposal)
class QualityProposalAdmin(RecordAdmin):
    list_display = ["number", "title", "body", "unit", "due", "proposer", "state_word"]
    list_filter = [ByState]
    list_select_related = ["body", "unit", "proposer"]
    search_fields = ["number", "title"]
