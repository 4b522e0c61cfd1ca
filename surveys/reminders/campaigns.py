"""Reminders to those who run surveys: one that may be launched, a report that comes due. Respondents: see by_clock.py."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import quality_office
from qa_portal.people.models import Person

from ..models import Campaign


def _prepare() -> dict[str, Any]:
    return {
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
        "asb": list(quality_office().values_list("pk", flat=True)),
    }


def _people(known: dict[str, Any], name: str, row: Campaign) -> list[int]:
    """Those who prepared it and are still here, else the quality office."""
    own = sorted(({*row.authors, row.created_by_id} - {None}) & known["active"])
    return own or known["asb"]


_COLUMNS = ("name", "authors", "created_by", "opens_on", "report_due")

remind_of(
    ReminderRule(
        name="surveys.campaign_opens",
        rows=lambda: Campaign.objects.filter(state=Campaign.READY).only(*_COLUMNS),
        deadline="opens_on",
        thresholds=lambda: thresholds(runs="surveys.remind_campaign_opens"),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(
            _("It may be launched: %(name)s") % {"name": row.name}, row.get_absolute_url()
        ),
    )
)
remind_of(
    ReminderRule(
        name="surveys.campaign_report",
        rows=lambda: (
            Campaign.objects.filter(
                state__in=(Campaign.CLOSED, Campaign.OPENING, Campaign.OPENED), report_due__isnull=False
            )
            .without_release()
            .only(*_COLUMNS)
        ),
        deadline="report_due",
        thresholds=lambda: thresholds(runs="surveys.remind_campaign_report"),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(
            f"{lateness(late)}: {_('report on the survey “%(name)s”') % {'name': row.name}}", row.get_absolute_url()
        ),
    )
)
