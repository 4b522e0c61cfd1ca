"""Sets and definitions of indicators: known to everybody inside; drafts to those who prepare them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from qa_portal.documents.querysets.library import lent
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider

DRAFTS = ("draft", "submitted")


class IndicatorSetQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> IndicatorSetQuerySet:
        if not insider(person):
            return self.filter(lent(person, self.model)) if person.is_authenticated else self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(~Q(state__in=(*DRAFTS, "cancelled")) | lent(person, self.model))

    def in_force(self) -> IndicatorSetQuerySet:
        return self.filter(state="in_force")

    def matching(self, text: str) -> IndicatorSetQuerySet:
        return self.filter(title__icontains=text)


class IndicatorQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> IndicatorQuerySet:
        """Whoever sees the set sees its definitions."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        sets = self.model._meta.get_field("set").related_model.objects.visible_to(person)
        return self.filter(set__in=sets.order_by().values("pk"))

    def in_force(self) -> IndicatorQuerySet:
        return self.filter(state="in_force")

    def usual(self) -> IndicatorQuerySet:
        """What a list begins with: those in force, as soon as there are any."""
        return self.in_force() if self.model.objects.in_force().exists() else self

    def matching(self, text: str) -> IndicatorQuerySet:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "name"))
