"""Finding: something that is not as it should be (domain.md §4, N2 §10.2)."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import Refused
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record
from standards.models import EvaluationArea, Requirement

from ..querysets import FindingQuerySet


class Severity(models.TextChoices):
    OBSERVATION = "observation", _("Observation")
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


class SourceKind(models.TextChoices):
    """Where a signal came from (domain.md §1)."""

    DAILY_WORK = "daily_work", _("daily work of a unit")
    SELF_ASSESSMENT = "self_assessment", _("self-assessment")
    KPI = "kpi", _("indicator beyond its threshold")
    SURVEY = "survey", _("survey")
    INTERNAL_AUDIT = "internal_audit", _("internal audit")
    EXTERNAL_AUDIT = "external_audit", _("external inspection or certification audit")
    EXPERT = "expert", _("external expert's recommendation")
    PETITION = "petition", _("petition")
    PROGRAMME_MONITORING = "programme_monitoring", _("programme monitoring or design")
    OBSERVATION = "observation", _("departmental observation")
    DECISION = "decision", _("decision of a body")
    MANAGEMENT_REVIEW = "management_review", _("management review")
    RISK = "risk", _("risk that came true")
    CONTRACT = "contract", _("contract not kept")
    MECHANISM = "mechanism", _("weak aim of a mechanism")


SIGNIFICANT = (Severity.MAJOR, Severity.CRITICAL)
#: a plan after an external evaluation also needs the Academic Council's decision (N0 std 10; domain.md §4)
FROM_OUTSIDE = (SourceKind.EXTERNAL_AUDIT, SourceKind.EXPERT)


class Finding(Record):
    """Something that is not as it should be. Closes when its plan closes as effective; then those who raised it are told."""

    OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
    STATES = {
        OPEN: (_("Open"), "progress", "circle-dot"),
        CLOSED: (_("Closed"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = (
        "title",
        "description",
        "severity",
        "requirement",
        "area",
        "unit",
        "source_kind",
        "source_note",
        "found_on",
        "cause",
    )
    EDITABLE_STATES = (OPEN,)

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("what is wrong, in one line"), max_length=160)
    description = models.TextField(
        _("description"), max_length=20000, help_text=_("What was seen, where and when; what should have been.")
    )
    severity = models.CharField(_("severity"), max_length=12, choices=Severity.choices, default=Severity.MINOR)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit concerned"), related_name="findings")
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, verbose_name=_("requirement"), null=True, blank=True, related_name="findings"
    )
    area = models.ForeignKey(
        EvaluationArea,
        models.PROTECT,
        verbose_name=_("evaluation area"),
        null=True,
        blank=True,
        related_name="findings",
    )
    source_kind = models.CharField(
        _("source"), max_length=24, choices=SourceKind.choices, default=SourceKind.DAILY_WORK
    )
    source_note = models.CharField(
        _("source in words"),
        max_length=200,
        blank=True,
        help_text=_("Number and date of the act, report or letter, if there is one."),
    )
    source_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    source_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    source = GenericForeignKey("source_type", "source_id")
    signal_key = models.CharField(max_length=60, blank=True, editable=False)
    reporter = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who found it"), related_name="findings_reported", editable=False
    )
    found_on = models.DateField(_("found on"), default=timezone.localdate)
    correction = models.TextField(_("correction at once"), blank=True, editable=False)
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True, editable=False)
    qualified_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("qualified by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_("Who of the quality office looked at it last; from then on the reporter does not edit it."),
    )
    corrected_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("corrected by"), null=True, blank=True, editable=False, related_name="+"
    )
    cause = models.TextField(_("cause in words"), max_length=20000, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("duplicate of"),
        null=True,
        blank=True,
        editable=False,
        related_name="duplicates",
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(condition=~Q(duplicate_of=F("pk")), name="finding_not_its_own_duplicate"),
            models.UniqueConstraint(
                fields=["signal_key", "source_type", "source_id"],
                condition=~Q(signal_key="") & Q(state="open"),
                name="one_finding_a_signal",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="finding_of_unit"),
            models.Index(fields=["state", "-id"], name="finding_by_state"),
            models.Index(fields=["requirement"], name="finding_of_requirement"),
            models.Index(fields=["reporter", "-id"], name="finding_of_reporter"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return address("capa:finding", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"F-{year}-{NumberSeries.next(f'F-{year}'):04d}"

    def note_author(self, by: Any) -> None:
        if getattr(by, "standing", None) is not None and by.standing.quality_office:
            self.qualified_by = by

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        """The reporter mends the words until the quality office has qualified the finding or a plan hangs on it."""
        problem = super().edit_refusal(person)
        if problem is None and not person.standing.quality_office and self.plans.exists():
            return Refused, _("A CAPA plan hangs on this finding: from now on only the quality office edits it.")
        return problem

    def check_typed(self) -> None:
        if self.pk and self.plans.live().exclude(unit=self.unit_id).exists():
            raise ValidationError({"unit": _("A live CAPA plan hangs on it: the unit stays as it is.")})

    def clean(self) -> None:
        if self.found_on and self.found_on > timezone.localdate():
            raise ValidationError({"found_on": _("The day it was found cannot be in the future.")})

    @property
    def is_open(self) -> bool:
        return self.state == self.OPEN

    @property
    def needs_plan(self) -> bool:
        """Major and critical findings close through a plan only."""
        return self.severity in SIGNIFICANT

    @property
    def has_live_plan(self) -> bool:
        """Buttons ask this for every row: a list says it beforehand (`know_live_plans`), one record asks the database."""
        known = self.__dict__.get("_live_plan_known")
        return self.plans.live().exists() if known is None else known

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_live_plan_known", None)  # a step locks and reads anew: it must ask anew too
        super().refresh_from_db(*args, **kwargs)

    @property
    def proof_is_settled(self) -> bool:
        return not self.is_open

    def those_who_raised_it(self) -> list[Person]:
        """The reporter and the reporters of its duplicates: all are told at closing."""
        reporters = [self.reporter]
        reporters += [dup.reporter for dup in self.duplicates.select_related("reporter")]
        return list({p.pk: p for p in reporters}.values())
