"""REST: sets of indicators, indicators with their targets and the units that report."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.indicators import IndicatorFilters, IndicatorSetFilters
from ..forms.indicators import IndicatorForm, IndicatorSetForm
from ..models import Indicator, IndicatorSet, IndicatorTarget


class IndicatorSetSerializer(RecordSerializer):
    class Meta:
        model = IndicatorSet
        fields = [
            "id", "version", "state", "title", "note", "valid_from", "based_on", "approved_on", "basis", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip


class TargetSerializer(serializers.ModelSerializer):
    class Meta:
        model = IndicatorTarget
        fields = ["id", "year", "unit", "target", "amber", "red"]


class IndicatorSerializer(RecordSerializer):
    name = ThreeLanguages()
    text = ThreeLanguages()
    reporters = serializers.SerializerMethodField()
    targets = TargetSerializer(many=True, read_only=True)

    class Meta:
        model = Indicator
        fields = [
            "id", "set", "code", "state", "name", "text", "standard", "area", "measure", "decimals", "direction", "source",
            "period", "responsible", "roll_up", "formula", "validation", "validated_by", "validated_on", "reporters",
            "targets", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    def get_reporters(self, record: Indicator) -> list[int]:
        """Numbers of the units that report; none: only the university as a whole does."""
        return [row.unit_id for row in record.reporters.all()]


@with_steps
class IndicatorSets(Adding, Editing, RecordViewSet):
    queryset = IndicatorSet.objects.order_by("-version")
    serializer_class = IndicatorSetSerializer
    filterset_class = IndicatorSetFilters
    form = IndicatorSetForm
    ordering_fields = ["id", "version", "valid_from", "approved_on", "state"]


@with_steps
class Indicators(Adding, Editing, RecordViewSet):
    queryset = Indicator.objects.order_by("-set__version", "code").prefetch_related("reporters", "targets")
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilters
    form = IndicatorForm
    list_related = ("set", "responsible")
    ordering_fields = ["id", "code", "standard", "period", "state"]

    def filter_queryset(self, queryset: Any) -> Any:
        """One indicator is found by its number in whichever set it stands; lists begin with those in force."""
        if self.detail:
            return queryset
        rows = super().filter_queryset(queryset)
        asked = self.request.query_params
        return rows if any(asked.get(name) for name in IndicatorFilters.OPENS) else rows.usual()

    def new(self, request: Any) -> Indicator:
        sets = IndicatorSet.objects.visible_to(request.user)
        asked = str(request.data.get("set") or "") if hasattr(request.data, "get") else ""
        if asked:
            if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
                raise ValidationError({"set": ["The number of the record is expected."]})
            return Indicator(set=get_object_or_404(sets, pk=asked))
        draft = sets.filter(state=IndicatorSet.DRAFT).first()
        if draft is None:
            raise Http404
        return Indicator(set=draft)


routes: list = [
    ("standards/indicator-sets", IndicatorSets, "indicator-set"),
    ("standards/indicators", Indicators, "indicator"),
]
