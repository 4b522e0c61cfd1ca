"""Risks, opportunities and potential nonconformities of units; the yearly context sheet (N0 §2, N2 §6.1, §6.2.2)."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_language, resolution_order

from qa_portal.documents.models import EvidenceUse
from qa_portal.notices.telling import tell
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record, with_writer

from ..querysets.risks import (
    ContextSheetQuerySet,
    EventQuerySet,
    RiskMeasureQuerySet,
    UnitRiskQuerySet,
    catalogue_words,
)

MOST_BRIEF = 140
FROM_1_TO_5 = (MinValueValidator(1), MaxValueValidator(5))


def degree(label: Any) -> models.PositiveSmallIntegerField:
    """A degree from 1 to 5 that steps write."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True, editable=False, validators=FROM_1_TO_5)


class UnitRisk(Record):
    """One risk, opportunity or potential nonconformity of one unit: rated before measures and after them."""

    class Kind(models.TextChoices):
        RISK = "risk", _("Risk")
        OPPORTUNITY = "opportunity", _("Opportunity")
        POTENTIAL = "potential", _("Potential nonconformity")

    IDENTIFIED, ASSESSED, CLOSED, CANCELLED = "identified", "assessed", "closed", "cancelled"
    STATES = {
        IDENTIFIED: (_("Not rated yet"), "draft", "circle-dot"),
        ASSESSED: (_("Under control"), "progress", "shield"),
        CLOSED: (_("Closed"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    LIVE = (IDENTIFIED, ASSESSED)
    SLUG = "unit_risk"
    EDITABLE = ("title", "text", "consequence", "existing", "owner", "review_on", "standard")
    EDITABLE_STATES = (IDENTIFIED, ASSESSED)

    state = models.CharField(_("state"), max_length=24, default=IDENTIFIED, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.RISK)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="risks")
    #: code of the catalogue's risk that it starts from ("S10.K5"); its words are then read in the reader's language
    catalogue_code = models.CharField(_("risk of the catalogue"), max_length=8, blank=True, editable=False)
    standard = models.CharField(_("standard"), max_length=4, blank=True)
    title = models.CharField(_("what may happen, in one line"), max_length=300, blank=True)
    text = models.TextField(_("what may cause it"), max_length=10000, blank=True)
    consequence = models.TextField(_("what would follow"), max_length=10000, blank=True)
    existing = models.TextField(_("what is in place already"), max_length=10000, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), null=True, blank=True, related_name="risks_owned"
    )
    likelihood = degree(_("likelihood before measures"))
    impact = degree(_("impact before measures"))
    likelihood_after = degree(_("likelihood after measures"))
    impact_after = degree(_("impact after measures"))
    #: likelihood × impact as it stands now: after measures where they were judged, else before; set by save()
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    reviewed_on = models.DateField(_("last review"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = UnitRiskQuerySet.as_manager()

    class Meta:
        ordering = ["-level", "-pk"]
        verbose_name = _("risk of a unit")
        verbose_name_plural = _("risks of units")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "catalogue_code"],
                condition=~Q(catalogue_code="") & Q(state__in=["identified", "assessed"]),
                name="catalogue_risk_once_a_unit",
            ),
            models.CheckConstraint(condition=~(Q(title="") & Q(catalogue_code="")), name="risk_has_words"),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "-level"], name="risks_of_unit"),
            models.Index(fields=["review_on"], condition=Q(state__in=["identified", "assessed"]), name="risks_review"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.brief}"

    # -- its words: its own, else the catalogue's in the reader's language ---------------------
    def _of_catalogue(self, name: str) -> str:
        if not self.catalogue_code:
            return ""
        if "catalogue" not in self.__dict__:
            # Lists bring it along (`with_words`); a record alone asks once.
            rows = type(self)._base_manager.filter(pk=self.pk)
            self.catalogue = rows.annotate(found=catalogue_words()).values_list("found", flat=True).first()
        said = self.catalogue or {}
        return next((said[key] for code in resolution_order(get_language()) if said.get(key := f"{name}_{code}")), "")

    @property
    def words(self) -> str:
        """What may happen: the unit's own words, else those of the catalogue in the reader's language."""
        return self.title or self._of_catalogue("text") or self.catalogue_code

    @property
    def brief(self) -> str:
        words = " ".join(self.words.split())
        return words if len(words) <= MOST_BRIEF else words[:MOST_BRIEF] + "…"

    @property
    def mitigation(self) -> str:
        """What lessens it, by the catalogue: a proposal for measures."""
        return self._of_catalogue("mitigation")

    def get_absolute_url(self) -> str:
        return address("standards:unit-risk", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"R-{year}-{NumberSeries.next(f'R-{year}'):04d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.level = self.level_after or self.level_before
        super().save(*args, **kwargs)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    @property
    def level_before(self) -> int | None:
        return self.likelihood * self.impact if self.likelihood and self.impact else None

    @property
    def level_after(self) -> int | None:
        return self.likelihood_after * self.impact_after if self.likelihood_after and self.impact_after else None

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_rated(self) -> bool:
        return self.level_before is not None

    @property
    def deadline_counts(self) -> bool:
        """The day of the next review counts."""
        return self.is_live

    @property
    def proof_is_settled(self) -> bool:
        return not self.is_live


class RiskRating(models.Model):
    """Each rating of a risk as it was given: its history as a line, never changed; written by steps of the risk."""

    risk = models.ForeignKey(UnitRisk, models.PROTECT, related_name="ratings")
    on = models.DateField(_("on"))
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("by"), related_name="+")
    after_measures = models.BooleanField(_("after measures"), default=False)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), validators=FROM_1_TO_5)
    impact = models.PositiveSmallIntegerField(_("impact"), validators=FROM_1_TO_5)
    note = models.TextField(_("grounds"), max_length=3000, blank=True)

    class Meta:
        ordering = ["risk", "pk"]
        verbose_name = _("rating of a risk")
        verbose_name_plural = _("ratings of risks")

    def __str__(self) -> str:
        return f"{self.risk.number} · {self.likelihood} × {self.impact}"


