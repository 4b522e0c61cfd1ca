"""Indicators that the portal computes from the library: reviewed in time, read in time (domain.md §2)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from qa_portal.people.gathering import shares
from qa_portal.web.registry import Figure, Formula, formula
from qa_portal.workflow.models import Entry

from .models import Acquaintance, Document
from .models.kinds import Origin

#: a review is entered at most so long before its day
EARLY = datetime.timedelta(days=400)


def _reviews(since: datetime.date, until: datetime.date) -> Iterator[tuple[int, bool]]:
    """(document, by its day) of the reviews whose day fell in these days and that took place, as history tells."""
    lines = Entry.objects.filter(
        record_type=ContentType.objects.get_for_model(Document), at__date__gte=since - EARLY
    ).order_by("pk")
    for document, at, changes in lines.values_list("record_id", "at", "changes").iterator():
        for change in changes:
            if change["field"] != "review_due" or not change["old"] or not change["new"]:
                continue
            due, following = parse_date(change["old"]), parse_date(change["new"])
            # An earlier day is no review but a call for one.
            if due and following and since <= due <= until and following > due:
                yield document, timezone.localtime(at).date() <= due


def reviewed_in_time(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of the documents whose review fell due in these days, those reviewed by then. What still has time is not judged."""
    done = list(_reviews(since, until))
    units = dict(
        Document.objects.filter(pk__in={pk for pk, _good in done}, origin=Origin.INTERNAL).values_list("pk", "unit_id")
    )
    last = min(until, timezone.localdate() - datetime.timedelta(days=1))
    late = Document.objects.live().filter(origin=Origin.INTERNAL, review_due__range=(since, last)).order_by()
    return shares(
        [
            *((units[pk], good) for pk, good in done if pk in units),
            *((unit, False) for unit in late.values_list("unit_id", flat=True)),
        ]
    )


def acquainted_in_time(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of those who were to read a document by one of these days, those who did (as in `readership`)."""
    rows = Acquaintance.objects.filter(due__range=(since, until)).exclude(state=Acquaintance.VOID).order_by()
    today = timezone.localdate()
    return shares(
        (unit, read_on is not None and read_on <= due)
        for unit, due, read_on in rows.annotate(read_on=TruncDate("confirmed_at"), of=F("unit")).values_list(
            "of", "due", "read_on"
        )
        if read_on is not None or due < today
    )


formula(Formula("documents.reviewed_in_time", _("Documents reviewed in time"), "percent", "up", reviewed_in_time))
formula(Formula("documents.acquainted_in_time", _("Acquaintance in time"), "percent", "up", acquainted_in_time))
