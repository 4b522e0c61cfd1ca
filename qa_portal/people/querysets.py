"""Sets of units, people and dated rows."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from modeltranslation.utils import get_language, resolution_order

from qa_portal.web.sqlite import alphabetical


def in_any_language(text: str, *names: str) -> Q:
    """The text occurs in one of the columns `<name>_kk`, `_ru`, `_en`."""
    found = Q(pk__in=[])
    for name in names:
        for language in ("kk", "ru", "en"):
            found |= Q(**{f"{name}_{language}__icontains": text})
    return found


class UnitQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> UnitQuerySet:
        """The structure of the university is known to everybody who signs in."""
        return self if person.is_authenticated else self.none()

    def working(self) -> UnitQuerySet:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate()))

    def below(self, path: str) -> UnitQuerySet:
        return self.filter(path__startswith=path)

    def labels(self) -> list[tuple[int, str]]:
        """Number and name of each unit in the reader's language, without making a record of each: pickers name them all."""
        languages = resolution_order(get_language())
        columns = [f"{name}_{code}" for name in ("short", "name") for code in languages]
        return [(pk, next(filter(None, names), "")) for pk, *names in self.values_list("pk", *columns)]

    def matching(self, text: str) -> UnitQuerySet:
        return self.filter(Q(code__iexact=text) | in_any_language(text, "name", "short"))


class PersonQuerySet(models.QuerySet):
    def by_name(self) -> PersonQuerySet:
        """In the order of the Kazakh alphabet, by the names in the reader's language."""
        language = get_language()
        return self.order_by(alphabetical(f"last_name_{language}"), alphabetical(f"first_name_{language}"), "pk")

    def visible_to(self, person: Any) -> PersonQuerySet:
        """Names, posts and units are known to everybody inside; an external expert sees only themselves."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.outsider:
            return self.filter(pk=person.pk)
        return self.filter(is_active=True)

    def matching(self, text: str) -> PersonQuerySet:
        """Each word occurs in a name; «Сейітова Әсел» finds her whichever comes first."""
        rows = self
        for word in text.split()[:5]:
            rows = rows.filter(
                Q(username__iexact=word) | in_any_language(word, "last_name", "first_name", "middle_name")
            )
        return rows


class DatedQuerySet(models.QuerySet):
    def on(self, day: datetime.date | None = None) -> DatedQuerySet:
        """Rows that hold on a day, today unless told."""
        day = day or timezone.localdate()
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def visible_to(self, person: Any) -> DatedQuerySet:
        return self if person.is_authenticated and not person.standing.outsider else self.none()
