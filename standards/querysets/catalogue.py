"""The catalogue's rows; everybody who signs in may read them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from modeltranslation.translator import translator


class EditionQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> EditionQuerySet:
        return self if person.is_authenticated else self.none()

    def begun(self) -> EditionQuerySet:
        """Editions whose day has come, the newest first."""
        return self.filter(in_force_from__lte=timezone.localdate()).order_by("-number")

    def current(self) -> Any | None:
        """The edition in force today; None while nothing is loaded."""
        return self.begun().first()

    def current_ids(self) -> Any:
        return self.begun().values("pk")[:1]


class StandardQuerySet(models.QuerySet):
    """Standards; parts and mappings ask the same of the standard they belong to."""

    edition_path = "edition"

    def visible_to(self, person: Any) -> Any:
        return self if person.is_authenticated else self.none()

    def of_edition(self, number: int) -> Any:
        return self.filter(**{f"{self.edition_path}__number": number})

    def in_force(self, or_pk: int | None = None) -> Any:
        """Rows of the edition in force today, and one row of an older edition if it is named."""
        editions = apps.get_model("standards", "Edition").objects.current_ids()
        wanted = Q(**{f"{self.edition_path}__in": editions})
        return self.filter(wanted | Q(pk=or_pk)) if or_pk else self.filter(wanted)

    def matching(self, text: str) -> Any:
        """The code as it is, or the text anywhere in a translated column, in any language."""
        found = Q(code__iexact=text)
        for field in translator.get_options_for_model(self.model).all_fields:
            for language, _name in settings.LANGUAGES:
                found |= Q(**{f"{field}_{language}__icontains": text})
        return self.filter(found)


class PartQuerySet(StandardQuerySet):
    edition_path = "standard__edition"


class MappingQuerySet(StandardQuerySet):
    edition_path = "standard__edition"

    def matching(self, text: str) -> MappingQuerySet:
        """By the clause: its number, its framework, or words of its title."""
        found = Q(item__ref__iexact=text) | Q(item__framework__key__iexact=text)
        for language, _name in settings.LANGUAGES:
            found |= Q(**{f"item__name_{language}__icontains": text})
        return self.filter(found)
