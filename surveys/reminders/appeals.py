"""Reminders of appeals: not admitted yet, near and past the day of the decision. Lines say the number alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import holders
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import QUALITY_OFFICE, Role

from ..models import AcademicAppeal


def _prepare() -> dict[str, Any]:
    panel = Office.objects.on().filter(role=Role.APPEAL_PANEL, person__is_active=True)
    return {
        "panel": sorted(panel.values_list("unit__path", "person_id")),
        "office": sorted(holders(QUALITY_OFFICE).values_list("pk", flat=True)),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
    }


def _people(known: dict[str, Any], name: str, row: AcademicAppeal) -> list[int]:
    """The commission; or the panel of the unit, without one the quality office. Nobody with a part in it."""
    if name == "commission":
        return [pk for pk in row.member_ids if pk in known["active"]]
    path = known["paths"][row.unit_id]
    panel = [pk for over, pk in known["panel"] if path.startswith(over) and pk not in row.party_ids]
    return panel or [pk for pk in known["office"] if pk not in row.party_ids]


def _rows(*states: str) -> Any:
    return AcademicAppeal.objects.filter(state__in=states).select_related("course").with_people()


remind_of(
    ReminderRule(
        name="surveys.appeal_filed",
        rows=lambda: _rows(AcademicAppeal.FILED),
        deadline="filed_on",
        thresholds=lambda: thresholds(keepers="surveys.remind_appeal_filed"),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(
            _("An appeal waits to be admitted: %(number)s") % {"number": row.number}, row.get_absolute_url()
        ),
    )
)
remind_of(
    ReminderRule(
        name="surveys.appeal_due",
        rows=lambda: _rows(*AcademicAppeal.RUNNING).filter(due_on__isnull=False),
        deadline="due_on",
        thresholds=lambda: thresholds(
            commission="surveys.remind_appeal_commission", keepers="surveys.remind_appeal_keepers"
        ),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(f"{lateness(late)}: {row.number}", row.get_absolute_url()),
    )
)
