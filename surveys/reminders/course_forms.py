"""Reminders of course management forms: to be filled in, to be analysed."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import Seat
from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Person, Unit

from ..models import CourseForm
from ..querysets.petitions import COMMITTEE


def _prepare() -> dict[str, Any]:
    seats = Seat.objects.held().filter(body__kind__code=COMMITTEE, body__state="active", person__is_active=True)
    running = seats.filter(duty__in=("chair", "deputy_chair", "secretary")).order_by()
    return {
        "committees": sorted(running.values_list("body__unit__path", "person_id")),
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "schools": dict(Unit.objects.filter(kind=Unit.Kind.SCHOOL).values_list("path", "pk")),
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
    }


def _people(known: dict[str, Any], name: str, row: CourseForm) -> list[int]:
    """The teacher; or who runs the committee of the school, without one its head. Never the teacher about the own form."""
    if name == "teacher":
        return [row.teacher_id] if row.teacher_id in known["active"] else []
    path = known["paths"][row.unit_id]
    running = [pk for over, pk in known["committees"] if over and path.startswith(over)]
    if not running:
        school = max((over for over in known["schools"] if path.startswith(over)), key=len, default="")
        running = head_ids(known["paths"], known["heads"], known["schools"].get(school, row.unit_id))
    return [pk for pk in running if pk != row.teacher_id]


def _line(row: CourseForm, late: int, language: str) -> Line:
    return Line(f"{lateness(late)}: {row.course.discipline}", row.get_absolute_url())


def _rows(state: str) -> Any:
    return CourseForm.objects.filter(state=state).select_related("course__discipline")


remind_of(
    ReminderRule(
        name="surveys.course_form_due",
        rows=lambda: _rows(CourseForm.OPEN),
        deadline="due_on",
        thresholds=lambda: thresholds(teacher="surveys.remind_course_form_teacher"),
        prepare=_prepare,
        audience=_people,
        line=_line,
    )
)
remind_of(
    ReminderRule(
        name="surveys.course_form_waiting",
        rows=lambda: _rows(CourseForm.SUBMITTED),
        deadline="due_on",
        thresholds=lambda: thresholds(committee="surveys.remind_course_form_committee"),
        prepare=_prepare,
        audience=_people,
        line=_line,
    )
)
