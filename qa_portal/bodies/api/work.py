"""REST: assignments, dispatches, information requests and proposals of the quality manager."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.documents.targets import key_for, proved_record
from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.work import AdviceFilters, AssignmentFilters, DispatchFilters, RequestFilters
from ..forms.work import AdviceForm, AssignmentForm, DispatchForm, RequestForm
from ..models import Assignment, Decision, Dispatch, InformationRequest, QualityProposal


class AssignmentSerializer(RecordSerializer):
    body = serializers.IntegerField(source="decision.body_id", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "number", "state", "decision", "body", "text", "owner", "unit", "due", "first_due", "done_note", "done_on",
            "accepted_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


class DispatchSerializer(RecordSerializer):
    about = serializers.SerializerMethodField()

    class Meta:
        model = Dispatch
        fields = [
            "id", "state", "body", "title", "note", "about", "sent_by", "sent_on", "received_by", "received_on",
            "entry_number", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    def get_about(self, record: Dispatch) -> str:
        """What it is about, as "app.kind:number"; empty when it is about no record."""
        return key_for(record.subject) if record.subject_id and record.subject else ""


class RequestSerializer(RecordSerializer):
    class Meta:
        model = InformationRequest
        fields = [
            "id", "number", "state", "unit", "what", "why", "due", "asked_by", "answer", "answered_by", "answered_on",
            "created_at", "changed_at", "steps",
        ]  # fmt: skip


class AdviceSerializer(RecordSerializer):
    class Meta:
        model = QualityProposal
        fields = [
            "id", "number", "state", "body", "unit", "title", "text", "due", "proposer", "answer", "answered_by",
            "answered_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


@with_steps
class Assignments(Adding, Editing, RecordViewSet):
    queryset = Assignment.objects.order_by("due", "pk")
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilters
    form = AssignmentForm
    list_related = ("unit", "decision")
    ordering_fields = ["id", "number", "due", "state", "done_on"]

    def new(self, request: Any) -> Assignment:
        pk = str(request.data.get("decision", "")) if hasattr(request.data, "get") else ""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise ValidationError({"decision": ["The number of the record is expected."]})
        rows = Decision.objects.visible_to(request.user).select_related("body")
        return Assignment(decision=get_object_or_404(rows, pk=pk))


@with_steps
class Dispatches(Adding, Editing, RecordViewSet):
    queryset = Dispatch.objects.order_by("-sent_on", "-pk").prefetch_related("subject")
    serializer_class = DispatchSerializer
    filterset_class = DispatchFilters
    form = DispatchForm
    ordering_fields = ["id", "sent_on", "received_on", "state"]

    def new(self, request: Any) -> Dispatch:
        about = str(request.data.get("about") or "") if hasattr(request.data, "get") else ""
        subject = proved_record(about, request.user) if about else None
        if about and subject is None:
            raise Http404
        return Dispatch(sent_by=request.user, subject=subject)


@with_steps
class Requests(Adding, Editing, RecordViewSet):
    queryset = InformationRequest.objects.order_by("-pk")
    serializer_class = RequestSerializer
    filterset_class = RequestFilters
    form = RequestForm
    list_related = ("unit",)
    ordering_fields = ["id", "number", "due", "state", "answered_on"]

    def new(self, request: Any) -> InformationRequest:
        return InformationRequest(asked_by=request.user)


@with_steps
class Advice(Adding, Editing, RecordViewSet):
    queryset = QualityProposal.objects.order_by("-pk")
    serializer_class = AdviceSerializer
    filterset_class = AdviceFilters
    form = AdviceForm
    list_related = ("unit",)
    ordering_fields = ["id", "number", "due", "state", "answered_on"]

    def new(self, request: Any) -> QualityProposal:
        return QualityProposal(proposer=request.user)


routes: list = [
    ("bodies/assignments", Assignments, "assignment"),
    ("bodies/dispatches", Dispatches, "dispatch"),
    ("bodies/requests", Requests, "request"),
    ("bodies/advice", Advice, "advice"),
]
