"""BodyKind → Body → Seat, Election: who sits where, with or without a vote, since when and by which choice (N1 §2)."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.documents.models import Document
from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.web.fields import CodesField
from qa_portal.workflow.models import Record

from ..querysets import BodyQuerySet, ElectionQuerySet, KindQuerySet, SeatQuerySet
from . import checks


class Passing(models.TextChoices):
    """When a proposal has passed."""

    TWO_THIRDS = "two_thirds", _("two thirds of the base")
    MAJORITY = "majority", _("more than half of the base")


class Base(models.TextChoices):
    """Of whom the share is taken."""

    PRESENT = "present", _("all members present, with and without a vote")
    VOTING = "voting", _("members with a vote who are present")


class Quorum(models.TextChoices):
    """How many must have come, of all seats."""

    NONE = "none", _("none")
    THIRD = "third", _("one third of the seats")
    HALF = "half", _("more than half of the seats")
    TWO_THIRDS = "two_thirds", _("two thirds of the seats")


class RemoteBase(models.TextChoices):
    """Of whom the share is taken when the vote is in writing."""

    SEATS = "seats", _("all members with a vote")
    VOTED = "voted", _("those who voted")


class BodyKind(models.Model):
    """A kind of body with the defaults of its rules (domain.md §5). Kept in Django admin."""

    class Of(models.TextChoices):
        UNIVERSITY = "university", _("the university")
        SCHOOL = "school", _("a school")
        DEPARTMENT = "department", _("a department")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short = models.CharField(_("short name"), max_length=80, blank=True)
    above = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("body above"), null=True, blank=True, related_name="below"
    )
    of = models.CharField(_("belongs to"), max_length=10, choices=Of.choices, default=Of.UNIVERSITY)
    passing = models.CharField(_("passes with"), max_length=10, choices=Passing.choices, default=Passing.MAJORITY)
    base = models.CharField(_("base"), max_length=8, choices=Base.choices, default=Base.VOTING)
    quorum = models.CharField(_("quorum"), max_length=10, choices=Quorum.choices, default=Quorum.HALF)
    rule_clause = models.CharField(
        _("source clause of the rule"), max_length=200, blank=True, help_text=_("Empty: for the office to fill in.")
    )
    term_years = models.PositiveSmallIntegerField(_("term in years"), null=True, blank=True)
    elected = models.BooleanField(_("elected openly"), default=False)
    students_vote = models.BooleanField(_("students vote"), default=False)
    without_vote = models.CharField(_("who sits without a vote"), max_length=300, blank=True)
    remit = models.TextField(_("remit"), blank=True)
    matters = CodesField(_("matters"))
    clause = models.CharField(_("source clause"), max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("kind of body")
        verbose_name_plural = _("kinds of bodies")

    def __str__(self) -> str:
        return str(self.name)

    def rules(self) -> dict[str, Any]:
        """What a body of this kind takes over unless it says otherwise."""
        names = ("passing", "base", "quorum", "rule_clause", "term_years", "remit_kk", "remit_ru", "remit_en")
        return {**{name: getattr(self, name) for name in names}, "matters": list(self.matters)}

    def name_for(self, unit: Unit) -> dict[str, str]:
        """The usual name in each language: that of the kind, with the unit below the university."""
        found = {}
        for code in ("kk", "ru", "en"):
            own = getattr(self, f"name_{code}") or ""
            place = getattr(unit, f"short_{code}") or getattr(unit, f"name_{code}") or ""
            with_unit = own and place and unit.parent_id is not None
            found[f"name_{code}"] = (f"{own} ({place})" if with_unit else own)[:200]
        return found


class Matter(models.Model):
    """Something that a body may have in its remit; within one school no two bodies have the same (N1 §2.2)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("matter")
        verbose_name_plural = _("matters")

    def __str__(self) -> str:
        return str(self.name)


