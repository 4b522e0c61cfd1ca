"""Mechanisms and aims are kept here by administrators; years are only looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight
from qa_portal.web.admin import ByState, RecordAdmin

from ..models import Mechanism, MechanismAim, MechanismYear, Standard


class _Kept(AdminByRight, TranslationAdmin):
    """Administrators add and change; nothing is deleted, because years name it: it is retired."""

    right_to_view = right_to_add = right_to_change = "standards.keep_mechanisms"
    list_per_page = 50
    show_full_result_count = False


@admin.register(Mechanism)
class MechanismAdmin(_Kept):
    list_display = ["name", "code", "kind", "doer", "per_school", "retired"]
    list_filter = ["kind", "per_school", "retired"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]
    raw_id_fields = ["documents"]
    fieldsets = [
        (None, {"fields": ["code", "kind", "place", "per_school", "retired"]}),
        (_("Names in three languages"), {"fields": ["name", "text"]}),
        (_("Who carries it out"), {"fields": ["doer"]}),
        (_("What governs it"), {"fields": ["governing", "documents", "clause"]}),
        (_("Standards"), {"fields": ["standards"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name != "standards":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [(row.code, f"{row.code} {row.name}") for row in Standard.objects.in_force().order_by("number")]
        return forms.MultipleChoiceField(
            label=_("Standards"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )


@admin.register(MechanismAim)
class MechanismAimAdmin(_Kept):
    list_display = ["code", "text", "mechanism", "retired"]
    list_filter = ["mechanism", "retired"]
    list_select_related = ["mechanism"]
    search_fields = ["code", "text_kk", "text_ru", "text_en"]
    ordering = ["mechanism__place", "place"]
    fields = ["mechanism", "code", "place", "text", "retired"]


@admin.register(MechanismYear)
class MechanismYearAdmin(RecordAdmin):
    list_display = ["mechanism", "year", "unit", "doer_unit", "doer_body", "due", "state_word"]
    list_filter = [ByState, "year", "mechanism"]
    list_select_related = ["mechanism", "unit", "doer_unit", "doer_body"]
    search_fields = ["mechanism__code", "mechanism__name_kk", "unit__name_kk"]
