"""Launching in the background: taken up once, told how far it is, taken up again after a dead worker. The rest is in inviting.py."""

from __future__ import annotations

import datetime
import traceback

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.workflow.writing import door

from . import inviting
from .models import Campaign
from .workflow import campaigns as steps

#: a campaign that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=5)
log = structlog.get_logger(__name__)


def launch(pk: int) -> bool:
    """Make the invitations of one campaign that waits for it; of several workers one does."""
    if not _take(pk):
        return False
    campaign = Campaign.objects.get(pk=pk)
    try:
        inviting.make_respondents(campaign, _teller(pk))
        steps.begin(campaign, by=SYSTEM)
    except NotNow as problem:
        # A second worker was taken for the first: whoever comes late finds the campaign open.
        if Campaign.objects.filter(pk=pk, state=Campaign.LAUNCHING).exists():
            steps.halt(Campaign.objects.get(pk=pk), by=SYSTEM, reason=str(problem.sentence))
        return False
    except Exception as problem:  # those who run it are told that it failed
        # Where, and never what: the message of a database error may quote somebody's address.
        where = "".join(traceback.format_tb(problem.__traceback__))
        log.error("campaign not launched", campaign=pk, kind=type(problem).__name__, where=where)  # noqa: TRY400
        reason = _("Something went wrong in the portal. The administrator finds it in the log.")
        steps.halt(Campaign.objects.get(pk=pk), by=SYSTEM, reason=reason)
        return False
    return True


def resume() -> int:
    """Campaigns that wait too long: the broker was away or a worker died."""
    waiting = Campaign.objects.filter(_idle(), state=Campaign.LAUNCHING).order_by("pk")
    return sum(launch(pk) for pk in list(waiting.values_list("pk", flat=True)[:10]))


def _idle() -> Q:
    return Q(worked_at__isnull=True) | Q(worked_at__lt=timezone.now() - STALE)


def _take(pk: int) -> bool:
    with door("step"):
        rows = Campaign.objects.filter(_idle(), pk=pk, state=Campaign.LAUNCHING)
        return bool(rows.update(worked_at=timezone.now(), progress=0))


def _teller(pk: int) -> inviting.Told:
    """Tells the page how far it is; the tick is also the sign of life."""

    def told(done: int, total: int) -> None:
        with door("step"):
            percent = min(90, 90 * done // total) if total else 90
            Campaign.objects.filter(pk=pk, state=Campaign.LAUNCHING).update(progress=percent, worked_at=timezone.now())

    return told
