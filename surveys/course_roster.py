"""Courses by the hundred: which courses of a term are asked about, by whom, and what is missing (N1 §4.1.10).

The dry run and the taking read the same rows. Taking writes one line a student with the numbers of the courses; the surveys
themselves, one a course, are made at launch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_portal.programmes.models import Course, Student

from . import strata
from .models import Campaign, RosterLine
from .roster import Accounts, change, student_line

NO_TEACHER, NO_GROUP, NO_STUDENTS, FEW = "no_teacher", "no_group", "no_students", "few"
WORDS = {
    NO_TEACHER: gettext_lazy("No teacher is named: nothing is asked about teachers."),
    NO_GROUP: gettext_lazy("No group is named: nobody can be asked."),
    NO_STUDENTS: gettext_lazy("The list of students has nobody in its groups: nobody can be asked."),
    FEW: gettext_lazy("Fewer than %(k)s students: they may answer, but nothing of it will be shown."),
}


@dataclass(frozen=True)
class Offered:
    """One course of the term as the dry run shows it."""

    course: Course
    teachers: list[Any]
    students: int
    missing: list[str] = field(default_factory=list)

    @property
    def can_be_asked(self) -> bool:
        return self.students > 0

    @property
    def advised(self) -> bool:
        """Ticked unless somebody says otherwise."""
        return self.can_be_asked and FEW not in self.missing

    @property
    def sentences(self) -> list[str]:
        return [str(WORDS[code]) % {"k": strata.smallest_group()} for code in self.missing]


def courses_of(campaign: Campaign) -> Any:
    return (
        Course.objects.filter(term=campaign.term_id, discipline__unit__path__startswith=campaign.unit_path)
        .select_related("discipline__unit")
        .prefetch_related("teachers")
        .order_by("discipline__unit__path", "discipline__code", "pk")
    )


def _by_group(courses: Iterable[Course]) -> dict[str, list[Student]]:
    names = {name for course in courses for name in course.groups if name}
    found: dict[str, list[Student]] = defaultdict(list)
    rows = Student.objects.filter(active=True, group__in=sorted(names)).select_related("programme")
    for student in rows.order_by("pk"):
        found[student.group].append(student)
    return found


def _reachable(students: Iterable[Student]) -> list[Student]:
    return [student for student in students if student.person_id or student.email]


def offered(campaign: Campaign) -> list[Offered]:
    """Every course of the term, with what is missing. Three queries, however many courses."""
    courses = list(courses_of(campaign))
    groups, k = _by_group(courses), strata.smallest_group()
    found = []
    for course in courses:
        teachers = list(course.teachers.all())
        students = len({s.pk for name in course.groups for s in _reachable(groups.get(name, ()))})
        missing = [] if teachers else [NO_TEACHER]
        if not course.groups:
            missing.append(NO_GROUP)
        elif not students:
            missing.append(NO_STUDENTS)
        elif students < k:
            missing.append(FEW)
        found.append(Offered(course, teachers, students, missing))
    return found


def take_courses(campaign: Campaign, ids: Iterable[int], by: Any) -> str:
    """Make the roster anew from these courses: one line a student. Courses that nobody can be asked about fall away."""
    wanted = set(ids)

    def take(row: Campaign) -> str:
        courses = [course for course in courses_of(row) if course.pk in wanted]
        lines = _lines(row, courses)
        row.roster.all().delete()
        RosterLine.objects.bulk_create(lines, 2000)
        asked = len({pk for line in lines for pk in line.courses})
        about = ngettext("%(n)s course", "%(n)s courses", asked) % {"n": asked}
        of = ngettext("%(n)s student", "%(n)s students", len(lines)) % {"n": len(lines)}
        return _("Asked about %(courses)s: %(students)s") % {"courses": about, "students": of}

    return change(campaign, by, take)


def _lines(campaign: Campaign, courses: list[Course]) -> list[RosterLine]:
    groups = _by_group(courses)
    accounts, places = Accounts(), strata.Places()
    of_student: dict[int, list[int]] = defaultdict(list)
    students: dict[int, Student] = {}
    for course in courses:
        for student in {s.pk: s for name in course.groups for s in groups.get(name, ())}.values():
            students[student.pk] = student
            of_student[student.pk].append(course.pk)
    found: dict[Any, RosterLine] = {}
    for pk, student in students.items():
        line = student_line(campaign, student, accounts, places)
        if line is None:
            continue
        # Two entries of one person (two programmes) are one respondent.
        first = found.setdefault(line.person_id or line.email, line)
        first.strata, first.courses = {}, sorted({*first.courses, *of_student[pk]})
    return list(found.values())


def chosen(campaign: Campaign) -> dict[int, int]:
    """{course: how many are asked about it}, of the roster as it is."""
    found: dict[int, int] = defaultdict(int)
    for courses in campaign.roster.taken().values_list("courses", flat=True):
        for pk in courses:
            found[pk] += 1
    return dict(found)
