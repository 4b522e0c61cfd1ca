"""The yearly self-assessment: a cycle, what is assessed in it (a unit or a programme), a programme's monitoring plan."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.programmes.models import Programme
from qa_portal.web.addresses import address
from qa_portal.web.fields import CodesField
from qa_portal.workflow.models import Record, with_writer

from ..querysets.cycles import AssessmentQuerySet, CycleQuerySet, PlanRowQuerySet
from .catalogue import Edition, Standard


class Cycle(Record):
    """One year's self-assessment against one edition of the catalogue (domain.md §2; N0 §1, evaluation areas)."""

    DRAFT, OPEN, SUBMITTED, APPROVED, CANCELLED = "draft", "open", "submitted", "approved", "cancelled"
    STATES = {
        DRAFT: (_("Being prepared"), "draft", "pencil"),
        OPEN: (_("Running"), "progress", "progress"),
        SUBMITTED: (_("Before the Academic Council"), "waiting", "gavel"),
        APPROVED: (_("Approved"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("title", "standards", "note")  # the dates move by a step of their own: deadlines of units go with them
    EDITABLE_STATES = (DRAFT, OPEN)
    DATES = ("opens_on", "answer_by", "verify_by", "decide_by")

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=160, blank=True)
    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name=_("edition of the catalogue"), editable=False, related_name="cycles"
    )
    standards = CodesField(_("standards"))  # codes of the edition: ["S1", "S10"]
    opens_on = models.DateField(_("answering begins"))
    answer_by = models.DateField(_("answers by"))
    verify_by = models.DateField(_("verified by"))
    decide_by = models.DateField(_("decided by"))
    note = models.TextField(_("what units should know"), max_length=5000, blank=True)
    launched_on = models.DateField(_("opened on"), null=True, blank=True, editable=False)
    submitted_on = models.DateField(_("sent to the Council on"), null=True, blank=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    basis = models.CharField(_("decision"), max_length=200, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("self-assessment cycle")
        verbose_name_plural = _("self-assessment cycles")
        constraints = [
            models.UniqueConstraint(fields=["year"], condition=~Q(state="cancelled"), name="one_cycle_a_year"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Self-assessment %(year)s") % {"year": self.year})

    def get_absolute_url(self) -> str:
        return address("standards:cycle", self.pk)

    def clean(self) -> None:
        days = [self.opens_on, self.answer_by, self.verify_by, self.decide_by]
        if all(days) and days != sorted(days):
            raise ValidationError(_("The dates follow each other: begin, answers, verification, decision."))

    def before_adding(self) -> None:
        """The edition in force is frozen into the cycle."""
        edition = Edition.objects.current()
        if edition is None:
            raise NotNow(_("The catalogue of standards is not loaded yet."))
        self.edition = edition

    def check_typed(self) -> None:
        others = Cycle.objects.filter(year=self.year).exclude(state=self.CANCELLED).exclude(pk=self.pk)
        if self.pk is None and others.exists():
            raise ValidationError({"year": _("There is a cycle for this year already.")})
        known = set(Standard.objects.filter(edition=self.edition_id).values_list("code", flat=True))
        if not self.standards or not set(self.standards) <= known:
            raise ValidationError({"standards": _("Choose one standard or more of the edition.")})
        if self.state == self.OPEN and self.standards != Cycle.objects.get(pk=self.pk).standards:
            raise ValidationError({"standards": _("The cycle runs already: its standards stay as they are.")})

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.APPROVED, self.CANCELLED)


class Assessment(Record):
    """What one unit, or one programme, answers in a cycle. A unit's goes head → quality office; a programme's goes
    department → dean's office → programme committee (БББК) and quality office; then all go to the Council (N0 std 9).
    """

    PLANNED, OPEN, SUBMITTED, AGREED, ENDORSED, RETURNED, VERIFIED, APPROVED, CANCELLED = (
        "planned", "open", "submitted", "agreed", "endorsed", "returned", "verified", "approved", "cancelled",
    )  # fmt: skip
    STATES = {
        PLANNED: (_("Planned"), "draft", "pencil"),
        OPEN: (_("Being answered"), "progress", "progress"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        AGREED: (_("Agreed by the department"), "waiting", "clock"),
        ENDORSED: (_("Agreed by the dean's office"), "waiting", "clock"),
        RETURNED: (_("Returned"), "waiting", "undo"),
        VERIFIED: (_("Verified"), "progress", "eye-check"),
        APPROVED: (_("Approved"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    #: the unit may still write
    WRITING = (OPEN, RETURNED)
    #: its monitoring plan may still change
    PLANNING = (PLANNED, *WRITING)
    LIVE = (PLANNED, OPEN, SUBMITTED, AGREED, ENDORSED, RETURNED, VERIFIED, APPROVED)
    WORDS = ("summary", "strong", "improve")
    EDITABLE = (*WORDS, "lead", "due")
    EDITABLE_STATES = (PLANNED, OPEN, RETURNED)

    state = models.CharField(_("state"), max_length=24, default=PLANNED, editable=False)
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, verbose_name=_("cycle"), related_name="assessments", editable=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="assessments")
    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("programme"), null=True, blank=True, related_name="assessments"
    )
    #: the areas that it answers, by code; the answers are rows of their own
    areas = CodesField(_("evaluation areas"), editable=False)
    lead = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who leads it"), null=True, blank=True, related_name="assessments_led"
    )
    due = models.DateField(_("answers by"))
    previous = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("last time"), null=True, blank=True, editable=False, related_name="+"
    )
    summary = models.TextField(_("summary"), max_length=20000, blank=True)
    strong = models.TextField(_("strong points"), max_length=10000, blank=True)
    improve = models.TextField(_("to be improved"), max_length=10000, blank=True)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, editable=False, related_name="+"
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    #: a programme's: whose head has the word now (department, then dean's office); empty: the Board, where no head is free
    decides = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("whose head decides"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    agreed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("agreed for the department by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    endorsed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("agreed for the dean's office by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    considered_on = models.DateField(_("considered by the committee on"), null=True, blank=True, editable=False)
    considered_basis = models.CharField(_("decision of the committee"), max_length=200, blank=True, editable=False)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("verified by"), null=True, blank=True, editable=False, related_name="+"
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)  # ids of everybody who wrote in it
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "unit__path", "pk"]
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit"],
                condition=Q(programme__isnull=True) & ~Q(state="cancelled"),
                name="one_assessment_a_unit",
            ),
            models.UniqueConstraint(
                fields=["cycle", "programme"], condition=~Q(state="cancelled"), name="one_assessment_a_programme"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="assessments_of_unit")]

    def __str__(self) -> str:
        return f"{self.programme or self.unit} · {self.cycle.year}"

    def get_absolute_url(self) -> str:
        return address("standards:assessment", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        return Cycle.objects.filter(pk=self.cycle_id)

    def note_author(self, by: Any) -> None:
        """Whoever writes one of the texts; planning it or moving its deadline is no writing."""
        before = Assessment.objects.filter(pk=self.pk).values(*self.WORDS).first()
        if before is not None and any(before[name] != getattr(self, name) for name in self.WORDS):
            self.authors = with_writer(self.authors, by)

    @property
    def of_programme(self) -> bool:
        return self.programme_id is not None

    @property
    def is_written(self) -> bool:
        """The unit may still write in it."""
        return self.state in self.WRITING

    @property
    def deadline_counts(self) -> bool:
        return self.state in self.PLANNING

    @property
    def plan_is_open(self) -> bool:
        """Its monitoring plan may change: whoever agrees, considers, verifies decides about what they read."""
        return self.state in self.PLANNING

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.VERIFIED, self.APPROVED, self.CANCELLED)


class CommissionMember(models.Model):
    """Who sits in a programme's self-evaluation commission; written by steps of its assessment."""

    class Duty(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="commission")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="+")
    duty = models.CharField(_("duty"), max_length=10, choices=Duty.choices, default=Duty.MEMBER)

    class Meta:
        ordering = ["assessment", "pk"]
        verbose_name = _("member of the commission")
        verbose_name_plural = _("members of the commission")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="once_in_a_commission"),
            models.UniqueConstraint(fields=["assessment"], condition=Q(duty="chair"), name="one_chair_a_commission"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_duty_display()}"


