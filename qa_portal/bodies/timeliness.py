"""Whether assignments are carried out in time: one function for page, figure and, later, indicator."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from .models import Assignment


def assignments_in_time(rows: Any, day: datetime.date | None = None) -> dict[str, Any]:
    """How `rows` of assignments stand. Judged is what was carried out and what is overdue; cancelled ones count nowhere.

    `share` is the whole per cent of the judged ones that were carried out by their deadline, None while none is
    judged; `moved` says of how many the deadline was moved after it had been given.
    """
    day = day or timezone.localdate()
    live = ~Q(state=Assignment.CANCELLED)
    done = live & Q(done_on__isnull=False)
    counts = rows.order_by().aggregate(
        all=Count("pk", filter=live),
        open=Count("pk", filter=Q(state=Assignment.OPEN)),
        overdue=Count("pk", filter=Q(state=Assignment.OPEN, due__lt=day)),
        done=Count("pk", filter=done),
        in_time=Count("pk", filter=done & Q(done_on__lte=F("due"))),
        moved=Count("pk", filter=live & ~Q(due=F("first_due"))),
    )
    judged = counts["done"] + counts["overdue"]
    return {**counts, "judged": judged, "share": round(100 * counts["in_time"] / judged) if judged else None}
