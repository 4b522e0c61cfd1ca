"""Who has read: one truth for panel, figure and indicator. A row no longer asked for counts nowhere."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from qa_portal.people.models import Unit

from .models import Acquaintance


def _counts(day: datetime.date) -> dict[str, Any]:
    read = Q(state=Acquaintance.CONFIRMED)
    return {
        "asked": Count("pk", filter=~Q(state=Acquaintance.VOID)),
        "read": Count("pk", filter=read),
        "in_time": Count("pk", filter=read & Q(read_on__lte=F("due"))),
        "late": Count("pk", filter=Q(state=Acquaintance.WAITING, due__lt=day)),
    }


def _with_day(rows: Any) -> Any:
    return rows.order_by().annotate(read_on=TruncDate("confirmed_at"))


def _share(counts: dict[str, Any]) -> dict[str, Any]:
    """Of those whose answer is known (read, or the day has passed), how many read in time, in percent."""
    known = counts["read"] + counts["late"]
    return {**counts, "share": round(100 * counts["in_time"] / known) if known else None}


def reading_figures(rows: Any, day: datetime.date | None = None) -> dict[str, Any]:
    """{"asked", "read", "in_time", "late", "share"} of these acquaintances on a day."""
    return _share(_with_day(rows).aggregate(**_counts(day or timezone.localdate())))


def reading_by_unit(rows: Any, day: datetime.date | None = None) -> list[dict[str, Any]]:
    """The same for each unit in which people were asked, in the order of the tree: [{"unit", …}]."""
    found = {
        line.pop("unit"): line
        for line in _with_day(rows).values("unit").annotate(**_counts(day or timezone.localdate()))
    }
    units = Unit.objects.in_bulk([pk for pk in found if pk])
    lines = [{"unit": units.get(pk), **_share(counts)} for pk, counts in found.items() if counts["asked"]]
    return sorted(lines, key=lambda line: line["unit"].path if line["unit"] else "")


def of_major(version: Any, person: Any) -> Any:
    """The acquaintances that this person sees with a version: a minor change asks nobody anew, so its major's all count."""
    return (
        Acquaintance.objects.visible_to(person)
        .filter(version__document=version.document_id, version__major=version.major)
        .exclude(state=Acquaintance.VOID)
    )
