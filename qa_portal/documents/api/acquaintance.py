"""REST: acquaintances. They are opened by the portal; the person asked confirms their own."""

from __future__ import annotations

from rest_framework import serializers

from qa_portal.web.api import RecordSerializer, RecordViewSet, with_steps

from ..filters.acquaintance import AcquaintanceFilters
from ..models import Acquaintance


class AcquaintanceSerializer(RecordSerializer):
    document = serializers.IntegerField(source="version.document_id", read_only=True)

    class Meta:
        model = Acquaintance
        fields = [
            "id", "state", "document", "version", "person", "unit", "why", "opened_on", "due", "confirmed_at", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


@with_steps
class Acquaintances(RecordViewSet):
    queryset = Acquaintance.objects.order_by("-pk")
    serializer_class = AcquaintanceSerializer
    filterset_class = AcquaintanceFilters
    list_related = ("version",)
    list_columns = ("version__document", "version__state")
    ordering_fields = ["id", "due", "state", "opened_on", "confirmed_at"]


routes: list = [("documents/acquaintances", Acquaintances)]
