"""REST: meetings, agenda items with their votes, decisions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps
from qa_portal.web.registry import key_of

from ..filters.meetings import DecisionFilters, ItemFilters, MeetingFilters
from ..forms.meetings import ItemForm, MeetingForm
from ..models import AgendaItem, Decision, Meeting
from ..permissions.meetings import may_read_votes


class AttendanceSerializer(serializers.Serializer):
    seat = serializers.IntegerField()
    person = serializers.IntegerField()
    voting = serializers.BooleanField()
    present = serializers.BooleanField()
    left_at = serializers.DateTimeField(allow_null=True)


class VoteSerializer(serializers.Serializer):
    seat = serializers.IntegerField()
    person = serializers.IntegerField()
    choice = serializers.CharField()
    reason = serializers.CharField()
    silent = serializers.BooleanField()


class MeetingSerializer(RecordSerializer):
    attendance = serializers.SerializerMethodField()
    quorum = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = [
            "id", "state", "body", "number", "year", "starts_at", "venue", "link", "in_writing", "closes_at", "note",
            "chaired_by", "kept_by", "opened_at", "closed_at", "seats_all", "attendance", "quorum", "chair_signed_by",
            "chair_signed_at", "secretary_signed_by", "secretary_signed_at", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AttendanceSerializer(many=True))
    def get_attendance(self, meeting: Meeting) -> list[dict[str, Any]]:
        return [
            {
                "seat": row.seat_id,
                "person": row.seat.person_id,
                "voting": row.voting,
                "present": row.present,
                "left_at": row.left_at,
            }
            for row in meeting.attendance.all()
        ]

    def get_quorum(self, meeting: Meeting) -> bool | None:
        """Whether it is there; null before the seats are counted and in a vote in writing."""
        return None if meeting.in_writing or meeting.opened_at is None else meeting.quorum_is_there


class ItemSerializer(RecordSerializer):
    about = serializers.SerializerMethodField()
    voted = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    decision = serializers.SerializerMethodField()

    class Meta:
        model = AgendaItem
        fields = [
            "id", "state", "body", "meeting", "place", "title", "text", "draft_decision", "about", "verb", "clause", "note",
            "proposer", "opened_at", "voted", "votes", "decision", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields

    def get_about(self, item: AgendaItem) -> str:
        """What it decides, "documents.version:7"; empty for words only."""
        if item.subject_type is None:
            return ""
        model = item.subject_type.model_class()
        return f"{key_of(model)}:{item.subject_id}" if model else ""

    def get_voted(self, item: AgendaItem) -> int:
        """How many have voted; while voting is open nothing more is told."""
        return len(item.votes.all())

    @extend_schema_field(VoteSerializer(many=True))
    def get_votes(self, item: AgendaItem) -> list[dict[str, Any]]:
        """Who voted how: after the vote is closed, for members of the body and those who see everything."""
        if not may_read_votes(self.context["request"].user, item):
            return []
        return [
            {
                "seat": vote.seat_id,
                "person": vote.seat.person_id,
                "choice": vote.choice,
                "reason": vote.reason,
                "silent": vote.silent,
            }
            for vote in item.votes.all()
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_decision(self, item: AgendaItem) -> int | None:
        return item.decision.pk if item.state == AgendaItem.DECIDED else None


class DecisionSerializer(RecordSerializer):
    rule = serializers.JSONField(read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id", "state", "number", "item", "body", "meeting", "text", "passed", "decided_on", "seats", "present", "base",
            "votes_for", "votes_against", "abstained", "aside", "rule", "performed", "not_performed", "overruled_by", "clause",
            "changed_text", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


@with_steps
class Meetings(Adding, Editing, RecordViewSet):
    queryset = Meeting.objects.order_by("-starts_at", "-pk").prefetch_related("attendance__seat", "items")
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilters
    form = MeetingForm
    list_related = ("body", "chaired_by", "kept_by")
    ordering_fields = ["id", "starts_at", "state", "number"]


@with_steps
class Items(Adding, Editing, RecordViewSet):
    queryset = AgendaItem.objects.order_by("-pk").prefetch_related(
        "votes__seat", "meeting__attendance__seat", "meeting__items"
    )
    serializer_class = ItemSerializer
    filterset_class = ItemFilters
    form = ItemForm
    list_related = ("body", "meeting__body", "subject_type", "decision")
    ordering_fields = ["id", "state", "place"]

    def new(self, request: Any) -> AgendaItem:
        return AgendaItem(proposer=request.user)


@with_steps
class Decisions(RecordViewSet):
    queryset = Decision.objects.order_by("-decided_on", "-pk")
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilters
    http_method_names = ["get", "post", "head", "options"]
    list_related = ("body", "item")
    ordering_fields = ["id", "decided_on", "number", "state"]


routes = [
    ("bodies/meetings", Meetings, "meeting"),
    ("bodies/items", Items, "item"),
    ("bodies/decisions", Decisions, "decision"),
]
