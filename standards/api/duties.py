"""REST: duties with their steps, and the rules from which they are made."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from qa_portal.documents.targets import key_for
from qa_portal.web.api import LANGUAGES, ReadOnly, RecordSerializer, RecordViewSet, ThreeLanguages, with_steps
from qa_portal.web.registry import registry

from ..filters.duties import DutyFilters, DutyRuleFilters
from ..models import Duty, DutyRule


def _key(record: Any) -> str:
    """What a duty is about, as "app.kind:number"; only the number's kind for what has no steps."""
    if record is None:
        return ""
    if type(record) in registry.provable.values():
        return key_for(record)
    return f"{record._meta.app_label}.{record._meta.model_name}:{record.pk}"


class DutySerializer(RecordSerializer):
    phase = serializers.CharField(read_only=True)
    name = serializers.SerializerMethodField()
    basis = serializers.CharField(source="rule.basis", read_only=True)
    group = serializers.CharField(source="rule.group", read_only=True)
    standard = serializers.CharField(source="rule.standard", read_only=True)
    role = serializers.CharField(source="rule.role", read_only=True)
    about = serializers.SerializerMethodField()

    class Meta:
        model = Duty
        fields = [
            "id", "state", "phase", "rule", "name", "basis", "group", "standard", "role", "about", "unit", "period",
            "opens_on", "due_on", "first_due", "done_on", "done_by", "body", "note", "created_at", "changed_at", "steps",
        ]  # fmt: skip

    def get_name(self, duty: Duty) -> dict[str, str]:
        """What is to be done, in three languages."""
        return {code: getattr(duty.rule, f"name_{code}") or "" for code in LANGUAGES}

    def get_about(self, duty: Duty) -> str:
        """What it is about, as "app.kind:number"; empty for a duty of the university."""
        return _key(duty.subject) if duty.subject_id else ""


class DutyRuleSerializer(serializers.ModelSerializer):
    name, text, doer, paper = ThreeLanguages(), ThreeLanguages(), ThreeLanguages(), ThreeLanguages()

    class Meta:
        model = DutyRule
        fields = [
            "id", "code", "group", "name", "text", "basis", "standard", "scope", "timing", "months_from", "months",
            "opens", "due", "anchor", "offset_days", "notice_days", "event", "due_days", "working_days",
            "date_by_office", "role", "unit", "body", "doer", "paper", "report_kind", "fulfilled_by", "waits_for",
            "counted_since", "retired",
        ]  # fmt: skip


@with_steps
class Duties(RecordViewSet):
    queryset = Duty.objects.order_by("due_on", "pk").prefetch_related("subject")
    serializer_class = DutySerializer
    filterset_class = DutyFilters
    list_related = ("rule", "unit")
    ordering_fields = ["id", "due_on", "opens_on", "state", "done_on"]


class DutyRules(ReadOnly):
    queryset = DutyRule.objects.order_by("place", "pk")
    serializer_class = DutyRuleSerializer
    filterset_class = DutyRuleFilters
    ordering_fields = ["id", "code", "place"]


routes: list = [("standards/duties", Duties, "duty"), ("standards/duty-rules", DutyRules, "duty-rule")]
