"""Rating of units from indicators by a versioned formula (input 10 of the management review, N2 §9.3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.ratings import RatingFormulaQuerySet, RatingQuerySet

BEING_PREPARED = _("A formula for these units is being prepared already: finish it or cancel it first.")


class RatingFormula(Record):
    """Which indicators count, and how much. Approved by a decision; a rating keeps the version it was made with."""

    DRAFT, SUBMITTED, IN_FORCE, SUPERSEDED, CANCELLED = "draft", "submitted", "in_force", "superseded", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        IN_FORCE: (_("In force"), "done", "check"),
        SUPERSEDED: (_("Superseded"), "cancelled", "history"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "rating_formula"
    EDITABLE = ("title", "weights", "note")
    EDITABLE_STATES = (DRAFT,)

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    unit_kind = models.CharField(
        _("which units are compared"), max_length=12, choices=Unit.Kind.choices, default=Unit.Kind.DEPARTMENT
    )
    #: {code of an indicator: weight as a whole number}; the weights need not add up to anything
    weights = models.JSONField(_("weights"), default=dict)
    note = models.TextField(_("note"), max_length=3000, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    basis = models.CharField(_("decision"), max_length=200, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)

    objects = RatingFormulaQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("rating formula")
        verbose_name_plural = _("rating formulas")
        constraints = [
            models.UniqueConstraint(
                fields=["unit_kind"], condition=Q(state="in_force"), name="one_formula_in_force_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"

    def get_absolute_url(self) -> str:
        return address("standards:rating-formula", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        """The very first formula: two never come into force, nor are begun, at the same moment."""
        return type(self).objects.filter(version=1)

    def before_adding(self) -> None:
        formulas = type(self).objects
        if formulas.filter(state__in=(self.DRAFT, self.SUBMITTED), unit_kind=self.unit_kind).exists():
            raise NotNow(BEING_PREPARED)
        last = formulas.order_by("-version").first()
        self.version = last.version + 1 if last else 1

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)


class Rating(Record):
    """A rating made once: its figures are frozen with the formula's version and every value that entered."""

    MADE, PUBLISHED, CANCELLED = "made", "published", "cancelled"
    STATES = {
        MADE: (_("Made"), "draft", "pencil"),
        PUBLISHED: (_("Published"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }

    state = models.CharField(_("state"), max_length=24, default=MADE, editable=False)
    formula = models.ForeignKey(RatingFormula, models.PROTECT, verbose_name=_("formula"), related_name="ratings")
    year = models.PositiveSmallIntegerField(_("year"))
    #: [{"unit": id, "name": {"kk", "ru", "en"}, "place": 1, "score": "87.5", "parts": [{"code", "value", "index", "weight"}]}];
    #: place and score are None where a unit has no value at all, value and index where one is missing
    rows = models.JSONField(default=list, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("rating of units")
        verbose_name_plural = _("ratings of units")

    def __str__(self) -> str:
        return f"{self.formula.title} · {self.year}"

    def get_absolute_url(self) -> str:
        return address("standards:rating", self.pk)

    def before_adding(self) -> None:
        self.formula.refresh_from_db()
        if self.formula.state != RatingFormula.IN_FORCE:
            raise NotNow(_("A rating is made by a formula in force."))
