"""What cycles, self-assessments and monitoring plans hand to shared pages: menu, desk, decisions, verbs, search."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body
from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.people.models import Unit
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Programme
from qa_portal.web import cells
from qa_portal.web.registry import (
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Verb,
    decidable,
    desk,
    menu,
    panel,
    provable,
    searchable,
    verb,
)

from ..models import AreaAnswer, Assessment, Cycle, PlanRow
from ..permissions.cycles import committee_of, cycle_body

MOST_SHOWN = 5


def _insider(person: Any) -> bool:
    return not person.standing.outsider


menu(MenuItem("assessments", _("Self-assessment"), "standards:assessments", "clipboard-check", 20, _insider))

for model in (Cycle, Assessment, PlanRow):
    provable(model)


# -- what bodies decide ------------------------------------------------------------------------
def _years_before(code: str) -> Any:
    rows = Cycle.objects.filter(state=Cycle.SUBMITTED).select_related("edition")
    return rows if code == cycle_body() else rows.none()


def _programmes_before(code: str) -> Any:
    """Programmes' self-assessments agreed by the dean's office that wait for this committee, by unit."""
    rows = Assessment.objects.filter(
        state=Assessment.ENDORSED, considered_on__isnull=True, programme__isnull=False
    ).select_related("cycle", "unit", "programme")
    kind = policy("standards.programme_committee")
    if code == kind:
        return rows
    if Body.objects.active().filter(code=kind).exists():
        return rows.none()
    committees = dict(Body.objects.active().filter(kind__code=kind).order_by("-pk").values_list("unit", "code"))
    if code not in committees.values():
        return rows.none()
    chains = {unit.pk: unit.chain_ids for unit in Unit.objects.filter(assessments__in=rows)}
    nearest = {
        pk: next((committees[above] for above in reversed(chain) if above in committees), "")
        for pk, chain in chains.items()
    }
    return rows.filter(unit__in=[pk for pk, found in nearest.items() if found == code])


def _awaited_committee(assessment: Assessment) -> str:
    waits = assessment.of_programme and assessment.state == Assessment.ENDORSED and assessment.considered_on is None
    return committee_of(assessment) if waits else ""


shown_on(Cycle)
shown_on(Assessment)
decidable(
    Decidable(
        Cycle,
        "approve",
        _("Self-assessment of a year"),
        lambda cycle: cycle_body() if cycle.state == Cycle.SUBMITTED else "",
        _years_before,
        undo="undo_approval",
        otherwise="send_back",
        inputs=lambda cycle, decision: {"basis": str(decision)[:200]},
    )
)
decidable(
    Decidable(
        Assessment,
        "consider",
        _("Self-assessment of a programme"),
        _awaited_committee,
        _programmes_before,
        undo="undo_consideration",
        inputs=lambda assessment, decision: {"basis": str(decision)[:200]},
    )
)


# -- desk: what waits for me ------------------------------------------------------------------
def _assessment_item(row: Assessment) -> dict[str, Any]:
    due = cells.desk_due(row.due) if row.deadline_counts else None
    label = str(row.programme or row.unit)
    return {"label": label, "url": row.get_absolute_url(), "meta": f"{row.cycle} · {row.state_label}", "due": due}


def _row_item(row: PlanRow) -> dict[str, Any]:
    return {
        "label": row.indicator,
        "url": row.get_absolute_url(),
        "meta": f"{row.area} · {row.assessment.programme}",
        "due": cells.desk_due(row.due),
    }


def _cycle_item(row: Cycle) -> dict[str, Any]:
    return {
        "label": str(row),
        "url": row.get_absolute_url(),
        "meta": str(row.state_label),
        "due": cells.desk_due(row.decide_by),
    }


def _related(rows: Any) -> Any:
    return rows.select_related("cycle", "unit", "programme")


def _to_answer(person: Any) -> Any:
    rows = Assessment.objects.led_by(person).filter(state__in=Assessment.WRITING)
    return _related(rows).distinct().order_by("due", "pk")


def _to_agree(person: Any) -> Any:
    return _related(Assessment.objects.waiting_for_decision_of(person)).order_by("submitted_on", "pk")


def _to_verify(person: Any) -> Any:
    """Those in which no area waits any more; the others stand with their areas in the desk's other list."""
    waiting = AreaAnswer.objects.filter(assessment=OuterRef("pk"), state=AreaAnswer.SUBMITTED)
    rows = Assessment.objects.to_verify().exclude(Exists(waiting))
    if not person.standing.has(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE):
        return rows.none()
    if person.standing.unit_path:
        # Their own unit's is verified by somebody else.
        above = Unit.objects.filter(pk__in=[int(part) for part in person.standing.unit_path.split(".") if part])
        rows = rows.exclude(unit__in=above)
    return _related(rows.exclude(submitted_by=person).exclude(lead=person)).order_by("submitted_on", "pk")


