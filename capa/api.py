"""REST: findings, plans, actions and the waiting signals."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from qa_portal.permissions import Refused, refusal
from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, form_data, with_steps
from qa_portal.web.forms import InputProblem

from . import serving, signals
from .filters import ActionFilters, FindingFilters, LinkFilters, PlanFilters
from .forms import ActionForm, FindingForm, LinkForm, PlanForm, SetAsideForm
from .models import ActionLink, CapaAction, CapaPlan, Finding, know_live_plans


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
            "approved_on", "endorsed_on", "endorsement", "implemented_on", "verified_by", "verified_on", "check_on",
            "checker", "checked_by", "checked_on", "effective", "effect_note", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class LinkSerializer(RecordSerializer):
    to = serializers.SerializerMethodField()

    class Meta:
        model = ActionLink
        fields = ["id", "state", "action", "to", "created_at", "changed_at", "steps"]

    def get_to(self, link: ActionLink) -> str:
        """The record that the action serves, as "app.kind:number"."""
        return serving.key_for(link.record) if link.record else ""


class SignalSerializer(serializers.Serializer):
    """A waiting signal: what a finding made from it would say."""

    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    requirement = serializers.CharField()
    unit = serializers.IntegerField()
    severity = serializers.CharField()
    source_kind = serializers.CharField()


class SetAsideSerializer(serializers.Serializer):
    reason = serializers.CharField()


@with_steps
class Findings(Adding, Editing, RecordViewSet):
    queryset = Finding.objects.order_by("-pk")
    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    form = FindingForm
    list_related = ("unit", "requirement")
    list_columns = ("unit__path", "requirement__code")
    ordering_fields = ["id", "number", "found_on", "severity", "state", "closed_on"]

    def bring(self, page: list[Finding]) -> None:
        know_live_plans(page)

    def new(self, request: Any) -> Finding:
        return Finding(reporter=request.user)


@with_steps
class Plans(Adding, Editing, RecordViewSet):
    queryset = CapaPlan.objects.order_by("-pk").prefetch_related("actions__proofs__evidence")
    serializer_class = PlanSerializer
    filterset_class = PlanFilters
    form = PlanForm
    list_related = ("unit", "finding")
    ordering_fields = ["id", "number", "state", "submitted_on", "check_on"]

    def bring(self, page: list[CapaPlan]) -> None:
        know_live_plans([plan.finding for plan in page])

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


@with_steps
class Links(Adding, RecordViewSet):
    queryset = ActionLink.objects.order_by("-pk")
    serializer_class = LinkSerializer
    filterset_class = LinkFilters
    form = LinkForm
    ordering_fields = ["id", "state"]

    def get_queryset(self) -> Any:
        return serving.with_records(super().get_queryset())

    def new(self, request: Any) -> ActionLink:
        to = str(request.data.get("to", "")) if hasattr(request.data, "get") else ""
        if not to:
            raise ValidationError({"to": ["The record that the action serves is expected, as “app.kind:number”."]})
        return serving.link_to(serving.served(to, request.user))


def _parent(request: Any, name: str, model: Any) -> Any:
    """The record that a new one belongs to; 400 when it is not named, 404 when it is not visible."""
    pk = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    if not (pk.isascii() and pk.isdigit()):
        raise ValidationError({name: ["The number of the record is expected."]})
    return get_object_or_404(model.objects.visible_to(request.user).select_related("unit"), pk=pk)


class SignalViewSet(viewsets.ViewSet):
    """Waiting signals. `raise` makes a finding, `set-aside` keeps the reason; the quality office only."""

    lookup_value_regex = r"[a-z_.]+:[0-9]+"

    def _check(self, right: str) -> None:
        sentence = refusal(self.request.user, right)
        if sentence:
            raise Refused(sentence)

    def _found(self, pk: str) -> tuple[Any, Any]:
        key, _separator, row_id = pk.partition(":")
        signal, row = signals.find(key, int(row_id))
        if signal is None or row is None:
            raise Http404
        return signal, row

    @extend_schema(responses=SignalSerializer(many=True))
    def list(self, request: Any) -> Response:
        self._check("capa.view_signal")
        found = [
            {
                **{k: str(v) for k, v in row.items() if k not in ("row", "unit")},
                "id": f"{group['key']}:{row['row'].pk}",
                "unit": row["unit"].pk,
            }
            for group in signals.waiting()
            for row in group["rows"]
        ]
        return Response(SignalSerializer(found, many=True).data)

    @extend_schema(request=None, responses={201: FindingSerializer})
    @action(detail=True, methods=["post"], url_path="raise")
    def raise_finding(self, request: Any, pk: str = "") -> Response:
        self._check("capa.decide_signal")
        finding = signals.raise_finding(*self._found(pk), by=request.user)
        return Response(FindingSerializer(finding, context={"request": request}).data, status=201)

    @extend_schema(request=SetAsideSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="set-aside")
    def set_aside(self, request: Any, pk: str = "") -> Response:
        self._check("capa.decide_signal")
        found = self._found(pk)
        form = SetAsideForm(form_data(request.data))
        if not form.is_valid():
            raise InputProblem(form)
        signals.set_aside(*found, by=request.user, reason=form.cleaned_data["reason"])
        return Response(status=204)


routes = [
    ("capa/signals", SignalViewSet, "signal"),
    ("capa/findings", Findings, "finding"),
    ("capa/plans", Plans, "plan"),
    ("capa/actions", Actions, "action"),
    ("capa/links", Links, "link"),
]
