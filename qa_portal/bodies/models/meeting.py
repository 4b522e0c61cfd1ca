"""Meeting → AgendaItem → Vote → Decision: what was put, who voted how, what was decided and what it moved on (N1 §2.1)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.web.registry import registry
from qa_portal.workflow.models import NumberSeries, Record

from .. import voting
from ..querysets import DecisionQuerySet, ItemQuerySet, MeetingQuerySet
from . import checks
from .body import Base, Body, Passing, Quorum, RemoteBase, Seat


class Meeting(Record):
    """One meeting, or one vote in writing over some days: agenda, attendance, decisions, minutes."""

    PLANNED, INVITED, IN_SESSION = "planned", "invited", "in_session"
    CLOSED, SIGNED, CANCELLED = "closed", "signed", "cancelled"
    STATES = {
        PLANNED: (_("Planned"), "draft", "pencil"),
        INVITED: (_("Members invited"), "waiting", "send"),
        IN_SESSION: (_("In session"), "progress", "circle-dot"),
        CLOSED: (_("Closed, minutes to be signed"), "waiting", "clock"),
        SIGNED: (_("Minutes signed"), "done", "check"),
        CANCELLED: (pgettext_lazy("of a meeting", "Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("starts_at", "venue", "link", "in_writing", "closes_at", "note")
    EDITABLE_STATES = (PLANNED, INVITED)

    state = models.CharField(_("state"), max_length=24, default=PLANNED, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="meetings")
    number = models.PositiveSmallIntegerField(_("No."), editable=False, default=0)
    year = models.PositiveSmallIntegerField(editable=False, default=0)
    starts_at = models.DateTimeField(_("begins"))
    venue = models.CharField(_("place"), max_length=160, blank=True)
    link = models.URLField(_("link to join"), max_length=500, blank=True)
    in_writing = models.BooleanField(
        _("vote in writing"), default=False, help_text=_("Members vote in the portal over some days, without meeting.")
    )
    closes_at = models.DateTimeField(
        _("voting closes"), null=True, blank=True, help_text=_("Of a vote in writing only.")
    )
    note = models.TextField(_("note for the members"), max_length=3000, blank=True)
    chaired_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("chaired by"), null=True, blank=True, editable=False, related_name="+"
    )
    kept_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("minutes by"), null=True, blank=True, editable=False, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    seats_all = models.PositiveSmallIntegerField(_("seats"), default=0, editable=False)  # as they were when it opened
    chair_signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed by the chair"),
    )
    chair_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    secretary_signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed by the secretary"),
    )
    secretary_signed_at = models.DateTimeField(null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="one_meeting_a_number"),
            models.CheckConstraint(
                condition=Q(in_writing=False) | Q(closes_at__isnull=False), name="written_vote_has_an_end"
            ),
        ]
        indexes = [models.Index(fields=["body", "-starts_at"], name="meetings_of_body")]

    def __str__(self) -> str:
        return f"{self.body} № {self.number}"

    def get_absolute_url(self) -> str:
        return address("bodies:meeting", self.pk)

    def before_adding(self) -> None:
        checks.body_works(self.body_id, Body)
        self.year = timezone.localtime(self.starts_at).year
        self.number = NumberSeries.next(f"M-{self.body_id}-{self.year}")

    def clean(self) -> None:
        if self.in_writing and self.closes_at is None:
            raise ValidationError({"closes_at": _("Say until when members may vote.")})
        if self.closes_at and self.starts_at and self.closes_at <= self.starts_at:
            raise ValidationError({"closes_at": _("Voting closes after it has begun.")})

    def check_typed(self) -> None:
        checks.of_meeting(self)

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.SIGNED, self.CANCELLED)

    @property
    def is_over(self) -> bool:
        return self.state in (self.CLOSED, self.SIGNED, self.CANCELLED)

    @property
    def voting_ends(self) -> datetime.datetime:
        """When a vote in writing is over; a meeting has no such time."""
        return self.closes_at or self.starts_at

    @property
    def ics_address(self) -> str:
        """The whole address of its entry for a calendar; letters name it."""
        return settings.SITE_URL + reverse("bodies:meeting-ics", args=[self.pk])

    # -- who is there: read from `attendance`, which lists fetch beforehand ------------------------
    @property
    def rule(self) -> voting.Rule:
        """How votes are counted here, by the settings of the body as they are now."""
        body = self.body
        return voting.Rule(
            passing=body.passing,
            base=body.base,
            quorum=body.quorum,
            aside_counts=body.aside_counts,
            in_writing=self.in_writing,
            remote_base=body.remote_base,
            clause=body.rule_clause,
        )

    @property
    def room(self) -> voting.Room:
        """How many seats there are and how many of their holders are there now."""
        rows = list(self.attendance.all())
        there = [row for row in rows if row.is_there]
        return voting.Room(
            seats=self.seats_all,
            voting_seats=sum(row.voting for row in rows),
            present=len(there),
            voting_present=sum(row.voting for row in there),
        )

    def quorum_of_the_day(self) -> tuple[str, bool]:
        """The rule of the quorum as it was, and whether it was there, whoever left later; for what is read afterwards."""
        decision = self.decisions.order_by("pk").first()
        rule = decision.rule.get("quorum", self.body.quorum) if decision else self.body.quorum
        came = sum(row.present for row in self.attendance.all())
        return rule, voting.has_quorum(rule, came, self.seats_all)

    @property
    def quorum_is_there(self) -> bool:
        room = self.room
        return voting.has_quorum(self.body.quorum, room.present, room.seats)

    def may_vote_on_its_items(self) -> list[Attendance]:
        """Members with a vote: who are in the room, or all of them when the vote is in writing."""
        return [row for row in self.attendance.all() if row.voting and (self.in_writing or row.is_there)]


class _WithSeat(models.Manager):
    """Who holds the seat is asked for nearly every row: not one by one."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("seat")


