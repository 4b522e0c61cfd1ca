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
        seen = Q(created_by=person)
        use = apps.get_model("documents", "EvidenceUse").objects
        for model in registry.provable.values():
            kind = ContentType.objects.get_for_model(model)
            shown = model.objects.visible_to(person).values("pk")
            seen |= Q(pk__in=use.filter(record_type=kind, record_id__in=shown).values("evidence_id"))
        return self.filter(seen)

    def matching(self, text: str) -> EvidenceQuerySet:
        return self.filter(Q(title__icontains=text) | Q(file_name__icontains=text) | Q(link__icontains=text))


class EvidenceUseQuerySet(models.QuerySet):
    def valid(self) -> EvidenceUseQuerySet:
        return self.filter(evidence__state="valid")