def _to_send(person: Any) -> Any:
    """Cycles in which every self-assessment that was not cancelled is verified."""
    rows = Cycle.objects.filter(state=Cycle.OPEN)
    if not person.standing.quality_office:
        return rows.none()
    live = Assessment.objects.live().filter(cycle=OuterRef("pk"))
    return (
        rows.filter(Exists(live)).exclude(Exists(live.exclude(state=Assessment.VERIFIED))).order_by("decide_by", "pk")
    )


def _rows_due(person: Any) -> Any:
    mine = Q(owner=person) | Q(owner__isnull=True, assessment__lead=person)
    rows = PlanRow.objects.filter(mine, state=PlanRow.PLANNED, assessment__state__in=Assessment.WRITING)
    return rows.select_related("assessment__programme").order_by("due", "pk")


def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(f"standards:{name}") + query


_WRITING = "?mine=true&state=open&state=returned"
desk(
    DeskSource(
        "assessments",
        _("Self-assessment to answer and submit"),
        _to_answer,
        _assessment_item,
        _list("assessments", _WRITING),
        14,
    )
)
desk(
    DeskSource(
        "assessments-agree",
        _("Self-assessments of programmes to agree"),
        _to_agree,
        _assessment_item,
        _list("assessments", "?waits_for_me=true"),
        15,
    )
)
desk(
    DeskSource(
        "assessments-verify",
        _("Self-assessments to verify"),
        _to_verify,
        _assessment_item,
        _list("assessments", "?to_verify=true"),
        41,
    )
)
desk(
    DeskSource(
        "cycles-send",
        _("Cycles ready for the Academic Council"),
        _to_send,
        _cycle_item,
        _list("cycles", "?state=open"),
        42,
    )
)
desk(
    DeskSource(
        "plan-rows",
        _("Indicators of programmes to enter"),
        _rows_due,
        _row_item,
        _list("plan-rows", "?mine=true&state=planned"),
        24,
    )
)

verb(
    Verb(
        _("Prepare a self-assessment cycle"),
        _list("cycle-add"),
        "clipboard-check",
        _("Who answers which areas, and by when"),
        9,
        lambda person: person.standing.quality_office,
    ),
    Verb(
        _("Self-assessment of my unit"),
        _list("assessments", "?mine=true"),
        "clipboard-check",
        _("Answer the areas, attach what proves it, submit"),
        11,
        lambda person: bool(person.standing.led_paths) or person.standing.has(Role.PROGRAMME_HEAD),
    ),
)


# -- search ----------------------------------------------------------------------------------------
def _find_assessments(person: Any, text: str) -> list[dict[str, Any]]:
    rows = _related(Assessment.objects.visible_to(person).matching(text)).order_by("-cycle__year", "pk")[:10]
    return [{"label": str(r), "url": r.get_absolute_url(), "meta": f"{r.cycle} · {r.state_label}"} for r in rows]


def _find_cycles(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Cycle.objects.visible_to(person).matching(text).order_by("-year", "-pk")[:10]
    return [{"label": str(r), "url": r.get_absolute_url(), "meta": str(r.state_label)} for r in rows]


def _find_rows(person: Any, text: str) -> list[dict[str, Any]]:
    rows = PlanRow.objects.visible_to(person).matching(text).select_related("assessment__programme").order_by("-pk")
    return [
        {"label": str(r), "url": r.get_absolute_url(), "meta": f"{r.assessment.programme} · {r.state_label}"}
        for r in rows[:10]
    ]


searchable(SearchSource("cycles", _("Self-assessment cycles"), _find_cycles, 40))
searchable(SearchSource("assessments", _("Self-assessments"), _find_assessments, 41))
searchable(SearchSource("plan-rows", _("Monitoring plans of programmes"), _find_rows, 42))


# -- what hangs on a unit and on a programme -----------------------------------------------------------
def _latest(rows: Any, person: Any) -> dict[str, Any] | None:
    seen = Assessment.objects.visible_to(person).live().order_by().values("pk")
    found = list(_related(rows.filter(pk__in=seen)).order_by("-cycle__year", "pk")[:MOST_SHOWN])
    shown = [{"label": str(r.cycle), "url": r.get_absolute_url(), "state": cells.state(r)} for r in found]
    return (
        {"title": _("Self-assessment"), "template": "standards/assessments/panel.html", "rows": shown}
        if shown
        else None
    )


@panel(Unit)
def _of_unit(unit: Any, request: Any) -> dict[str, Any] | None:
    """The unit's own self-assessments of the last years, as far as the reader sees them."""
    return _latest(Assessment.objects.filter(unit=unit, programme__isnull=True), request.user)


@panel(Programme)
def _of_programme(programme: Any, request: Any) -> dict[str, Any] | None:
    return _latest(Assessment.objects.filter(programme=programme), request.user)
