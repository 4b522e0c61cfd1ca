"""Indicators that the portal computes from findings and CAPA: in time, how long, the reporter told, proved (domain.md §2)."""

from __future__ import annotations

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.notices.models import Notice
from qa_portal.people.gathering import medians, shares
from qa_portal.web.registry import Figure, Formula, formula
from qa_portal.workflow.models import Entry

from .models import CapaAction, Finding

Figures = dict[int | None, Figure]
DONE = (CapaAction.CARRIED_OUT, CapaAction.VERIFIED)
#: approved once and not cancelled: what was never approved was never promised
PROMISED = (CapaAction.APPROVED, CapaAction.IN_PROGRESS, *DONE)


def closed_in_time(since: datetime.date, until: datetime.date) -> Figures:
    """Of the actions whose deadline fell in these days, those carried out by it. One that still has time is not judged."""
    rows = CapaAction.objects.filter(state__in=PROMISED, due__range=(since, until))
    today = timezone.localdate()
    return shares(
        (unit, state in DONE and done_on is not None and done_on <= due)
        for unit, state, due, done_on in rows.order_by().values_list("unit_id", "state", "due", "done_on")
        if state in DONE or due < today
    )


def _closed(since: datetime.date, until: datetime.date):  # type: ignore[no-untyped-def]
    return Finding.objects.filter(state=Finding.CLOSED, closed_on__range=(since, until)).order_by()


def days_to_close(since: datetime.date, until: datetime.date) -> Figures:
    """Median days from found to closed, of the findings closed in these days."""
    rows = _closed(since, until).values_list("unit_id", "closed_on", "found_on")
    return medians((unit, (closed - found).days) for unit, closed, found in rows)


def loops_told(since: datetime.date, until: datetime.date) -> Figures:
    """Of the findings closed in these days, those whose reporter was told, or closed it and knows."""
    kind = ContentType.objects.get_for_model(Finding)
    about = {"record_type": kind, "record_id": OuterRef("pk"), "verb": "close"}
    rows = _closed(since, until).annotate(
        told=Exists(Notice.objects.filter(**about, person=OuterRef("reporter"))),
        knows=Exists(Entry.objects.filter(**about, by=OuterRef("reporter"))),
    )
    return shares((unit, told or knows) for unit, told, knows in rows.values_list("unit_id", "told", "knows"))


def evidence_share(since: datetime.date, until: datetime.date) -> Figures:
    """Of the actions carried out in these days, those proved by at least one valid piece of evidence."""
    kind = ContentType.objects.get_for_model(CapaAction)
    proofs = EvidenceUse.objects.filter(record_type=kind, record_id=OuterRef("pk")).valid()
    rows = CapaAction.objects.filter(state__in=DONE, done_on__range=(since, until)).order_by()
    return shares(rows.annotate(proved=Exists(proofs), of=F("unit")).values_list("of", "proved"))


formula(Formula("capa.closed_in_time", _("CAPA actions carried out in time"), "percent", "up", closed_in_time))
formula(Formula("capa.days_to_close", _("Usual days from a finding to its closing"), "days", "down", days_to_close))
formula(Formula("capa.loops_told", _("Closed loops whose reporter was told"), "percent", "up", loops_told))
formula(Formula("capa.evidence_share", _("Carried out actions proved by evidence"), "percent", "up", evidence_share))
