"""Reminders of acquaintance: the reader before and after the day, and the head about those who have not read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of
from qa_portal.people.heads import head_ids, heads_by_unit
from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy

from .models import Acquaintance

MOST_TEXT = 140
#: all that a line says and whom it is told to
_LINE = (
    "due",
    "person",
    "unit",
    "version__document__number",
    *(f"version__document__title{code}" for code in ("", *(f"_{c}" for c, _name in settings.LANGUAGES))),
)


def _title(row: Acquaintance) -> str:
    document = row.version.document
    title = document.title if len(document.title) <= MOST_TEXT else document.title[:MOST_TEXT] + "…"
    return f"{title} ({document.number})" if document.number else title


def _reader_line(row: Acquaintance, late: int, language: str) -> Line:
    words = _("to be read: %(title)s") % {"title": _title(row)}
    return Line(f"{lateness(late)}: {words}", row.get_absolute_url())


remind_of(
    ReminderRule(
        name="documents.to_read",
        rows=lambda: Acquaintance.objects.waiting().select_related("version__document").only(*_LINE),
        deadline="due",
        thresholds=lambda: {days: ("reader",) for days in policy("documents.remind_reader")},
        prepare=lambda: None,
        audience=lambda known, name, row: [row.person_id],
        line=_reader_line,
    )
)


# -- heads: one line a document, with the number of their people who have not read it --------------------
def _first_asked() -> Any:
    """One row for all asked to read the same version by the same day: the first, whatever became of it.

    The log of reminders knows it by its number, so it must stay the same while others confirm.
    """
    late = Acquaintance.objects.waiting().filter(due__lte=timezone.localdate())
    days: dict[int, set[Any]] = defaultdict(set)
    for version_id, due in late.order_by().values_list("version", "due").distinct():
        days[version_id].add(due)
    same = Q(pk__in=[])
    for version_id, dues in days.items():
        same |= Q(version=version_id, due__in=dues)
    firsts = Acquaintance.objects.filter(same).order_by().values("version", "due").annotate(first=Min("pk"))
    return (
        Acquaintance.objects.filter(pk__in=[line["first"] for line in firsts])
        .select_related("version__document")
        .only(*_LINE)
    )


def _prepare() -> dict[Any, dict[int, int]]:
    """{(version, due): {head: how many of theirs have not read}}."""
    heads, paths = heads_by_unit(), dict(Unit.objects.values_list("pk", "path"))
    late = Acquaintance.objects.waiting().filter(due__lte=timezone.localdate(), unit__isnull=False)
    known: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for version_id, due, unit_id, number in (
        late.order_by()
        .values("version", "due", "unit")
        .annotate(n=Count("pk"))
        .values_list("version", "due", "unit", "n")
    ):
        for head in head_ids(paths, heads, unit_id):
            known[version_id, due][head] += number
    return known


def _their_heads(known: Any, name: str, row: Acquaintance) -> list[int]:
    return list(known.get((row.version_id, row.due), ()))


def _head_line(known: Any, row: Acquaintance, person_id: int, late: int, language: str) -> Line:
    number = known[row.version_id, row.due][person_id]
    words = ngettext(
        "%(n)s of your people has not read: %(title)s", "%(n)s of your people have not read: %(title)s", number
    ) % {"n": number, "title": _title(row)}
    address = reverse("documents:acquaintances")
    return Line(f"{lateness(late)}: {words}", f"{address}?document={row.version.document_id}&overdue=true")


remind_of(
    ReminderRule(
        name="documents.head_of_readers",
        rows=_first_asked,
        deadline="due",
        thresholds=lambda: {days: ("head",) for days in policy("documents.remind_head_of_readers")},
        prepare=_prepare,
        audience=_their_heads,
        line=_reader_line,
        own_line=_head_line,
    )
)
