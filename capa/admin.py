"""Findings, plans and actions in admin: everything can be read, nothing can be edited, steps ask the page's own rule."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from qa_portal.web.admin import ByState, RecordAdmin

from .models import ActionLink, CapaAction, CapaPlan, Finding


@admin.register(Finding)
class FindingAdmin(RecordAdmin):
    list_display = ["number", "title", "unit", "severity", "state_word", "found_on", "closed_on"]
    list_filter = [ByState, "severity", "source_kind"]
    list_select_related = ["unit"]
    search_fields = ["number", "title", "description"]


@admin.register(CapaPlan)
class CapaPlanAdmin(RecordAdmin):
    list_display = [
        "number",
        "finding",
        "unit",
        "state_word",
        "submitted_on",
        "approved_on",
        "verified_on",
        "checked_on",
    ]
    list_filter = [ByState, "effective"]
    list_select_related = ["finding", "unit"]
    search_fields = ["number", "cause", "finding__title", "finding__number"]


@admin.register(CapaAction)
class CapaActionAdmin(RecordAdmin):
    list_display = ["item", "text", "owner", "unit", "due", "state_word"]
    list_filter = [ByState, "kind"]
    list_select_related = ["plan", "owner", "unit"]
    search_fields = ["text", "plan__number", "plan__finding__title"]

    @admin.display(description=_("number"))
    def item(self, action: CapaAction) -> str:
        return action.number


@admin.register(ActionLink)
class ActionLinkAdmin(RecordAdmin):
    list_display = ["pk", "action", "record_type", "record_id", "state_word"]
    list_filter = [ByState]
    list_select_related = ["action__plan", "record_type"]
    search_fields = ["action__text"]
