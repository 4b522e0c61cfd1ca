"""Indicators (KPI): sets approved by a decision and versioned, definitions, targets (domain.md §2, N2 §7.1.5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.indicators import IndicatorQuerySet, IndicatorSetQuerySet

SET_SETTLED = _("Its set has been submitted: the definitions stay as they are. Have the set sent back first.")
BEING_PREPARED = _("The next set is being prepared already: finish it or cancel it first.")
CODE = RegexValidator(r"^[A-Z][A-Z0-9-]{1,19}$", _("Capital Latin letters, figures and hyphens, 2 to 20 of them."))


class IndicatorSet(Record):
    """One version of the university's indicators; in force when a body has approved it, until the next one is."""

    DRAFT, SUBMITTED, IN_FORCE, SUPERSEDED, CANCELLED = "draft", "submitted", "in_force", "superseded", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        IN_FORCE: (_("In force"), "done", "check"),
        SUPERSEDED: (_("Superseded"), "cancelled", "history"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "indicator_set"
    EDITABLE = ("title", "note", "valid_from")
    EDITABLE_STATES = (DRAFT,)

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    note = models.TextField(_("what is new in it"), max_length=5000, blank=True)
    valid_from = models.DateField(_("in force from"))
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    basis = models.CharField(_("decision"), max_length=200, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("set of indicators")
        verbose_name_plural = _("sets of indicators")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="in_force"), name="one_set_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"

    def get_absolute_url(self) -> str:
        return address("standards:indicator-set", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        """The very first set: two sets never come into force, nor are begun, at the same moment."""
        return type(self).objects.filter(version=1)

    def before_adding(self) -> None:
        """The next version, on the base of the set in force; one is prepared at a time."""
        sets = type(self).objects
        if sets.filter(state__in=(self.DRAFT, self.SUBMITTED)).exists():
            raise NotNow(BEING_PREPARED)
        last = sets.order_by("-version").first()
        self.version = last.version + 1 if last else 1
        self.based_on = sets.in_force().first()

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    @property
    def is_draft(self) -> bool:
        return self.state == self.DRAFT

    @property
    def proof_is_settled(self) -> bool:
        return self.state in (self.IN_FORCE, self.SUPERSEDED, self.CANCELLED)


class Period(models.TextChoices):
    """How often an indicator is measured. Labels of periods: "2026-03", "2026-Q1", "2026", "2026/2027", "2026/2027-1"."""

    MONTH = "month", _("every month")
    QUARTER = "quarter", _("every quarter")
    TERM = "term", _("every term")
    YEAR = "year", _("every year")
    ACADEMIC_YEAR = "academic_year", _("every academic year")


class Indicator(Record):
    """One definition in one set. The same thing over sets by its `code`; values hang on the code (domain.md §2)."""

    class Measure(models.TextChoices):
        PERCENT = "percent", "%"
        NUMBER = "number", pgettext_lazy("unit of measure", "number")
        DAYS = "days", _("days")
        POINTS = "points", _("points")
        MONEY = "money", _("tenge")
        RATIO = "ratio", _("ratio")
        HOURS = "hours", _("hours")

    class Direction(models.TextChoices):
        UP = "up", _("the higher the better")
        DOWN = "down", _("the lower the better")

    class RollUp(models.TextChoices):
        """How values of units become the value of the unit above (N2 builds bottom-up)."""

        NONE = "none", _("is not rolled up: entered where it is measured")
        SUM = "sum", pgettext_lazy("roll-up", "sum")
        MEAN = "mean", pgettext_lazy("roll-up", "mean")
        WEIGHTED = "weighted", _("mean weighted by the number of cases")

    DRAFT, IN_FORCE, SUPERSEDED, CANCELLED = "draft", "in_force", "superseded", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        IN_FORCE: (_("In force"), "done", "check"),
        SUPERSEDED: (_("Superseded"), "cancelled", "history"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    QUIET = Record.QUIET | {"name", "text"}
    EDITABLE = (
        "code", "name", "text", "name_kk", "name_ru", "name_en", "text_kk", "text_ru", "text_en", "standard", "area", "measure",
        "decimals", "direction", "source", "period", "responsible", "roll_up", "formula",
    )  # fmt: skip
    EDITABLE_STATES = (DRAFT,)

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    set = models.ForeignKey(
        IndicatorSet, models.PROTECT, verbose_name=_("set"), related_name="indicators", editable=False
    )
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    name = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("definition"), max_length=3000)
    standard = models.CharField(_("standard"), max_length=4, blank=True)  # "S9"
    area = models.CharField(_("evaluation area"), max_length=8, blank=True)  # "S9.A2"
    measure = models.CharField(_("unit of measure"), max_length=10, choices=Measure.choices)
    decimals = models.PositiveSmallIntegerField(_("decimal places"), default=1)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.UP)
    source = models.CharField(_("source of data"), max_length=250)
    period = models.CharField(_("period"), max_length=14, choices=Period.choices)
    responsible = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("responsible unit"), related_name="indicators")
    roll_up = models.CharField(_("roll-up"), max_length=10, choices=RollUp.choices, default=RollUp.NONE)
    #: key of a formula that an app declares (web.registry.Formula): the portal computes the values itself
    formula = models.CharField(_("computed by the portal"), max_length=60, blank=True)
    validation = models.TextField(_("validation record"), max_length=3000, blank=True, editable=False)
    validated_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("validated by"), null=True, blank=True, editable=False, related_name="+"
    )
    validated_on = models.DateField(_("validated on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["set", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["set", "code"], condition=~Q(state="cancelled"), name="one_indicator_a_code"
            ),
        ]
        indexes = [models.Index(fields=["code", "state"], name="indicator_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return address("standards:indicator", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        return IndicatorSet.objects.filter(pk=self.set_id)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def before_adding(self) -> None:
        self.set.refresh_from_db()
        if not self.set.is_draft:
            raise NotNow(SET_SETTLED)

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        problem = super().edit_refusal(person)
        if problem is None and not self.set.is_draft:
            return NotNow, SET_SETTLED
        return problem

    def check_typed(self) -> None:
        """A definition that is written anew has to be checked anew (N2 §7.1.5.2)."""
        self.validation, self.validated_by, self.validated_on = "", None, None

    def clean_fields(self, exclude: Any = None) -> None:
        # Read in Russian, an empty Russian name shows the Kazakh one: cleaning it would write it there.
        super().clean_fields(exclude={*(exclude or ()), "name", "text"})

    def clean(self) -> None:
        if not (self.standard or self.area):
            raise ValidationError({"standard": _("Name the standard or the area that it belongs to.")})
        if self.area and self.standard and not self.area.startswith(f"{self.standard}."):
            raise ValidationError({"area": _("The area belongs to another standard.")})

    def report_from(self, units: Iterable[Unit]) -> None:
        """From now on exactly these units report it; part of adding it, or of a step."""
        wanted = {unit.pk for unit in units}
        kept = set(self.reporters.values_list("unit_id", flat=True))
        self.reporters.exclude(unit__in=wanted).delete()
        IndicatorUnit.objects.bulk_create(IndicatorUnit(indicator=self, unit_id=pk) for pk in sorted(wanted - kept))

    @property
    def is_computed(self) -> bool:
        return bool(self.formula)

    @property
    def is_validated(self) -> bool:
        return bool(self.validation)

    @property
    def has_all_languages(self) -> bool:
        return all((self.name_kk, self.name_ru, self.name_en))

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.DRAFT


class IndicatorUnit(models.Model):
    """A unit that reports this indicator; none at all means that only the university as a whole does."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="reporters")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")

    class Meta:
        ordering = ["unit__path"]
        verbose_name = _("unit that reports")
        verbose_name_plural = _("units that report")
        constraints = [models.UniqueConstraint(fields=["indicator", "unit"], name="reporter_once")]

    def __str__(self) -> str:
        return str(self.unit)


class IndicatorTarget(models.Model):
    """What a year should reach, and where amber and red begin; for one unit, or for all that have none of their own."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField(_("year"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="+")
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    amber = models.DecimalField(_("amber from"), max_digits=18, decimal_places=4, null=True, blank=True)
    red = models.DecimalField(_("red from"), max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["indicator", "-year", "unit__path"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year", "unit"], name="one_target_a_unit"),
            models.UniqueConstraint(
                fields=["indicator", "year"], condition=Q(unit__isnull=True), name="one_target_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.year}: {self.target}"
