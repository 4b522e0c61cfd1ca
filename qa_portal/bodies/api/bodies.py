"""REST: bodies, seats, elections."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.bodies import BodyFilters, ElectionFilters, SeatFilters
from ..forms.bodies import ApiBodyForm, ApiSeatForm
from ..forms.elections import ElectionForm
from ..models import Body, Candidate, Election, Seat
from ..workflow.bodies import know_open_business


class BodySerializer(RecordSerializer):
    name = ThreeLanguages()
    remit = ThreeLanguages()
    kind = serializers.CharField(source="kind.code", read_only=True)
    matters = serializers.ListField(child=serializers.CharField(), read_only=True)
    seats_held = serializers.IntegerField(read_only=True)
    seats_voting = serializers.IntegerField(read_only=True)

    class Meta:
        model = Body
        fields = [
            "id", "code", "state", "kind", "name", "unit", "above", "charter", "founding_decision", "founded_on", "remit",
            "matters", "passing", "base", "quorum", "aside_counts", "remote_allowed", "remote_base", "rule_clause",
            "seats_planned", "seats_held", "seats_voting", "term_years", "dissolved_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class SeatSerializer(RecordSerializer):
    body_code = serializers.CharField(source="body.code", read_only=True)
    person_name = serializers.CharField(source="person.get_full_name", read_only=True)

    class Meta:
        model = Seat
        fields = [
            "id", "state", "body", "body_code", "person", "person_name", "duty", "group", "voting", "since", "until", "basis",
            "election", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class CandidateSerializer(serializers.ModelSerializer):
    """`votes` and `elected` are empty until the votes are counted."""

    class Meta:
        model = Candidate
        fields = ["id", "person", "nominated_by", "votes", "elected"]


class ElectionSerializer(RecordSerializer):
    candidates = serializers.SerializerMethodField()

    class Meta:
        model = Election
        fields = [
            "id", "state", "body", "title", "seats", "group", "electorate", "closes_on", "term_from", "term_until",
            "opened_at", "counted_on", "voters", "turnout", "candidates", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    @extend_schema_field(CandidateSerializer(many=True))
    def get_candidates(self, election: Election) -> Any:
        return CandidateSerializer(election.candidates.all(), many=True).data


def named_body(request: Any) -> Body:
    """The body that a new record belongs to: 400 when it is not named, 404 when it is not visible."""
    pk = str(request.data.get("body", "")) if hasattr(request.data, "get") else ""
    if not (pk.isascii() and pk.isdigit()):
        raise ValidationError({"body": ["The number of the body is expected."]})
    return get_object_or_404(Body.objects.visible_to(request.user).select_related("kind", "unit"), pk=pk)


@with_steps
class Bodies(Adding, Editing, RecordViewSet):
    queryset = Body.objects.order_by("pk")
    serializer_class = BodySerializer
    filterset_class = BodyFilters
    form = ApiBodyForm
    list_related = ("kind",)
    ordering_fields = ["id", "code", "state", "founded_on"]

    def get_queryset(self) -> Any:
        return super().get_queryset().with_seats()

    def bring(self, page: list[Body]) -> None:
        know_open_business(page)


@with_steps
class Seats(Adding, Editing, RecordViewSet):
    queryset = Seat.objects.order_by("pk")
    serializer_class = SeatSerializer
    filterset_class = SeatFilters
    form = ApiSeatForm
    list_related = ("body", "person")
    ordering_fields = ["id", "since", "until", "state"]

    def new(self, request: Any) -> Seat:
        return Seat(body=named_body(request))


@with_steps
class Elections(Adding, Editing, RecordViewSet):
    queryset = Election.objects.order_by("-pk").prefetch_related("candidates")
    serializer_class = ElectionSerializer
    filterset_class = ElectionFilters
    form = ElectionForm
    list_related = ("body", "electorate")
    ordering_fields = ["id", "closes_on", "state", "counted_on"]

    def new(self, request: Any) -> Election:
        return Election(body=named_body(request))


routes: list = [
    ("bodies/bodies", Bodies, "body"),
    ("bodies/seats", Seats, "seat"),
    ("bodies/elections", Elections, "election"),
]
