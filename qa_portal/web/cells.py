"""Small pieces of HTML that lists print by the hundred: made in Python, because a template include per cell is slow."""

from __future__ import annotations

import datetime
import functools
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

TONE_ICONS = {
    "draft": "pencil",
    "waiting": "clock",
    "progress": "progress",
    "done": "check",
    "overdue": "alert-triangle",
    "cancelled": "ban",
}


@functools.lru_cache(maxsize=500)
def drawn_icon(name: str) -> SafeString:
    return mark_safe(icon(name))


@functools.lru_cache(maxsize=500)
def icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="{static("vendor/icons.svg")}#i-{name}"></use></svg>'


def link(url: str, text: Any, number: str = "") -> SafeString:
    below = f'<span class="sub">{escape(number)}</span>' if number else ""
    return mark_safe(f'<a href="{escape(url)}">{escape(text)}</a>{below}')


def badge(label: Any, tone: str, icon_name: str = "") -> SafeString:
    return mark_safe(
        f'<span class="state state--{tone}">{icon(icon_name or TONE_ICONS.get(tone, "clock"))}{escape(label)}</span>'
    )


def state(record: Any) -> SafeString:
    model: Any = type(record)
    return _state(model, record.state, get_language())


@functools.lru_cache(maxsize=1000)
def _state(model: Any, code: str, language: str | None) -> SafeString:
    """Drawn once a language: a list has fifty of them, of few kinds."""
    label, tone, icon_name = model.STATES[code]
    return badge(label, tone, icon_name)


def due_words(day: datetime.date, today: datetime.date | None = None) -> str:
    """«ертең», «3 күннен кейін», «3 күнге кешікті»; empty when far away."""
    left = (day - (today or timezone.localdate())).days
    if left == 0:
        return gettext("today")
    if left == 1:
        return gettext("tomorrow")
    if left < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}
    if left <= 7:
        return ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return ""


def due_tone(day: datetime.date, open_: bool = True) -> str:
    left = (day - timezone.localdate()).days
    if not open_:
        return "plain"
    return "overdue" if left < 0 else "near" if left <= 7 else "plain"


def due(day: datetime.date | None, open_: bool = True) -> SafeString:
    """A deadline in words when near or past (only while the work is open), with the date beside."""
    if day is None:
        return mark_safe("")
    date = _short(day, get_language())
    words = due_words(day) if open_ else ""
    iso = day.isoformat()
    if not words:
        return mark_safe(f'<span class="due"><time datetime="{iso}">{date}</time></span>')
    return mark_safe(
        f'<span class="due due--{due_tone(day)}">{words} <small><time datetime="{iso}">{date}</time></small></span>'
    )


def desk_due(day: datetime.date | None) -> dict[str, Any] | None:
    """A deadline on somebody's page: in words when near or past, with the date beside."""
    if day is None:
        return None
    words = due_words(day)
    return {"text": words or date(day), "date": date(day) if words else "", "tone": due_tone(day)}


def fact(label: Any, value: Any) -> dict[str, Any]:
    """One line of a record's facts; a dash where nothing is known."""
    return {"label": label, "html": value if value not in (None, "") else "—"}


def date(day: datetime.date | datetime.datetime | None) -> str:
    if day is None:
        return ""
    if isinstance(day, datetime.datetime):
        return date_format(timezone.localtime(day), "SHORT_DATETIME_FORMAT")
    return _short(day, get_language())


@functools.lru_cache(maxsize=5000)
def _short(day: datetime.date, language: str | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def facts(*rows: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A box of facts beside a record; those that are None are not said."""
    return [{"title": "", "rows": [row for row in rows if row]}]


def prose(ident: str, title: Any, text: str, edit_url: str = "") -> dict[str, Any]:
    """A section of a record that is text: its line breaks stay, its markup does not."""
    words = mark_safe(linebreaks(text, autoescape=True))
    return {
        "id": ident,
        "title": title,
        "html": format_html('<div class="prose">{}</div>', words),
        "edit_url": edit_url,
    }
