"""Papers: a course management form (N1 §4.1.11)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_portal.reports.base import report
from qa_portal.reports.letterhead import Signature
from qa_portal.reports.printed import Printed

from ..models import CourseForm


@report
class CourseFormPaper(Printed):
    key = "surveys.course_form"
    kind = gettext_lazy("Course management form")
    template = "surveys/course_form_paper.html"

    def rows(self) -> Any:
        related = ("unit", "teacher", "analysed_by", "course__discipline", "course__term__year")
        return CourseForm.objects.visible_to(self.person).select_related(*related)

    def number(self) -> str:
        return self.record.course.discipline.code

    def subject(self) -> str:
        return str(self.record.course)

    def date(self) -> datetime.date:
        return timezone.localtime(self.record.changed_at).date()

    def content(self) -> dict[str, Any]:
        form = self.record
        names = ["strengths", "weaknesses", "outcomes", "improvements"]
        names += [name for name in ("analysis", "recommendation", "answer") if getattr(form, name)]
        share = "" if form.outcomes_share is None else f"{form.outcomes_share} %"
        return {
            "draft": form.state in (CourseForm.OPEN, CourseForm.NOT_NEEDED),
            "facts": [
                (_("Discipline"), str(form.course.discipline)),
                (_("Term"), str(form.course.term)),
                (_("Teacher"), form.teacher.get_full_name()),
                (_("Outcomes reached"), share),
            ],
            "parts": [
                {"title": form._meta.get_field(name).verbose_name, "text": getattr(form, name)} for name in names
            ],
        }

    def signatures(self) -> list[Signature]:
        form = self.record
        found = [Signature(_("Teacher"), form.teacher)]
        return [*found, Signature(_("Analysed by"), form.analysed_by)] if form.analysed_by else found
