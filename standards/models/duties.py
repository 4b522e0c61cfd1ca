"""Duties by period: each rule with its legal basis, and the occurrences that a nightly job makes of it (domain.md §2, §8)."""

from __future__ import annotations

import datetime

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets.duties import DutyQuerySet, DutyRuleQuerySet


class DutyRule(models.Model):
    """One row of the table of periods, as data. Loaded by `load_registers`; the office changes dates and offices in admin."""

    class Timing(models.TextChoices):
        #: due `months` after the last fulfilment; the window begins `months_from` after it (equal: no window)
        FROM_LAST = "from_last", _("counted from the last fulfilment")
        #: each calendar year between two days, e.g. 01-01 … 02-28; the year may turn between them
        YEARLY = "yearly", _("every year between two dates")
        QUARTERLY = "quarterly", _("every quarter, by its last day")
        #: `offset_days` from the term's first or last day
        TERM = "term", _("every term")
        #: opened by something that happens in the portal (`event`), due `due_days` later
        EVENT = "event", _("opened by an event")

    class Scope(models.TextChoices):
        UNIVERSITY = "university", _("the university once")
        UNIT = "unit", _("each unit")
        SCHOOL = "school", _("each school or faculty")
        DEPARTMENT = "department", _("each department")
        PROGRAMME = "programme", _("each programme")
        DOCUMENT = "document", _("each document in force")

    class Anchor(models.TextChoices):
        SINCE = "since", _("first day of the term")
        UNTIL = "until", _("last day of the term")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    group = models.SlugField(
        _("group"), max_length=20
    )  # policy, documents, programmes, accreditation, surveys, cpd, bodies …
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("duty"), max_length=250)
    text = models.TextField(_("what is to be done"), blank=True)
    basis = models.CharField(_("legal basis"), max_length=120)  # "N0 S1.R7"
    standard = models.CharField(_("standard"), max_length=4, blank=True)
    scope = models.CharField(_("for whom"), max_length=12, choices=Scope.choices, default=Scope.UNIVERSITY)
    timing = models.CharField(_("when"), max_length=10, choices=Timing.choices)
    months_from = models.PositiveSmallIntegerField(_("window begins, months after the last one"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("overdue after so many months"), null=True, blank=True)
    opens = models.CharField(_("begins (month-day)"), max_length=5, blank=True)  # "01-01"
    due = models.CharField(_("due (month-day)"), max_length=5, blank=True)  # "02-28"; "02-29" is the last of February
    anchor = models.CharField(_("counted from"), max_length=5, choices=Anchor.choices, blank=True)
    offset_days = models.SmallIntegerField(_("days from it (before: negative)"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("shown so many days before"), default=60)
    event = models.SlugField(_("event"), max_length=60, blank=True)
    due_days = models.PositiveSmallIntegerField(_("due so many days after the event"), null=True, blank=True)
    working_days = models.BooleanField(_("in working days"), default=False)
    #: the office sets the date of each occurrence itself (N3: "by its plan")
    date_by_office = models.BooleanField(_("the office may set the date"), default=False)
    role = models.CharField(_("responsible office"), max_length=30, choices=Role.choices, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("responsible unit"), null=True, blank=True, related_name="+"
    )
    body = models.SlugField(_("body that decides"), max_length=40, blank=True)
    doer = models.CharField(_("responsible, in words"), max_length=250, blank=True)
    #: [{"step": "documents.document.confirm_review", "where": {lookup: value}, "subject": "path"}], read from history
    fulfilled_by = models.JSONField(_("steps that fulfil it"), default=list, blank=True)
    paper = models.CharField(_("paper that shows it"), max_length=250, blank=True)
    report_kind = models.SlugField(_("report that fulfils it"), max_length=60, blank=True)
    #: what the portal cannot know yet: the room that will bring the step ("surveys", "accreditation", "cpd")
    waits_for = models.SlugField(max_length=20, blank=True)
    #: duties are made of the periods that end on this day or later: what was before the portal is not counted
    counted_since = models.DateField(_("counted from"), default=timezone.localdate)
    retired = models.BooleanField(_("no longer used"), default=False)

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        ordering = ["group", "place", "code"]
        verbose_name = _("rule of a duty")
        verbose_name_plural = _("rules of duties")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("standards:duty-rule", self.pk)

    def clean(self) -> None:
        for name in ("opens", "due"):
            text = getattr(self, name)
            if text:
                try:
                    datetime.date.fromisoformat(f"2024-{text}")
                except ValueError:
                    raise ValidationError({name: _("Month and day with two figures each: 02-28.")}) from None
        wanted: dict[str, tuple[str, ...]] = {
            self.Timing.FROM_LAST: ("months",),
            self.Timing.YEARLY: ("opens", "due"),
            self.Timing.TERM: ("anchor", "offset_days"),
            self.Timing.EVENT: ("event", "due_days"),
        }
        missing = [name for name in wanted.get(self.timing, ()) if getattr(self, name) in (None, "")]
        if missing:
            raise ValidationError({missing[0]: _("This kind of rule needs it.")})
        if self.months_from and self.months and self.months_from > self.months:
            raise ValidationError({"months_from": _("The window begins before it ends.")})


class DutyStart(models.Model):
    """When a duty was last fulfilled before the portal knew of it; the office types it once."""

    rule = models.ForeignKey(DutyRule, models.PROTECT, related_name="starts")
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    on = models.DateField(_("last fulfilled on"))
    note = models.CharField(_("by what"), max_length=250, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("last fulfilment before the portal")
        verbose_name_plural = _("last fulfilments before the portal")
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject_type", "subject_id"], name="one_start_a_subject"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(subject_id__isnull=True), name="one_start_of_the_university"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.on}"


class Duty(Record):
    """One occurrence of a rule: for whom, from when, by when. Coming, due, overdue and done are computed from its dates."""

    OPEN, DONE, WAIVED = "open", "done", "waived"
    STATES = {
        OPEN: (_("Open"), "progress", "clock"),
        DONE: (_("Done"), "done", "check"),
        WAIVED: (_("Not needed this time"), "cancelled", "ban"),
    }
    QUIET = Record.QUIET | {"means_type", "means_id", "entry", "body"}

    class Phase(models.TextChoices):
        """What the reader sees: an open duty by its dates."""

        COMING = "coming", _("Coming")
        DUE = "due", _("Due")
        OVERDUE = "overdue", _("Overdue")
        DONE = "done", _("Done")
        WAIVED = "waived", _("Not needed this time")

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    rule = models.ForeignKey(DutyRule, models.PROTECT, verbose_name=_("rule"), related_name="duties", editable=False)
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")
    #: the unit in which it falls due (of the subject, or the responsible one); the university's own have none
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, editable=False, related_name="duties"
    )
    period = models.CharField(
        _("period"), max_length=40, editable=False
    )  # "2026", "2026-Q1", "2026/2027-1", "after 2024-03-01"
    opens_on = models.DateField(_("from"), editable=False)
    due_on = models.DateField(_("by"), editable=False)
    first_due = models.DateField(_("first date"), editable=False)
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, editable=False, related_name="+"
    )
    #: what fulfilled it: the record of the step, the decision, the report; None with a paper only
    means_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    means_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    means = GenericForeignKey("means_type", "means_id")
    note = models.TextField(_("note"), max_length=3000, blank=True, editable=False)
    #: whose decision fulfils it: the code of the body, worked out when it is made ("" where no body decides)
    body = models.CharField(_("body that decides"), max_length=60, blank=True, editable=False)
    #: the line of history that fulfilled it; kept when it is opened again, so that the same line never counts twice
    entry = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id", "period"], name="duty_once_a_period_and_subject"
            ),
            models.UniqueConstraint(
                fields=["rule", "period"], condition=Q(subject_id__isnull=True), name="duty_once_a_period"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("opens_on")), name="duty_dates"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="open"), name="duties_open"),
            models.Index(fields=["unit", "due_on"], name="duties_of_unit"),
            models.Index(fields=["rule", "-due_on"], name="duties_of_rule"),
            models.Index(fields=["body"], condition=Q(state="open") & ~Q(body=""), name="duties_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.period}"

    def get_absolute_url(self) -> str:
        return address("standards:duty", self.pk)

    @property
    def base(self) -> datetime.date | None:
        """The last fulfilment that it is counted from; only where the rule counts so."""
        _word, after, day = self.period.partition("after ")
        return datetime.date.fromisoformat(day[:10]) if after else None

    @property
    def name(self) -> str:
        """What is to be done, and for what."""
        return f"{self.rule} · {self.subject}" if self.subject_id and self.subject else str(self.rule)

    @property
    def period_words(self) -> str:
        """The period as a reader meets it; how it is counted from the last time stands on the duty's page."""
        if self.rule.timing in (DutyRule.Timing.FROM_LAST, DutyRule.Timing.EVENT):
            return str(self.due_on.year)
        return self.period

    @property
    def moved(self) -> bool:
        return self.first_due != self.due_on

    def is_proved(self) -> bool:
        """Some valid evidence is attached."""
        return EvidenceUse.objects.of(self).valid().exists()

    @property
    def phase(self) -> str:
        if self.state != self.OPEN:
            return self.state
        day = timezone.localdate()
        if day > self.due_on:
            return self.Phase.OVERDUE
        return self.Phase.DUE if day >= self.opens_on else self.Phase.COMING

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.OPEN

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.OPEN


class DutyMark(models.Model):
    """How far the history has been read: one row, so that a missed run costs nothing."""

    name = models.CharField(max_length=40, unique=True)
    entry = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("mark of reading")
        verbose_name_plural = _("marks of reading")

    def __str__(self) -> str:
        return f"{self.name}: {self.entry}"
