"""Registers of students and courses, and the tables by which they are entered."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from qa_portal.permissions import Refused, refusal
from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import XLSX, write_xlsx
from qa_portal.web.pages import RecordPages
from qa_portal.web.pages.declaration import declared
from qa_portal.web.pages.register import Register

from .course_sheet import CourseSheet
from .forms import TableForm
from .importing import ADD, CHANGE, MOST_SHOWN, SAME, Changed, Expired, Plan, Sheet
from .models import Course, Student
from .student_sheet import StudentSheet
from .tables import CourseFilters, CourseTable, StudentFilters, StudentTable


class Listed(RecordPages):
    """A register of rows that are no records: no page of their own, no steps. They come by tables."""

    right: str  # of those who hand in tables
    sheet: Sheet
    import_title: Any
    import_lead: Any
    #: whether the register itself is closed to those without the right
    closed = False

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        if refusal(request.user, self.right):
            return []
        return [{"label": _("Hand in a table"), "url": self.url("import"), "icon": "upload"}]

    def urls(self) -> list[URLPattern]:
        declared[f"{self.app}.{self.slug}"] = self
        base = self.plural
        return [
            path(f"{base}/", OpenRegister.as_view(pages=self), name=self.plural),
            path(f"{base}/import/", Import.as_view(pages=self), name=f"{self.slug}-import"),
            path(f"{base}/template/", Template.as_view(pages=self), name=f"{self.slug}-template"),
        ]


class StudentPages(Listed):
    model = Student
    slug, plural = "student", "students"
    title, kind = gettext_lazy("Students"), gettext_lazy("Student")
    lead = gettext_lazy("Who is asked in surveys: programme, group, year, e-mail. They need no account.")
    table, filters = StudentTable, StudentFilters
    empty = gettext_lazy("Here will stand the students, once their table is handed in.")
    clause = "N1 §4.1.7"
    related = ("programme",)
    right, closed, sheet = "programmes.keep_students", True, StudentSheet()
    import_title = gettext_lazy("Table of students")
    import_lead = gettext_lazy(
        "First you see what the table would add and change, then you decide. Nobody is taken out: mark in the table who "
        "no longer studies. A student whose e-mail is that of an account is linked with it."
    )


class CoursePages(Listed):
    model = Course
    slug, plural = "course", "courses"
    title, kind = gettext_lazy("Courses"), gettext_lazy("Course")
    lead = gettext_lazy("Disciplines in their terms, with teachers and groups. Surveys about courses start from here.")
    table, filters = CourseTable, CourseFilters
    empty = gettext_lazy("Here will stand the courses of the terms, once their table is handed in.")
    clause = "N1 §4.1.10"
    related = ("discipline__unit", "term__year")
    prefetch = ("teachers",)
    right, sheet = "programmes.keep_courses", CourseSheet()
    import_title = gettext_lazy("Table of courses")
    import_lead = gettext_lazy(
        "First you see what the table would add and change, then you decide. A course that the table names gets the "
        "teachers and groups of the table; the others stay as they are."
    )


def ask(person: Any, right: str) -> None:
    sentence = refusal(person, right)
    if sentence:
        raise Refused(sentence)


class OpenRegister(Register):
    def get(self, request: HttpRequest) -> HttpResponse:
        if self.pages.closed:
            ask(request.user, self.pages.right)
        elif request.user.standing.outsider:
            raise Http404
        return super().get(request)


@method_decorator(sensitive_post_parameters("table"), name="dispatch")
class Import(View):
    """A file is looked through; the page shows what would come of it and carries the rows to the second press."""

    pages: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ask(request.user, self.pages.right)
        return super().dispatch(request, *args, **kwargs)

    @property
    def sheet(self) -> Sheet:
        return self.pages.sheet

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, TableForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if "table" in request.POST:
            return self._apply(request, request.POST["table"])
        form = TableForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=400)
        file = form.cleaned_data["file"]
        file.seek(0)
        plan = self.sheet.read(file, file.name)
        return self._page(request, TableForm(), plan, status=400 if plan.wrong else 200)

    def _apply(self, request: HttpRequest, carried: str) -> HttpResponse:
        try:
            plan = self.sheet.apply(carried, request.user)
        except Expired:
            words = _("The table was looked through too long ago. Nothing was changed: hand it in again.")
            return self._page(request, TableForm(), problem=words, status=409)
        except Changed as changed:
            words = _("Something has changed since you looked. Nothing was written: look once more.")
            return self._page(request, TableForm(), changed.plan, problem=words, status=409)
        messages.success(request, said_counts(plan))
        return redirect(self.pages.url("list"))

    def _page(
        self, request: HttpRequest, form: TableForm, plan: Plan | None = None, problem: str = "", status: int = 200
    ) -> HttpResponse:
        carried = self.sheet.carried(plan, request.user) if plan is not None and plan.may_be_applied else ""
        if plan is not None and plan.may_be_applied and not carried:
            problem = _("This table is too large to be taken at once. Split it into several files.")
        context = {
            "title": self.pages.import_title,
            "lead": self.pages.import_lead,
            "crumbs": self.pages.crumbs(None),
            "form": form,
            "submit_label": _("Look through the table"),
            "cancel_url": self.pages.url("list"),
            "refusal": problem,
            "columns": self.sheet.columns,
            "template_url": self.pages.url("template"),
            "carried": carried,
            **(_shown(plan) if plan is not None else {}),
        }
        return render(request, "programmes/import.html", context, status=status)


def _shown(plan: Plan) -> dict[str, Any]:
    """What the page tells of a plan: counts, the first mistakes, the first rows."""
    return {
        "looked": True,
        "figures": [
            {"label": _("would be added"), "value": len(plan.of_kind(ADD))},
            {"label": _("would be changed"), "value": len(plan.of_kind(CHANGE))},
            {"label": _("stay as they are"), "value": len(plan.of_kind(SAME))},
            {"label": _("mistakes"), "value": len(plan.wrong), "tone": "overdue" if plan.wrong else ""},
        ],
        "wrong": plan.wrong[:MOST_SHOWN],
        "more_wrong": max(0, len(plan.wrong) - MOST_SHOWN),
        "moving": plan.moving[:MOST_SHOWN],
        "more_moving": max(0, len(plan.moving) - MOST_SHOWN),
    }


def said_counts(plan: Plan) -> str:
    added, changed = len(plan.of_kind(ADD)), len(plan.of_kind(CHANGE))
    parts = [
        ngettext("%(n)s row added", "%(n)s rows added", added) % {"n": added},
        ngettext("%(n)s row changed", "%(n)s rows changed", changed) % {"n": changed},
    ]
    return f"{', '.join(parts)}."


class Template(View):
    """An empty table with the names of the columns."""

    pages: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        ask(request.user, self.pages.right)
        stream = io.BytesIO()
        head = [(str(column.label), column.width) for column in self.pages.sheet.columns]
        write_xlsx(stream, str(self.pages.title), head, [])
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
        name = safe_name(str(self.pages.import_title), "xlsx")
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
