"""Admin of records: everything can be read, nothing can be done that the page would refuse."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow, Refused

from .registry import steps_of


class ByState(admin.SimpleListFilter):
    """States with their words, not their codes."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, words[0]) for code, words in model_admin.model.STATES.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset


class RecordAdmin(admin.ModelAdmin):
    """Read-only view of a record. Steps that need no input are actions; they ask the same rule as the page."""

    list_per_page = 50
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, record: Any) -> str:
        return str(record.state_label)

    def get_queryset(self, request: Any) -> Any:
        return self.model.objects.visible_to(request.user)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request: Any) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: Any) -> dict[str, Any]:
        return {
            f"step_{step.name}": (_run(step), f"step_{step.name}", step.label)
            for step in steps_of(self.model).values()
            if not step.needs_input
        }


def _run(step: Any) -> Any:
    def take(modeladmin: Any, request: Any, queryset: Any) -> None:
        for record in queryset:
            try:
                step.run(record, request.user)
            except (Refused, NotNow) as problem:
                messages.error(request, f"{record}: {problem.sentence}")
            else:
                modeladmin.log_change(request, record, step.name)
                messages.success(request, f"{record}: {step.label}")

    return take