class Attendance(models.Model):
    """Whether the holder of a seat came; with the vote as it was on that day."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    voting = models.BooleanField()
    present = models.BooleanField(default=False)
    #: whoever voted came, and stays in the minutes; after leaving they no longer count for quorum and base
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = _WithSeat()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="one_attendance_a_seat")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.present}"

    @property
    def is_there(self) -> bool:
        return self.present and self.left_at is None


class AgendaItem(Record):
    """Something put before a body: proposed by a member, ordered by the chair, voted on, decided."""

    PROPOSED, ON_AGENDA, VOTING = "proposed", "on_agenda", "voting"
    DECIDED, NOTED, DECLINED, WITHDRAWN = "decided", "noted", "declined", "withdrawn"
    STATES = {
        PROPOSED: (_("Proposed"), "waiting", "clock"),
        ON_AGENDA: (_("On the agenda"), "progress", "checklist"),
        VOTING: (_("Voting is open"), "progress", "circle-dot"),
        DECIDED: (_("Decided"), "done", "check"),
        NOTED: (_("Taken note of"), "done", "eye-check"),
        DECLINED: (_("Declined"), "cancelled", "ban"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }
    SLUG = "item"
    EDITABLE = ("title", "text", "draft_decision")
    EDITABLE_STATES = (PROPOSED, ON_AGENDA)

    state = models.CharField(_("state"), max_length=24, default=PROPOSED, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="items")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name=_("meeting"), null=True, blank=True, editable=False, related_name="items"
    )
    place = models.PositiveSmallIntegerField(_("No."), default=0, editable=False)
    title = models.CharField(_("question"), max_length=250)
    text = models.TextField(_("what it is about"), max_length=20000, blank=True)
    draft_decision = models.TextField(_("proposed decision"), max_length=20000)
    proposer = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("proposed by"), related_name="items_proposed", editable=False
    )
    #: what it decides: a record and the step the decision performs ("documents.version.approve"); empty: words only
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    verb = models.CharField(_("what it decides"), max_length=80, blank=True, editable=False)
    clause = models.CharField(
        _("breached clause"),
        max_length=300,
        blank=True,
        editable=False,
        help_text=_("Of the document that the decision of the body below breaches (N1 §2.1)."),
    )
    note = models.TextField(_("what was said"), max_length=20000, blank=True, editable=False)  # of one taken note of
    opened_at = models.DateTimeField(_("voting opened"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "place", "pk"]
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        indexes = [
            models.Index(fields=["body", "state"], name="items_of_body"),
            models.Index(fields=["subject_type", "subject_id"], name="items_about"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.title}" if self.place else self.title

    def get_absolute_url(self) -> str:
        return address("bodies:item", self.pk)

    @property
    def full_address(self) -> str:
        """With the portal's name, for letters."""
        return settings.SITE_URL + self.get_absolute_url()

    def lock_first(self) -> models.QuerySet:
        """Votes, attendance and closing wait for each other at the meeting; without one, at the body."""
        if self.meeting_id:
            return Meeting.objects.filter(pk=self.meeting_id)
        return Body.objects.filter(pk=self.body_id)

    def before_adding(self) -> None:
        checks.body_works(self.body_id, Body)
        before = self.before_the_body()
        if before is not None:
            raise NotNow(_("This stands before the body already: “%(item)s”.") % {"item": before})

    def before_the_body(self) -> AgendaItem | None:
        """The item by which the same record stands before the same body already."""
        if self.subject_type_id is None:
            return None
        same = type(self).objects.filter(
            body=self.body_id, subject_type=self.subject_type_id, subject_id=self.subject_id
        )
        return same.filter(state__in=(self.PROPOSED, self.ON_AGENDA, self.VOTING)).exclude(pk=self.pk).first()

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.DECIDED, self.NOTED, self.DECLINED, self.WITHDRAWN)

    @property
    def decides(self) -> Any:
        """What its decision performs, in words; empty when it is words only."""
        declared = registry.decidable.get(self.verb)
        return declared.title if declared else ""

    def yet_to_vote(self) -> list[Attendance]:
        """Who may vote on it and has not; from what lists fetch beforehand."""
        if self.meeting is None:
            return []
        voted = {vote.seat_id for vote in self.votes.all()}
        return [row for row in self.meeting.may_vote_on_its_items() if row.seat_id not in voted]

    def waits_for_vote_of(self, person: Any) -> bool:
        return self.state == self.VOTING and any(row.seat.person_id == person.pk for row in self.yet_to_vote())

    def own_people(self) -> set[int]:
        """Whose work the thing to be decided is: they may only step aside, nobody approves their own text."""
        subject = self.subject
        if subject is None:
            return set()
        return {pk for pk in (*getattr(subject, "authors", ()), getattr(subject, "created_by_id", None)) if pk}


