"""Reminders: answers of self-assessments before and after their day, rows of monitoring plans."""

from __future__ import annotations

from typing import Any

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit, quality_office
from qa_portal.people.models import Person, Unit

from ..models import Assessment, CommissionMember, PlanRow


def _prepare() -> dict[str, Any]:
    chairs = CommissionMember.objects.filter(duty=CommissionMember.Duty.CHAIR).order_by()
    return {
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "office": list(quality_office().values_list("pk", flat=True)),
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
        "chairs": dict(
            chairs.filter(assessment__state__in=Assessment.WRITING).values_list("assessment_id", "person_id")
        ),
    }


def _leaders(known: dict[str, Any], row: Assessment) -> list[int]:
    """Whoever leads it; of a programme its head and the chair too, of a unit its head; without any of them the head above."""
    people: list[Any] = [row.lead_id]
    if row.programme is not None:
        people += [row.programme.head_id, known["chairs"].get(row.pk)]
    else:
        people += head_ids(known["paths"], known["heads"], row.unit_id)
    found = [pk for pk in dict.fromkeys(people) if pk in known["active"]]
    return found or head_ids(known["paths"], known["heads"], row.unit_id)


def _of_assessment(known: dict[str, Any], name: str, row: Assessment) -> list[int]:
    return known["office"] if name == "office" else _leaders(known, row)


remind_of(
    ReminderRule(
        name="standards.answers_due",
        rows=lambda: (
            Assessment.objects.filter(state__in=Assessment.WRITING)
            .select_related("unit", "programme", "cycle")
            .defer("summary", "strong", "improve")
        ),
        deadline="due",
        thresholds=lambda: thresholds(leader="standards.remind_answers", office="standards.remind_answers_office"),
        prepare=_prepare,
        audience=_of_assessment,
        line=lambda row, late, language: Line(f"{lateness(late)}: {row}", row.get_absolute_url()),
    )
)


def _of_row(known: dict[str, Any], name: str, row: PlanRow) -> list[int]:
    """Whoever answers for the row, while here; else those who lead the self-assessment."""
    owner: Any = row.owner_id
    return [owner] if owner in known["active"] else _leaders(known, row.assessment)


remind_of(
    ReminderRule(
        name="standards.plan_row_due",
        rows=lambda: PlanRow.objects.filter(
            state=PlanRow.PLANNED, assessment__state__in=Assessment.WRITING
        ).select_related("assessment__unit", "assessment__programme", "assessment__cycle"),
        deadline="due",
        thresholds=lambda: thresholds(owner="standards.remind_plan_row"),
        prepare=_prepare,
        audience=_of_row,
        line=lambda row, late, language: Line(
            f"{lateness(late)}: {row.indicator} ({row.assessment})", row.get_absolute_url()
        ),
    )
)
