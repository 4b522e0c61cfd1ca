"""What the tests of appeals live in: a course with its teacher, an appeal in every state, a panel, a report."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Term
from surveys.models import AcademicAppeal, AppealReport
from surveys.workflow import appeals as steps

TEXT = "Силлабустағы критерийлер қолданылмаған"


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def term(since: int = -150, until: int = -20, season: str = "autumn", year: str = "2026/2027") -> Term:
    """A term by the days from today."""
    found = Term.objects.filter(season=season, year__name=year).first()
    if found is None:
        dates = {"since": in_days(since - 10), "until": in_days(until + 300)}
        of, _made = AcademicYear.objects.get_or_create(name=year, defaults=dates)
        found = Term.objects.create(year=of, season=season, since=in_days(since), until=in_days(until))
    return found


def course(w: Any, code: str = "THER1", teacher: str = "teacher", of: Term | None = None, unit: Any = None) -> Course:
    """Taught by `teacher`, who works in therapy."""
    someone(w, teacher, unit or w.department)
    defaults = {"name": f"Пән {code}", "unit": unit or w.department, "credits": 5}
    discipline, _made = Discipline.objects.get_or_create(code=code, defaults=defaults)
    found, _made = Course.objects.get_or_create(discipline=discipline, term=of or term())
    found.teachers.add(getattr(w, teacher))
    return found


def someone(w: Any, username: str, unit: Any = None, role: str = "", over: Any = None) -> Any:
    if not Person.objects.filter(username=username).exists():
        w.person(username, unit or w.department, role, over)
    return getattr(w, username)


def panel(w: Any) -> Any:
    """Of the school of medicine."""
    return someone(w, "panel", w.far_school, Role.APPEAL_PANEL, w.school)


def filed(w: Any, by: str = "staff2", **fields: Any) -> AcademicAppeal:
    """One's own, about an examination in a course of therapy, the day after its result."""
    who = getattr(w, by)
    values = {
        "kind": "exam", "course": course(w), "unit": w.school, "grade": "C", "happened_on": in_days(-1),
        "filed_on": timezone.localdate(), "text": TEXT, "student": who, "student_name": who.get_full_name(), **fields,
    }  # fmt: skip
    return AcademicAppeal(**values).add(by=who)


def late(w: Any, **fields: Any) -> AcademicAppeal:
    return filed(w, happened_on=in_days(-60), **fields)


def refused(w: Any, **fields: Any) -> AcademicAppeal:
    return steps.refuse(late(w, **fields), by=w.asb, reason="Мерзімі өтті")


def admitted(w: Any, **fields: Any) -> AcademicAppeal:
    return steps.admit(filed(w, **fields), by=w.asb)


def in_commission(w: Any, **fields: Any) -> AcademicAppeal:
    """`staff` presides, `auditor` is the other member."""
    appeal = admitted(w, **fields)
    return steps.form_commission(appeal, by=w.asb, members=[w.staff.pk, w.auditor.pk], chair=w.staff.pk)


def heard(w: Any, **fields: Any) -> AcademicAppeal:
    """Every member has given an opinion."""
    appeal = in_commission(w, **fields)
    for name in ("staff", "auditor"):
        steps.give_opinion(appeal, by=getattr(w, name), opinion=f"{name} пікірі")
    return appeal


DECISION = {"decision": "upheld", "cause": "criteria", "reason": "Критерийлер қолданылмаған", "new_grade": "B+"}


def decided(w: Any, decision: dict[str, str] | None = None, **fields: Any) -> AcademicAppeal:
    return steps.decide(heard(w, **fields), by=w.staff, **(decision or DECISION))


def closed(w: Any, **fields: Any) -> AcademicAppeal:
    return steps.close(decided(w, **fields), by=w.asb)


# -- reports -----------------------------------------------------------------------------------------
def report(w: Any, by: str = "dean", **fields: Any) -> AppealReport:
    values = {"term": term(), "unit": w.school, "problems": "Критерийлер жарияланбайды", **fields}
    return AppealReport(**values).add(by=getattr(w, by))


def submitted_report(w: Any, **fields: Any) -> AppealReport:
    return steps.submit(report(w, **fields), by=w.dean)


def accepted_report(w: Any, **fields: Any) -> AppealReport:
    return steps.accept(submitted_report(w, **fields), by=w.asb)


def cancelled_report(w: Any, **fields: Any) -> AppealReport:
    return steps.cancel(report(w, **fields), by=w.dean, reason="Қате")
