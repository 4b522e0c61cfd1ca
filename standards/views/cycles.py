"""Pages of a self-assessment cycle: how far it is, its phases, coverage of programmes, and who answers what."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages
from qa_portal.web.pages.reading import find, step_buttons
from qa_portal.workflow.steps import steps_of

from ..coverage import coverage
from ..filters.cycles import CycleFilters
from ..forms.cycles import CycleForm
from ..models import Assessment, Cycle
from ..progress import standing
from ..scope import areas, propose
from ..tables.cycles import CycleTable

PLANNING = ("propose_scope", "plan_units", "plan_programmes")


def page_of(name: str, *args: Any, query: str = "") -> str:
    """The address of another room's page; empty while there is no such page."""
    try:
        return reverse(f"standards:{name}", args=args) + query
    except NoReverseMatch:
        return ""


def phases(cycle: Cycle) -> list[dict[str, Any]]:
    """The four days of the year's self-assessment in words; the next one to come is marked while the cycle lives."""
    today, runs = timezone.localdate(), cycle.state in (Cycle.DRAFT, Cycle.OPEN, Cycle.SUBMITTED)
    words = {
        "opens_on": _("Answering begins"),
        "answer_by": _("Units and programmes submit their answers by"),
        "verify_by": _("The quality office has verified all of them by"),
        "decide_by": _("The Academic Council decides by"),
    }
    found: list[dict[str, Any]] = []
    for name in Cycle.DATES:
        day = getattr(cycle, name)
        coming = runs and day >= today and not any(phase["next"] for phase in found)
        found.append({"label": words[name], "day": cells.due(day, coming), "next": coming})
    return found


class CyclePages(RecordPages):
    model = Cycle
    slug, plural = "cycle", "cycles"
    title, kind = _("Self-assessment cycles"), _("Self-assessment cycle")
    lead = _("Each year units and programmes answer how far they meet the standards; the Academic Council approves it.")
    table, filters, form = CycleTable, CycleFilters, CycleForm
    add_label = _("Prepare a cycle")
    empty = _("Here will stand the self-assessment of each year: who answers which areas, and how far it is.")
    clause = "N0 §1"
    related = ("edition",)
    list_related = ("edition",)
    list_defer = ("note",)

    def heading(self, record: Any) -> tuple[str, str]:
        return "", str(record)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        found = [
            {
                "id": "progress",
                "title": _("How far it is"),
                "template": "standards/cycles/progress.html",
                "standing": _shown(standing(record, person)),
                "scope_url": reverse("standards:cycle-scope", args=[record.pk]),
                "register_url": f"{reverse('standards:assessments')}?cycle={record.pk}",
                "heat_url": page_of("heat-map", query=f"?cycle={record.pk}"),
                "draft": record.state == Cycle.DRAFT,
            },
            {
                "id": "phases",
                "title": _("Phases"),
                "template": "standards/cycles/phases.html",
                "phases": phases(record),
            },
        ]
        if record.state == Cycle.APPROVED or person.standing.sees_everything:
            found.append(
                {
                    "id": "coverage",
                    "title": _("Coverage of programmes"),
                    "template": "standards/cycles/coverage.html",
                    "coverage": coverage(record),
                }
            )
        if record.note:
            found.append(prose("note", _("What units should know"), record.note))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        edition = record.edition
        return facts(
            fact(_("Year"), str(record.year)),
            fact(_("Standards"), ", ".join(record.standards)),
            fact(_("Edition of the catalogue"), cells.link(edition.get_absolute_url(), edition.number)),
            fact(_("Opened on"), cells.date(record.launched_on)) if record.launched_on else None,
            fact(_("Sent to the Council on"), cells.date(record.submitted_on)) if record.submitted_on else None,
            fact(_("Approved on"), cells.date(record.approved_on)) if record.approved_on else None,
            fact(_("Decision"), record.basis) if record.basis else None,
        )


def _shown(found: Any) -> dict[str, Any]:
    return {
        "late": found.late,
        "progress": found.progress,
        "percent": percent(found.progress),
        "states": [(cells.badge(*Assessment.STATES[state]), number) for state, number in found.states],
        "rows": [
            {
                "url": line.assessment.get_absolute_url(),
                "label": str(line.assessment.programme or line.assessment.unit),
                "below": str(line.assessment.unit) if line.assessment.programme else "",
                "state": cells.state(line.assessment),
                "progress": line.progress,
                "percent": percent(line.progress),
                "due": cells.due(line.assessment.due, line.assessment.deadline_counts),
            }
            for line in found.lines
        ],
    }


def percent(progress: Any) -> int:
    """In whole percent, cut off: 100 % means all."""
    return 100 * progress.answered // progress.total if progress.total else 0


class Scope(View):
    """/standards/cycles/<pk>/scope/: units and programmes × standards, how many areas each answers; changed by steps."""

    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        cycle, person = find(self.pages, request.user, pk), request.user
        asked = areas(cycle)
        standards = list({area.standard.code: area.standard for area in asked}.values())
        rows = Assessment.objects.visible_to(person).live().filter(cycle=cycle)
        rows = rows.select_related("unit", "programme", "cycle").order_by("unit__path", "programme_id", "pk")
        planner = person.standing.quality_office and cycle.state in (Cycle.DRAFT, Cycle.OPEN)
        buttons = [b for b in step_buttons(self.pages, cycle, person) if b["name"] in PLANNING] if planner else []
        return render(
            request,
            "standards/cycles/scope.html",
            {
                "title": _("Who answers what"),
                "cycle": cycle,
                "crumbs": [*self.pages.crumbs(cycle), {"label": str(cycle), "url": cycle.get_absolute_url()}],
                "state": self.pages.state(cycle),
                "steps": buttons,
                "standards": standards,
                "rows": [_row(row, standards, person if planner else None) for row in rows],
                "homeless": propose(cycle).homeless if planner and cycle.state == Cycle.DRAFT else [],
            },
        )


def _row(assessment: Assessment, standards: list[Any], planner: Any) -> dict[str, Any]:
    counts = Counter(code.partition(".")[0] for code in assessment.areas)
    offered = {}
    for name in ("change_areas", "cancel") if planner is not None else ():
        step = steps_of(Assessment)[name]
        if step.offered(assessment) and step.refusal(assessment, planner) is None:
            offered[name] = reverse("standards:assessment-step", args=[assessment.pk, step.slug])
    return {
        "label": str(assessment.programme or assessment.unit),
        "below": str(assessment.unit) if assessment.programme else "",
        "url": assessment.get_absolute_url(),
        "state": cells.state(assessment),
        "counts": [(standard.code, counts[standard.code]) for standard in standards],
        "all": len(assessment.areas),
        "change": offered.get("change_areas", ""),
        "take_out": offered.get("cancel", ""),
    }
