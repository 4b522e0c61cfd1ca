"""Steps of conformity reviews and their verdicts, of proposals to change, of paper copies."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import quality_office
from qa_portal.permissions import Refused
from qa_portal.workflow.steps import Steps, leads_to, move

from .. import conformity
from ..forms.library import NoteForm, ReasonForm
from ..forms.upkeep import AcceptForm, DecideForm, GiveBackForm, JudgeForm, ListDocumentForm, RefuseForm
from ..models import ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy
from ..permissions.upkeep import NOT_ONES_OWN, may_decide, proposal_answerer, verdict_decider, verdict_judge

reviews = Steps(ConformityReview)
verdicts = Steps(ConformityVerdict)
proposals = Steps(ChangeProposal)
copies = Steps(PaperCopy)

OPEN_VERDICT = (ConformityVerdict.WAITING, ConformityVerdict.JUDGED)


# -- conformity reviews ------------------------------------------------------------------
def _all_decided(review: ConformityReview) -> Any | None:
    """Every verdict is decided; what was decided may still be carried out afterwards."""
    waiting = [verdict for verdict in review.verdicts.all() if verdict.state in OPEN_VERDICT]
    if waiting:
        return _("Not decided yet: %(n)s documents. Decide about each, or strike it out.") % {"n": len(waiting)}
    return None


def _review_owners(review: ConformityReview) -> list[Any]:
    """The heads of the units whose documents are listed."""
    return conformity.owners_of(review)


@reviews.step(ConformityReview.OPEN, label=_("List a document"), form=ListDocumentForm, icon="file-plus")
def list_document(review: ConformityReview, by: Any, document: Document, why: str) -> None:
    """One more document is asked about, with the reason; the head of its unit is told."""
    document = Document.objects.select_related("unit").get(pk=document.pk)
    verdict = ConformityVerdict(review=review, document=document, why_listed=why).add(by=by)
    move(verdict, verdict.state, by=by, verb="ask", why=why, tells=conformity.owners(document), letter="verdict_ask")


@reviews.step(
    ConformityReview.OPEN,
    to=ConformityReview.CLOSED,
    label=_("Close"),
    needs=[_all_decided],
    tells=[_review_owners],
    primary=True,
    icon="check",
    help=_("What was decided may still be carried out afterwards, each by its day."),
)
def close(review: ConformityReview, by: Any) -> None:
    """Every document has its verdict and decision: the review is closed, what was decided is carried out by its day."""
    review.closed_on = timezone.localdate()


@reviews.step(
    ConformityReview.OPEN,
    to=ConformityReview.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    tells=[_review_owners],
    danger=True,
    icon="ban",
)
def cancel(review: ConformityReview, by: Any, reason: str) -> None:
    """The review was opened by mistake: nobody is asked any more; what was decided already stays."""
    review.closed_on = timezone.localdate()
    # Locked: a verdict that is decided at this moment stays decided.
    for verdict in review.verdicts.filter(state__in=OPEN_VERDICT).select_for_update():
        move(verdict, ConformityVerdict.VOID, by=by, verb="strike_out", why=reason)


# -- verdicts --------------------------------------------------------------------------------
def _office(verdict: ConformityVerdict) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _owner(verdict: ConformityVerdict) -> list[Any]:
    """The head of the unit that owns the document, and whoever gave the verdict."""
    return [*conformity.owners(verdict.document), verdict.judged_by]


@verdicts.step(
    ConformityVerdict.WAITING,
    ConformityVerdict.JUDGED,
    to=ConformityVerdict.JUDGED,
    label=_("Give the verdict"),
    form=JudgeForm,
    tells=[_office],
    primary=True,
    icon="eye-check",
    office=verdict_judge,
    help=_("In line, to be changed or to be ended; the quality office decides."),
)
def judge(row: ConformityVerdict, by: Any, verdict: str, note: str, until: datetime.date | None = None) -> None:
    """The owner unit says whether its document is in line, is to be changed or ended, with grounds and a day."""
    row.verdict = verdict
    row.note = note
    row.until = until
    row.judged_by = by
    row.judged_on = timezone.localdate()


@leads_to(ConformityVerdict.DECIDED, ConformityVerdict.DONE)
def _after_decision(row: ConformityVerdict, **inputs: Any) -> str:
    in_line = row.verdict == ConformityVerdict.Verdict.IN_LINE
    return ConformityVerdict.DONE if in_line else ConformityVerdict.DECIDED


def _call_for_change(verdict: ConformityVerdict, by: Any) -> None:
    """A document to be changed is due for review by the day decided."""
    document = Document.objects.select_related("unit").get(pk=verdict.document_id)
    if verdict.verdict != ConformityVerdict.Verdict.CHANGE or not document.is_live or verdict.until is None:
        return
    why = f"{verdict.review.number}: {verdict.decision}"
    move(
        document,
        Document.DUE_FOR_REVIEW,
        by=by,
        verb="call_review",
        why=why,
        review_due=min(document.review_due or verdict.until, verdict.until),
        review_reason=why[:300],
    )


@verdicts.step(
    ConformityVerdict.JUDGED,
    to=_after_decision,
    label=_("Decide"),
    form=DecideForm,
    tells=[_owner],
    primary=True,
    icon="check",
    office=verdict_decider,
    then=_call_for_change,
    help=_("A document to be changed becomes due for review by the day you name."),
)
def decide(row: ConformityVerdict, by: Any, verdict: str, decision: str, until: datetime.date | None = None) -> None:
    """The quality office confirms the verdict or changes it, and names the day by which it is done."""
    if not may_decide(row, by):
        raise Refused(NOT_ONES_OWN)
    row.verdict = verdict
    row.decision = decision
    row.until = until
    row.decided_by = by
    row.decided_on = timezone.localdate()
    if row.verdict == ConformityVerdict.Verdict.IN_LINE:
        row.done_on = row.decided_on


@verdicts.step(
    ConformityVerdict.DECIDED,
    to=ConformityVerdict.DONE,
    label=_("Mark as carried out"),
    form=NoteForm,
    tells=[_owner],
    icon="check",
    help=_("The portal does this by itself when a new version comes into force or the document is annulled."),
)
def finish(verdict: ConformityVerdict, by: Any, note: str = "") -> None:
    """What was decided is done, though no new version came into force: the note says how."""
    verdict.done_on = timezone.localdate()


@verdicts.step(
    ConformityVerdict.WAITING,
    ConformityVerdict.JUDGED,
    ConformityVerdict.DECIDED,
    to=ConformityVerdict.VOID,
    label=_("Strike out"),
    form=ReasonForm,
    tells=[_owner],
    danger=True,
    icon="ban",
)
def strike_out(verdict: ConformityVerdict, by: Any, reason: str) -> None:
    """This document has nothing to do with what changed: it is no longer asked about; the reason stays."""


# -- proposals to change ---------------------------------------------------------------------------
def _proposer(proposal: ChangeProposal) -> list[Any]:
    """Whoever proposed it."""
    return [proposal.proposer]


def _proposal_owner(proposal: ChangeProposal) -> list[Any]:
    """The head of the unit that owns the document."""
    return conformity.owners(proposal.document)


def _still_in_force(proposal: ChangeProposal) -> Any | None:
    """The document is still in force."""
    return None if proposal.document.is_live else _("The document is no longer in force.")


@proposals.step(
    ChangeProposal.FILED,
    to=ChangeProposal.ACCEPTED,
    label=_("Accept"),
    form=AcceptForm,
    needs=[_still_in_force],
    tells=[_proposer, _proposal_owner],
    primary=True,
    icon="check",
    office=proposal_answerer,
    help=_("It counts as done when the next version of the document comes into force."),
)
def accept(proposal: ChangeProposal, by: Any, note: str = "") -> None:
    """The owner unit takes the proposal up: it is done with the next version that comes into force."""
    _answer(proposal, by, note)


@proposals.step(
    ChangeProposal.FILED,
    ChangeProposal.ACCEPTED,
    to=ChangeProposal.REFUSED,
    label=_("Refuse with grounds"),
    form=RefuseForm,
    tells=[_proposer, _proposal_owner],
    icon="ban",
    office=proposal_answerer,
)
def refuse(proposal: ChangeProposal, by: Any, reason: str) -> None:
    """The proposal is not taken up, with grounds that the proposer reads."""
    _answer(proposal, by, reason)


def _answer(proposal: ChangeProposal, by: Any, words: str) -> None:
    proposal.answer = words
    proposal.answered_by = by
    proposal.answered_on = timezone.localdate()


# -- paper copies -----------------------------------------------------------------------------------
@copies.step(
    PaperCopy.HELD, to=PaperCopy.GIVEN_BACK, label=_("Given back"), form=GiveBackForm, primary=True, icon="check"
)
def give_back(copy: PaperCopy, by: Any, on: datetime.date) -> None:
    """The copy is back and no longer out in the house."""
    copy.ended_on = on


def _version_owner(copy: PaperCopy) -> list[Any]:
    """The head of the unit that owns the document, and the quality office."""
    return [*conformity.owners(copy.version.document), *quality_office()]


@copies.step(
    PaperCopy.HELD,
    to=PaperCopy.LOST,
    label=_("Report as lost"),
    form=ReasonForm,
    tells=[_version_owner],
    danger=True,
    icon="alert-triangle",
)
def report_lost(copy: PaperCopy, by: Any, reason: str) -> None:
    """The copy cannot be found; how it was lost stays in its history."""
    copy.ended_on = timezone.localdate()
