"""Reminder of an urn that is still sealed some days after the last day for answers."""

from __future__ import annotations

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import quality_office

from ..models import Campaign

remind_of(
    ReminderRule(
        name="surveys.sealed_urn",
        rows=lambda: Campaign.objects.filter(state=Campaign.CLOSED).only("name", "closes_on"),
        deadline="closes_on",
        thresholds=lambda: thresholds(asb="surveys.remind_sealed_urn"),
        prepare=lambda: {"asb": list(quality_office().values_list("pk", flat=True))},
        audience=lambda known, name, row: known["asb"],
        line=lambda row, late, language: Line(f"{lateness(late)}: {row.name}", row.get_absolute_url()),
    )
)
