"""Pages of course management forms, and how the forms of each term stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..course_form_figures import by_term
from ..filters.course_forms import CourseFormFilters
from ..forms.course_forms import CourseFormForm
from ..models import CourseForm
from ..tables.course_forms import CourseFormTable


class CourseFormPages(RecordPages):
    model = CourseForm
    slug, plural = "course-form", "course-forms"
    title, kind = _("Course management forms"), _("Course management form")
    lead = _(
        "After the term a teacher looks back at the course; the school committee recommends, the teacher answers. Not anonymous."
    )
    table, filters, form = CourseFormTable, CourseFormFilters, CourseFormForm
    add_label, added_from_register = _("Course management form"), False
    empty = _("Here will stand the forms on courses. The portal makes them when a term is over.")
    clause = "N1 §4.1.11"
    related = ("unit", "teacher", "course__discipline", "course__term__year", "analysed_by")
    list_related = ("unit", "teacher", "course__discipline", "course__term__year")
    list_defer = ("strengths", "weaknesses", "outcomes", "improvements", "analysis", "recommendation", "answer")
    printed = "surveys.course_form"

    def heading(self, record: Any) -> tuple[str, str]:
        return record.course.discipline.code, f"{record.course.discipline.name} · {record.teacher.get_short_name()}"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        if refusal(request.user, "surveys.read_course_form_terms") is not None:
            return []
        return [{"label": _("By term"), "url": reverse("surveys:course-form-terms"), "icon": "report"}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        may_edit = record.edit_refusal(request.user) is None
        edit = self.url("edit", record.pk) if may_edit else ""
        found = []
        for name in ("strengths", "weaknesses", "outcomes", "improvements"):
            title = str(record._meta.get_field(name).verbose_name)
            words = title[:1].upper() + title[1:]
            found.append(prose(name, words, getattr(record, name) or "—", f"{edit}#id_{name}" if edit else ""))
        if record.analysis:
            found.append(prose("analysis", _("Analysis of the committee"), record.analysis))
            found.append(prose("recommendation", _("Recommendation to the teacher"), record.recommendation))
        if record.answer:
            found.append(prose("answer", _("Teacher's answer"), record.answer))
        before = record.previous()
        if before is not None:
            last = {
                "id": "before",
                "title": _("Last time on this discipline"),
                "template": "surveys/course_form_before.html",
                "before": before,
            }
            found.insert(0, last)
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        share = "" if record.outcomes_share is None else f"{record.outcomes_share} %"
        return facts(
            fact(_("Term"), str(record.course.term)),
            fact(_("Teacher"), record.teacher.get_full_name()),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Due on"), cells.due(record.due_on, record.deadline_counts)),
            fact(_("Outcomes reached"), share),
            fact(_("Analysed by"), record.analysed_by.get_full_name()) if record.analysed_by else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        before = record.previous()
        if before is None:
            return []
        return [{"relation": _("Last time"), "label": str(before.course.term), "url": before.get_absolute_url()}]


def terms(request: HttpRequest) -> HttpResponse:
    """For committees, heads and the quality office: which share is submitted, analysed and answered."""
    sentence = refusal(request.user, "surveys.read_course_form_terms")
    if sentence:
        raise Refused(sentence)
    register = reverse("surveys:course-forms")
    rows = [
        {
            "line": line,
            "url": f"{register}?{urlencode({'term': line.term.pk, 'unit': line.unit.pk})}" if line.unit else register,
            "shares": [(part, line.share(part)) for part in (line.submitted, line.analysed, line.answered)],
        }
        for line in by_term(CourseForm.objects.visible_to(request.user))
    ]
    context = {
        "title": gettext("Course management forms by term"),
        "rows": rows,
        "crumbs": [{"label": CourseFormPages.title, "url": register}],
    }
    return render(request, "surveys/course_form_terms.html", context)
