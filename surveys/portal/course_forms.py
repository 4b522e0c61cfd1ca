"""What course management forms hand to shared pages: menu, desk, deadlines."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.registry import CalendarSource, DeskSource, MenuItem, calendar_of, desk, menu

from ..models import CourseForm
from ..querysets.appeals import within
from ..querysets.course_forms import schools
from ..querysets.petitions import committee_paths

menu(
    MenuItem(
        "course-forms",
        _("Course management forms"),
        "surveys:course-forms",
        "clipboard",
        46,
        lambda person: not person.standing.outsider,
        more=True,
    )
)


def _rows(*states: str) -> Any:
    return CourseForm.objects.filter(state__in=states).select_related("course__discipline", "teacher")


def _item(form: CourseForm) -> dict[str, Any]:
    return {
        "label": str(form.course.discipline),
        "url": form.get_absolute_url(),
        "meta": form.teacher.get_short_name(),
        "due": cells.desk_due(form.due_on) if form.deadline_counts else None,
    }


def _to_fill(person: Any) -> Any:
    return _rows(CourseForm.OPEN).filter(teacher=person).order_by("due_on", "pk")


def _to_answer(person: Any) -> Any:
    return _rows(CourseForm.ANALYSED).filter(teacher=person).order_by("pk")


def _to_analyse(person: Any) -> Any:
    """Of the schools on whose committee one sits, and of those that one heads and that have none; never one's own."""
    paths = list(committee_paths(person))
    if person.standing.led_paths:
        paths += [path for path, has in schools(person).items() if not has and person.standing.leads_above(path)]
    found = CourseForm.objects.none()
    if paths:
        found = _rows(CourseForm.SUBMITTED).filter(within(paths)).exclude(teacher=person)
    return found.order_by("due_on", "pk")


def _list(query: str) -> Any:
    return lambda: reverse("surveys:course-forms") + query


desk(DeskSource("course-forms", _("Forms on my courses"), _to_fill, _item, _list("?mine=true&state=open"), 20))
desk(
    DeskSource(
        "course-forms-answer", _("Recommendations to answer"), _to_answer, _item, _list("?mine=true&state=analysed"), 21
    )
)
desk(
    DeskSource(
        "course-forms-analyse", _("Forms on courses to analyse"), _to_analyse, _item, _list("?state=submitted"), 22
    )
)


def _dates(person: Any) -> Any:
    for form in _to_fill(person):
        yield {
            "uid": f"course-form-{form.pk}",
            "day": form.due_on,
            "title": str(form.course.discipline),
            "url": form.get_absolute_url(),
            "note": "",
        }


calendar_of(CalendarSource("course-forms", _dates))
