"""REST: petitions for those who keep and answer them, and one's own. Names and addresses of authors are on no list."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.petitions import PetitionFilters
from ..forms.petitions import PetitionForm
from ..models import Petition


class PetitionSerializer(RecordSerializer):
    in_time = serializers.BooleanField(read_only=True, allow_null=True)

    class Meta:
        model = Petition
        fields = [
            "id", "number", "state", "kind", "way", "language", "anonymous", "subject", "text", "unit", "area",
            "received_on", "due_on", "owner", "body", "outcome", "outcome_note", "outcome_link", "answered_on", "in_time",
            "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Petitions(Adding, Editing, RecordViewSet):
    # With the people concerned: steps ask for them, row by row.
    queryset = Petition.objects.order_by("-pk").prefetch_related("concerns")
    serializer_class = PetitionSerializer
    filterset_class = PetitionFilters
    form = PetitionForm
    list_related = ("unit", "owner", "author")
    ordering_fields = ["id", "number", "state", "kind", "received_on", "due_on", "answered_on"]

    def new(self, request: Any) -> Petition:
        kind = str(request.data.get("kind", "")) if hasattr(request.data, "get") else ""
        return Petition(way=Petition.Way.WRITTEN, kind=kind if kind in Petition.Kind.values else "")


routes: list = [("surveys/petitions", Petitions, "petition")]
