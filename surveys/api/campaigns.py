"""REST of campaigns. No counters of an open survey, no roster, no invitation: neither is anywhere in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.web.api import Adding, Editing, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps

from ..filters.campaigns import CampaignFilters
from ..forms.campaigns import CampaignForm, begun
from ..models import Campaign


class CampaignSerializer(RecordSerializer):
    name = ThreeLanguages()
    invitation = ThreeLanguages()
    blocks = serializers.ListField(child=serializers.CharField(), read_only=True)
    trees = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), read_only=True)
    reminded_on = serializers.ListField(child=serializers.DateField(), read_only=True)

    class Meta:
        model = Campaign
        fields = [
            "id", "state", "questionnaire", "name", "way", "unit", "term", "year", "opens_on", "closes_on", "report_due",
            "invitation", "blocks", "trees", "population", "key_place", "rehearsed_on", "key_destroyed_on", "reminded_on",
            "ledger_ended_on", "created_at", "changed_at", "steps",
        ]  # fmt: skip


def sent_number(request: Any, name: str) -> str:
    sent = str(request.data.get(name, "")) if hasattr(request.data, "get") else ""
    return sent if sent.isascii() and sent.isdigit() and len(sent) < 19 else ""


@with_steps
class Campaigns(Adding, Editing, RecordViewSet):
    queryset = Campaign.objects.order_by("-opens_on", "-pk").defer("content")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilters
    form = CampaignForm
    list_related = ("questionnaire", "unit")
    ordering_fields = ["id", "opens_on", "closes_on", "report_due", "state", "year"]

    def new(self, request: Any) -> Campaign:
        sent = request.data.get("way", "") if hasattr(request.data, "get") else ""
        return begun(sent_number(request, "questionnaire"), sent_number(request, "unit"), str(sent))


routes: list = [("surveys/campaigns", Campaigns, "campaign")]
