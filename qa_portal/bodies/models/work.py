"""What decisions and the quality manager set going: assignments, dispatches to bodies, information requests, proposals."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.notices.telling import tell
from qa_portal.people.heads import deciders, deciding_unit
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record

from ..querysets import AssignmentQuerySet, DispatchQuerySet, QualityProposalQuerySet, RequestQuerySet
from .body import Body, Seat
from .meeting import Decision

MOST_BRIEF = 140
RUNNING = (Seat.Duty.CHAIR, Seat.Duty.DEPUTY_CHAIR, Seat.Duty.SECRETARY)


def seated(body_id: int | None, *duties: str) -> models.QuerySet[Person]:
    """Active people who sit in a body today, with one of the duties if any is named."""
    seats = Seat.objects.held().filter(body_id=body_id)
    seats = seats.filter(duty__in=duties) if duties else seats
    return Person.objects.filter(pk__in=seats.order_by().values("person"), is_active=True)


def heads_for(unit: Unit | None, without: set[int], board: bool = True) -> list[Person]:
    """The nearest head from a unit upwards who is not one of `without`, with today's deputies; else the Board, if wanted."""
    found = deciding_unit(unit, without) if unit is not None else None
    return list(deciders(found)) if found is not None or (board and unit is not None) else []


def past_problem(day: Any) -> ValidationError | None:
    if day and day < timezone.localdate():
        return ValidationError({"due": _("The deadline cannot be in the past.")})
    return None


class ToldWhenAdded:
    """Mixed into a record of which people hear as soon as it is there, not only at its first step."""

    #: the column that says in words what it is; letters and headings show its beginning in one line
    BRIEF = "text"

    @property
    def brief(self) -> str:
        words = " ".join(getattr(self, self.BRIEF).split())
        return words if len(words) <= MOST_BRIEF else words[:MOST_BRIEF] + "…"

    def told_when_added(self) -> list[Any]:
        raise NotImplementedError

    def add(self, *, by: Any, why: str = "") -> Any:
        with transaction.atomic():
            super().add(by=by, why=why)  # type: ignore[misc]
            tell(
                self.told_when_added(),
                template=f"bodies/mail/{self.slug()}_add.txt",  # type: ignore[attr-defined]
                record=self,
                by=by,
                context={"why": why},
                verb="add",
            )
        return self


