"""Who may see campaigns: the quality office, those who see everything, and those who run them (domain.md §10)."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet

#: an office that writes questionnaires of its own, and sees their campaigns
DESIGNING = {Role.ALUMNI_CLUB: "alumni_club", Role.CAREER_CENTRE: "career_centre"}


class CampaignQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> CampaignQuerySet:
        if not person.is_authenticated or person.standing.outsider:
            return self.none()
        standing = person.standing
        if standing.quality_office or standing.sees_everything:
            return self
        seen = Q(pk__in=[])
        for role, designer in DESIGNING.items():
            if standing.has(role):
                seen |= Q(questionnaire__designer=designer)
        for path in _committee_paths(person):
            seen |= Q(way="courses", unit__path__startswith=path)
        return self.filter(seen)

    def open(self) -> CampaignQuerySet:
        return self.filter(state="open")

    def overdue(self, day: datetime.date | None = None) -> CampaignQuerySet:
        """Closed to answers, the day of the report past, and nothing published."""
        return self.filter(
            state__in=("closed", "opening", "opened"), report_due__lt=day or timezone.localdate()
        ).without_release()

    def without_release(self) -> CampaignQuerySet:
        published = apps.get_model("surveys", "Release")._base_manager.filter(state="published")
        return self.exclude(pk__in=published.order_by().values("campaign"))

    def matching(self, text: str) -> CampaignQuerySet:
        found = in_any_language(text, "name", "questionnaire__name")
        return self.filter(found | Q(questionnaire__code__iexact=text))


def _committee_paths(person: Any) -> list[str]:
    """Paths of the schools in whose committee the person sits today."""
    seats = apps.get_model("bodies", "Seat").objects.bodies_of(person)
    bodies = apps.get_model("bodies", "Body").objects.active().filter(pk__in=seats, kind__code="school_committee")
    return [path for path in bodies.order_by("pk").values_list("unit__path", flat=True) if path]


class RosterQuerySet(models.QuerySet):
    def taken(self) -> RosterQuerySet:
        """Lines that are asked: not those of a table that was only checked."""
        return self.exclude(source="checked")

    def matching(self, text: str) -> RosterQuerySet:
        rows = self
        for word in text.split()[:5]:
            named = in_any_language(word, "person__last_name", "person__first_name")
            rows = rows.filter(named | Q(name__icontains=word) | Q(email__icontains=word))
        return rows
