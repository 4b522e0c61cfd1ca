"""Upkeep: conformity reviews with their verdicts, proposals to change, numbered paper copies (domain.md §6)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record

from ..querysets import CopyQuerySet, ProposalQuerySet, ReviewQuerySet, VerdictQuerySet
from .library import Document, Version


class ConformityReview(Record):
    """Something above has changed: each related internal document gets a verdict, a decision and dates."""

    OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
    STATES = {
        OPEN: (_("Open"), "progress", "circle-dot"),
        CLOSED: (_("Closed"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "review"
    EDITABLE = ("title", "note", "due")
    EDITABLE_STATES = (OPEN,)

    class Cause(models.TextChoices):
        NEW_EDITION = "new_edition", _("new edition of an external act")
        LOST_FORCE = "lost_force", _("an external act lost its force")
        STRATEGY = "strategy", _("the strategy changed")
        STRUCTURE = "structure", _("the structure changed")
        PARENT = "parent", _("the parent document changed")

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    act = models.ForeignKey(
        Document,
        models.PROTECT,
        verbose_name=_("what changed"),
        null=True,
        blank=True,
        related_name="conformity_reviews",
        help_text=_("The act or document that changed; empty for a change of structure."),
    )
    title = models.CharField(_("what it is about"), max_length=200)
    note = models.TextField(_("what changed and from when"), max_length=5000, blank=True)
    opened_on = models.DateField(_("opened on"), default=timezone.localdate, editable=False)
    due = models.DateField(_("verdicts by"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("conformity review")
        verbose_name_plural = _("conformity reviews")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return address("documents:review", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"CR-{year}-{NumberSeries.next(f'CR-{year}'):03d}"


class ConformityVerdict(Record):
    """One internal document in a review: the owner's verdict, the quality office's decision, the day it must be done by."""

    WAITING, JUDGED, DECIDED, DONE, VOID = "waiting", "judged", "decided", "done", "void"
    STATES = {
        WAITING: (_("Waits for a verdict"), "waiting", "clock"),
        JUDGED: (_("Verdict given"), "progress", "eye-check"),
        DECIDED: (_("Decided"), "progress", "progress"),
        DONE: (_("Done"), "done", "check"),
        VOID: (_("No longer asked"), "cancelled", "ban"),
    }
    SLUG = "verdict"

    class Verdict(models.TextChoices):
        IN_LINE = "in_line", _("in line")
        CHANGE = "change", _("to be changed")
        END = "end", _("to be ended")

    state = models.CharField(_("state"), max_length=24, default=WAITING, editable=False)
    review = models.ForeignKey(
        ConformityReview, models.PROTECT, verbose_name=_("conformity review"), related_name="verdicts", editable=False
    )
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name=_("document"), related_name="verdicts", editable=False
    )
    why_listed = models.CharField(_("why it is listed"), max_length=200, blank=True, editable=False)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True, editable=False)
    note = models.TextField(_("grounds"), blank=True, editable=False)
    judged_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("verdict by"), null=True, blank=True, editable=False, related_name="+"
    )
    judged_on = models.DateField(_("verdict on"), null=True, blank=True, editable=False)
    decision = models.TextField(_("decision"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, editable=False, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True, editable=False)
    until = models.DateField(_("to be done by"), null=True, blank=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["review", "pk"]
        verbose_name = _("verdict of a conformity review")
        verbose_name_plural = _("verdicts of conformity reviews")
        constraints = [models.UniqueConstraint(fields=["review", "document"], name="one_verdict_a_document")]
        indexes = [models.Index(fields=["document", "state"], name="verdict_of_document")]

    def __str__(self) -> str:
        return f"{self.review.number}: {self.document}"

    def get_absolute_url(self) -> str:
        return address("documents:verdict", self.pk)

    def lock_first(self) -> models.QuerySet:
        # The document, as in all its family: its own steps settle verdicts while they hold it.
        return Document.objects.filter(pk=self.document_id)

    @property
    def unit(self) -> Unit | None:
        return self.document.unit


class ChangeProposal(Record):
    """Any unit proposes to change a document; accepted, or refused with grounds; done with a version (N0 §3.2)."""

    FILED, ACCEPTED, REFUSED, DONE = "filed", "accepted", "refused", "done"
    STATES = {
        FILED: (_("Filed"), "waiting", "clock"),
        ACCEPTED: (_("Accepted"), "progress", "check"),
        REFUSED: (_("Refused"), "cancelled", "ban"),
        DONE: (_("Done"), "done", "check"),
    }
    SLUG = "proposal"
    EDITABLE = ("text", "reason", "section")
    EDITABLE_STATES = (FILED,)

    state = models.CharField(_("state"), max_length=24, default=FILED, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="proposals")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit that proposes"), related_name="+")
    section = models.CharField(_("section or clause"), max_length=120, blank=True)
    text = models.TextField(_("what should be changed"), max_length=5000)
    reason = models.TextField(_("why"), max_length=5000)
    proposer = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("proposed by"), related_name="change_proposals", editable=False
    )
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, editable=False, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        verbose_name=_("version in which it was done"),
        null=True,
        blank=True,
        editable=False,
        related_name="proposals",
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("proposal to change a document")
        verbose_name_plural = _("proposals to change documents")

    def __str__(self) -> str:
        return f"{self.number} {self.document}"

    def get_absolute_url(self) -> str:
        return address("documents:proposal", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"DP-{year}-{NumberSeries.next(f'DP-{year}'):03d}"


class PaperCopy(Record):
    """A numbered paper copy and who holds it; every other print is uncontrolled."""

    HELD, GIVEN_BACK, LOST = "held", "given_back", "lost"
    STATES = {
        HELD: (_("Held"), "progress", "user-check"),
        GIVEN_BACK: (_("Given back"), "done", "check"),
        LOST: (_("Lost"), "overdue", "alert-triangle"),
    }
    SLUG = "copy"
    EDITABLE = ("holder", "where")
    EDITABLE_STATES = (HELD,)

    state = models.CharField(_("state"), max_length=24, default=HELD, editable=False)
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name=_("version"), related_name="copies", editable=False
    )
    number = models.PositiveSmallIntegerField(_("copy No."), default=1, editable=False)
    holder = models.ForeignKey(Person, models.PROTECT, verbose_name=_("holder"), related_name="paper_copies")
    where = models.CharField(_("where it is kept"), max_length=160, blank=True)
    given_on = models.DateField(_("handed out on"), default=timezone.localdate)
    ended_on = models.DateField(_("given back or lost on"), null=True, blank=True, editable=False)

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["version", "number"]
        verbose_name = _("paper copy")
        verbose_name_plural = _("paper copies")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_copy_a_number")]
        indexes = [models.Index(fields=["holder"], condition=Q(state="held"), name="copies_held")]

    def __str__(self) -> str:
        return f"{self.version} № {self.number}"

    def get_absolute_url(self) -> str:
        return address("documents:copy", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Version.objects.filter(pk=self.version_id)

    def before_adding(self) -> None:
        last = PaperCopy.objects.filter(version=self.version_id).order_by("-number").first()
        self.number = last.number + 1 if last else 1
