"""Reminders of talks: held, and not concluded yet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, remind_of, thresholds
from qa_portal.people.heads import quality_office
from qa_portal.people.models import Person

from ..models import Talk


def _prepare() -> dict[str, Any]:
    return {
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
        "asb": list(quality_office().values_list("pk", flat=True)),
    }


def _people(known: dict[str, Any], name: str, row: Talk) -> list[int]:
    """Whoever leads it, else the quality office."""
    return [row.moderator_id] if row.moderator_id in known["active"] else known["asb"]


remind_of(
    ReminderRule(
        name="surveys.talk_conclusions",
        rows=lambda: Talk.objects.filter(state=Talk.HELD).only("title", "moderator", "on"),
        deadline="on",
        thresholds=lambda: thresholds(leads="surveys.remind_talk"),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(
            _("Conclusions of a talk are due: %(title)s") % {"title": row.title}, row.get_absolute_url()
        ),
    )
)
