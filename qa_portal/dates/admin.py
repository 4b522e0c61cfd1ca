from django.contrib import admin

from .models import DayOff


@admin.register(DayOff)
class DayOffAdmin(admin.ModelAdmin):
    list_display = ["day", "name", "working"]
    date_hierarchy = "day"
    search_fields = ["name"]
