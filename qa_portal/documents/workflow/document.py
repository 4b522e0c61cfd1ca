"""Steps of a document: due for review, reviewed, published, annulled, archived; of an external act: new edition, end."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_months
from qa_portal.people.heads import quality_office
from qa_portal.workflow.steps import Steps

from .. import conformity
from ..forms.library import (
    AnnulForm,
    ArchiveForm,
    DestroyForm,
    EditionForm,
    LoseForceForm,
    OutsideForm,
    ReasonForm,
    ReviewForm,
)
from ..models import ConformityReview, Document
from . import family

steps = Steps(Document)


# -- what must be there ----------------------------------------------------------------
def _may_be_published(document: Document) -> Any | None:
    """Its kind may be published, and it is not yet."""
    if document.kind.public == "never":
        return _("Documents of this kind are not published.")
    return _("It is published already.") if document.published_on else None


def _is_published(document: Document) -> Any | None:
    """It is published, and its kind leaves the choice."""
    if document.published_on is None:
        return _("It is not published.")
    return _("Documents of this kind are always published.") if document.must_be_published else None


def _is_internal(document: Document) -> Any | None:
    """It is a document of the university."""
    return None if document.is_internal else _("This is an external act.")


def _is_external(document: Document) -> Any | None:
    """It is an external act."""
    return _("This is a document of the university.") if document.is_internal else None


def _original_is_there(document: Document) -> Any | None:
    """The destruction of its paper original is not entered yet."""
    return _("Its destruction is entered already.") if document.original_destroyed_on else None


def _nothing_approved_yet(document: Document) -> Any | None:
    """No version of it was ever approved."""
    if any(version.state == "approved" for version in document.versions.all()):  # lists bring them along
        return _("A version is approved and waits for its day: annul the document instead.")
    return None


def _has_been_approved(document: Document) -> Any | None:
    """A version of it is in force, or approved for a later day."""
    return None if _is_approved(document) else _("No version is in force.")


def _is_approved(document: Document) -> bool:
    return document.is_live or any(version.state == "approved" for version in document.versions.all())


# -- who is told ----------------------------------------------------------------------------
def _owner(document: Document) -> list[Any]:
    """The head of the unit that owns it, with today's deputies."""
    # Without one the nearest head above.
    return conformity.owners(document)


def _office(document: Document) -> list[Any]:
    """The quality office."""
    return list(quality_office())


def _is_ours(document: Document) -> bool:
    return document.is_internal


def _is_act(document: Document) -> bool:
    return not document.is_internal


# -- review ---------------------------------------------------------------------------------------
@steps.step(
    *Document.LIVE,
    to=Document.IN_FORCE,
    label=_("Reviewed: no change"),
    form=ReviewForm,
    tells=[_owner, _office],
    primary=True,
    icon="eye-check",
    help=_("The next review is counted from today."),
)
def confirm_review(document: Document, by: Any, note: str) -> None:
    """The document was reviewed and stays as it is; that is entered in its change sheet, and the next review is counted from today."""
    today = timezone.localdate()
    document.last_review = today
    document.review_due = document.next_review(today)
    document.review_reason = ""
    document.check_edition = False
    family.enter_review(document, by, note)


@steps.step(
    Document.IN_FORCE,
    to=Document.DUE_FOR_REVIEW,
    label=_("Call for a review"),
    form=ReasonForm,
    tells=[_owner],
    icon="clock",
)
def call_review(document: Document, by: Any, reason: str) -> None:
    """Something speaks for a review before its time; the owner unit is asked."""
    document.review_reason = reason[:300]
    soon = add_months(timezone.localdate(), 1)
    document.review_due = min(document.review_due or soon, soon)


@steps.step(
    Document.IN_FORCE,
    to=Document.DUE_FOR_REVIEW,
    label=_("Becomes due for review"),
    tells=[_owner],
    icon="clock",
    only_if=lambda document: False,
)
def become_due(document: Document, by: Any) -> None:
    """The day of its review is near or past, counted from the last review."""
    document.review_reason = ""  # the term itself; pages and letters say so in the reader's language


# -- publication ------------------------------------------------------------------------------------
@steps.step(
    *Document.LIVE, label=_("Publish"), needs=[_may_be_published], tells=[_owner], icon="world",
    only_if=lambda document: document.published_on is None,
)  # fmt: skip
def publish(document: Document, by: Any) -> None:
    """Anybody may read the version in force on the public page, now and after each new version."""
    document.published_on = timezone.localdate()


@steps.step(
    *Document.LIVE, label=_("Take off the public page"), form=ReasonForm, needs=[_is_published], tells=[_owner],
    icon="eye-off", only_if=lambda document: document.published_on is not None,
)  # fmt: skip
def unpublish(document: Document, by: Any, reason: str) -> None:
    """The document is read inside only from now on; the reason stays."""
    document.published_on = None


