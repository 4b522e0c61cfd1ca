"""Who may see talks: the quality office, the Board, the line of the unit, its school's committee, whoever leads it.

Colleagues of the unit do not: a quote from a small group is easily guessed by those who work beside it.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q

from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet

from .petitions import committee_paths


class TalkQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> TalkQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.quality_office or standing.sees_everything:
            return self
        if standing.outsider:
            return self.none()
        coordinated = [held.path for held in standing.held if held.role == Role.QUALITY_COORDINATOR]
        seen = Q(moderator=person) | Q(created_by=person)
        for path in (*standing.led_paths, *coordinated, *committee_paths(person)):
            seen |= Q(unit__path__startswith=path)
        return self.filter(seen)

    def open(self) -> TalkQuerySet:
        return self.filter(state__in=("planned", "held"))

    def overdue(self, day: datetime.date) -> TalkQuerySet:
        """The day has passed, and nothing was written about it."""
        return self.filter(state="planned", on__lt=day)

    def matching(self, text: str) -> TalkQuerySet:
        return self.filter(Q(title__icontains=text) | Q(questions__icontains=text) | Q(conclusions__icontains=text))