class RiskEvent(models.Model):
    """A risk came true on a day: a signal of which a finding is made (domain.md §1); written by a step of the risk."""

    risk = models.ForeignKey(UnitRisk, models.PROTECT, related_name="events")
    on = models.DateField(_("on"))
    text = models.TextField(_("what happened"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, verbose_name=_("by"), related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("risk that came true")
        verbose_name_plural = _("risks that came true")

    def __str__(self) -> str:
        return f"{self.risk} · {date_format(self.on, 'SHORT_DATE_FORMAT')}"

    def get_absolute_url(self) -> str:
        return self.risk.get_absolute_url()

    @property
    def unit(self) -> Unit:
        return self.risk.unit


class RiskMeasure(Record):
    """What is done about a risk, by whom, by when. CAPA actions that serve it too are linked by capa (`ActionLink`)."""

    OPEN, DONE, CANCELLED = "open", "done", "cancelled"
    STATES = {
        OPEN: (_("In progress"), "progress", "progress"),
        DONE: (_("Carried out"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "risk_measure"
    EDITABLE = ("text",)  # who and when change by steps of their own, with a reason and people told
    EDITABLE_STATES = (OPEN,)

    state = models.CharField(_("state"), max_length=24, default=OPEN, editable=False)
    risk = models.ForeignKey(UnitRisk, models.PROTECT, verbose_name=_("risk"), related_name="measures", editable=False)
    text = models.TextField(_("what is to be done"), max_length=3000)
    owner = models.ForeignKey(Person, models.PROTECT, verbose_name=_("who does it"), related_name="risk_measures")
    due = models.DateField(_("deadline"))
    done_note = models.TextField(_("what was done"), max_length=3000, blank=True, editable=False)
    done_on = models.DateField(_("carried out on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = RiskMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("measure on a risk")
        verbose_name_plural = _("measures on risks")
        indexes = [models.Index(fields=["owner", "state", "due"], name="measures_of_person")]

    def __str__(self) -> str:
        return self.brief

    @property
    def brief(self) -> str:
        return " ".join(self.text.split())[:MOST_BRIEF]

    def before_adding(self) -> None:
        # As it stands under the lock: the risk may have been closed since the page was opened.
        state = UnitRisk.objects.filter(pk=self.risk_id).values_list("state", flat=True).get()
        if state not in UnitRisk.LIVE:
            raise NotNow(_("The risk is closed: it takes no measures any more."))

    def add(self, *, by: Any, why: str = "") -> Any:
        with transaction.atomic():
            super().add(by=by, why=why)
            template = "standards/mail/risk_measure_add.txt"
            tell([self.owner], template=template, record=self, by=by, context={"why": why}, verb="add")
        return self

    def get_absolute_url(self) -> str:
        return address("standards:risk-measure", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        return UnitRisk.objects.filter(pk=self.risk_id)

    @property
    def deadline_counts(self) -> bool:
        return self.state == self.OPEN

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.OPEN


class ContextSheet(Record):
    """Where the university (or a unit) stands in a year: four factors and SWOT; one line a thought (N2 §6.2.2)."""

    DRAFT, APPROVED, CANCELLED = "draft", "approved", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        APPROVED: (_("Approved"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    FACTORS = ("political", "economic", "social", "technological")
    SWOT = ("strengths", "weaknesses", "threats", "opportunities")
    SLUG = "context_sheet"
    EDITABLE = (*FACTORS, *SWOT)
    EDITABLE_STATES = (DRAFT,)

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="context_sheets")
    political = models.TextField(_("political and legal factors"), max_length=10000, blank=True)
    economic = models.TextField(_("economic factors"), max_length=10000, blank=True)
    social = models.TextField(_("social and cultural factors"), max_length=10000, blank=True)
    technological = models.TextField(_("technology and market"), max_length=10000, blank=True)
    strengths = models.TextField(_("strengths"), max_length=10000, blank=True)
    weaknesses = models.TextField(_("weaknesses"), max_length=10000, blank=True)
    threats = models.TextField(_("threats"), max_length=10000, blank=True)
    opportunities = models.TextField(_("opportunities"), max_length=10000, blank=True)
    approved_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, editable=False, related_name="+"
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)

    objects = ContextSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "unit__path"]
        verbose_name = _("context sheet")
        verbose_name_plural = _("context sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit"], condition=~Q(state="cancelled"), name="one_context_sheet_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.year}"

    def get_absolute_url(self) -> str:
        return address("standards:context-sheet", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        """The unit: two people who begin the same year's sheet at once do so one after the other."""
        return Unit.objects.filter(pk=self.unit_id)

    def before_adding(self) -> None:
        same = ContextSheet.objects.filter(unit=self.unit_id, year=self.year).exclude(state=self.CANCELLED)
        if same.exists():
            raise NotNow(_("There is a sheet of this unit for this year already."))

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)
