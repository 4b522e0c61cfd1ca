"""REST: releases with what the person may read of their figures, and teachers' public answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from qa_portal.permissions import NotNow
from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from .. import theme_socket
from ..filters.releases import ReleaseFilters, ReplyFilters
from ..forms.releases import ReleaseForm, ReplyForm
from ..models import Release, TeacherReply
from ..recipients import confirm_receipt
from ..result_sight import answerable_node, number
from ..results import Reading


class ReleaseSerializer(RecordSerializer):
    summary = ThreeLanguages()
    conclusions = ThreeLanguages()

    class Meta:
        model = Release
        fields = [
            "id", "state", "campaign", "version", "rules_version", "digest", "indicative", "summary", "conclusions",
            "sent_on", "published_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class GroupSerializer(serializers.Serializer):
    """A group of a tree; `cells` is empty where the group is hidden, and lacks questions with too few answers."""

    id = serializers.IntegerField()
    tree = serializers.CharField()
    path = serializers.CharField()
    depth = serializers.IntegerField()
    label = serializers.JSONField()  # type: ignore[assignment]  # the words of the group
    hidden = serializers.BooleanField()
    invited = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField(allow_null=True)
    cells = serializers.JSONField()


class ResultsSerializer(serializers.Serializer):
    trees = serializers.ListField(child=serializers.CharField())
    numbers = serializers.JSONField()
    response = serializers.JSONField()
    strata = serializers.JSONField()
    sections = serializers.JSONField()
    reliability = serializers.JSONField()
    trend = serializers.JSONField()
    themes = serializers.JSONField()
    groups = GroupSerializer(many=True)


def results_of(reading: Reading, tree: str = "") -> dict[str, Any]:
    """What this reader may read, of the whole and of one tree: the same cells as on the page."""
    release = reading.release
    nodes = [node for node in reading.groups if node.tree in ("", tree)]
    cells = reading.with_cells(nodes)
    whole = cells.get(reading.root.pk, {}) if reading.root else {}
    codes = [question.code for part in reading.parts for question in part.questions]
    return {
        "trees": reading.trees,
        "numbers": release.facts.get("numbers", {}),
        "response": reading.response,
        "strata": reading.strata,
        "sections": release.facts.get("sections", []),
        "reliability": reading.reliability,
        "trend": {code: points for code in codes if (points := reading.trend(code, whole))},
        "themes": theme_socket.themes(release, reading.scope),
        "groups": [
            {
                "id": node.pk,
                "tree": node.tree,
                "path": node.path,
                "depth": node.depth,
                "label": node.label,
                "hidden": node.hidden,
                "invited": node.invited,
                "answered": node.answered,
                "cells": cells.get(node.pk, {}),
            }
            for node in nodes
        ],
    }


class ReceiptSerializer(serializers.Serializer):
    received_on = serializers.DateField()


@with_steps
class Releases(Editing, RecordViewSet):
    queryset = Release.objects.order_by("-pk").prefetch_related("campaign__releases", "recommendations")
    serializer_class = ReleaseSerializer
    filterset_class = ReleaseFilters
    form = ReleaseForm
    list_related = ("campaign__questionnaire",)
    ordering_fields = ["id", "state", "version", "sent_on", "published_on"]

    @extend_schema(
        responses=ResultsSerializer,
        parameters=[OpenApiParameter("tree", OpenApiTypes.STR, description="One of the trees; without it the whole.")],
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def results(self, request: Any, pk: Any = None) -> Response:
        """The figures of the whole and of one tree, as far as this person may read them."""
        release = self.get_object()
        if release.state == Release.MAKING:
            raise NotNow("The figures are being made.")
        reading = Reading(release, request.user)
        tree = request.query_params.get("tree", "")
        if tree and tree not in reading.trees:
            raise Http404
        return Response(results_of(reading, tree))

    @extend_schema(request=None, responses=ReceiptSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def received(self, request: Any, pk: Any = None) -> Response:
        """A recipient confirms that the report has come."""
        receipt = confirm_receipt(self.get_object(), request.user)
        if receipt is None:
            raise Http404
        return Response({"received_on": receipt.opened_on})


class ReplySerializer(RecordSerializer):
    class Meta:
        model = TeacherReply
        fields = ["id", "state", "node", "teacher", "text", "created_at", "changed_at", "steps"]


@with_steps
class Replies(Adding, Editing, RecordViewSet):
    queryset = TeacherReply.objects.order_by("-pk")
    serializer_class = ReplySerializer
    filterset_class = ReplyFilters
    form = ReplyForm
    ordering_fields = ["id", "state", "created_at"]

    def new(self, request: Any) -> TeacherReply:
        asked = number(request.data.get("node")) if hasattr(request.data, "get") else None
        if asked is None:
            raise ValidationError({"node": ["The number of the record is expected."]})
        return TeacherReply(node=answerable_node(request.user, asked), teacher=request.user)


routes: list = [
    ("surveys/releases", Releases, "release"),
    ("surveys/replies", Replies, "reply"),
]
