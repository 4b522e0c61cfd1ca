"""The academic year, its terms, programmes, disciplines and courses (a discipline in a term)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.people.querysets import in_any_language
from qa_portal.people.roles import QUALITY_OFFICE, Role


class KnownToAll(models.QuerySet):
    """Rows that everybody inside may read."""

    def visible_to(self, person: Any) -> KnownToAll:
        return self if person.is_authenticated and not person.standing.outsider else self.none()


class Named(KnownToAll):
    """Rows with a code and a name in three languages."""

    def matching(self, text: str) -> Named:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "name"))


class CourseQuerySet(KnownToAll):
    def matching(self, text: str) -> CourseQuerySet:
        return self.filter(Q(discipline__code__icontains=text) | in_any_language(text, "discipline__name"))


class StudentQuerySet(models.QuerySet):
    """Rows of personal data: few may read them."""

    def visible_to(self, person: Any) -> StudentQuerySet:
        keepers = (*QUALITY_OFFICE, Role.HR, Role.ADMINISTRATOR)
        return self if person.is_authenticated and person.standing.has(*keepers) else self.none()

    def matching(self, text: str) -> StudentQuerySet:
        return self.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(email__icontains=text))


class AcademicYear(models.Model):
    name = models.CharField(_("academic year"), max_length=9, unique=True)  # "2026/2027"
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))

    objects = KnownToAll.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("academic year")
        verbose_name_plural = _("academic years")
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="academic_year_dates")]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    class Season(models.TextChoices):
        AUTUMN = "autumn", _("autumn term")
        SPRING = "spring", _("spring term")

    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"), related_name="terms")
    season = models.CharField(_("term"), max_length=8, choices=Season.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))

    objects = KnownToAll.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["year", "season"], name="one_term_a_season"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="term_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.year}, {self.get_season_display()}"


class Programme(models.Model):
    class Level(models.TextChoices):
        BACHELOR = "bachelor", _("bachelor's")
        INTERNSHIP = "internship", _("internship")
        RESIDENCY = "residency", _("residency")
        MASTER = "master", _("master's")
        DOCTORAL = "doctoral", _("doctoral")

    code = models.CharField(_("code in the register"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=250)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="programmes")
    head = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("programme head"), null=True, blank=True, related_name="programmes"
    )

    objects = Named.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Discipline(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=250)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="disciplines")
    credits = models.PositiveSmallIntegerField(_("credits"))

    objects = Named.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Course(models.Model):
    """A discipline taught in a term, by whom, to which groups."""

    discipline = models.ForeignKey(Discipline, models.PROTECT, verbose_name=_("discipline"), related_name="courses")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name=_("term"), related_name="courses")
    teachers = models.ManyToManyField(Person, verbose_name=_("teachers"), related_name="courses")
    groups = models.JSONField(_("groups"), default=list)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["-term__since", "discipline__code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [models.UniqueConstraint(fields=["discipline", "term"], name="one_course_a_term")]

    def __str__(self) -> str:
        return f"{self.discipline} · {self.term}"


class Student(models.Model):
    """Somebody who learns or has learned here: where, in which year, by which e-mail they are reached. No account is needed.

    Personal data: seen by the quality office, human resources and administrators only. Imported, never typed one by one.
    """

    number = models.CharField(_("student's number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    person = models.OneToOneField(
        Person, models.SET_NULL, verbose_name=_("account"), null=True, blank=True, related_name="student"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="students")
    group = models.CharField(_("group"), max_length=40, blank=True, db_index=True)
    year = models.PositiveSmallIntegerField(_("year of study"), default=1)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="kk")
    active = models.BooleanField(_("studies now"), default=True)
    graduated_on = models.DateField(_("graduated on"), null=True, blank=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("student")
        verbose_name_plural = _("students")
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="one_student_an_email"),
        ]

    def __str__(self) -> str:
        return self.name
