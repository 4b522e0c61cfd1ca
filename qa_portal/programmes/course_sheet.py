"""The table of courses: a discipline in a term, who teaches it, to which groups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.people.models import Person

from .importing import ADD, CHANGE, SAME, Column, Plan, Planned, Row, Sheet, Wrong
from .models import Course, Discipline, Term

SEASONS = {"1": Term.Season.AUTUMN, "2": Term.Season.SPRING}
LONGEST_GROUP = 40
_BETWEEN = re.compile(r"\s*[;,]\s*")


class CourseSheet(Sheet):
    """Rows of one discipline and term are one course: their teachers and groups are put together."""

    slug = "courses"
    columns = (
        Column("discipline", gettext_lazy("Code of the discipline"), gettext_lazy("As in the register of disciplines."), True),
        Column("term", gettext_lazy("Term"), gettext_lazy("2026/2027-1 is the autumn term, 2026/2027-2 the spring term."), True),
        Column("teachers", gettext_lazy("Teachers"), gettext_lazy("User names or e-mail addresses, between them a semicolon."), True, 40),
        Column("groups", gettext_lazy("Groups"), gettext_lazy("Between them a semicolon. Several rows of one course are put together."), width=30),
    )  # fmt: skip

    def judge(self, rows: list[Row]) -> Plan:
        return _Judging(self, rows).plan

    def write(self, plan: Plan) -> None:
        made = Course.objects.bulk_create(
            [Course(discipline=one.values["discipline"], term=one.values["term"], groups=one.values["groups"]) for one in plan.of_kind(ADD)],
            batch_size=500,
        )  # fmt: skip
        changed = []
        for one in plan.of_kind(CHANGE):
            one.record.groups = one.values["groups"]
            changed.append(one.record)
        Course.objects.bulk_update(changed, ["groups"], batch_size=500)
        teaching = Course.teachers.through
        for start in range(0, len(changed), 500):
            teaching.objects.filter(course__in=changed[start : start + 500]).delete()
        written = [*zip(made, plan.of_kind(ADD), strict=True), *zip(changed, plan.of_kind(CHANGE), strict=True)]
        teaching.objects.bulk_create(
            [teaching(course=course, person=person) for course, one in written for person in one.values["teachers"]],
            batch_size=1000,
        )


@dataclass
class _Course:
    """What the rows of one course say together."""

    row: int
    discipline: Discipline
    term: Term
    teachers: dict[int, Person] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)


class _Judging:
    """One table against what is there. Five queries, however many rows."""

    def __init__(self, sheet: CourseSheet, rows: list[Row]):
        self.sheet, self.plan = sheet, Plan()
        self.disciplines = {one.code.casefold(): one for one in Discipline.objects.all()}
        self.terms = {(term.year.name, term.season): term for term in Term.objects.select_related("year")}
        self.people: dict[str, Person] = {}
        for person in Person.objects.filter(is_active=True).order_by("-pk"):
            self.people[person.email.lower()] = person
        for person in list(self.people.values()):
            self.people[person.username.lower()] = person
        self.people.pop("", None)
        self.courses: dict[tuple[int, int], _Course] = {}
        for number, cells in rows:
            self._row(number, cells)
        self._compare()

    def _wrong(self, row: int, column: str, wrong: str, to_do: str) -> None:
        self.plan.wrong.append(Wrong(row, self.sheet.label(column), wrong, to_do))

    def _row(self, row: int, cells: dict[str, str]) -> None:
        discipline = self.disciplines.get(cells["discipline"].casefold())
        if discipline is None:
            self._wrong(row, "discipline", _("There is no discipline with the code “%(said)s”.") % {"said": cells["discipline"]}, _("Take the code from the register of disciplines; an administrator enters a new one."))  # fmt: skip
        term = self._term(row, cells["term"])
        teachers = self._teachers(row, cells["teachers"])
        groups = [group for group in _BETWEEN.split(cells.get("groups", "")) if group]
        if any(len(group) > LONGEST_GROUP for group in groups):
            self._wrong(row, "groups", _("Too long: at most %(most)s characters.") % {"most": LONGEST_GROUP}, _("Look whether a semicolon is missing."))  # fmt: skip
        if discipline is None or term is None:
            return
        course = self.courses.setdefault((discipline.pk, term.pk), _Course(row, discipline, term))
        course.teachers.update({person.pk: person for person in teachers})
        course.groups += [group for group in groups if group not in course.groups]

    def _term(self, row: int, text: str) -> Term | None:
        year, _dash, number = text.replace(" ", "").rpartition("-")
        term = self.terms.get((year, SEASONS.get(number, "")))
        if term is None:
            self._wrong(row, "term", _("There is no term “%(said)s”.") % {"said": text}, _("Write it so: 2026/2027-1. An administrator enters a new academic year."))  # fmt: skip
        return term

    def _teachers(self, row: int, text: str) -> list[Person]:
        said = [name for name in _BETWEEN.split(text) if name]
        if not said:
            self._wrong(row, "teachers", _("No teacher is named."), _("Write a user name or an e-mail address."))
        found = []
        for name in said:
            person = self.people.get(name.lower())
            if person is None:
                self._wrong(row, "teachers", _("Nobody with an account is called “%(said)s”.") % {"said": name}, _("Write the user name or the e-mail address as in the portal."))  # fmt: skip
            else:
                found.append(person)
        return found

    def _compare(self) -> None:
        wanted_terms = {term for _discipline, term in self.courses}
        stored = Course.objects.filter(term__in=wanted_terms).select_related("discipline", "term__year")
        there = {(one.discipline_id, one.term_id): one for one in stored.prefetch_related("teachers")}
        for key, course in self.courses.items():
            record = there.get(key)
            teachers = sorted(course.teachers.values(), key=lambda person: person.pk)
            groups: list[str] = course.groups or (record.groups if record else [])
            values = {"discipline": course.discipline, "term": course.term, "teachers": teachers, "groups": groups}
            changes = []
            if record is not None:
                before = sorted(record.teachers.all(), key=lambda person: person.pk)
                if before != teachers:
                    changes.append((str(self.sheet.label("teachers")), _names(before), _names(teachers)))
                if sorted(record.groups) != sorted(groups):
                    changes.append(
                        (str(self.sheet.label("groups")), _list(record.groups), _list(groups)),
                    )
            kind = ADD if record is None else CHANGE if changes else SAME
            name = f"{course.discipline.name} · {course.term}"
            self.plan.planned.append(Planned(course.row, course.discipline.code, name, kind, changes, record, values))
        self.plan.wrong.sort(key=lambda wrong: wrong.row)


def _names(people: list[Person]) -> str:
    return _list([person.get_full_name() for person in people])


def _list(words: list[str]) -> str:
    return ", ".join(words) or "—"
