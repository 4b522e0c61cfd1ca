"""Mechanisms: the ways in which quality is reached, their aims, and each year's plan, do, check, act (N1 §4)."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body
from qa_portal.documents.models import Document, EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.web.fields import CodesField
from qa_portal.workflow.models import Record, with_writer

from ..querysets.mechanisms import MechanismQuerySet, MechanismYearQuerySet


class Mechanism(models.Model):
    """One of the 13 internal or 4 external mechanisms of N1 §4; the office may add its own. Loaded by `load_registers`."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("internal")
        EXTERNAL = "external", _("external")

    code = models.CharField(_("code"), max_length=12, unique=True)  # "M1" … "M13", "E1" … "E4"
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=250)
    text = models.TextField(_("what it is"), blank=True)
    doer = models.CharField(_("who carries it out"), max_length=250, blank=True)
    governing = models.TextField(_("what governs it"), blank=True)
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents in the library"), blank=True, related_name="mechanisms"
    )
    standards = CodesField(_("standards"))
    per_school = models.BooleanField(_("carried out in each school"), default=False)
    clause = models.CharField(_("source"), max_length=80, blank=True)
    retired = models.BooleanField(_("no longer used"), default=False)

    objects = MechanismQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return address("standards:mechanism", self.pk)


class MechanismAim(models.Model):
    """One aim of a mechanism: "M7.3"."""

    mechanism = models.ForeignKey(Mechanism, models.PROTECT, related_name="aims")
    code = models.CharField(_("code"), max_length=16, unique=True)
    place = models.PositiveSmallIntegerField()
    text = models.TextField(_("aim"))
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["mechanism__place", "place"]
        verbose_name = _("aim of a mechanism")
        verbose_name_plural = _("aims of mechanisms")

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class MechanismYear(Record):
    """One year of one mechanism, in the university or in one school: planned, done, checked by two, acted upon (N1 §4)."""

    PLAN, DO, CHECK, ACT, CLOSED, CANCELLED = "plan", "do", "check", "act", "closed", "cancelled"
    STATES = {
        PLAN: (_("Plan"), "draft", "pencil"),
        DO: (_("Do"), "progress", "progress"),
        CHECK: (_("Check"), "waiting", "eye-check"),
        ACT: (_("Act"), "progress", "refresh"),
        CLOSED: (_("Closed"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "mechanism_year"
    EDITABLE = ("planned", "doer_unit", "doer_body", "due")
    EDITABLE_STATES = (PLAN,)

    state = models.CharField(_("state"), max_length=24, default=PLAN, editable=False)
    mechanism = models.ForeignKey(Mechanism, models.PROTECT, verbose_name=_("mechanism"), related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("where"), null=True, blank=True, related_name="mechanism_years"
    )  # None: the whole university
    doer_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("carried out by the unit"), null=True, blank=True, related_name="+"
    )
    doer_body = models.ForeignKey(
        Body, models.PROTECT, verbose_name=_("carried out by the body"), null=True, blank=True, related_name="+"
    )
    due = models.DateField(_("carried out by (date)"))
    planned = models.TextField(_("plan"), max_length=10000)
    done = models.TextField(_("what was done"), max_length=10000, blank=True, editable=False)
    acted = models.TextField(_("what is changed"), max_length=10000, blank=True, editable=False)
    done_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("reported by"), null=True, blank=True, editable=False, related_name="+"
    )
    done_on = models.DateField(_("carried out on"), null=True, blank=True, editable=False)
    checked_on = models.DateField(_("check closed on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = MechanismYearQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "mechanism__place", "pk"]
        verbose_name = _("year of a mechanism")
        verbose_name_plural = _("years of mechanisms")
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "year", "unit"],
                condition=Q(unit__isnull=False) & ~Q(state="cancelled"),
                name="one_mechanism_year_a_unit",
            ),
            models.UniqueConstraint(
                fields=["mechanism", "year"],
                condition=Q(unit__isnull=True) & ~Q(state="cancelled"),
                name="one_mechanism_year",
            ),
            models.CheckConstraint(
                condition=Q(doer_unit__isnull=True) ^ Q(doer_body__isnull=True), name="mechanism_doer_unit_or_body"
            ),
        ]

    def __str__(self) -> str:
        where = f" · {self.unit}" if self.unit_id else ""
        return f"{self.mechanism.code} · {self.year}{where}"

    def get_absolute_url(self) -> str:
        return address("standards:mechanism-year", self.pk)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def clean(self) -> None:
        if bool(self.doer_unit_id) == bool(self.doer_body_id):
            raise ValidationError({"doer_unit": _("Name the unit or the body that carries it out, one of them.")})

    def before_adding(self) -> None:
        # Two people who plan the same year at once: the second waits here and is told by what the first has made.
        list(Mechanism.objects.select_for_update().filter(pk=self.mechanism_id).values_list("pk"))

    @property
    def doer(self) -> Any:
        """The unit or the body that carries it out."""
        return self.doer_unit or self.doer_body

    @property
    def where(self) -> str:
        """The unit in which it is carried out; without one, the whole university."""
        return str(self.unit) if self.unit_id else str(_("the whole university"))

    @property
    def aims(self) -> list[MechanismAim]:
        """What is judged: the mechanism's aims in use, and those that were judged before they went out of use."""
        judged = {row.aim_id for row in self.aim_results.all()}
        return [aim for aim in self.mechanism.aims.all() if not aim.retired or aim.pk in judged]

    @property
    def deadline_counts(self) -> bool:
        return self.state in (self.PLAN, self.DO)

    def is_proved(self) -> bool:
        """Some valid evidence is attached."""
        return EvidenceUse.objects.of(self).valid().exists()

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.ACT, self.CLOSED, self.CANCELLED)


