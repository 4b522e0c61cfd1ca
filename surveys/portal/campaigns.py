"""What campaigns hand to shared pages: menu, desk, search, calendar. What a person is asked stands in answering.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    DeskSource,
    MenuItem,
    SearchSource,
    calendar_of,
    desk,
    menu,
    searchable,
)
from standards.permissions.mechanism_speakers import committees_run

from ..models import Campaign
from ..querysets.campaigns import DESIGNING


def sees_campaigns(person: Any) -> bool:
    standing = person.standing
    return (
        standing.quality_office or standing.sees_everything or standing.has(*DESIGNING) or bool(committees_run(person))
    )


menu(MenuItem("campaigns", _("Surveys"), "surveys:campaigns", "survey", 62, sees_campaigns, True))


# -- desk ---------------------------------------------------------------------------------------------------------
def _to_check(person: Any) -> Any:
    """Those that wait for somebody who did not prepare them."""
    rows = Campaign.objects.filter(state=Campaign.SUBMITTED).select_related("questionnaire", "unit")
    if not person.standing.has(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE):
        return rows.none()
    mine = [row.pk for row in rows.defer("content") if refusal(person, "surveys.check_campaign", row) is None]
    return Campaign.objects.filter(pk__in=mine).select_related("questionnaire").order_by("opens_on", "pk")


def _mine(person: Any) -> Any:
    """Checked ones of mine: launched on their first day."""
    rows = Campaign.objects.filter(state=Campaign.READY).select_related("questionnaire", "unit").defer("content")
    own = [row.pk for row in rows if person.pk in {*row.authors, row.created_by_id}]
    return Campaign.objects.filter(pk__in=own).select_related("questionnaire").order_by("opens_on", "pk")


def _item(row: Campaign, due: Any) -> dict[str, Any]:
    return {
        "label": row.name,
        "url": row.get_absolute_url(),
        "meta": str(row.questionnaire.get_audience_display()),
        "due": cells.desk_due(due),
    }


desk(
    DeskSource(
        "surveys-to-check",
        _("Surveys to check"),
        _to_check,
        lambda row: _item(row, row.opens_on),
        lambda: f"{reverse('surveys:campaigns')}?state=submitted",
        31,
    )
)
desk(
    DeskSource(
        "surveys-to-launch",
        _("Surveys to launch"),
        _mine,
        lambda row: _item(row, row.opens_on),
        lambda: f"{reverse('surveys:campaigns')}?state=ready",
        32,
    )
)


# -- search, calendar --------------------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Campaign.objects.visible_to(person).matching(text).select_related("questionnaire").defer("content")
    return [
        {"label": row.name, "url": row.get_absolute_url(), "meta": str(row.state_label)}
        for row in rows.order_by("-opens_on", "-pk")[:10]
    ]


searchable(SearchSource("campaigns", _("Surveys"), _find, 40))


def _days(person: Any) -> Iterable[dict[str, Any]]:
    """Last days and days of reports, for those who prepare surveys."""
    rows = Campaign.objects.visible_to(person).exclude(state__in=(Campaign.CANCELLED, Campaign.OPENED))
    for row in rows.defer("content").order_by("pk"):
        if person.pk not in {*row.authors, row.created_by_id}:
            continue
        base = {"title": row.name, "url": row.get_absolute_url()}
        yield {
            **base,
            "uid": f"campaign-closes-{row.pk}",
            "day": row.closes_on,
            "note": gettext("Last day for answers"),
        }
        if row.report_due:
            yield {**base, "uid": f"campaign-report-{row.pk}", "day": row.report_due, "note": gettext("Report due")}


calendar_of(CalendarSource("campaigns", _days))
