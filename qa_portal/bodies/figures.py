"""Indicator that the portal computes from the decisions of bodies: assignments carried out in time (domain.md §2)."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.gathering import shares
from qa_portal.web.registry import Figure, Formula, formula

from .models import Assignment


def share_in_time(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of the assignments whose deadline fell in these days, those carried out by it (as in `timeliness`)."""
    rows = Assignment.objects.filter(due__range=(since, until)).exclude(state=Assignment.CANCELLED).order_by()
    today = timezone.localdate()
    return shares(
        (unit, done_on is not None and done_on <= due)
        for unit, due, done_on in rows.values_list("unit_id", "due", "done_on")
        if done_on is not None or due < today
    )


formula(
    Formula(
        "bodies.assignments_in_time", _("Assignments of bodies carried out in time"), "percent", "up", share_in_time
    )
)
