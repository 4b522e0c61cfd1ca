"""Duties in admin: rules are kept by administrators (dates, offices, no longer used); duties are only read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight
from qa_portal.web.admin import ByState, RecordAdmin

from ..fulfilment import ways_of
from ..models import Duty, DutyRule, DutyStart


class DutyRuleForm(forms.ModelForm):
    """A way that cannot be read would stop the clock for all rules: it is tried before it is kept."""

    def clean_fulfilled_by(self) -> list[dict[str, Any]]:
        ways = self.cleaned_data["fulfilled_by"] or []
        try:
            for way in ways_of(DutyRule(fulfilled_by=ways)):
                way.subject_model()
                way.subjects([])
        except (AttributeError, FieldDoesNotExist, FieldError, KeyError, TypeError, ValueError, ValidationError):
            raise ValidationError(
                _(
                    "A list of steps is expected, with conditions that the records have; see another rule for an example."
                )
            ) from None
        return ways


@admin.register(DutyRule)
class DutyRuleAdmin(AdminByRight, TranslationAdmin):
    """What is changed here is followed by the next night's run: duties that have not begun get the new dates."""

    form = DutyRuleForm
    right_to_view = right_to_add = right_to_change = "standards.keep_duty_rules"
    list_per_page = 100
    show_full_result_count = False
    list_display = ["name", "code", "basis", "timing", "scope", "role", "unit", "retired"]
    list_filter = ["group", "timing", "scope", "retired"]
    list_select_related = ["unit"]
    search_fields = ["code", "basis", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]
    fieldsets = [
        (None, {"fields": ["code", "group", "place", "basis", "standard", "scope", "retired"]}),
        (_("What is to be done"), {"fields": ["name", "text", "doer", "paper"]}),
        (
            _("When"),
            {
                "fields": [
                    "timing", "months_from", "months", "opens", "due", "anchor", "offset_days", "notice_days", "event",
                    "due_days", "working_days", "date_by_office", "counted_since",
                ]
            },
        ),
        (_("Who answers"), {"fields": ["role", "unit", "body"]}),
        (_("What fulfils it"), {"fields": ["fulfilled_by", "report_kind", "waits_for"]}),
    ]  # fmt: skip


@admin.register(DutyStart)
class DutyStartAdmin(AdminByRight, admin.ModelAdmin):
    """Typed on the rule's page, because the open duty follows it; read here."""

    right_to_view = "standards.keep_duty_rules"
    list_display = ["rule", "subject_id", "on", "note", "by"]
    list_select_related = ["rule", "by"]


@admin.register(Duty)
class DutyAdmin(RecordAdmin):
    list_display = ["rule", "period", "unit", "opens_on", "due_on", "state_word", "done_on"]
    list_filter = [ByState, "rule__group"]
    list_select_related = ["rule", "unit"]
    search_fields = ["period", "rule__code", "rule__name_kk"]
