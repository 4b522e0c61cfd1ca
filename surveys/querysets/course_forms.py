"""Who may see course management forms: the teacher, the school's committee, the heads above, the quality office (N1 §4.1.11)."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from qa_portal.workflow.models import RecordQuerySet

from .appeals import within
from .petitions import COMMITTEE, committee_paths

_KEPT = "_schools_and_committees_today"


def schools(person: Any) -> dict[str, bool]:
    """{path of a school: whether it has a committee}. One query a day and person object; rights ask for every row."""
    today = timezone.localdate()
    kept = person.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        bodies = apps.get_model("bodies", "Body").objects.active().filter(kind__code=COMMITTEE)
        rows = apps.get_model("people", "Unit").objects.filter(kind="school").order_by()
        having = bodies.filter(unit=OuterRef("pk")).order_by()
        found = dict(rows.annotate(has=Exists(having)).values_list("path", "has"))
        kept = person.__dict__[_KEPT] = (today, found)
    return kept[1]


def school_of(person: Any, path: str) -> tuple[str, bool]:
    """The school that a unit belongs to, and whether it has a committee; a unit of no school stands for itself."""
    above = [(school, has) for school, has in schools(person).items() if path.startswith(school)]
    return max(above, key=lambda pair: len(pair[0]), default=(path, False))


class CourseFormQuerySet(RecordQuerySet):
    def visible_to(self, person: Any) -> CourseFormQuerySet:
        if not person.is_authenticated:
            return self.none()
        if person.standing.quality_office:
            return self
        return self.filter(Q(teacher=person) | within([*committee_paths(person), *person.standing.led_paths]))

    def open(self) -> CourseFormQuerySet:
        return self.filter(state=self.model.OPEN)

    def overdue(self, day: datetime.date | None = None) -> CourseFormQuerySet:
        return self.open().filter(due_on__lt=day or timezone.localdate())

    def matching(self, text: str) -> CourseFormQuerySet:
        courses = apps.get_model("programmes", "Course").objects.matching(text)
        return self.filter(course__in=courses.order_by().values("pk"))
