"""Academic appeals on grades and attestation: a commission without the course's teacher, figures, its report (N1 §4.1.6)."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_working_days
from qa_portal.people.models import Person, Unit
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Course, Term
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record, with_writer

from ..querysets.appeals import AcademicAppealQuerySet, AppealReportQuerySet


class AcademicAppeal(Record):
    """A student does not agree with a result; a commission of people who had no part in it decides (N1 §4.1.6)."""

    FILED, ADMITTED, IN_COMMISSION, DECIDED, CLOSED, REFUSED = (
        "filed", "admitted", "in_commission", "decided", "closed", "refused",
    )  # fmt: skip
    STATES = {
        FILED: (_("Filed"), "waiting", "inbox"),
        ADMITTED: (_("Admitted"), "progress", "check"),
        IN_COMMISSION: (_("With the commission"), "progress", "progress"),
        DECIDED: (_("Decided"), "done", "gavel"),
        CLOSED: (_("Closed"), "done", "check"),
        REFUSED: (_("Not admitted"), "cancelled", "ban"),
    }
    SLUG = "academic_appeal"
    EDITABLE = (
        "student_name", "student_email", "group", "about", "kind", "course", "unit", "grade", "graded_by", "happened_on",
        "text",
    )  # fmt: skip
    EDITABLE_STATES = (FILED,)

    #: a decision is awaited, its day counts
    RUNNING = (ADMITTED, IN_COMMISSION)
    #: a decision was taken
    OVER = (DECIDED, CLOSED)

    class Kind(models.TextChoices):
        COURSEWORK = "coursework", _("grade during the term")
        EXAM = "exam", _("examination")
        PRACTICE = "practice", _("practical training")
        FINAL = "final", _("final attestation")
        ADMISSION = "admission", _("entrance examination")

    class Cause(models.TextChoices):
        CRITERIA = "criteria", _("criteria not known or not followed")
        TASK = "task", _("faulty task")
        ARITHMETIC = "arithmetic", _("mistake in counting")
        TECHNICAL = "technical", _("technical failure")
        PROCEDURE = "procedure", _("procedure broken")
        BIAS = "bias", _("partiality")
        NONE = "none", _("no ground found")

    class Decision(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        PARTLY = "partly", _("upheld in part")
        DISMISSED = "dismissed", _("dismissed")

    state = models.CharField(_("state"), max_length=24, default=FILED, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    student = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who appeals"), null=True, blank=True, related_name="academic_appeals"
    )
    student_name = models.CharField(_("name"), max_length=200)
    student_email = models.EmailField(_("e-mail"), blank=True)
    group = models.CharField(_("group"), max_length=40, blank=True)
    kind = models.CharField(_("about"), max_length=12, choices=Kind.choices)
    course = models.ForeignKey(
        Course, models.PROTECT, verbose_name=_("course"), null=True, blank=True, related_name="appeals"
    )
    about = models.CharField(_("what is appealed"), max_length=250, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="academic_appeals")
    grade = models.CharField(_("grade given"), max_length=20, blank=True)
    #: whoever gave the grade sees nothing of the appeal and sits in no commission on it, as the teachers of the course
    graded_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who gave the grade"), null=True, blank=True, related_name="+"
    )
    happened_on = models.DateField(_("result known on"))
    filed_on = models.DateField(_("filed on"))
    in_time = models.BooleanField(_("in time"), default=True, editable=False)
    text = models.TextField(_("grounds"), max_length=10000)
    due_on = models.DateField(_("decision due on"), null=True, blank=True, editable=False)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True, editable=False)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices, blank=True, editable=False)
    reason = models.TextField(_("reasons"), max_length=10000, blank=True, editable=False)
    new_grade = models.CharField(_("new grade"), max_length=20, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)

    objects = AcademicAppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_on", "-pk"]
        verbose_name = _("academic appeal")
        verbose_name_plural = _("academic appeals")

    def __str__(self) -> str:
        """The number alone: notices and lists of other rooms are read by people who may not see more."""
        return self.number

    def get_absolute_url(self) -> str:
        return address("surveys:academic-appeal", self.pk)

    def before_adding(self) -> None:
        year = self.filed_on.year
        self.number = f"AA-{year}-{NumberSeries.next(f'AA-{year}'):04d}"

    def check_typed(self) -> None:
        """The days in their order; whether it came in time follows from them."""
        if self.happened_on is None or self.filed_on is None:
            return  # the field itself says what is missing
        if self.filed_on > timezone.localdate():
            raise ValidationError({"filed_on": _("This day has not come yet.")})
        if self.happened_on > self.filed_on:
            raise ValidationError({"happened_on": _("The result was known before the appeal was filed.")})
        self.in_time = self.filed_on <= last_day_to_appeal(self.happened_on)

    # -- facts ---------------------------------------------------------------------------------
    @property
    def subject(self) -> str:
        """What it is about, for those who see it."""
        return self.about or str(self.course or self.get_kind_display())

    @property
    def deadline_counts(self) -> bool:
        return self.state in self.RUNNING

    @property
    def decided_in_time(self) -> bool | None:
        """Decided by its day; None while there is no decision."""
        if self.decided_on is None or self.due_on is None:
            return None
        return self.decided_on <= self.due_on

    @cached_property
    def teacher_ids(self) -> frozenset[int]:
        """Who teaches the course, as it stood when the row was read."""
        return (
            frozenset(teacher.pk for teacher in self.course.teachers.all()) if self.course is not None else frozenset()
        )

    @property
    def party_ids(self) -> set[int]:
        """Who has a part in it: the appellant, the teachers of the course, who gave the grade."""
        named = (self.student_id, self.graded_by_id)
        return {*self.teacher_ids, *(pk for pk in named if pk is not None)}

    @property
    def member_ids(self) -> dict[int, bool]:
        """{who sits in its commission: whether as the chair}."""
        return {member.person_id: member.chair for member in self.members.all()} if self.pk else {}

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("teacher_ids", None)
        super().refresh_from_db(*args, **kwargs)


def last_day_to_appeal(known_on: datetime.date) -> datetime.date:
    """The last working day on which an appeal on a result known that day is in time."""
    return add_working_days(known_on, policy("surveys.appeal_days"))


class AppealMember(models.Model):
    """An expert of the commission: never the course's teacher, never who gave the grade."""

    appeal = models.ForeignKey(AcademicAppeal, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chair = models.BooleanField(_("chair"), default=False)
    opinion = models.TextField(_("opinion"), max_length=4000, blank=True)

    class Meta:
        ordering = ["-chair", "pk"]
        verbose_name = _("member of the commission")
        verbose_name_plural = _("members of the commission")
        constraints = [models.UniqueConstraint(fields=["appeal", "person"], name="one_seat_in_an_appeal")]

    def __str__(self) -> str:
        return str(self.person)


class AppealReport(Record):
    """The commission's report on a term: figures frozen when submitted, what is systemic, what it recommends."""

    DRAFT, SUBMITTED, ACCEPTED, CANCELLED = "draft", "submitted", "accepted", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        ACCEPTED: (_("Accepted"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "appeal_report"
    EDITABLE = ("problems", "recommendations")
    EDITABLE_STATES = (DRAFT,)
    QUIET = Record.QUIET | {"figures"}

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, verbose_name=_("term"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("school or university"), related_name="+")
    figures = models.JSONField(default=dict, editable=False)
    problems = models.TextField(_("systemic problems"), max_length=10000, blank=True)
    recommendations = models.TextField(_("recommendations"), max_length=10000, blank=True)
    authors = models.JSONField(default=list, editable=False)

    objects = AppealReportQuerySet.as_manager()

    class Meta:
        ordering = ["-term__since", "-pk"]
        verbose_name = _("report of the appeals commission")
        verbose_name_plural = _("reports of the appeals commission")
        constraints = [
            models.UniqueConstraint(
                fields=["term", "unit"], condition=~models.Q(state="cancelled"), name="one_appeal_report_a_term"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} · {self.unit}"

    def get_absolute_url(self) -> str:
        return address("surveys:appeal-report", self.pk)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)
