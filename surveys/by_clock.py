"""What happens to campaigns by the clock: closed after their last day, reminded of, counted once a day, forgotten at last."""

from __future__ import annotations

import datetime

import structlog
from django.utils import timezone

from qa_portal.dates.days import is_working_day
from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.policy.registry import policy

from . import launching, letters, response
from .models import Campaign
from .workflow import campaigns as steps

log = structlog.get_logger(__name__)
#: from then on a round closes what ends today: the round of the timetable at ten to midnight does it
LAST_MINUTES = datetime.time(23, 45)


def keep() -> dict[str, int]:
    """One round. Each part may be missed or run twice."""
    day = timezone.localdate()
    done = {
        "launched": launching.resume(),
        "closed": close_over(timezone.now()),
        "reminded": remind_due(day),
        "counted": count_open(day),
        "ended": response.end_ledgers(day),
    }
    letters.send_waiting()  # not counted: how many were reminded is how many had not answered
    return done


def close_over(moment: datetime.datetime) -> int:
    """Whatever was open until yesterday; in the last minutes of a day what ends with it, so that it ends on its day."""
    today = timezone.localtime(moment).date()
    last = today if timezone.localtime(moment).time() >= LAST_MINUTES else today - datetime.timedelta(days=1)
    over = Campaign.objects.open().filter(closes_on__lte=last).order_by("pk")
    return sum(_take(steps.close, campaign) for campaign in over)


def remind_days(campaign: Campaign) -> list[datetime.date]:
    """Half-way, and some days before the last one: the days on which the portal reminds by itself."""
    days = (campaign.closes_on - campaign.opens_on).days
    found = [campaign.closes_on - datetime.timedelta(days=policy("surveys.remind_before_close"))]
    if days >= 2 * policy("surveys.remind_apart"):
        found.insert(0, campaign.opens_on + datetime.timedelta(days=days // 2))
    return [day for day in found if day > campaign.opens_on]


def remind_due(day: datetime.date) -> int:
    """Campaigns with a day of reminding since the last one; on a day off nobody is written to, the next day does it.

    All that are due go together: the letters are one a person.
    """
    if not is_working_day(day):
        return 0
    due = []
    for campaign in Campaign.objects.open().exclude(way=Campaign.Way.LINK).filter(closes_on__gte=day).order_by("pk"):
        last = steps.reminded_last(campaign) or campaign.opens_on
        if any(last < reminding <= day for reminding in remind_days(campaign)):
            due.append(campaign)
    return sum(_take(steps.remind, campaign) for campaign in due)


def count_open(day: datetime.date) -> int:
    rows = Campaign.objects.open().defer("content").order_by("pk")
    for campaign in rows:
        response.note_live_rates(campaign, day)
    return len(rows)


def _take(step: object, campaign: Campaign) -> bool:
    """One campaign that is not ready for it does not stop the others."""
    try:
        step(campaign, by=SYSTEM)  # type: ignore[operator]
    except NotNow as problem:
        log.info("campaign passed over", campaign=campaign.pk, why=str(problem.sentence))
        return False
    return True
