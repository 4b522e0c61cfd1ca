"""REST: evidence. A POST with `to` ("capa.action:7") lets it prove that record; with `existing` nothing new is made."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps
from qa_portal.web.files import send_file
from qa_portal.web.registry import key_of

from ..filters import EvidenceFilters
from ..forms import EvidenceForm
from ..models import Evidence, EvidenceUse
from ..targets import prove_refusal, target


class EvidenceSerializer(RecordSerializer):
    address = serializers.CharField(read_only=True)
    proves = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = [
            "id", "state", "title", "file_name", "content_type", "size", "checksum", "link", "address", "speaks_of", "edition",
            "proves", "created_by", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields

    def get_proves(self, evidence: Evidence) -> list[str]:
        """What it proves, as far as the reader sees it: "capa.action:7"."""
        return [f"{key_of(use.record_type.model_class())}:{use.record_id}" for use in evidence.uses.all()]


class EvidenceInput(serializers.Serializer):
    """What a POST takes: a file or a link with the day it speaks of, or a piece that is there already (`existing`)."""

    to = serializers.CharField(required=False)
    existing = serializers.IntegerField(required=False)
    title = serializers.CharField(required=False, max_length=200)
    file = serializers.FileField(required=False)
    link = serializers.URLField(required=False, max_length=500)
    speaks_of = serializers.DateField(required=False)
    edition = serializers.CharField(required=False, max_length=40)


class EvidenceEdit(serializers.Serializer):
    title = serializers.CharField(required=False, max_length=200)
    speaks_of = serializers.DateField(required=False)
    edition = serializers.CharField(required=False, max_length=40)
    revision = serializers.IntegerField(required=False)


@with_steps
class EvidenceViews(Adding, Editing, RecordViewSet):
    queryset = Evidence.objects.order_by("-pk")
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilters
    form = EvidenceForm
    parser_classes = [JSONParser, MultiPartParser, FormParser]
    ordering_fields = ["id", "title", "speaks_of", "state", "size"]

    def get_queryset(self) -> Any:
        seen = EvidenceUse.objects.visible_to(self.request.user).select_related("record_type")
        return super().get_queryset().prefetch_related(Prefetch("uses", seen), "uses__record")

    def new(self, request: Any) -> Evidence:
        target(request.user, request.data)
        return Evidence()

    def add_refusal(self, record: Any, request: Any) -> Any | None:
        return super().add_refusal(record, request) or prove_refusal(request.user, request.data)

    @extend_schema(request=EvidenceInput, responses={201: EvidenceSerializer})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().create(request, *args, **kwargs)

    @extend_schema(request=EvidenceEdit, responses=EvidenceSerializer)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().partial_update(request, *args, **kwargs)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def file(self, request: Any, pk: Any = None) -> FileResponse:
        """The file itself, to those who see something that it proves."""
        evidence = get_object_or_404(self.get_queryset().exclude(file=""), pk=pk)
        return send_file(evidence.file, evidence.file_name, evidence.content_type)


routes = [("documents/evidence", EvidenceViews)]
