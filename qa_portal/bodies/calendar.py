"""A meeting as an entry for any calendar (RFC 5545)."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from .models import Meeting

#: how long a meeting is shown in a calendar; the portal asks only when it begins
LENGTH = datetime.timedelta(hours=2)


def _moment(value: datetime.datetime) -> datetime.datetime:
    """In UTC, which every calendar reads without a table of zones."""
    return value.astimezone(datetime.UTC).replace(microsecond=0)


def entry(meeting: Meeting) -> str:
    """The event; its number stays the same, so that a calendar replaces what it had, and a cancelled one goes."""
    host = urlsplit(settings.SITE_URL).hostname or "portal"
    address = settings.SITE_URL + meeting.get_absolute_url()
    cancelled = meeting.state == Meeting.CANCELLED
    ends = meeting.closes_at if meeting.in_writing and meeting.closes_at else meeting.starts_at + LENGTH
    agenda = [f"{item.place}. {item.title}" for item in meeting.items.all() if item.place]
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", _moment(timezone.now()))
    event.add("sequence", meeting.revision)
    event.add("dtstart", _moment(meeting.starts_at))
    event.add("dtend", _moment(ends))
    event.add("summary", str(meeting))
    event.add("location", meeting.venue or meeting.link)
    event.add("description", "\n".join([*([meeting.note] if meeting.note else []), *agenda, address]))
    event.add("url", address)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//qa-portal//meetings//KK")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical().decode()
