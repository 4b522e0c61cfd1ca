"""Who may see texts: themes everybody inside, texts the quality office alone; others read what a release shows of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

WAITING = "waiting"
SHOWN = ("shown", "masked")


class ThemeQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> ThemeQuerySet:
        """The codebook is read by whoever reads results."""
        return self if person.is_authenticated and not person.standing.outsider else self.none()

    def in_use(self) -> ThemeQuerySet:
        return self.filter(state="in_use")

    def matching(self, text: str) -> ThemeQuerySet:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "name", "description"))


class TextAnswerQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> TextAnswerQuerySet:
        """Before and after review the text itself is read by the quality office only."""
        return self if person.is_authenticated and person.standing.quality_office else self.none()

    def reviewed(self) -> TextAnswerQuerySet:
        return self.exclude(review=WAITING)

    def shown(self) -> TextAnswerQuerySet:
        return self.filter(review__in=SHOWN)
