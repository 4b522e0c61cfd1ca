"""Values of indicators: everybody inside reads those of the university; a unit's are read by it and by those above it."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.querysets import in_any_language
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider


class MeasurementQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> MeasurementQuerySet:
        if not insider(person):
            return self.none()
        if person.standing.sees_everything:
            return self
        mine = own_units(person)
        # Their numbers, not a join: with an OR over two tables the database compares every value with every definition.
        of_mine = apps.get_model("standards", "Indicator").objects.filter(responsible__in=mine).order_by().values("pk")
        return self.filter(Q(unit__isnull=True) | Q(unit__in=mine) | Q(indicator__in=of_mine))

    def valid(self) -> MeasurementQuerySet:
        return self.filter(state="valid")

    def red(self, since: datetime.date) -> MeasurementQuerySet:
        """Red values of periods that ended since a day and are over, the latest of each code and unit only."""
        reds = self.valid().filter(light="red", until__gte=since, until__lt=timezone.localdate())
        later = self.model._base_manager.filter(state="valid", code=OuterRef("code"), until__gt=OuterRef("until"))
        of_unit = Q(unit__isnull=False) & ~Exists(later.filter(unit=OuterRef("unit")))
        of_all = Q(unit__isnull=True) & ~Exists(later.filter(unit__isnull=True))
        return reds.filter(of_unit | of_all)

    def matching(self, text: str) -> MeasurementQuerySet:
        return self.filter(
            Q(code__icontains=text) | Q(period__startswith=text) | in_any_language(text, "indicator__name")
        )


class MeasurementImportQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> MeasurementImportQuerySet:
        if not insider(person):
            return self.none()
        return self if person.standing.sees_everything else self.filter(created_by=person)

    def matching(self, text: str) -> MeasurementImportQuerySet:
        return self.filter(file_name__icontains=text)
