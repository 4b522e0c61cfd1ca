"""The calendar of days off: seeded from the law, mended by administrators."""

from django.contrib import admin
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import AdminByRight

from .models import DayOff


class Year(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(str(day.year), str(day.year)) for day in DayOff.objects.dates("day", "year", order="DESC")]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.filter(day__year=int(year)) if year.isdigit() and len(year) == 4 else queryset


@admin.register(DayOff)
class DayOffAdmin(AdminByRight, admin.ModelAdmin):
    """A day may be removed again: a holiday that was moved is one that never was."""

    right_to_view = right_to_add = right_to_change = right_to_delete = "dates.keep_calendar"
    list_display = ["day", "weekday", "name", "working"]
    list_filter = [Year, "working"]
    search_fields = ["name"]
    ordering = ["-day"]

    @admin.display(description=_("weekday"))
    def weekday(self, row):
        return WEEKDAYS[row.day.weekday()]