class Assignment(ToldWhenAdded, Record):
    """A task that a decision gives to a person with a deadline; done with proof, accepted by the body's secretary."""

    OPEN, CARRIED_OUT, ACCEPTED, CANCELLED = "open", "carried_out", "accepted", "cancelled"
    STATES = {
        OPEN: (_("In progress"), "progress", "progress"),
        CARRIED_OUT: (_("Carried out"), "waiting", "clock"),
        ACCEPTED: (_("Accepted"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("text",)  # the deadline moves by its own step, with a reason and people told
    EDITABLE_STATES = (OPEN,)

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    decision = models.ForeignKey(
        Decision, models.PROTECT, verbose_name=_("decision"), related_name="assignments", editable=False
    )
    text = models.TextField(_("what is to be done"), max_length=5000)
    owner = models.ForeignKey(Person, models.PROTECT, verbose_name=_("who does it"), related_name="assignments")
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, editable=False, related_name="+"
    )
    due = models.DateField(_("deadline"))
    first_due = models.DateField(_("first deadline"), null=True, blank=True, editable=False)
    done_note = models.TextField(_("what was done"), blank=True, editable=False)
    done_on = models.DateField(_("carried out on"), null=True, blank=True, editable=False)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(fields=["owner", "state", "due"], name="assignments_of_person"),
            models.Index(fields=["due"], condition=Q(state="open"), name="assignments_open"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.brief}"

    def get_absolute_url(self) -> str:
        return address("bodies:assignment", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"A-{year}-{NumberSeries.next(f'A-{year}'):04d}"
        self.unit = self.owner.unit
        self.first_due = self.due
        if self.decision.state == Decision.ANNULLED:
            raise NotNow(_("The decision was annulled: it gives no assignments any more."))
        if not self.decision.gives_assignments:
            raise NotNow(_("The proposal did not pass: it gives no assignments."))

    def check_typed(self) -> None:
        problem = past_problem(self.due) if self.pk is None else None
        if problem:
            raise problem

    def told_when_added(self) -> list[Any]:
        """The person who does it and the head of that person's unit; members read it in the minutes."""
        return [self.owner, *heads_for(self.unit, {self.owner_id}, board=False)]

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.OPEN

    def is_proved(self) -> bool:
        """Some valid evidence is attached."""
        return EvidenceUse.objects.of(self).valid().exists()

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.ACCEPTED, self.CANCELLED)


class Dispatch(ToldWhenAdded, Record):
    """A report or another paper sent to a body, with date and receipt (N1 §2.1)."""

    SENT, RECEIVED, CANCELLED = "sent", "received", "cancelled"
    BRIEF = "title"
    STATES = {
        SENT: (_("Sent"), "waiting", "send"),
        RECEIVED: (_("Received"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("title", "note")
    EDITABLE_STATES = (SENT,)

    state = models.CharField(_("state"), max_length=24, default=SENT, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="dispatches")
    title = models.CharField(_("what is sent"), max_length=250)
    note = models.TextField(_("note"), max_length=3000, blank=True)
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    sent_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("sent by"), related_name="dispatches", editable=False
    )
    sent_on = models.DateField(_("sent on"), default=timezone.localdate)
    received_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("received by"), null=True, blank=True, editable=False, related_name="+"
    )
    received_on = models.DateField(_("received on"), null=True, blank=True, editable=False)
    entry_number = models.CharField(_("number of entry"), max_length=40, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_on", "-pk"]
        verbose_name = _("dispatch to a body")
        verbose_name_plural = _("dispatches to bodies")

    def __str__(self) -> str:
        return f"{self.title} → {self.body}"

    def get_absolute_url(self) -> str:
        return address("bodies:dispatch", self.pk)

    def clean(self) -> None:
        if self.sent_on and self.sent_on > timezone.localdate():
            raise ValidationError({"sent_on": _("The day it was sent cannot be in the future.")})

    def told_when_added(self) -> list[Any]:
        """The chair, the deputy chair and the secretary of the body."""
        return list(seated(self.body_id, *RUNNING))

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.SENT


class InformationRequest(ToldWhenAdded, Record):
    """The quality manager asks any unit for information by a day; it answers with papers (N1 §2.3)."""

    ASKED, ANSWERED, ACCEPTED, CANCELLED = "asked", "answered", "accepted", "cancelled"
    STATES = {
        ASKED: (_("Waits for an answer"), "waiting", "clock"),
        ANSWERED: (_("Answered"), "progress", "eye-check"),
        ACCEPTED: (_("Accepted"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "request"
    BRIEF = "what"
    EDITABLE = ("what", "why", "due")
    EDITABLE_STATES = (ASKED,)

    state = models.CharField(_("state"), max_length=24, default=ASKED, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit asked"), related_name="information_requests")
    what = models.TextField(_("what is asked"), max_length=5000)
    why = models.TextField(_("what it is for"), max_length=2000, blank=True)
    due = models.DateField(_("answer by"))
    asked_by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("asked by"), related_name="+", editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, editable=False, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("information request")
        verbose_name_plural = _("information requests")
        indexes = [models.Index(fields=["unit", "state"], name="requests_of_unit")]

    def __str__(self) -> str:
        return f"{self.number} → {self.unit}"

    def get_absolute_url(self) -> str:
        return address("bodies:request", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"IR-{year}-{NumberSeries.next(f'IR-{year}'):03d}"

    def check_typed(self) -> None:
        problem = past_problem(self.due) if self.pk is None else None
        if problem:
            raise problem

    def told_when_added(self) -> list[Any]:
        """The head of the unit asked (else the nearest above) with deputies, and the unit's quality coordinators."""
        coordinators = Office.objects.on().filter(role=Role.QUALITY_COORDINATOR, unit=self.unit).values("person")
        return [*heads_for(self.unit, {self.asked_by_id}), *Person.objects.filter(pk__in=coordinators, is_active=True)]

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.ASKED

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.ACCEPTED, self.CANCELLED)


class QualityProposal(ToldWhenAdded, Record):
    """The quality manager proposes something to a body or a unit; accepted, or declined with a reason (N1 §2.3)."""

    MADE, ACCEPTED, DECLINED, DONE = "made", "accepted", "declined", "done"
    STATES = {
        MADE: (_("Waits for an answer"), "waiting", "clock"),
        ACCEPTED: (_("Accepted"), "progress", "check"),
        DECLINED: (_("Declined"), "cancelled", "ban"),
        DONE: (_("Done"), "done", "check"),
    }
    SLUG = "advice"
    BRIEF = "title"
    EDITABLE = ("title", "text", "due")
    EDITABLE_STATES = (MADE,)

    state = models.CharField(_("state"), max_length=24, default=MADE, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    body = models.ForeignKey(
        Body, models.PROTECT, verbose_name=_("to the body"), null=True, blank=True, related_name="proposals"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("to the unit"), null=True, blank=True, related_name="quality_proposals"
    )
    title = models.CharField(_("what is proposed, in one line"), max_length=200)
    text = models.TextField(_("grounds and expected result"), max_length=5000)
    due = models.DateField(_("answer by"))
    proposer = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("proposed by"), related_name="+", editable=False
    )
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, editable=False, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = QualityProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("proposal of the quality manager")
        verbose_name_plural = _("proposals of the quality manager")
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=True) ^ Q(unit__isnull=True), name="proposal_to_a_body_or_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return address("bodies:advice", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"QP-{year}-{NumberSeries.next(f'QP-{year}'):03d}"

    def check_typed(self) -> None:
        problem = past_problem(self.due) if self.pk is None else None
        if problem:
            raise problem

    def told_when_added(self) -> list[Any]:
        """Those who answer: chair, deputy chair and secretary of the body, or the head of the unit with deputies."""
        if self.body_id:
            return list(seated(self.body_id, *RUNNING))
        return heads_for(self.unit, {self.proposer_id})

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.MADE

    def clean(self) -> None:
        if (self.body_id is None) == (self.unit_id is None):
            raise ValidationError({"unit": _("Name either a body or a unit.")})

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.DECLINED, self.DONE)
