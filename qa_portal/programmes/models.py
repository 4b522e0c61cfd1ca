"""The academic year, its terms, programmes, disciplines and courses (a discipline in a term)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.people.querysets import in_any_language


class KnownToAll(models.QuerySet):
    """Rows that everybody inside may read."""

    def visible_to(self, person: Any) -> KnownToAll:
        return self if person.is_authenticated and not person.standing.outsider else self.none()


class Named(KnownToAll):
    """Rows with a code and a name in three languages."""

    def matching(self, text: str) -> Named:
        return self.filter(Q(code__icontains=text) | in_any_language(text, "name"))


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

    objects = KnownToAll.as_manager()

    class Meta:
        ordering = ["-term__since", "discipline__code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [models.UniqueConstraint(fields=["discipline", "term"], name="one_course_a_term")]

    def __str__(self) -> str:
        return f"{self.discipline} · {self.term}"
