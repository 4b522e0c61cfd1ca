"""All stories at once, in the order of time, so that numbers, history and inboxes run in that order too."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable

from django.utils import timezone

from qa_portal.bodies.workflow.bodies import end_expired
from qa_portal.bodies.workflow.meetings import close_written
from qa_portal.documents.acquainting import ask_newcomers
from qa_portal.documents.clock import bring_into_force, call_due_reviews
from qa_portal.notices.sweep import sweep

from . import clock
from .stories import Moments


def play(stories: Iterable[Moments]) -> int:
    """Let each story go on at its next moment, the earliest first. Returns how many moments there were."""
    waiting: list[tuple[datetime.datetime, int, Moments]] = []
    for number, story in enumerate(stories):
        first = next(story, None)
        if first is not None:
            waiting.append((first, number, story))
    heapq.heapify(waiting)
    moments = 0
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        moments += 1
        with clock.at(moment):
            following = next(story, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, story))
    return moments


def reminders(now: datetime.datetime, days: int) -> Moments:
    """The morning sweep of reminders of the last days, as the scheduler would have run it."""
    today = timezone.localdate(now)
    for ago in range(days, -1, -1):
        morning = timezone.make_aware(
            datetime.datetime.combine(today - datetime.timedelta(days=ago), datetime.time(8, 5))
        )
        if morning < now:
            yield morning
            sweep()


def clerk(now: datetime.datetime, weeks: int) -> Moments:
    """What the scheduler would have done each night in the library and with the bodies, here every other week."""
    for ago in range(weeks, -1, -2):
        yield now - datetime.timedelta(weeks=ago, minutes=1)
        bring_into_force()
        call_due_reviews()
        end_expired()
        close_written()
    ask_newcomers()
