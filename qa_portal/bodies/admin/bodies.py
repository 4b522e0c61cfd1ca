"""Kinds of bodies and matters are kept here by administrators; bodies, seats and elections are only looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight
from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Body, BodyKind, Election, Matter, Seat


class Kept(AdminByRight, TranslationAdmin):
    """Administrators add and change; nothing is deleted, because bodies name it."""

    right_to_view = right_to_add = right_to_change = "bodies.keep_kinds"
    list_per_page = 50
    show_full_result_count = False


@admin.register(BodyKind)
class BodyKindAdmin(Kept):
    list_display = ["name", "code", "of", "passing", "base", "quorum", "rule_clause", "term_years"]
    list_filter = ["of", "passing", "elected"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]
    fieldsets = [
        (None, {"fields": ["code", "of", "above", "clause", "place"]}),
        (_("Names in three languages"), {"fields": ["name", "short"]}),
        (_("Rule of voting"), {"fields": ["passing", "base", "quorum", "rule_clause"]}),
        (_("Members"), {"fields": ["term_years", "elected", "students_vote", "without_vote"]}),
        (_("Remit"), {"fields": ["remit", "matters"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name != "matters":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [(matter.code, str(matter)) for matter in Matter.objects.all()]
        return forms.MultipleChoiceField(
            label=_("Matters"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )


@admin.register(Matter)
class MatterAdmin(Kept):
    list_display = ["name", "code", "place"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]
    fields = ["code", "name", "place"]


@admin.register(Body)
class BodyAdmin(RecordAdmin):
    list_display = ["name", "code", "kind", "unit", "passing", "base", "quorum", "state_word"]
    list_filter = [ByState, "kind"]
    list_select_related = ["kind", "unit"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]


@admin.register(Seat)
class SeatAdmin(RecordAdmin):
    list_display = ["person", "body", "duty", "group", "voting", "since", "until", "state_word"]
    list_filter = [ByState, "duty", "group", "voting"]
    list_select_related = ["person", "body"]
    search_fields = ["person__last_name_kk", "person__username", "body__name_kk", "body__code"]


@admin.register(Election)
class ElectionAdmin(RecordAdmin):
    list_display = ["title", "body", "seats", "closes_on", "voters", "turnout", "state_word"]
    list_filter = [ByState, "group"]
    list_select_related = ["body"]
    search_fields = ["title", "body__name_kk", "body__code"]
