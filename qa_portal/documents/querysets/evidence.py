"""Which evidence a person may see: what they entered, and what proves something they see."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from qa_portal.web.registry import registry
from qa_portal.workflow.models import RecordQuerySet


class EvidenceQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> EvidenceQuerySet:
        if not person.is_authenticated:
            return self.none()
        uses = apps.get_model("documents", "EvidenceUse").objects.visible_to(person)
        return self.filter(Q(created_by=person) | Q(pk__in=uses.values("evidence_id")))

    def matching(self, text: str) -> EvidenceQuerySet:
        return self.filter(Q(title__icontains=text) | Q(file_name__icontains=text) | Q(link__icontains=text))


class EvidenceUseQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> EvidenceUseQuerySet:
        """What evidence proves, as far as this person sees the proved record."""
        if not person.is_authenticated:
            return self.none()
        seen = Q(pk__in=[])
        for model in registry.provable.values():
            shown = model.objects.visible_to(person).values("pk")
            seen |= Q(record_type=ContentType.objects.get_for_model(model), record_id__in=shown)
        return self.filter(seen)

    def of(self, record: Any) -> EvidenceUseQuerySet:
        return self.filter(record_type=ContentType.objects.get_for_model(record), record_id=record.pk)

    def valid(self) -> EvidenceUseQuerySet:
        return self.filter(evidence__state="valid")