# -- end -----------------------------------------------------------------------------------------------
def _after_end(document: Document, by: Any) -> None:
    """What rests on it is listed for a conformity review."""
    conformity.open_review(document, ConformityReview.Cause.PARENT, by, document.review_reason)


@steps.step(
    Document.PREPARING,
    *Document.LIVE,
    to=Document.ANNULLED,
    label=_("Annul"),
    form=AnnulForm,
    needs=[_is_internal, _has_been_approved],
    tells=[_owner],
    danger=True,
    icon="ban",
    only_if=lambda document: _is_ours(document) and _is_approved(document),
    then=_after_end,
)
def annul(document: Document, by: Any, basis: str, on: datetime.date, reason: str) -> None:
    """The document ends by a decision or order; its versions stay to be read, marked."""
    document.annulled_on = on
    document.review_due = None
    document.review_reason = f"{basis}: {reason}"[:300]
    document.published_on = None
    family.end_versions(document, by, f"{basis}: {reason}", on)


def _reopened_by_edition(document: Document, by: Any) -> None:
    """Every internal document that rests on the act is listed for a verdict."""
    if document.review_reason:
        conformity.open_review(document, ConformityReview.Cause.NEW_EDITION, by, document.review_reason)


@steps.step(
    *Document.LIVE,
    to=Document.IN_FORCE,
    label=_("Note a new edition"),
    form=EditionForm,
    needs=[_is_external],
    tells=[_office],
    primary=True,
    icon="refresh",
    only_if=_is_act,
    then=_reopened_by_edition,
    help=_("Every internal document that rests on the act is listed for a verdict."),
)
def note_edition(
    document: Document,
    by: Any,
    edition: str,
    adopted_on: datetime.date,
    note: str,
    link: str = "",
    confirmed: bool = False,
) -> None:
    """A new edition of the act has appeared: every internal document that rests on it is listed for a verdict."""
    document.edition = edition
    document.edition_on = adopted_on
    document.link = link or document.link
    document.check_edition = False
    document.last_review = timezone.localdate()
    document.review_due = document.next_review(document.last_review)
    document.review_reason = "" if confirmed else f"{edition}: {note}"[:300]


def _reopened_by_loss(document: Document, by: Any) -> None:
    """Every internal document that rests on the act is listed for a verdict."""
    conformity.open_review(document, ConformityReview.Cause.LOST_FORCE, by, document.review_reason)


@steps.step(
    *Document.LIVE,
    to=Document.ANNULLED,
    label=_("The act lost its force"),
    form=LoseForceForm,
    needs=[_is_external],
    tells=[_office],
    danger=True,
    icon="ban",
    only_if=_is_act,
    then=_reopened_by_loss,
)
def lose_force(document: Document, by: Any, on: datetime.date, reason: str) -> None:
    """The act is no longer in force: every internal document that rests on it is listed for a verdict."""
    document.annulled_on = on
    document.review_reason = reason[:300]


# -- archive ---------------------------------------------------------------------------------------------
@steps.step(
    Document.ANNULLED,
    to=Document.ARCHIVED,
    label=_("Hand to the archive"),
    form=ArchiveForm,
    primary=True,
    icon="archive",
)
def archive(document: Document, by: Any, index: str, years: int | None = None) -> None:
    """The document goes to the archive under its nomenclature index, for its term or permanently."""
    today = timezone.localdate()
    document.nomenclature_index = index
    document.archived_on = today
    # The term runs from the day on which it ceased to be in force, not from the day of the hand-over.
    document.keep_until = add_months(document.annulled_on or today, 12 * years) if years else None


@steps.step(
    Document.ANNULLED,
    Document.ARCHIVED,
    label=_("Enter the destruction of the paper original"),
    form=DestroyForm,
    needs=[_is_internal, _original_is_there],
    icon="trash",
    only_if=_is_ours,
)
def destroy_original(document: Document, by: Any, on: datetime.date, act: str) -> None:
    """The paper original was destroyed by an act; the electronic record stays."""
    document.original_destroyed_on = on
    document.destruction_act = act


@steps.step(
    *Document.LIVE,
    label=_("Permit passing it outside"),
    form=OutsideForm,
    needs=[_is_internal],
    tells=[_owner],
    icon="external",
    only_if=_is_ours,
)
def permit_outside(
    document: Document, by: Any, to_whom: str, purpose: str, until: datetime.date | None = None, note: str = ""
) -> None:
    """Somebody outside may be given this document, for a purpose; the permission stands in its history."""


@steps.step(
    Document.PREPARING,
    to=Document.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    needs=[_nothing_approved_yet],
    tells=[_owner],
    danger=True,
    icon="ban",
)
def cancel(document: Document, by: Any, reason: str) -> None:
    """Give the document up before it ever was in force; the reason stays."""
    family.end_versions(document, by, reason, timezone.localdate())
