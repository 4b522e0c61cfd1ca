"""What the quality manager looks after: ten lists, each with a count, its first rows and the way to all of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells

from .models import Agreement, ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy
from .models.kinds import Origin
from .tables.upkeep import verdict_due

SHOWN = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Upkept:
    """One list: `tone` says how a count above zero looks."""

    key: str
    title: Any
    lead: Any
    find: Callable[[Any, datetime.date], Any]
    show: Callable[[Any], Row]
    register: str
    query: str
    tone: str = ""

    def made(self, person: Any, day: datetime.date) -> dict[str, Any]:
        rows = self.find(person, day)
        first = list(rows[: SHOWN + 1])
        count = len(first) if len(first) <= SHOWN else rows.count()
        return {
            "key": self.key,
            "title": self.title,
            "lead": self.lead,
            "count": count,
            "rows": [self.show(row) for row in first[:SHOWN]],
            "more": count - min(count, SHOWN),
            "url": f"{reverse(self.register)}?{self.query}",
            "tone": self.tone if count else "",
        }


def lists(person: Any) -> list[dict[str, Any]]:
    day = timezone.localdate()
    return [each.made(person, day) for each in LISTS]


# -- rows ------------------------------------------------------------------------------------
def _documents(person: Any) -> Any:
    return Document.objects.visible_to(person).select_related("unit", "kind")


def _document(document: Document, day: datetime.date | None = None) -> Row:
    owner = document.unit if document.is_internal else document.issued_by
    return {
        "label": str(document),
        "url": document.get_absolute_url(),
        "meta": " · ".join(str(part) for part in (document.kind, owner) if part),
        "due": cells.due(day, document.is_live),
    }


def _overdue_answer(row: Agreement) -> Row:
    return {
        "label": str(row.version),
        "url": row.version.get_absolute_url(),
        "meta": row.party,
        "due": cells.due(row.due),
    }


def _verdict(row: ConformityVerdict) -> Row:
    return {
        "label": str(row.document),
        "url": row.get_absolute_url(),
        "meta": f"{row.review.number} · {row.document.unit}",
        "due": cells.due(verdict_due(row)),
    }


def _copy(row: PaperCopy) -> Row:
    return {
        "label": str(row),
        "url": row.get_absolute_url(),
        "meta": f"{row.holder.get_short_name()} {row.where}".strip(),
        "due": "",
    }


LISTS = (
    Upkept(
        "unpublished",
        _("In force, not published"),
        _("Documents that their kind says must be public."),
        lambda person, day: _documents(person).unpublished().order_by("in_force_on", "pk"),
        _document,
        "documents:documents",
        "unpublished=true",
        "overdue",
    ),
    Upkept(
        "overdue",
        _("Overdue for review"),
        _("The day of the review is past, counted from the last one."),
        lambda person, day: _documents(person).overdue(day).order_by("review_due", "pk"),
        lambda row: _document(row, row.review_due),
        "documents:documents",
        "overdue=true",
        "overdue",
    ),
    Upkept(
        "due",
        _("Due for review"),
        _("The day is near, or something spoke for a review before its time."),
        lambda person, day: (
            _documents(person)
            .filter(Q(review_due__gte=day) | Q(review_due__isnull=True), state=Document.DUE_FOR_REVIEW)
            .order_by("review_due", "pk")
        ),
        lambda row: _document(row, row.review_due),
        "documents:documents",
        "state=due_for_review",
        "waiting",
    ),
    Upkept(
        "edition",
        _("Check the edition"),
        _("External acts of which our register may name an older edition."),
        lambda person, day: (
            _documents(person).live().filter(origin=Origin.EXTERNAL, check_edition=True).order_by("adopted_on", "pk")
        ),
        _document,
        "documents:documents",
        "check_edition=true",
        "waiting",
    ),
    Upkept(
        "reviews",
        _("Conformity reviews open"),
        _("Something above has changed; each document that rests on it gets a verdict."),
        lambda person, day: (
            ConformityReview.objects.visible_to(person).filter(state=ConformityReview.OPEN).order_by("due", "pk")
        ),
        lambda row: {
            "label": str(row),
            "url": row.get_absolute_url(),
            "meta": row.get_cause_display(),
            "due": cells.due(row.due),
        },
        "documents:reviews",
        "state=open",
    ),
    Upkept(
        "verdicts",
        _("Verdicts overdue"),
        _("Not given in time, or decided and not carried out in time."),
        lambda person, day: (
            ConformityVerdict.objects.visible_to(person)
            .overdue(day)
            .select_related("document__unit", "review")
            .order_by("review__due", "pk")
        ),
        _verdict,
        "documents:verdicts",
        "overdue=true",
        "overdue",
    ),
    Upkept(
        "agreements",
        _("Answers on approval sheets overdue"),
        _("A party was asked to agree and has not answered by the day."),
        lambda person, day: (
            Agreement.objects.visible_to(person)
            .overdue(day)
            .select_related("version__document", "unit")
            .order_by("due", "pk")
        ),
        _overdue_answer,
        "documents:agreements",
        "overdue=true",
        "overdue",
    ),
    Upkept(
        "proposals",
        _("Proposals waiting for an answer"),
        _("Units proposed to change a document."),
        lambda person, day: (
            ChangeProposal.objects.visible_to(person)
            .filter(state=ChangeProposal.FILED)
            .select_related("document", "unit")
            .order_by("pk")
        ),
        lambda row: {"label": str(row), "url": row.get_absolute_url(), "meta": str(row.unit), "due": ""},
        "documents:proposals",
        "state=filed",
        "waiting",
    ),
    Upkept(
        "copies",
        _("Paper copies to be collected"),
        _("Still held, though their version is no longer in force."),
        lambda person, day: (
            PaperCopy.objects.visible_to(person)
            .to_collect()
            .select_related("version__document", "holder")
            .order_by("given_on", "pk")
        ),
        _copy,
        "documents:copies",
        "to_collect=true",
        "waiting",
    ),
)
