"""REST: self-assessment cycles, self-assessments, rows of monitoring plans."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.cycles import AssessmentFilters, CycleFilters, PlanRowFilters
from ..forms.assessments import AssessmentForm, PlanRowForm
from ..forms.cycles import CycleForm
from ..models import Assessment, CommissionMember, Cycle, PlanRow
from ..permissions.cycles import bring_committees


class CycleSerializer(RecordSerializer):
    standards = serializers.ListField(child=serializers.CharField(), read_only=True)
    edition = serializers.IntegerField(source="edition.number", read_only=True)

    class Meta:
        model = Cycle
        fields = [
            "id", "state", "year", "title", "edition", "standards", "opens_on", "answer_by", "verify_by", "decide_by",
            "note", "launched_on", "submitted_on", "approved_on", "basis", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class CommissionMemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = CommissionMember
        fields = ["person", "duty"]


class AssessmentSerializer(RecordSerializer):
    areas = serializers.ListField(child=serializers.CharField(), read_only=True)
    commission = CommissionMemberSerializer(many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id", "state", "cycle", "unit", "programme", "areas", "lead", "due", "previous", "summary", "strong", "improve",
            "commission", "submitted_by", "submitted_on", "agreed_by", "endorsed_by", "considered_on", "considered_basis",
            "verified_by", "verified_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class PlanRowSerializer(RecordSerializer):
    class Meta:
        model = PlanRow
        fields = [
            "id", "state", "assessment", "area", "indicator", "source", "due", "owner", "planned", "fact", "fact_on", "note",
            "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Cycles(Adding, Editing, RecordViewSet):
    queryset = Cycle.objects.order_by("-year", "-pk")
    serializer_class = CycleSerializer
    filterset_class = CycleFilters
    form = CycleForm
    list_related = ("edition",)
    ordering_fields = ["id", "year", "state", "answer_by", "decide_by"]


@with_steps
class Assessments(Editing, RecordViewSet):
    queryset = Assessment.objects.order_by("-cycle__year", "unit__path", "pk").prefetch_related("commission")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilters
    form = AssessmentForm
    list_related = ("cycle", "unit", "programme")
    ordering_fields = ["id", "due", "state", "submitted_on", "verified_on"]

    def bring(self, page: list[Any]) -> None:
        bring_committees(page)


@with_steps
class PlanRows(Adding, Editing, RecordViewSet):
    queryset = PlanRow.objects.order_by("assessment", "due", "pk")
    serializer_class = PlanRowSerializer
    filterset_class = PlanRowFilters
    form = PlanRowForm
    list_related = ("assessment__unit", "assessment__programme", "assessment__cycle")
    ordering_fields = ["id", "due", "state", "area"]

    def new(self, request: Any) -> PlanRow:
        pk = str(request.data.get("assessment", "")) if hasattr(request.data, "get") else ""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise ValidationError({"assessment": ["The number of the record is expected."]})
        rows = Assessment.objects.visible_to(request.user).select_related("cycle", "unit", "programme")
        return PlanRow(assessment=get_object_or_404(rows, pk=pk))


routes: list = [
    ("standards/cycles", Cycles, "cycle"),
    ("standards/assessments", Assessments, "assessment"),
    ("standards/plan-rows", PlanRows, "plan-row"),
]
