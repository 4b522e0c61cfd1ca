"""A person's dates as a calendar feed at a secret address, made from what the rooms declare (`calendar_of`).

The address opens the feed without signing in, because calendars cannot; so it cannot be guessed, is shown to its owner
only, and a new one ends the old. What stands in it is what the person may see.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from qa_portal.web.registry import registry

from .models import CalendarKey

#: a meeting is shown so long; the portal asks only when it begins
LENGTH = datetime.timedelta(hours=2)
#: calendars are told to ask again after so long
REFRESH = datetime.timedelta(hours=4)
MOST_EVENTS = 1000


def _events(person: Any) -> Iterator[dict[str, Any]]:
    """What the rooms say of this person, the rooms in the order of their keys."""
    for _key, source in sorted(registry.calendars.items()):
        yield from source.events(person)


def feed(person: Any) -> bytes:
    """The calendar in the person's language. The same records give the same bytes all day long."""
    host = urlsplit(settings.SITE_URL).hostname or "portal"
    stamp = datetime.datetime.combine(timezone.localdate(), datetime.time(), tzinfo=datetime.UTC)
    with translation.override(person.language):
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//qa-portal//calendar//KK")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", registry.identity()["short"] or _("My dates"))
        calendar.add("x-published-ttl", REFRESH)
        for number, what in enumerate(_events(person)):
            if number >= MOST_EVENTS:
                break
            calendar.add_component(_event(what, host, stamp))
        return calendar.to_ical()


def _event(what: dict[str, Any], host: str, stamp: datetime.datetime) -> Event:
    """A date is a whole day that takes no time; a moment is a meeting."""
    address, day = settings.SITE_URL + what["url"], what["day"]
    event = Event()
    event.add("uid", f"{what['uid']}@{host}")
    event.add("dtstamp", stamp)
    if isinstance(day, datetime.datetime):
        starts = day.astimezone(datetime.UTC).replace(microsecond=0)
        event.add("dtstart", starts)
        event.add("dtend", starts + LENGTH)
    else:
        event.add("dtstart", day)
        event.add("dtend", day + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", str(what["title"]))
    event.add("description", "\n".join(part for part in (str(what.get("note") or ""), address) if part))
    event.add("url", address)
    return event


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """/calendar/<key>.ics: 404 for a key that is no longer one, and when its owner has left."""
    row = CalendarKey.objects.select_related("person__unit").filter(key=key, person__is_active=True).first()
    if row is None:
        raise Http404
    made = feed(row.person)
    mark = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    answer = (
        HttpResponse(status=304) if mark in known else HttpResponse(made, content_type="text/calendar; charset=utf-8")
    )
    answer["ETag"] = mark
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


class OwnCalendar(View):
    """/notices/calendar/: one's own address, made when asked for, made anew, or ended."""

    def get(self, request: HttpRequest) -> HttpResponse:
        row = CalendarKey.objects.filter(person=request.user.pk).first()
        address = settings.SITE_URL + reverse("calendar-feed", args=[row.key]) if row else ""
        context = {
            "title": _("My dates in your calendar"),
            "address": address,
            "made_at": row.made_at if row else None,
            "crumbs": [{"label": _("My settings"), "url": reverse("people:settings")}],
        }
        answer = render(request, "pages/calendar.html", context)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def post(self, request: HttpRequest) -> HttpResponse:
        """The old address ends with this click; `end` leaves none."""
        with transaction.atomic():
            get_user_model().objects.select_for_update().get(pk=request.user.pk)  # pressed twice: one after the other
            CalendarKey.objects.filter(person=request.user.pk).delete()
            if "end" not in request.POST:
                CalendarKey.objects.create(person_id=request.user.pk)
        if "end" in request.POST:
            messages.success(request, _("The address is ended. Calendars that used it get nothing any more."))
        else:
            messages.success(request, _("Here is your address. An earlier one no longer works."))
        return redirect("notices:calendar")
