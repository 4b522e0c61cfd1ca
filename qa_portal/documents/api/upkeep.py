"""REST of upkeep: conformity reviews, verdicts, proposals, paper copies, with their steps."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, with_steps

from ..filters.upkeep import CopyFilters, ProposalFilters, ReviewFilters, VerdictFilters
from ..forms.upkeep import CopyForm, ProposalForm, ReviewOpeningForm
from ..models import ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy, Version


def named(request: Any, name: str, rows: Any) -> Any:
    """The record that a new one belongs to; 400 when it is not named, 404 when it is not visible."""
    pk = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise ValidationError({name: ["The number of the record is expected."]})
    return get_object_or_404(rows, pk=pk)


class ReviewSerializer(RecordSerializer):
    class Meta:
        model = ConformityReview
        fields = [
            "id", "number", "state", "cause", "act", "title", "note", "opened_on", "due", "closed_on", "created_at",
            "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = ["number", "state", "opened_on", "closed_on"]


class VerdictSerializer(RecordSerializer):
    class Meta:
        model = ConformityVerdict
        fields = [
            "id", "state", "review", "document", "why_listed", "verdict", "note", "judged_by", "judged_on", "decision",
            "decided_by", "decided_on", "until", "done_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


class ProposalSerializer(RecordSerializer):
    class Meta:
        model = ChangeProposal
        fields = [
            "id", "number", "state", "document", "unit", "section", "text", "reason", "proposer", "answer", "answered_by",
            "answered_on", "version", "created_at", "changed_at", "steps",
        ]  # fmt: skip
        read_only_fields = ["number", "state", "unit", "proposer", "answer", "answered_by", "answered_on", "version"]


class CopySerializer(RecordSerializer):
    class Meta:
        model = PaperCopy
        fields = [
            "id", "state", "version", "number", "holder", "where", "given_on", "ended_on", "created_at", "changed_at",
            "steps",
        ]  # fmt: skip
        read_only_fields = ["state", "number", "ended_on"]


@with_steps
class Reviews(Adding, Editing, RecordViewSet):
    queryset = ConformityReview.objects.order_by("-pk").prefetch_related("verdicts")
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilters
    form = ReviewOpeningForm
    ordering_fields = ["id", "number", "opened_on", "due", "state"]


@with_steps
class Verdicts(RecordViewSet):
    queryset = ConformityVerdict.objects.order_by("-pk")
    serializer_class = VerdictSerializer
    filterset_class = VerdictFilters
    list_related = ("document__unit", "review")
    ordering_fields = ["id", "state", "until", "verdict"]


@with_steps
class Proposals(Adding, Editing, RecordViewSet):
    queryset = ChangeProposal.objects.order_by("-pk")
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilters
    form = ProposalForm
    list_related = ("document__unit",)
    ordering_fields = ["id", "number", "state", "answered_on"]

    def new(self, request: Any) -> ChangeProposal:
        document = named(request, "document", Document.objects.visible_to(request.user).select_related("unit"))
        return ChangeProposal(document=document, unit=request.user.unit, proposer=request.user)


@with_steps
class Copies(Adding, Editing, RecordViewSet):
    queryset = PaperCopy.objects.order_by("-pk")
    serializer_class = CopySerializer
    filterset_class = CopyFilters
    form = CopyForm
    list_related = ("version__document__unit",)
    ordering_fields = ["id", "number", "given_on", "state"]

    def new(self, request: Any) -> PaperCopy:
        rows = Version.objects.visible_to(request.user).select_related("document__unit")
        return PaperCopy(version=named(request, "version", rows))


routes = [
    ("documents/reviews", Reviews, "review"),
    ("documents/verdicts", Verdicts, "verdict"),
    ("documents/proposals", Proposals, "proposal"),
    ("documents/copies", Copies, "copy"),
]
