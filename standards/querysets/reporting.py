"""Reports: published ones are known to everybody inside, drafts to those who prepare and decide."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from qa_portal.documents.querysets.library import lent, own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider


class ReportKindQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> ReportKindQuerySet:
        return self if insider(person) else self.none()

    def in_use(self) -> ReportKindQuerySet:
        return self.filter(retired=False)

    def matching(self, text: str) -> ReportKindQuerySet:
        return self.filter(Q(code__iexact=text) | in_any_language(text, "name"))


class QualityReportQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> QualityReportQuerySet:
        if not insider(person):
            return self.filter(lent(person, self.model)) if person.is_authenticated else self.none()
        if person.standing.sees_everything:
            return self
        mine = Q(created_by=person) | Q(unit__in=own_units(person)) | lent(person, self.model)
        roles = sorted(person.standing.roles)
        return self.filter(Q(state="published") | mine | Q(kind__role__in=roles, unit__isnull=True))

    def public(self) -> QualityReportQuerySet:
        """What everybody may read without signing in."""
        return self.filter(state="published", kind__public=True)

    def matching(self, text: str) -> QualityReportQuerySet:
        return self.filter(Q(number__icontains=text) | Q(title__icontains=text))
