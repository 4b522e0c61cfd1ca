"""Who may see appeals (N1 §4.1.6): the appellant, the commission, those who keep them, the heads above the unit.

Never who gave the grade nor who teaches the course, whatever offices they hold: independence would end there. Nobody sees
them by seeing everything.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.workflow.models import RecordQuerySet

#: they keep the appeals of the whole university
KEEPERS = (Role.CHANCELLERY, *QUALITY_OFFICE)


def within(paths: list[str]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(unit__path__startswith=path)
    return found


def panel_paths(person: Any) -> list[str]:
    """Units for whose appeals the person sits on the panel."""
    return [held.path for held in person.standing.held if held.role == Role.APPEAL_PANEL]


class AcademicAppealQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AcademicAppealQuerySet:
        if not person.is_authenticated:
            return self.none()
        taught = apps.get_model("programmes", "Course").teachers.through.objects.filter(person_id=person.pk)
        party = Q(graded_by=person) | Q(course__in=taught.order_by().values("course_id"))
        everything = person.standing.has(*KEEPERS)
        kept = Q(pk__isnull=False) if everything else within([*panel_paths(person), *person.standing.led_paths])
        members = apps.get_model("surveys", "AppealMember").objects.filter(person=person)
        seen = kept | Q(pk__in=members.order_by().values("appeal_id"))
        # Two conditions and not `~party`: a comparison with NULL would hide what has no course.
        others = self.model.objects.filter(party).order_by().values("pk")
        return self.filter(Q(student=person) | (seen & ~Q(pk__in=others)))

    def running(self) -> AcademicAppealQuerySet:
        return self.filter(state__in=self.model.RUNNING)

    def over(self) -> AcademicAppealQuerySet:
        return self.filter(state__in=self.model.OVER)

    def overdue(self, day: datetime.date | None = None) -> AcademicAppealQuerySet:
        return self.running().filter(due_on__lt=day or timezone.localdate())

    def matching(self, text: str) -> AcademicAppealQuerySet:
        return self.filter(Q(number__icontains=text) | Q(student_name__icontains=text) | Q(about__icontains=text))

    def with_people(self) -> AcademicAppealQuerySet:
        """With whom the rights of steps ask for, row by row."""
        return self.prefetch_related("members", "course__teachers")


class AppealReportQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> AppealReportQuerySet:
        """Counts without names: the panel, the heads and whoever sees the whole of quality."""
        if not person.is_authenticated:
            return self.none()
        if person.standing.sees_everything:
            return self
        return self.filter(within([*panel_paths(person), *person.standing.led_paths]))

    def matching(self, text: str) -> AppealReportQuerySet:
        return self.filter(Q(problems__icontains=text) | Q(recommendations__icontains=text))
