"""Sets of units, people and dated rows."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class UnitQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> UnitQuerySet:
        """The structure of the university is known to everybody who signs in."""
        return self if person.is_authenticated else self.none()

    def working(self) -> UnitQuerySet:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate()))

    def below(self, path: str) -> UnitQuerySet:
        return self.filter(path__startswith=path)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> PersonQuerySet:
        """Names, posts and units are known to everybody inside; an external expert sees only themselves."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.outsider:
            return self.filter(pk=person.pk)
        return self.filter(is_active=True)


class DatedQuerySet(models.QuerySet):
    def on(self, day: datetime.date | None = None) -> DatedQuerySet:
        """Rows that hold on a day, today unless told."""
        day = day or timezone.localdate()
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def visible_to(self, person: Any) -> DatedQuerySet:
        return self if person.is_authenticated and not person.standing.outsider else self.none()
