"""The forms that are due: one a course and teacher, made when its term is over (N1 §4.1.11). Run twice, it makes nothing twice."""

from __future__ import annotations

import datetime

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Course

from .models import CourseForm

log = structlog.get_logger(__name__)
#: a table of courses that is entered late still brings its forms; terms of long ago do not
LATEST = datetime.timedelta(days=60)


def make_due_forms(day: datetime.date) -> int:
    """Make what is missing for terms that ended before this day. Returns how many were made."""
    through = Course.teachers.through.objects.filter(
        course__term__until__lt=day, course__term__until__gte=day - LATEST, person__is_active=True
    )
    there = set(
        CourseForm.objects.filter(course__in=through.order_by().values("course_id"))
        .order_by()
        .values_list("course_id", "teacher_id")
    )
    wanted = sorted(set(through.order_by().values_list("course_id", "person_id")) - there)
    courses = Course.objects.select_related("discipline", "term").in_bulk({course for course, _teacher in wanted})
    days = datetime.timedelta(days=policy("surveys.course_form_days"))
    made = 0
    for course_id, teacher_id in wanted:
        course = courses[course_id]
        form = CourseForm(
            course=course,
            teacher_id=teacher_id,
            unit_id=course.discipline.unit_id,
            # A course entered late leaves no less than the day of its making.
            due_on=max(course.term.until + days, day),
        )
        try:
            with transaction.atomic():
                form.add(by=SYSTEM)
        except (IntegrityError, ValidationError) as problem:  # another round made it meanwhile
            log.info("course form passed over", course=course_id, why=type(problem).__name__)
            continue
        made += 1
    return made
