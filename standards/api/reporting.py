"""REST: reports on quality."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.reporting import ReportFilters
from ..forms.reporting import ReportForm
from ..models import QualityReport


class ReportSerializer(RecordSerializer):
    kind = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = QualityReport
        fields = [
            "id", "number", "state", "kind", "unit", "year", "since", "until", "title", "intro", "conclusion", "frozen_at",
            "submitted_by", "approved_on", "basis", "published_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Reports(Adding, Editing, RecordViewSet):
    queryset = QualityReport.objects.order_by("-year", "-pk").defer("frozen", "comments")
    serializer_class = ReportSerializer
    filterset_class = ReportFilters
    form = ReportForm
    list_related = ("kind", "unit")
    ordering_fields = ["id", "number", "year", "state", "published_on"]

    def new(self, request: Any) -> QualityReport:
        return QualityReport()


routes = [("standards/reports", Reports)]
