"""What opens a duty (`registry.events`): key → rows since a day as (day, what it is about, date due if the event names one).

Rooms below know nothing of duties, so their happenings are read here; a room above declares its own in its `portal`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from qa_portal.documents.models import (
    Acquaintance,
    ChangeProposal,
    ConformityReview,
    Document,
    Origin,
    Version,
)
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry

from .fulfilment import day_of

POLICY, STRATEGY = "quality_policy", "development_strategy"


def _approved(since: datetime.date) -> Any:
    rows = Version.objects.filter(approved_on__gte=since, document__origin=Origin.INTERNAL)
    return rows.select_related("document__unit").order_by("approved_on", "pk")


def document_approved(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    """Every approved version that somebody is asked to read."""
    asked = Acquaintance.objects.filter(why=Acquaintance.Why.APPROVAL).order_by().values("version")
    for version in _approved(since).filter(pk__in=asked):
        yield version.approved_on, version


def law_or_strategy_changed(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    """A new edition or the end of an external act, or a new strategy; the university's duty, once a day."""
    kind = ContentType.objects.get_for_model(Document)
    entries = Entry.objects.filter(record_type=kind, verb__in=("note_edition", "lose_force"), at__date__gte=since)
    for entry in entries.order_by("at").only("at"):
        yield day_of(entry), None
    for version in _approved(since).filter(document__kind__code=STRATEGY):
        yield version.approved_on, None


def policy_or_strategy_approved(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    for version in _approved(since).filter(document__kind__code__in=(POLICY, STRATEGY)):
        yield version.approved_on, None


def conformity_review_opened(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    """Its verdicts have a date of their own."""
    for review in ConformityReview.objects.filter(opened_on__gte=since).order_by("pk"):
        yield review.opened_on, review, review.due


def change_proposed(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    for proposal in ChangeProposal.objects.filter(created_at__date__gte=since).order_by("pk"):
        yield timezone.localtime(proposal.created_at).date(), proposal


def newcomer_asked(since: datetime.date) -> Iterator[tuple[Any, ...]]:
    """Before the first working day: the date due is that of the acquaintance."""
    rows = Acquaintance.objects.filter(
        why=Acquaintance.Why.FIRST_DAY, opened_on__gte=since, version__document__kind__code=POLICY
    )
    for row in rows.select_related("unit", "person").order_by("pk"):
        yield row.opened_on, row, row.due


# -- what nobody waits for any more -----------------------------------------------------------------------
def _rows(ids: Collection[int], state: str, by: str) -> set[int]:
    rows = Acquaintance.objects.filter(**{f"{by}__in": list(ids)}, state=state)
    return set(rows.order_by().values_list(by, flat=True))


def read_by_nobody(event: str, ids: Collection[int]) -> set[int]:
    """Of these versions, or askings of newcomers, those that nobody has read and nobody is asked to read any more."""
    by = ASKED_BY.get(event)
    if by is None or not ids:
        return set()
    return set(ids) - _rows(ids, Acquaintance.WAITING, by) - _rows(ids, Acquaintance.CONFIRMED, by)


def read_by_all_who_stayed(event: str, ids: Collection[int]) -> set[int]:
    """Of these those that were read, and wait for nobody: the last who had not read has left."""
    by = ASKED_BY.get(event)
    if by is None or not ids:
        return set()
    return _rows(ids, Acquaintance.CONFIRMED, by) - _rows(ids, Acquaintance.WAITING, by)


#: events that ask people to read → how their subject is named in the rows of those asked
ASKED_BY = {"document-approved": "version_id", "newcomer-asked": "pk"}

registry.events.update(
    {
        "document-approved": document_approved,
        "law-or-strategy-changed": law_or_strategy_changed,
        "policy-or-strategy-approved": policy_or_strategy_approved,
        "conformity-review-opened": conformity_review_opened,
        "change-proposed": change_proposed,
        "newcomer-asked": newcomer_asked,
    }
)
