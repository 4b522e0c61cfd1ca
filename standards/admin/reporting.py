"""Kinds of reports are kept here by administrators; reports are only looked at."""

from __future__ import annotations

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from qa_portal.permissions import AdminByRight
from qa_portal.web.admin import ByState, RecordAdmin

from ..models import QualityReport, ReportKind


@admin.register(ReportKind)
class ReportKindAdmin(AdminByRight, TranslationAdmin):
    right_to_view = right_to_add = right_to_change = "standards.keep_report_kinds"
    list_display = ["name", "code", "standard", "months", "role", "body", "public", "retired"]
    list_filter = ["retired", "public", "per_unit"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    ordering = ["place", "pk"]


@admin.register(QualityReport)
class QualityReportAdmin(RecordAdmin):
    list_display = ["number", "title", "kind", "unit", "year", "state_word", "published_on"]
    list_filter = [ByState]
    list_select_related = ["kind", "unit"]
    search_fields = ["number", "title"]
