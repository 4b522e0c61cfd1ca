"""Pages of self-assessments of units and programmes, and of the rows of a programme's monitoring plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..completeness import progress_of
from ..filters.cycles import AssessmentFilters, PlanRowFilters
from ..forms.assessments import AssessmentForm, PlanRowForm
from ..models import AreaAnswer, Assessment, Cycle, EvaluationArea, PlanRow
from ..tables.cycles import AssessmentTable, PlanRowTable
from .cycles import page_of, percent


def place(record: Any) -> Any:
    return cells.link(record.get_absolute_url(), record) if record else ""


def who_and_when(person: Any, day: Any) -> str:
    return " · ".join(part for part in (person.get_full_name() if person else "", cells.date(day)) if part)


def number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class AssessmentPages(RecordPages):
    model = Assessment
    slug, plural = "assessment", "assessments"
    title, kind = _("Self-assessments"), _("Self-assessment")
    lead = _("What units and programmes answer in the cycle of a year, and on which step each of them is.")
    table, filters, form = AssessmentTable, AssessmentFilters, AssessmentForm
    empty = _("Here will stand the self-assessments of units and programmes once the quality office opens a cycle.")
    clause = "N0 §1"
    related = (
        "cycle__edition", "unit", "programme__head", "lead", "submitted_by", "agreed_by", "endorsed_by", "verified_by",
        "previous__cycle", "previous__unit", "previous__programme", "decides",
    )  # fmt: skip
    list_related = ("cycle", "unit", "programme", "lead")
    list_defer = ("summary", "strong", "improve")
    printed = "standards.assessment"

    def urls(self) -> list[URLPattern]:
        """It is planned on the page of its cycle, so there is no address to add one."""
        return [url for url in super().urls() if url.name != "assessment-add"]

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [
            {"label": _("Cycles"), "url": reverse("standards:cycles"), "icon": "refresh"},
            {"label": _("Answers area by area"), "url": reverse("standards:answers"), "icon": "list"},
        ]

    def heading(self, record: Any) -> tuple[str, str]:
        return "", str(record)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        found = [self._areas(record, person)]
        for name, title in (
            ("summary", _("Summary")),
            ("strong", _("Strong points")),
            ("improve", _("To be improved")),
        ):
            if getattr(record, name):
                found.append(prose(name, title, getattr(record, name)))
        if record.of_programme:
            found += [self._plan(record, person), self._commission(record)]
        return found

    def _areas(self, record: Assessment, person: Any) -> dict[str, Any]:
        done = progress_of(record)
        answers = AreaAnswer.objects.filter(assessment=record)
        writes = record.is_written and answers.to_write(person).exists()
        judges = not record.is_written and answers.to_verify(person).exists()
        all_answered = bool(done) and done[""].answered == done[""].total
        names = {a.standard.code: a.standard for a in _areas(record)}
        return {
            "id": "areas",
            "title": _("Evaluation areas"),
            "template": "standards/assessments/areas.html",
            "url": page_of("assessment-answers", record.pk) if record.state != Assessment.PLANNED else "",
            "writes": writes,
            "judges": judges,
            # The one filled button: once everything is answered it is "Submit" above.
            "filled": judges or (writes and not all_answered),
            "planned": record.state == Assessment.PLANNED,
            "number": len(record.areas),
            "all": {"progress": done[""], "percent": percent(done[""])} if done else None,
            "rows": [
                {
                    "standard": standard,
                    "areas": sum(area.partition(".")[0] == code for area in record.areas),
                    "progress": done.get(code),
                    "percent": percent(done[code]) if code in done else 0,
                }
                for code, standard in names.items()
            ],
        }

    def _plan(self, record: Assessment, person: Any) -> dict[str, Any]:
        rows = PlanRow.objects.visible_to(person).filter(assessment=record).select_related("owner", "assessment")
        may_add = record.plan_is_open and refusal(person, "standards.add_plan_row", PlanRow(assessment=record)) is None
        add = f"{reverse('standards:plan-row-add')}?assessment={record.pk}"
        return {
            "id": "plan",
            "title": _("Monitoring plan: fact against plan"),
            "template": "standards/assessments/plan.html",
            "rows": [
                {"row": row, "state": cells.state(row), "due": cells.due(row.due, row.deadline_counts)} for row in rows
            ],
            "all_url": f"{reverse('standards:plan-rows')}?assessment={record.pk}",
            "add": {"url": add, "label": _("Add a row"), "allowed": True} if may_add else None,
        }

    def _commission(self, record: Assessment) -> dict[str, Any]:
        return {
            "id": "commission",
            "title": _("Self-evaluation commission"),
            "template": "standards/assessments/commission.html",
            "seats": list(record.commission.select_related("person")),
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        submitted = who_and_when(record.submitted_by, record.submitted_on) if record.submitted_on else ""
        return facts(
            fact(_("Unit"), place(record.unit)),
            fact(_("Programme"), str(record.programme)) if record.programme else None,
            fact(_("Who leads it"), record.lead.get_full_name() if record.lead else ""),
            fact(_("Answers by"), cells.due(record.due, record.deadline_counts)),
            fact(_("Submitted"), submitted) if submitted else None,
            fact(_("Its head decides now"), place(record.decides)) if record.decides else None,
            fact(_("Agreed for the department by"), record.agreed_by.get_full_name()) if record.agreed_by else None,
            fact(_("Agreed for the dean's office by"), record.endorsed_by.get_full_name())
            if record.endorsed_by
            else None,
            fact(_("Considered by the committee"), _considered(record)) if record.considered_on else None,
            fact(_("Verified"), who_and_when(record.verified_by, record.verified_on)) if record.verified_on else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        seen = Cycle.objects.visible_to(request.user).filter(pk=record.cycle_id).exists()
        url = record.cycle.get_absolute_url() if seen else ""
        found = [{"relation": _("Cycle"), "label": str(record.cycle), "url": url}]
        if record.previous is not None:
            seen = Assessment.objects.visible_to(request.user).filter(pk=record.previous_id).exists()
            url = record.previous.get_absolute_url() if seen else ""
            found.append({"relation": _("Last time"), "label": str(record.previous), "url": url})
        return found


def _considered(record: Assessment) -> str:
    return " · ".join(part for part in (cells.date(record.considered_on), record.considered_basis) if part)


def _areas(record: Assessment) -> Any:
    rows = EvaluationArea.objects.filter(standard__edition=record.cycle.edition_id, code__in=record.areas)
    return rows.select_related("standard").order_by("standard__number", "place")


class PlanRowPages(RecordPages):
    model = PlanRow
    slug, plural = "plan-row", "plan-rows"
    title, kind = _("Monitoring plans of programmes"), _("Row of a monitoring plan")
    lead = _("What each programme measures in the year, from which source and by when, and what came out.")
    table, filters, form = PlanRowTable, PlanRowFilters, PlanRowForm
    add_label, added_from_register = _("Add a row"), False
    empty = _("Here will stand the indicators that programmes watch. A row is added on the page of a self-assessment.")
    clause = "N0 S9"
    related = ("assessment__cycle", "assessment__unit", "assessment__programme__head", "owner")
    list_related = ("assessment__cycle", "assessment__programme", "owner")
    list_defer = ("note",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.area, record.indicator

    def new(self, request: HttpRequest) -> PlanRow:
        rows = Assessment.objects.visible_to(request.user).select_related("cycle", "unit", "programme")
        return PlanRow(assessment=get_object_or_404(rows, pk=number(request, "assessment")))

    def after_adding(self, record: Any) -> str:
        return f"{record.assessment.get_absolute_url()}#plan"

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        area = _areas(record.assessment).filter(code=record.area).first()
        return [
            {
                "id": "fact",
                "title": _("Fact against plan"),
                "template": "standards/assessments/fact.html",
                "row": record,
                "fact_on": cells.date(record.fact_on),
                "area": area,
                "answer_url": self._answer_url(record, request),
            },
            *([prose("note", _("Note on the difference"), record.note)] if record.note else []),
        ]

    def _answer_url(self, record: PlanRow, request: HttpRequest) -> str:
        rows = AreaAnswer.objects.visible_to(request.user)
        answer = rows.filter(assessment=record.assessment_id, code=record.area).values_list("pk", flat=True).first()
        return page_of("answer", answer) if answer else ""

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Programme"), str(record.assessment.programme)),
            fact(_("Source of data"), record.source),
            fact(_("By"), cells.due(record.due, record.deadline_counts)),
            fact(_("Who answers for it"), record.owner.get_full_name() if record.owner else ""),
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        assessment = record.assessment
        seen = Assessment.objects.visible_to(request.user).filter(pk=assessment.pk).exists()
        url = assessment.get_absolute_url() if seen else ""
        return [{"relation": _("Self-assessment"), "label": str(assessment), "url": url}]
