"""History in admin: written once, changed never; administrators read it as far as they see the records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import AdminByRight

from .models import Entry, Record


class OfKind(admin.SimpleListFilter):
    """Kinds of records only, not every table."""

    title = _("record")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(model._meta.label_lower, str(model._meta.verbose_name_plural)) for model in Record.__subclasses__()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        app, _dot, model = (self.value() or "").partition(".")
        return queryset.filter(record_type__app_label=app, record_type__model=model) if model else queryset


@admin.register(Entry)
class EntryAdmin(AdminByRight, admin.ModelAdmin):
    right_to_view = "people.read_logs"
    list_display = ["at", "who", "principal", "step", "about", "moved", "reason"]
    list_filter = ["verb", OfKind]
    list_select_related = ["by", "in_name_of", "record_type"]
    search_fields = ["why", "by__username"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "at"
    fields = ["at", "who", "principal", "about", "step", "moved", "reason", "changed", "numbers"]
    readonly_fields = ["at", "who", "principal", "about", "step", "moved", "reason", "changed", "numbers"]

    def get_queryset(self, request: Any) -> QuerySet:
        """Entries of records that this person sees; a superuser without an office sees what such a person sees."""
        seen = Q(pk__in=[])
        for model in Record.__subclasses__():
            shown = model.objects.visible_to(request.user).values("pk")  # type: ignore[attr-defined]
            seen |= Q(
                record_type__app_label=model._meta.app_label,
                record_type__model=model._meta.model_name,
                record_id__in=shown,
            )
        return super().get_queryset(request).filter(seen).prefetch_related("record")

    @admin.display(description=_("who"), ordering="by")
    def who(self, entry: Entry) -> str:
        return entry.by.get_full_name() if entry.by else gettext("The portal")

    @admin.display(description=_("in whose name"))
    def principal(self, entry: Entry) -> str:
        return entry.in_name_of.get_full_name() if entry.in_name_of else ""

    @admin.display(description=_("step"), ordering="verb")
    def step(self, entry: Entry) -> str:
        return entry.verb

    @admin.display(description=_("record"))
    def about(self, entry: Entry) -> str:
        return str(entry.record or "—")

    @admin.display(description=_("state before and after"))
    def moved(self, entry: Entry) -> str:
        return f"{entry.from_state} → {entry.to_state}" if entry.from_state != entry.to_state else entry.to_state

    @admin.display(description=_("reason"))
    def reason(self, entry: Entry) -> str:
        return entry.why

    @admin.display(description=_("what changed"))
    def changed(self, entry: Entry) -> str:
        lines = ((change["field"], change["old"], change["new"]) for change in entry.changes)
        return format_html_join("", "<p><b>{}</b>: {} → {}</p>", lines) or "—"

    @admin.display(description=_("policy settings it used"))
    def numbers(self, entry: Entry) -> str:
        lines = ((key, read["value"], read["version"]) for key, read in entry.policies.items())
        return format_html_join("", "<p><b>{}</b>: {} (№ {})</p>", lines) or "—"
