"""REST: findings, plans, actions and the waiting signals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from .filters import ActionFilters, FindingFilters, PlanFilters
from .forms import ActionForm, FindingForm, PlanForm
from .models import CapaAction, CapaPlan, Finding


class FindingSerializer(RecordSerializer):
    requirement_code = serializers.CharField(source="requirement.code", default="", read_only=True)

    class Meta:
        model = Finding
        fields = [
            "id", "number", "state", "title", "description", "severity", "unit", "requirement", "requirement_code", "area",
            "source_kind", "source_note", "reporter", "found_on", "correction", "corrected_on", "cause", "duplicate_of",
            "closed_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = ["number", "state", "reporter", "correction", "corrected_on", "duplicate_of", "closed_on"]


class ActionSerializer(RecordSerializer):
    number = serializers.CharField(read_only=True)

    class Meta:
        model = CapaAction
        fields = [
            "id", "number", "state", "plan", "place", "kind", "text", "owner", "unit", "due", "first_due", "expected_proof",
            "approval_unit", "submitted_by", "approved_by", "approved_at", "done_note", "done_by", "done_on", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip


class PlanSerializer(RecordSerializer):
    class Meta:
        model = CapaPlan
        fields = [
            "id", "number", "edition", "state", "finding", "unit", "cause", "goal", "submitted_by", "submitted_on",
            "approved_on", "implemented_on", "verified_by", "verified_on", "check_on", "checker", "checked_by", "checked_on",
            "effective", "effect_note", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Findings(Adding, Editing, RecordViewSet):
    queryset = Finding.objects.order_by("-pk")
    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    form = FindingForm
    list_related = ("unit", "requirement")
    ordering_fields = ["id", "number", "found_on", "severity", "state", "closed_on"]

    def new(self, request: Any) -> Finding:
        return Finding(reporter=request.user)


@with_steps
class Plans(Adding, Editing, RecordViewSet):
    queryset = CapaPlan.objects.order_by("-pk").prefetch_related("actions")
    serializer_class = PlanSerializer
    filterset_class = PlanFilters
    form = PlanForm
    list_related = ("unit", "finding")
    ordering_fields = ["id", "number", "state", "submitted_on", "check_on"]

    def new(self, request: Any) -> CapaPlan:
        finding = _parent(request, "finding", Finding)
        return CapaPlan(finding=finding, unit=finding.unit)


@with_steps
class Actions(Adding, Editing, RecordViewSet):
    queryset = CapaAction.objects.order_by("-pk").prefetch_related("extensions")
    serializer_class = ActionSerializer
    filterset_class = ActionFilters
    form = ActionForm
    list_related = ("unit", "plan", "approval_unit")
    ordering_fields = ["id", "due", "state", "place"]

    def new(self, request: Any) -> CapaAction:
        plan = _parent(request, "plan", CapaPlan)
        return CapaAction(plan=plan, unit=plan.unit)


def _parent(request: Any, name: str, model: Any) -> Any:
    """The record that a new one belongs to; 400 when it is not named, 404 when it is not visible."""
    pk = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    if not (pk.isascii() and pk.isdigit()):
        raise ValidationError({name: ["The number of the record is expected."]})
    return get_object_or_404(model.objects.visible_to(request.user).select_related("unit"), pk=pk)


routes = [("capa/findings", Findings), ("capa/plans", Plans), ("capa/actions", Actions)]
