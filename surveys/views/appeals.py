"""Pages of appeals and of the reports on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.permissions import refusal
from qa_portal.reports.layout import as_html
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..appeal_figures import blocks
from ..filters.appeals import AcademicAppealFilters, AppealReportFilters
from ..forms.appeals import AppealForm, ReportForm
from ..models import AcademicAppeal, AppealReport
from ..permissions.appeals import keeps, may_enter
from ..tables.appeals import AcademicAppealTable, AppealReportTable
from ..workflow.appeals import figures_now


def new_appeal(person: Person) -> AcademicAppeal:
    """Whoever holds no office that enters appeals files their own."""
    return AcademicAppeal() if may_enter(person) else AcademicAppeal(student=person)


class AcademicAppealPages(RecordPages):
    model = AcademicAppeal
    slug, plural = "academic-appeal", "academic-appeals"
    title, kind = _("Academic appeals"), _("Academic appeal")
    lead = _(
        "Appeals on grades and attestation: decided by independent experts, without the course's teacher. Your own stand here too."
    )
    table, filters, form = AcademicAppealTable, AcademicAppealFilters, AppealForm
    add_label = _("File an appeal")
    empty = _("Here will stand appeals: those that you filed, decide on or keep.")
    clause = "N1 §4.1.6"
    related = ("unit", "student", "graded_by", "course__discipline", "course__term__year")
    list_related = ("unit", "course__discipline", "course__term__year")
    list_defer = ("text", "reason")

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_people()

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.subject

    def new(self, request: HttpRequest) -> AcademicAppeal:
        return new_appeal(request.user)  # type: ignore[arg-type]

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        if refusal(request.user, "surveys.add_appeal_report") is not None:
            return []
        return [{"label": _("Reports on appeals"), "url": reverse("surveys:appeal-reports"), "icon": "report"}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("grounds", _("Grounds"), record.text)]
        if record.reason:
            title = _("Decision and its reasons") if record.decision else _("Why it was not admitted")
            found.append(prose("reasons", title, record.reason))
        members = self._members(record, request.user)
        if members:
            title = _("Commission")
            found.append(
                {"id": "commission", "title": title, "template": "surveys/appeal_commission.html", "rows": members}
            )
        return found

    def _members(self, record: AcademicAppeal, person: Any) -> list[dict[str, Any]]:
        """Opinions are for the commission and those who keep it: a member reads the others' after the own, the appellant none."""
        rows = list(record.members.select_related("person"))
        spoke = any(row.person_id == person.pk and row.opinion for row in rows)
        sits = any(row.person_id == person.pk for row in rows)
        reads = spoke or (not sits and keeps(person, record)) or (sits and record.state in record.OVER)
        return [
            {
                "name": row.person.get_full_name(),
                "post": row.person.post,
                "chair": row.chair,
                "spoke": bool(row.opinion),
                "opinion": row.opinion if reads or row.person_id == person.pk else "",
            }
            for row in rows
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        unit, course = record.unit, record.course
        boxes = facts(
            fact(_("About"), record.get_kind_display()),
            fact(_("Course"), str(course)) if course else None,
            fact(_("What is appealed"), record.about) if record.about else None,
            fact(_("Unit"), cells.link(unit.get_absolute_url(), unit.name)),
            fact(_("Grade given"), record.grade),
            fact(_("Who gave the grade"), record.graded_by.get_full_name()) if record.graded_by else None,
            fact(_("Result known on"), cells.date(record.happened_on)),
            fact(_("Filed on"), cells.date(record.filed_on)),
            fact(_("Filed in time"), _("yes") if record.in_time else _("no, it came too late")),
            fact(_("Decision due on"), cells.due(record.due_on, record.deadline_counts)) if record.due_on else None,
        )
        if record.decision:
            boxes += [
                {
                    "title": _("Decision"),
                    "rows": [
                        fact(_("Decision"), record.get_decision_display()),
                        fact(_("Cause"), record.get_cause_display()),
                        fact(_("New grade"), record.new_grade),
                        fact(_("Decided on"), cells.date(record.decided_on)),
                    ],
                }
            ]
        who = [fact(_("Name"), record.student_name), fact(_("Group"), record.group)]
        who += [fact(_("E-mail"), record.student_email)] if record.student_email else []
        return [*boxes, {"title": _("Who appeals"), "rows": who}]


class AppealReportPages(RecordPages):
    model = AppealReport
    slug, plural = "appeal-report", "appeal-reports"
    title, kind = _("Reports on appeals"), _("Report on appeals")
    lead = _("After each term: how many appeals there were, what came of them, what is systemic and what to change.")
    table, filters, form = AppealReportTable, AppealReportFilters, ReportForm
    add_label = _("Begin a report")
    empty = _("Here will stand the reports of the appeals commission, one a term and school.")
    clause = "N1 §4.1.6; N0 S4"
    related = ("unit", "term__year")
    printed = "surveys.appeal_report"

    def heading(self, record: Any) -> tuple[str, str]:
        return str(record.term), record.unit.name

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        title = _("Figures") if record.figures else _("Figures as they stand today")
        return [
            {"id": "figures", "title": title, "html": as_html(blocks(record.figures or figures_now(record)))},
            prose("problems", _("Systemic problems"), record.problems or "—"),
            prose("recommendations", _("Recommendations"), record.recommendations or "—"),
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        authors = Person.objects.filter(pk__in=record.authors).order_by("pk")
        return facts(
            fact(_("Term"), str(record.term)),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Who wrote it"), ", ".join(person.get_full_name() for person in authors)),
        )
