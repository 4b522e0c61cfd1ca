"""Mechanisms are known to everybody inside; so is what was done with them each year."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from qa_portal.people.querysets import in_any_language
from qa_portal.web.fields import holding
from qa_portal.workflow.models import RecordQuerySet

from .cycles import insider

#: the judgement of the effect stands only when the check is closed
JUDGED = ("act", "closed")
#: a committee may look at the effect as soon as the work has begun
UNDER_WAY = ("do", "check", "act", "closed")


class MechanismQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> MechanismQuerySet:
        return self if insider(person) else self.none()

    def in_use(self) -> MechanismQuerySet:
        return self.filter(retired=False)

    def serving(self, standard: str) -> MechanismQuerySet:
        """Mechanisms linked to a standard by its code, "S9"."""
        return self.filter(holding("standards", standard))

    def with_state(self, year: int) -> MechanismQuerySet:
        """With `this_year`, the records of that year, and the newest conclusion: `last_effect`, `last_judged_on`."""
        model = apps.get_model("standards", "Conclusion")
        newest = model.objects.filter(year__mechanism=OuterRef("pk")).exclude(year__state="cancelled")
        newest = newest.order_by("-on", "-pk")
        rows = apps.get_model("standards", "MechanismYear").objects.live().filter(year=year)
        rows = rows.select_related("unit").order_by("unit__path", "pk")
        return self.annotate(
            last_effect=Subquery(newest.values("effect")[:1]), last_judged_on=Subquery(newest.values("on")[:1])
        ).prefetch_related(Prefetch("years", rows, to_attr="this_year"))

    def matching(self, text: str) -> MechanismQuerySet:
        return self.filter(Q(code__iexact=text) | in_any_language(text, "name", "text"))


class MechanismYearQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> MechanismYearQuerySet:
        return self if insider(person) else self.none()

    def live(self) -> MechanismYearQuerySet:
        return self.exclude(state="cancelled")

    def overdue(self, day: datetime.date | None = None) -> MechanismYearQuerySet:
        return self.filter(state__in=("plan", "do"), due__lt=day or timezone.localdate())

    def carried_out_by(self, units: Any, bodies: Any) -> MechanismYearQuerySet:
        """Those of these units and bodies."""
        return self.filter(Q(doer_unit__in=units) | Q(doer_body__in=bodies))

    def matching(self, text: str) -> MechanismYearQuerySet:
        return self.filter(Q(mechanism__code__iexact=text) | in_any_language(text, "mechanism__name", "unit__name"))
