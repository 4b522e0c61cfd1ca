"""Which acquaintances there are, and who may see them: one's own; heads those of their people; the quality office all."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qa_portal.people.models import Unit
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import Role
from qa_portal.workflow.models import RecordQuerySet


class AcquaintanceQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AcquaintanceQuerySet:
        if not person.is_authenticated:
            return self.none()
        standing = person.standing
        if standing.sees_everything or standing.has(Role.HR):
            return self
        led = Q(pk__in=[])
        for path in [*standing.led_paths, *(h.path for h in standing.held if h.role == Role.QUALITY_COORDINATOR)]:
            led |= Q(path__startswith=path)
        return self.filter(Q(person=person) | Q(unit__in=Unit.objects.filter(led).order_by().values("pk")))

    def waiting(self) -> AcquaintanceQuerySet:
        return self.filter(state="waiting")

    def overdue(self, day: datetime.date | None = None) -> AcquaintanceQuerySet:
        return self.filter(state="waiting", due__lt=day or timezone.localdate())

    def matching(self, text: str) -> AcquaintanceQuerySet:
        return self.filter(
            in_any_language(text, "version__document__title", "person__last_name", "person__first_name")
            | Q(version__document__number__icontains=text)
        )
