"""Conformity reviews: what rests on an act or document that changed, who is asked about it, what settles a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from qa_portal.dates.days import add_working_days
from qa_portal.notices.telling import tell
from qa_portal.people.heads import deciders, deciding_unit, quality_office
from qa_portal.permissions import SYSTEM, refusal
from qa_portal.policy.registry import policy
from qa_portal.workflow.steps import move

from .models import ConformityReview, ConformityVerdict, Document, Version
from .models.kinds import Level, Origin

#: a document and why it is listed, in words
Listed = tuple[Document, str]
LETTER = "documents/mail/review_open.txt"


# -- what is listed ----------------------------------------------------------------------
def resting_on(act: Document) -> list[Listed]:
    """The live internal documents that stand under it or name it as what they rest on."""
    rows = Document.objects.live().filter(origin=Origin.INTERNAL).resting_on(act).exclude(pk=act.pk)
    return [(row, _why(row, act)) for row in rows.select_related("unit").order_by("pk")]


def _why(document: Document, act: Document) -> str:
    words = {"act": Truncator(act.title).chars(120)}
    if document.parent_id == act.pk:
        return _("It stands under “%(act)s”.") % words
    return _("It rests on “%(act)s”.") % words


# -- opening -------------------------------------------------------------------------------
def open_review(act: Document, cause: str, by: Any, note: str = "") -> ConformityReview | None:
    """List every live internal document that rests on it; None when none does."""
    listed = resting_on(act)
    if not listed:
        return None
    review = ConformityReview(
        cause=cause, act=act, title=Truncator(str(act)).chars(200), note=note[:5000], due=usual_due()
    )
    # What follows from somebody's step is opened by the portal where that person has no such right themselves: an order
    # of the rector, a decision of a body. Who took that step stands in the history of the act.
    start(review, listed, by, writer=SYSTEM if refusal(by, review.right("add"), review) else by)
    return review


def start(review: ConformityReview, listed: Iterable[Listed], by: Any, writer: Any = None) -> None:
    """Enter the review with a verdict a document, and tell those who are asked: each one letter."""
    listed = list(listed)
    writer = writer or by
    review.add(by=writer)
    for document, why in listed:
        ConformityVerdict(review=review, document=document, why_listed=why[:200]).add(by=writer)
    _tell_of(review, [document for document, _words in listed], by)


def usual_due() -> Any:
    return add_working_days(timezone.localdate(), policy("documents.conformity_days"))


def after_new_version(version: Version, by: Any) -> None:
    """A new text of the strategy or of a parent document may put others out of line: not its first, nor a minor change."""
    if version.minor or version.is_first:
        return
    document = version.document
    strategic = document.kind.level == Level.STRATEGIC
    cause = ConformityReview.Cause.STRATEGY if strategic else ConformityReview.Cause.PARENT
    open_review(document, cause, by, version.summary)


# -- who is told -------------------------------------------------------------------------------
def owners(document: Document) -> list[Any]:
    """The head of the unit that owns it with today's deputies; without one the nearest head above, at last the Board."""
    return list(deciders(deciding_unit(document.unit, ()))) if document.unit else []


def owners_of(review: ConformityReview) -> list[Any]:
    """Those whose documents are asked about, each once."""
    asked = review.verdicts.exclude(state=ConformityVerdict.VOID).select_related("document__unit")
    return [person for person, _documents in _by_owner([verdict.document for verdict in asked]).values()]


def _by_owner(documents: Iterable[Document]) -> dict[int, tuple[Any, list[Document]]]:
    found: dict[int, tuple[Any, list[Document]]] = {}
    heads: dict[int | None, list[Any]] = {}
    for document in documents:
        if document.unit_id not in heads:
            heads[document.unit_id] = owners(document)
        for person in heads[document.unit_id]:
            found.setdefault(person.pk, (person, []))[1].append(document)
    return found


def _tell_of(review: ConformityReview, documents: list[Document], by: Any) -> None:
    """Each head hears of their own documents in one letter, the quality office of all."""
    asked = _by_owner(documents)
    for person, theirs in asked.values():
        context = {"documents": theirs, "why": review.note, "asked": True}
        tell([person], template=LETTER, record=review, by=by, context=context, verb="open_review")
    office = [person for person in quality_office() if person.pk not in asked]
    context = {"documents": documents, "why": review.note, "asked": False}
    tell(office, template=LETTER, record=review, by=by, context=context, verb="open_review")


# -- what settles a verdict --------------------------------------------------------------------------
def settle_verdicts(document: Document, by: Any, *, ended: bool = False) -> int:
    """A new version is in force, or (`ended`) the document is annulled: what was decided about it is done. Returns how many.

    A document to be ended is not done with by a new version. Of an annulled one nobody is asked any more.
    """
    decided = document.verdicts.filter(state=ConformityVerdict.DECIDED)
    if not ended:
        decided = decided.exclude(verdict=ConformityVerdict.Verdict.END)
    done = 0
    for verdict in decided.order_by("pk"):
        move(verdict, ConformityVerdict.DONE, by=by, verb="finish", done_on=timezone.localdate())
        done += 1
    if ended:
        for verdict in document.verdicts.filter(state__in=(ConformityVerdict.WAITING, ConformityVerdict.JUDGED)):
            move(verdict, ConformityVerdict.VOID, by=by, verb="strike_out", why=_("the document is no longer in force"))
    return done
