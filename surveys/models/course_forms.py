"""The course management form: a teacher looks at the course after the term, the committee answers (N1 §4.1.11)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.programmes.models import Course
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets.course_forms import CourseFormQuerySet


class CourseForm(Record):
    """Not anonymous: strengths, weaknesses, outcomes reached, revision; analysis and recommendation; the teacher's answer."""

    OPEN, SUBMITTED, ANALYSED, ANSWERED, NOT_NEEDED = "open", "submitted", "analysed", "answered", "not_needed"
    STATES = {
        OPEN: (_("To be filled in"), "waiting", "pencil"),
        SUBMITTED: (_("With the committee"), "waiting", "clock"),
        ANALYSED: (_("The teacher answers"), "progress", "mail"),
        ANSWERED: (_("Answered"), "done", "check"),
        NOT_NEEDED: (_("Not needed"), "cancelled", "ban"),
    }
    SLUG = "course_form"
    EDITABLE = ("strengths", "weaknesses", "outcomes", "outcomes_share", "improvements")
    EDITABLE_STATES = (OPEN,)

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="forms")
    teacher = models.ForeignKey(Person, models.PROTECT, verbose_name=_("teacher"), related_name="course_forms")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="course_forms")
    due_on = models.DateField(_("due on"))
    strengths = models.TextField(_("what went well"), max_length=6000, blank=True)
    weaknesses = models.TextField(_("what did not"), max_length=6000, blank=True)
    outcomes = models.TextField(_("how far the learning outcomes were reached"), max_length=6000, blank=True)
    outcomes_share = models.PositiveSmallIntegerField(
        _("share of outcomes reached, %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    improvements = models.TextField(_("what will be changed in the course"), max_length=6000, blank=True)
    analysis = models.TextField(_("analysis of the committee"), max_length=6000, blank=True, editable=False)
    recommendation = models.TextField(_("recommendation to the teacher"), max_length=4000, blank=True, editable=False)
    answer = models.TextField(_("teacher's answer"), max_length=4000, blank=True, editable=False)
    analysed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = CourseFormQuerySet.as_manager()

    class Meta:
        ordering = ["-course__term__since", "pk"]
        verbose_name = _("course management form")
        verbose_name_plural = _("course management forms")
        constraints = [models.UniqueConstraint(fields=["course", "teacher"], name="one_course_form_a_teacher")]

    def __str__(self) -> str:
        return str(self.course)

    def get_absolute_url(self) -> str:
        return address("surveys:course-form", self.pk)

    # -- facts ---------------------------------------------------------------------------------
    @property
    def deadline_counts(self) -> bool:
        return self.state == self.OPEN

    def previous(self) -> CourseForm | None:
        """The teacher's form on the same discipline from the last term before, when the committee has looked at it."""
        rows = CourseForm.objects.filter(teacher=self.teacher_id, course__discipline=self.course.discipline_id)
        rows = rows.filter(course__term__since__lt=self.course.term.since, state__in=(self.ANALYSED, self.ANSWERED))
        return rows.select_related("course__term").order_by("-course__term__since", "-pk").first()