class AimResult(models.Model):
    """How far an aim was reached in a year; written by steps of the year."""

    class Reached(models.TextChoices):
        REACHED = "reached", _("Reached")
        PARTLY = "partly", _("Partly")
        WEAK = "weak", _("Weak")

    year = models.ForeignKey(MechanismYear, models.PROTECT, related_name="aim_results")
    aim = models.ForeignKey(MechanismAim, models.PROTECT, verbose_name=_("aim"), related_name="results")
    reached = models.CharField(_("how far it was reached"), max_length=8, choices=Reached.choices)
    note = models.TextField(_("why"), max_length=3000, blank=True)

    class Meta:
        ordering = ["year", "aim__place"]
        verbose_name = _("result of an aim")
        verbose_name_plural = _("results of aims")
        constraints = [models.UniqueConstraint(fields=["year", "aim"], name="one_result_an_aim")]

    def __str__(self) -> str:
        return f"{self.aim.code} · {self.get_reached_display()}"

    def get_absolute_url(self) -> str:
        return f"{address('standards:mechanism-year', self.year_id)}#aims"


class Effect(models.TextChoices):
    EFFECTIVE = "effective", _("Effective")
    PARTLY = "partly", _("Partly effective")
    NOT = "not", _("Not effective")


class Conclusion(models.Model):
    """What one quality unit concluded about a mechanism's year. The check needs two different ones, neither the doer (N1 §4)."""

    year = models.ForeignKey(MechanismYear, models.PROTECT, related_name="conclusions")
    # exactly one speaks: a unit, a body, or (both empty) the quality manager
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("body"), null=True, blank=True, related_name="+")
    effect = models.CharField(_("judgement"), max_length=10, choices=Effect.choices)
    text = models.TextField(_("conclusion"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("by"), related_name="+")
    #: whom the person deputised when concluding; two voices of one head are one person
    in_name_of = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("on"))

    class Meta:
        ordering = ["year", "pk"]
        verbose_name = _("conclusion on a mechanism")
        verbose_name_plural = _("conclusions on mechanisms")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit"], condition=Q(unit__isnull=False), name="one_conclusion_a_unit"
            ),
            models.UniqueConstraint(
                fields=["year", "body"], condition=Q(body__isnull=False), name="one_conclusion_a_body"
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(unit__isnull=True, body__isnull=True),
                name="one_conclusion_of_the_manager",
            ),
            models.CheckConstraint(condition=Q(unit__isnull=True) | Q(body__isnull=True), name="one_speaks"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker} · {self.get_effect_display()}"

    @property
    def speaker(self) -> str:
        """Who speaks: the body, the unit, or the quality manager."""
        return str(self.body or self.unit or _("Quality manager"))


class CommitteeView(models.Model):
    """A school committee's judgement of a mechanism's effect in its school, and what it recommends (N1 §2.2)."""

    year = models.ForeignKey(MechanismYear, models.PROTECT, related_name="views")
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("committee"), related_name="+")
    effect = models.CharField(_("judgement"), max_length=10, choices=Effect.choices)
    recommendation = models.TextField(_("recommendation"), max_length=5000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("by"), related_name="+")
    on = models.DateField(_("on"))

    class Meta:
        ordering = ["year", "pk"]
        verbose_name = _("judgement of a committee")
        verbose_name_plural = _("judgements of committees")
        constraints = [models.UniqueConstraint(fields=["year", "body"], name="one_view_a_committee")]

    def __str__(self) -> str:
        return f"{self.body} · {self.get_effect_display()}"

    def get_absolute_url(self) -> str:
        return f"{address('standards:mechanism-year', self.year_id)}#views"
