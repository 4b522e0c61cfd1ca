"""REST: answers on evaluation areas."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.web.api import Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.answers import AnswerFilters
from ..forms.answers import TypingForm
from ..models import AreaAnswer


class AnswerSerializer(RecordSerializer):
    year = serializers.IntegerField(source="cycle.year", read_only=True)

    class Meta:
        model = AreaAnswer
        fields = [
            "id", "state", "assessment", "cycle", "year", "unit", "of_programme", "area", "code", "standard", "score",
            "points", "comment", "strong", "improve", "assignee", "assigned_until", "previous", "copied", "remark",
            "accepted_by", "accepted_on", "revision", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Answers(Editing, RecordViewSet):
    """Rows come into being when a cycle is opened; PATCH writes while the self-assessment is with the unit."""

    queryset: Any = AreaAnswer.objects.order_by("-cycle__year", "unit__path", "standard", "pk")
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilters
    form = TypingForm
    list_related = ("cycle", "unit", "assessment__unit", "assessment__programme")
    ordering_fields = ["id", "code", "points", "state", "assigned_until", "accepted_on"]


routes: list = [("standards/answers", Answers, "answer")]
