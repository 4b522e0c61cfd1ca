"""REST: risks of units, their measures, context sheets."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.people.models import Unit
from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from .. import risk_levels
from ..filters.risks import ContextSheetFilters, RiskMeasureFilters, UnitRiskFilters
from ..forms.risks import ContextSheetForm, MeasureForm, UnitRiskForm
from ..models import ContextSheet, RiskMeasure, UnitRisk


class UnitRiskSerializer(RecordSerializer):
    words = serializers.SerializerMethodField()
    light = serializers.SerializerMethodField()

    class Meta:
        model = UnitRisk
        fields = [
            "id", "number", "state", "kind", "unit", "catalogue_code", "standard", "title", "words", "text", "consequence",
            "existing", "owner", "likelihood", "impact", "likelihood_after", "impact_after", "level", "light", "review_on",
            "reviewed_on", "closed_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    def get_words(self, risk: UnitRisk) -> str:
        """What may happen: the unit's own words, else the catalogue's in the language asked for."""
        return risk.words

    @extend_schema_field(serializers.ChoiceField(choices=[*risk_levels.LIGHTS, ""]))
    def get_light(self, risk: UnitRisk) -> str:
        """green, amber, red; empty while it is not rated, and for opportunities."""
        return risk_levels.light(risk)


class RiskMeasureSerializer(RecordSerializer):
    class Meta:
        model = RiskMeasure
        fields = [
            "id", "state", "risk", "text", "owner", "due", "done_note", "done_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class ContextSheetSerializer(RecordSerializer):
    class Meta:
        model = ContextSheet
        fields = [
            "id", "state", "year", "unit", *ContextSheet.FACTORS, *ContextSheet.SWOT, "approved_by", "approved_on",
            "created_at", "changed_at", "steps",
        ]  # fmt: skip


def _number(request: Any, name: str) -> str:
    sent = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    return sent if sent.isascii() and sent.isdigit() and len(sent) < 19 else ""


def _of_unit(request: Any, model: Any) -> Any:
    """A new record of the unit that is sent: the right hangs on it; what is wrong with it the form says."""
    unit = Unit.objects.filter(pk=_number(request, "unit") or 0).first()
    return model(unit=unit) if unit is not None else model()


@with_steps
class UnitRisks(Adding, Editing, RecordViewSet):
    queryset = UnitRisk.objects.order_by("-pk").prefetch_related("measures")
    serializer_class = UnitRiskSerializer
    filterset_class = UnitRiskFilters
    form = UnitRiskForm
    list_related = ("unit",)
    ordering_fields = ["id", "number", "level", "state", "review_on"]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_words().now()

    def new(self, request: Any) -> UnitRisk:
        return _of_unit(request, UnitRisk)


@with_steps
class RiskMeasures(Adding, Editing, RecordViewSet):
    queryset = RiskMeasure.objects.order_by("due", "pk")
    serializer_class = RiskMeasureSerializer
    filterset_class = RiskMeasureFilters
    form = MeasureForm
    list_related = ("risk__unit",)
    ordering_fields = ["id", "due", "state", "done_on"]

    def new(self, request: Any) -> RiskMeasure:
        if not _number(request, "risk"):
            raise ValidationError({"risk": ["The number of the record is expected."]})
        rows = UnitRisk.objects.visible_to(request.user).select_related("unit").with_words()
        return RiskMeasure(risk=get_object_or_404(rows, pk=_number(request, "risk")))


@with_steps
class ContextSheets(Adding, Editing, RecordViewSet):
    queryset = ContextSheet.objects.order_by("-year", "pk")
    serializer_class = ContextSheetSerializer
    filterset_class = ContextSheetFilters
    form = ContextSheetForm
    list_related = ("unit",)
    ordering_fields = ["id", "year", "state"]

    def new(self, request: Any) -> ContextSheet:
        return _of_unit(request, ContextSheet)


routes: list = [
    ("standards/unit-risks", UnitRisks, "unit-risk"),
    ("standards/risk-measures", RiskMeasures, "risk-measure"),
    ("standards/context-sheets", ContextSheets, "context-sheet"),
]
