"""The catalogue's rows; everybody who signs in may read them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class EditionQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> EditionQuerySet:
        return self if person.is_authenticated else self.none()

    def current(self) -> Any | None:
        """The edition in force today; None while nothing is loaded."""
        return self.filter(in_force_from__lte=timezone.localdate()).order_by("-number").first()

    def current_ids(self) -> EditionQuerySet:
        return self.filter(in_force_from__lte=timezone.localdate()).order_by("-number").values("pk")[:1]


class _Catalogue(models.QuerySet):
    edition_path = "edition"

    def visible_to(self, person: Any) -> Any:
        return self if person.is_authenticated else self.none()

    def in_force(self, or_pk: int | None = None) -> Any:
        """Rows of the edition in force today, and one row of an older edition if it is named."""
        editions = self.model._meta.apps.get_model("standards", "Edition").objects.current_ids()
        wanted = Q(**{f"{self.edition_path}__in": editions})
        return self.filter(wanted | Q(pk=or_pk)) if or_pk else self.filter(wanted)


class StandardQuerySet(_Catalogue):
    pass


class PartQuerySet(_Catalogue):
    edition_path = "standard__edition"

    def matching(self, text: str) -> PartQuerySet:
        found = Q(code__iexact=text)
        for language in ("kk", "ru", "en"):
            found |= Q(**{f"text_{language}__icontains": text})
        return self.filter(found)
