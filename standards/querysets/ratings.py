"""Ratings: published ones are known to everybody inside, what is being prepared to those who see everything."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from qa_portal.documents.querysets.library import lent
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider


class RatingFormulaQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> RatingFormulaQuerySet:
        if not insider(person):
            return self.filter(lent(person, self.model)) if person.is_authenticated else self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(Q(state__in=("in_force", "superseded")) | lent(person, self.model))

    def matching(self, text: str) -> RatingFormulaQuerySet:
        return self.filter(title__icontains=text)


class RatingQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> RatingQuerySet:
        if not insider(person):
            return self.none()
        return self if person.standing.sees_everything else self.filter(state="published")

    def matching(self, text: str) -> RatingQuerySet:
        return self.filter(formula__title__icontains=text)
