"""REST of appeals and of the reports on them. Opinions of members are on no list."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.appeals import AcademicAppealFilters, AppealReportFilters
from ..forms.appeals import AppealForm, ReportForm
from ..models import AcademicAppeal, AppealReport
from ..permissions.appeals import may_enter


class MemberSerializer(serializers.Serializer):
    person = serializers.IntegerField(source="person_id")
    chair = serializers.BooleanField()
    spoke = serializers.SerializerMethodField()

    def get_spoke(self, member: Any) -> bool:
        return bool(member.opinion)


class AcademicAppealSerializer(RecordSerializer):
    members = serializers.SerializerMethodField()
    decided_in_time = serializers.BooleanField(read_only=True, allow_null=True)

    class Meta:
        model = AcademicAppeal
        fields = [
            "id", "number", "state", "student", "student_name", "student_email", "group", "kind", "course", "about", "unit",
            "grade", "graded_by", "happened_on", "filed_on", "in_time", "text", "due_on", "members", "decision", "cause",
            "reason", "new_grade", "decided_on", "decided_in_time", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, appeal: Any) -> list[dict[str, Any]]:
        return [dict(MemberSerializer(member).data) for member in appeal.members.all()]


@with_steps
class AcademicAppeals(Adding, Editing, RecordViewSet):
    queryset = AcademicAppeal.objects.order_by("-pk").with_people()
    serializer_class = AcademicAppealSerializer
    filterset_class = AcademicAppealFilters
    form = AppealForm
    list_related = ("unit", "course")
    ordering_fields = ["id", "number", "state", "kind", "filed_on", "due_on", "decided_on"]

    def new(self, request: Any) -> AcademicAppeal:
        return AcademicAppeal() if may_enter(request.user) else AcademicAppeal(student=request.user)


class AppealReportSerializer(RecordSerializer):
    class Meta:
        model = AppealReport
        fields = [
            "id", "state", "term", "unit", "figures", "problems", "recommendations", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class AppealReports(Adding, Editing, RecordViewSet):
    queryset = AppealReport.objects.order_by("-pk")
    serializer_class = AppealReportSerializer
    filterset_class = AppealReportFilters
    form = ReportForm
    list_related = ("unit", "term")
    ordering_fields = ["id", "state", "term", "unit"]


routes: list = [
    ("surveys/academic-appeals", AcademicAppeals, "academic-appeal"),
    ("surveys/appeal-reports", AppealReports, "appeal-report"),
]
