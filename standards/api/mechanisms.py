"""REST: mechanisms with their aims, to read; their years with steps."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.documents.models import Document
from qa_portal.web.api import Adding, Editing, ReadOnly, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.mechanisms import MechanismFilters, MechanismYearFilters
from ..forms.mechanisms import YearForm
from ..models import AimResult, CommitteeView, Conclusion, Mechanism, MechanismAim, MechanismYear


class MechanismAimSerializer(serializers.ModelSerializer):
    text = ThreeLanguages()

    class Meta:
        model = MechanismAim
        fields = ["id", "code", "text", "retired"]


class MechanismSerializer(serializers.ModelSerializer):
    """`doer` and `governing` are words; `documents` are those of the library that the reader may see."""

    name, text, doer, governing = ThreeLanguages(), ThreeLanguages(), ThreeLanguages(), ThreeLanguages()
    standards = serializers.ListField(child=serializers.CharField(), read_only=True)
    aims = MechanismAimSerializer(many=True, read_only=True)
    documents = serializers.SerializerMethodField()

    class Meta:
        model = Mechanism
        fields = [
            "id", "code", "kind", "name", "text", "doer", "governing", "documents", "standards", "per_school", "clause",
            "retired", "aims",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_documents(self, mechanism: Mechanism) -> list[int]:
        return [document.pk for document in mechanism.documents.all()]


class Mechanisms(ReadOnly):
    queryset = Mechanism.objects.order_by("place", "pk")
    serializer_class = MechanismSerializer
    filterset_class = MechanismFilters
    ordering_fields = ["id", "code", "kind"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        documents = Document.objects.visible_to(self.request.user)
        return rows.prefetch_related("aims", Prefetch("documents", documents))


class AimResultSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="aim.code", read_only=True)

    class Meta:
        model = AimResult
        fields = ["aim", "code", "reached", "note"]


class ConclusionSerializer(serializers.ModelSerializer):
    """A unit or a body speaks; where both are empty, the quality manager."""

    class Meta:
        model = Conclusion
        fields = ["unit", "body", "effect", "text", "by", "on"]


class CommitteeViewSerializer(serializers.ModelSerializer):
    class Meta:
        model = CommitteeView
        fields = ["body", "effect", "recommendation", "by", "on"]


class MechanismYearSerializer(RecordSerializer):
    aims = serializers.SerializerMethodField()
    conclusions = serializers.SerializerMethodField()
    views = serializers.SerializerMethodField()

    class Meta:
        model = MechanismYear
        fields = [
            "id", "state", "mechanism", "year", "unit", "doer_unit", "doer_body", "due", "planned", "done", "done_by",
            "done_on", "aims", "conclusions", "views", "checked_on", "acted", "closed_on", "created_at", "changed_at",
            "steps",
        ]  # fmt: skip

    @extend_schema_field(AimResultSerializer(many=True))
    def get_aims(self, year: MechanismYear) -> Any:
        return AimResultSerializer(year.aim_results.all(), many=True).data

    @extend_schema_field(ConclusionSerializer(many=True))
    def get_conclusions(self, year: MechanismYear) -> Any:
        return ConclusionSerializer(year.conclusions.all(), many=True).data

    @extend_schema_field(CommitteeViewSerializer(many=True))
    def get_views(self, year: MechanismYear) -> Any:
        return CommitteeViewSerializer(year.views.all(), many=True).data


@with_steps
class MechanismYears(Adding, Editing, RecordViewSet):
    queryset = MechanismYear.objects.order_by("-year", "mechanism__place", "pk").prefetch_related(
        "aim_results__aim", "conclusions", "views", "mechanism__aims"
    )
    serializer_class = MechanismYearSerializer
    filterset_class = MechanismYearFilters
    form = YearForm
    list_related = ("mechanism", "unit", "doer_unit", "doer_body")
    ordering_fields = ["id", "year", "due", "state", "closed_on"]


routes: list = [
    ("standards/mechanisms", Mechanisms, "mechanism"),
    ("standards/mechanism-years", MechanismYears, "mechanism-year"),
]
