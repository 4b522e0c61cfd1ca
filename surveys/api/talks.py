"""REST of talks with their quotes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.talks import TalkFilters
from ..forms.talks import TalkForm
from ..models import Talk


class GroupOfPeopleSerializer(serializers.Serializer):
    name = serializers.CharField()
    people = serializers.IntegerField()


class QuoteSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    group = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    themes = serializers.ListField(child=serializers.IntegerField())


class TalkSerializer(RecordSerializer):
    """`groups` are sent as lines "name – number", a text or a list of them, and come back as objects."""

    areas = serializers.ListField(child=serializers.CharField(), read_only=True)
    groups = serializers.SerializerMethodField()
    quotes = serializers.SerializerMethodField()

    class Meta:
        model = Talk
        fields = [
            "id", "state", "kind", "title", "audience", "unit", "moderator", "on", "place", "plan", "questions", "groups",
            "areas", "quotes", "conclusions", "recommendations", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    @extend_schema_field(GroupOfPeopleSerializer(many=True))
    def get_groups(self, talk: Talk) -> Any:
        return talk.groups

    @extend_schema_field(QuoteSerializer(many=True))
    def get_quotes(self, talk: Talk) -> Any:
        return [
            {"id": row.pk, "group": row.group, "text": row.text, "themes": [theme.pk for theme in row.themes.all()]}
            for row in talk.quotes.all()
        ]


@with_steps
class Talks(Adding, Editing, RecordViewSet):
    queryset = Talk.objects.order_by("-on", "-pk").prefetch_related("quotes__themes")
    serializer_class = TalkSerializer
    filterset_class = TalkFilters
    form = TalkForm
    list_related = ("unit", "moderator")
    ordering_fields = ["id", "on", "state", "kind", "audience"]


routes: list = [("surveys/talks", Talks, "talk")]