PLAN_SETTLED = _("The self-assessment is submitted: its plan stays as it is unless it is sent back.")


class PlanRow(Record):
    """One row of a programme's yearly monitoring plan: indicator, source, date; later the fact beside it (N0 std 9)."""

    PLANNED, DONE, DROPPED = "planned", "done", "dropped"
    STATES = {
        PLANNED: (_("Planned"), "progress", "clock"),
        DONE: (_("Entered"), "done", "check"),
        DROPPED: (_("Dropped"), "cancelled", "ban"),
    }
    SLUG = "plan_row"
    EDITABLE = ("area", "indicator", "source", "due", "owner", "planned")
    EDITABLE_STATES = (PLANNED,)

    state = models.CharField(_("state"), max_length=24, default=PLANNED, editable=False)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, verbose_name=_("self-assessment"), related_name="plan_rows", editable=False
    )
    area = models.CharField(_("evaluation area"), max_length=8)  # code
    indicator = models.CharField(_("indicator"), max_length=250)
    source = models.CharField(_("source of data"), max_length=250)
    due = models.DateField(_("by"))
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who answers for it"), null=True, blank=True, related_name="+"
    )
    planned = models.CharField(_("planned value"), max_length=120)
    fact = models.CharField(_("actual value"), max_length=120, blank=True, editable=False)
    fact_on = models.DateField(_("as of"), null=True, blank=True, editable=False)
    note = models.TextField(_("note on the difference"), max_length=3000, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "due", "pk"]
        verbose_name = _("row of a monitoring plan")
        verbose_name_plural = _("rows of monitoring plans")

    def __str__(self) -> str:
        return f"{self.area} {self.indicator}"

    def get_absolute_url(self) -> str:
        return address("standards:plan-row", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        return Assessment.objects.filter(pk=self.assessment_id)

    def before_adding(self) -> None:
        if not self.assessment.of_programme:
            raise NotNow(_("A monitoring plan belongs to the self-assessment of a programme."))
        if not Assessment.objects.get(pk=self.assessment_id).plan_is_open:  # read anew: it is locked only now
            raise NotNow(PLAN_SETTLED)

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        problem = super().edit_refusal(person)
        if problem is None and not self.assessment.plan_is_open:
            return NotNow, PLAN_SETTLED
        return problem

    def check_typed(self) -> None:
        if self.area not in self.assessment.areas:
            raise ValidationError({"area": _("Choose an area that this self-assessment answers.")})

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.PLANNED

    @property
    def proof_is_settled(self) -> bool:
        return self.assessment.proof_is_settled or self.state == self.DROPPED