class Vote(models.Model):
    """One member's word on one item: once, by oneself or recorded by the secretary."""

    class Choice(models.TextChoices):
        FOR = "for", _("for")
        AGAINST = "against", _("against")
        ABSTAINED = "abstained", _("abstained")
        ASIDE = "aside", _("stepped aside")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reason = models.CharField(max_length=300, blank=True)  # of stepping aside
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    silent = models.BooleanField(default=False)  # was there and said nothing: entered as abstained at the count
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_vote_a_seat_and_item")]

    @property
    def is_aside(self) -> bool:
        return self.choice == self.Choice.ASIDE

    def __str__(self) -> str:
        return f"{self.seat}: {self.choice}"


class Decision(Record):
    """What a body decided on an item: computed from the votes, never typed; it performs the step of what it decides."""

    STANDS, UPHELD, CHANGED, ANNULLED = "stands", "upheld", "changed", "annulled"
    STATES = {
        STANDS: (_("Stands"), "done", "check"),
        UPHELD: (_("Upheld by the body above"), "done", "check"),
        CHANGED: (_("Changed by the body above"), "waiting", "refresh"),
        ANNULLED: (_("Annulled by the body above"), "cancelled", "ban"),
    }
    EDITABLE = ()
    EDITABLE_STATES = ()

    state = models.CharField(_("state"), max_length=24, default=STANDS, editable=False)
    item = models.OneToOneField(
        AgendaItem, models.PROTECT, verbose_name=_("agenda item"), related_name="decision", editable=False
    )
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="decisions", editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name=_("meeting"), related_name="decisions", editable=False
    )
    number = models.CharField(_("number"), max_length=20, editable=False)  # "3.2": item 2 of meeting 3
    text = models.TextField(_("decision"), editable=False)
    passed = models.BooleanField(_("passed"), editable=False)
    decided_on = models.DateField(_("decided on"), default=timezone.localdate, editable=False)
    seats = models.PositiveSmallIntegerField(_("seats"), editable=False)
    present = models.PositiveSmallIntegerField(_("present"), editable=False)
    base = models.PositiveSmallIntegerField(_("base"), editable=False)
    votes_for = models.PositiveSmallIntegerField(_("for"), editable=False)
    votes_against = models.PositiveSmallIntegerField(_("against"), editable=False)
    abstained = models.PositiveSmallIntegerField(_("abstained"), editable=False)
    aside = models.PositiveSmallIntegerField(_("stepped aside"), default=0, editable=False)
    #: the rule as it was {"passing", "base", "quorum", "aside_counts", "remote_base", "in_writing", "clause"} and the
    #: other figures of that day {"voting_seats", "voting_present", "silent", "quorum_there"}
    rule = models.JSONField(default=dict, editable=False)
    performed = models.CharField(_("step performed"), max_length=80, blank=True, editable=False)
    #: why the step of what it decides could not be performed, in a sentence; the decision stands all the same
    not_performed = models.CharField(max_length=500, blank=True, editable=False)
    overruled_by = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("taken up by"),
        null=True,
        blank=True,
        editable=False,
        related_name="takes_up",
    )
    clause = models.CharField(_("breached clause"), max_length=300, blank=True, editable=False)
    changed_text = models.TextField(_("as changed by the body above"), blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["body", "-decided_on"], name="decisions_of_body")]

    def __str__(self) -> str:
        return f"{self.body} № {self.number}"

    def get_absolute_url(self) -> str:
        return address("bodies:decision", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Meeting.objects.filter(pk=self.meeting_id)

    @property
    def gives_assignments(self) -> bool:
        """It passed and was not annulled, or a body above has decided so after all."""
        return self.state == self.CHANGED or (self.passed and self.state != self.ANNULLED)

    @property
    def result(self) -> Any:
        return _("Passed") if self.passed else _("Not passed")

    def rule_in_words(self) -> list[tuple[Any, Any]]:
        """The rule as it was on that day: pairs of a name and words, for pages and minutes."""
        rule = self.rule
        base = RemoteBase(rule["remote_base"]).label if rule.get("in_writing") else Base(rule["base"]).label
        aside = _("counted as abstained") if rule["aside_counts"] else _("not counted in the base")
        found = [
            (_("Passes with"), Passing(rule["passing"]).label),
            (_("Base"), base),
            (_("Quorum"), Quorum(rule["quorum"]).label),
            (_("Whoever steps aside"), aside),
        ]
        return [*found, (_("Source clause of the rule"), rule["clause"])] if rule.get("clause") else found

    @property
    def votes_needed(self) -> int:
        return voting.needed(self.rule["passing"], self.base)
