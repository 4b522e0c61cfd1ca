"""What the tests of course management forms live in: a form in every state, a school with a committee and one without."""

from __future__ import annotations

from typing import Any

from qa_portal.permissions import SYSTEM
from surveys.models import CourseForm
from surveys.workflow import course_forms as steps

from .scenes_appeals import course, in_days, term
from .scenes_petitions import committee

TYPED = {
    "strengths": "Топтық жұмыс", "weaknesses": "Уақыт аз", "outcomes": "Бәріне жетті", "improvements": "Екі кейс қосу",
    "outcomes_share": 90,
}  # fmt: skip


def opened(w: Any, teacher: str = "staff", of: Any = None, **fields: Any) -> CourseForm:
    """Of a teacher of therapy."""
    committee(w)
    of = of or course(w, "FORM1", teacher)
    values = {"course": of, "teacher": getattr(w, teacher), "unit": of.discipline.unit, "due_on": in_days(5), **fields}
    found = CourseForm.objects.filter(course=of, teacher=values["teacher"]).exists()
    if found:  # a second one in the same test stands on another course
        values["course"] = course(w, f"FORM{CourseForm.objects.count() + 1}", teacher)
    return CourseForm(**values).add(by=SYSTEM)


def filled(w: Any, **fields: Any) -> CourseForm:
    form = opened(w, **fields)
    for name, value in TYPED.items():
        setattr(form, name, value)
    form.save_changes(by=form.teacher)
    return form


def submitted(w: Any, **fields: Any) -> CourseForm:
    form = filled(w, **fields)
    return steps.submit(form, by=form.teacher)


def analysed(w: Any, **fields: Any) -> CourseForm:
    form = submitted(w, **fields)
    return steps.analyse(form, by=w.committee, analysis="Жақсы", recommendation="Кейстерді ерте беріңіз")


def answered(w: Any, **fields: Any) -> CourseForm:
    form = analysed(w, **fields)
    return steps.answer(form, by=form.teacher, answer="Үшінші аптадан беремін")


def not_needed(w: Any, **fields: Any) -> CourseForm:
    return steps.not_needed(opened(w, **fields), by=w.asb, reason="Курс өтпеді")


__all__ = [
    "TYPED", "analysed", "answered", "committee", "course", "filled", "in_days", "not_needed", "opened", "submitted",
    "term",
]  # fmt: skip
