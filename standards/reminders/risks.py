"""Reminders of risks: a review that comes due, a measure before and after its deadline."""

from __future__ import annotations

from typing import Any

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit, quality_office
from qa_portal.people.models import Person, Unit

from ..models import RiskMeasure, UnitRisk


def _prepare() -> dict[str, Any]:
    return {
        "heads": heads_by_unit(),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
        "asb": list(quality_office().values_list("pk", flat=True)),
    }


def _people(known: dict[str, Any], name: str, owner: int | None, unit: int) -> list[int]:
    """The owner while here; the head where there is none."""
    if name == "owner" and owner is not None and owner in known["active"]:
        return [owner]
    return known["asb"] if name == "asb" else head_ids(known["paths"], known["heads"], unit)


remind_of(
    ReminderRule(
        name="standards.risk_review",
        rows=lambda: (
            UnitRisk.objects.live()
            .filter(review_on__isnull=False)
            .with_words()
            .only("number", "title", "catalogue_code", "owner", "unit", "review_on")
        ),
        deadline="review_on",
        thresholds=lambda: thresholds(
            owner="standards.remind_risk_owner", head="standards.remind_risk_head", asb="standards.remind_risk_asb"
        ),
        prepare=_prepare,
        audience=lambda known, name, row: _people(known, name, row.owner_id, row.unit_id),
        line=lambda row, late, language: Line(f"{lateness(late)}: {row.brief} ({row.number})", row.get_absolute_url()),
    )
)
remind_of(
    ReminderRule(
        name="standards.risk_measure_due",
        rows=lambda: (
            RiskMeasure.objects.open().select_related("risk").only("text", "owner", "due", "risk__number", "risk__unit")
        ),
        deadline="due",
        thresholds=lambda: thresholds(
            owner="standards.remind_measure_owner",
            head="standards.remind_measure_head",
            asb="standards.remind_measure_asb",
        ),
        prepare=_prepare,
        audience=lambda known, name, row: _people(known, name, row.owner_id, row.risk.unit_id),
        line=lambda row, late, language: Line(
            f"{lateness(late)}: {row.brief} ({row.risk.number})", row.get_absolute_url()
        ),
    )
)