class Body(Record):
    """One collegial body: what founded it, what it deals with, how its votes are counted."""

    ACTIVE, DISSOLVED = "active", "dissolved"
    STATES = {ACTIVE: (_("Works"), "done", "check"), DISSOLVED: (_("Dissolved"), "cancelled", "ban")}
    EDITABLE = (
        "name",
        "name_kk",
        "name_ru",
        "name_en",
        "unit",
        "above",
        "charter",
        "founding_decision",
        "founded_on",
        "remit",
        "remit_kk",
        "remit_ru",
        "remit_en",
        "matters",
        "passing",
        "base",
        "quorum",
        "aside_counts",
        "remote_allowed",
        "remote_base",
        "rule_clause",
        "seats_planned",
        "term_years",
    )
    EDITABLE_STATES = (ACTIVE,)
    QUIET = Record.QUIET | {"name", "remit"}

    state = models.CharField(_("state"), max_length=24, default=ACTIVE, editable=False)
    #: what routes and decisions name it by: the code of its kind, with that of its unit below the university
    code = models.SlugField(_("code"), max_length=60, unique=True, editable=False)
    kind = models.ForeignKey(BodyKind, models.PROTECT, verbose_name=_("kind"), related_name="bodies")
    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("belongs to"), related_name="bodies")
    above = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("body above"), null=True, blank=True, related_name="below"
    )
    charter = models.ForeignKey(
        Document, models.PROTECT, verbose_name=_("charter document"), null=True, blank=True, related_name="+"
    )
    founding_decision = models.CharField(
        _("founding decision"), max_length=200, blank=True, help_text=_("What founded it, with number and date.")
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    remit = models.TextField(_("remit"), max_length=3000, blank=True)
    matters = CodesField(_("matters"))
    passing = models.CharField(_("passes with"), max_length=10, choices=Passing.choices, default=Passing.MAJORITY)
    base = models.CharField(_("base"), max_length=8, choices=Base.choices, default=Base.VOTING)
    quorum = models.CharField(_("quorum"), max_length=10, choices=Quorum.choices, default=Quorum.HALF)
    aside_counts = models.BooleanField(
        _("whoever steps aside stays in the base"),
        default=True,
        help_text=_("Ticked: counted as abstained. Otherwise the base is smaller by them."),
    )
    remote_allowed = models.BooleanField(_("may vote in writing"), default=True)
    remote_base = models.CharField(
        _("base of a vote in writing"), max_length=8, choices=RemoteBase.choices, default=RemoteBase.SEATS
    )
    rule_clause = models.CharField(
        _("source clause of the rule"), max_length=200, blank=True, help_text=_("Empty: for the office to fill in.")
    )
    seats_planned = models.PositiveSmallIntegerField(_("seats by the charter"), null=True, blank=True)
    term_years = models.PositiveSmallIntegerField(_("term in years"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True, editable=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["kind__place", "unit__path"]
        verbose_name = _("collegial body")
        verbose_name_plural = _("collegial bodies")
        constraints = [models.CheckConstraint(condition=~Q(above=F("pk")), name="body_not_above_itself")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address("bodies:body", self.pk)

    def before_adding(self) -> None:
        suffix = "" if self.unit.parent_id is None else f"-{self.unit.code}"
        self.code = checks.free_code(type(self), f"{self.kind.code}{suffix}"[:56])

    def check_typed(self) -> None:
        checks.of_body(self)

    def chain_above(self) -> list[str]:
        """Codes of the bodies above, the nearest first: any of them may take up its decisions (N1 §2.1)."""
        found, body = [], self.above
        while body is not None and body.code not in found:
            found.append(body.code)
            body = body.above
        return found


class Seat(Record):
    """A person sits in a body, with or without a vote, from a day to a day."""

    HELD, ENDED = "held", "ended"
    STATES = {
        HELD: (pgettext_lazy("of a seat", "Held"), "done", "user-check"),
        ENDED: (_("Ended"), "cancelled", "history"),
    }
    EDITABLE = ("duty", "group", "voting", "until", "basis")
    EDITABLE_STATES = (HELD,)

    class Duty(models.TextChoices):
        CHAIR = "chair", _("chair")
        DEPUTY_CHAIR = "deputy_chair", _("deputy chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")
        ADVISER = "adviser", _("adviser")

    class Group(models.TextChoices):
        TEACHERS = "teachers", _("teachers")
        STUDENTS = "students", _("students, residents")
        ADMINISTRATION = "administration", _("administration")
        EMPLOYERS = "employers", _("employers")
        GRADUATES = "graduates", _("graduates")
        QUALITY = "quality", _("quality manager")
        OTHERS = "others", _("others")

    state = models.CharField(_("state"), max_length=24, default=HELD, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="seats", editable=False)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="seats")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices, default=Duty.MEMBER)
    group = models.CharField(_("group"), max_length=14, choices=Group.choices, default=Group.TEACHERS)
    voting = models.BooleanField(_("has a vote"), default=True)
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("to"), null=True, blank=True)
    basis = models.CharField(
        _("basis"), max_length=200, blank=True, help_text=_("Election, order or office that gave the seat.")
    )
    election = models.ForeignKey(
        "bodies.Election",
        models.PROTECT,
        verbose_name=_("election"),
        null=True,
        blank=True,
        editable=False,
        related_name="seats_given",
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["body", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(state="held"),
                name="one_seat_a_person_and_body",
                violation_error_message=_("This person sits in this body already."),
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(state="held", duty="chair"),
                name="one_chair_a_body",
                violation_error_message=_("This body has a chair already: end that seat or change its duty first."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="seat_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="seats_of_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.body}"

    def get_absolute_url(self) -> str:
        return address("bodies:seat", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Body.objects.filter(pk=self.body_id)

    def before_adding(self) -> None:
        checks.body_works(self.body_id, Body)

    def check_typed(self) -> None:
        checks.of_seat(self)

    def holds_on(self, day: datetime.date) -> bool:
        return self.state == self.HELD and self.since <= day and (self.until is None or self.until >= day)


class Election(Record):
    """An open election of members: candidates, votes by name, the result, the seats it gives (N1 §2.2)."""

    PREPARED, OPEN, COUNTED, CANCELLED = "prepared", "open", "counted", "cancelled"
    STATES = {
        PREPARED: (_("Being prepared"), "draft", "pencil"),
        OPEN: (_("Voting is open"), "progress", "circle-dot"),
        COUNTED: (_("Counted"), "done", "check"),
        CANCELLED: (pgettext_lazy("of a meeting", "Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("title", "seats", "group", "electorate", "closes_on", "term_from", "term_until")
    EDITABLE_STATES = (PREPARED,)

    state = models.CharField(_("state"), max_length=24, default=PREPARED, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), related_name="elections")
    title = models.CharField(_("title"), max_length=200)
    seats = models.PositiveSmallIntegerField(_("seats to be filled"), default=1)
    group = models.CharField(_("group"), max_length=14, choices=Seat.Group.choices, default=Seat.Group.TEACHERS)
    electorate = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("who elects"),
        related_name="+",
        help_text=_("The people of this unit and of those below; all of them may stand."),
    )
    closes_on = models.DateField(_("voting closes on"))
    term_from = models.DateField(_("term from"))
    term_until = models.DateField(_("term to"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    counted_on = models.DateField(_("counted on"), null=True, blank=True, editable=False)
    voters = models.PositiveIntegerField(_("people who may vote"), default=0, editable=False)
    turnout = models.PositiveIntegerField(_("people who voted"), default=0, editable=False)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        constraints = [
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(term_until__gt=F("term_from")), name="term_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("bodies:election", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Body.objects.filter(pk=self.body_id)

    def before_adding(self) -> None:
        checks.body_works(self.body_id, Body)

    def check_typed(self) -> None:
        checks.of_election(self)

    def clean(self) -> None:
        if self.seats < 1:
            raise ValidationError({"seats": _("At least one seat.")})


class Candidate(models.Model):
    """Somebody who stands in an election; votes and result are written when it is counted."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField(auto_now_add=True)
    votes = models.PositiveIntegerField(_("votes"), null=True)
    elected = models.BooleanField(_("elected"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["election", "person"], name="stands_once")]

    def __str__(self) -> str:
        return str(self.person)


class Ballot(models.Model):
    """One voter's choice in an open election; several rows where there are several seats."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="ballots")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["election", "voter", "candidate"], name="one_voice_a_candidate")]

    def __str__(self) -> str:
        return f"{self.voter} → {self.candidate}"
