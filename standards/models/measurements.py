"""Values of indicators by unit and period, and how they came in."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.web.files import private_path
from qa_portal.workflow.models import Record

from ..lights import Targets, light_of
from ..periods import Periods, year_of
from ..querysets.measurements import MeasurementImportQuerySet, MeasurementQuerySet
from .indicators import Indicator


class Light(models.TextChoices):
    GREEN = "green", _("on target")
    AMBER = "amber", _("below target")
    RED = "red", _("beyond the threshold")
    NONE = "none", _("no target")


def import_path(row: Any, name: str) -> str:
    return private_path("measurements", name)


class MeasurementImport(Record):
    """A table of values handed in at once: all of it is taken, or none and every mistake is named with row and column."""

    WAITING, DONE, REFUSED = "waiting", "done", "refused"
    STATES = {
        WAITING: (_("Being read"), "progress", "progress"),
        DONE: (_("Taken in"), "done", "check"),
        REFUSED: (_("Refused"), "overdue", "alert-triangle"),
    }
    SLUG = "measurement_import"

    state = models.CharField(_("state"), max_length=24, default=WAITING, editable=False)
    file = models.FileField(_("file"), upload_to=import_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200, editable=False)
    reason = models.TextField(
        _("reason for replacing values"),
        max_length=1000,
        blank=True,
        help_text=_("Only when the table corrects values that are there already. Without a reason they are a mistake."),
    )
    rows = models.PositiveIntegerField(_("new values"), default=0, editable=False)
    replaced = models.PositiveIntegerField(_("corrected values"), default=0, editable=False)
    skipped = models.PositiveIntegerField(_("values that were there already"), default=0, editable=False)
    #: when a worker took it up or last moved: one that has not moved for long belongs to a worker that died
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)  # percent
    mistakes = models.JSONField(default=list, editable=False)  # [{"row": 7, "column": "value", "problem": code, …}]
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    objects = MeasurementImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import of values")
        verbose_name_plural = _("imports of values")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return address("standards:measurement-import", self.pk)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.WAITING


class Measurement(Record):
    """One value of one indicator, in one period, for one unit (or the university). Corrected with a reason."""

    VALID, WITHDRAWN = "valid", "withdrawn"
    STATES = {
        VALID: (_("Valid"), "done", "check"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }

    class Origin(models.TextChoices):
        HAND = "hand", _("entered by hand")
        IMPORT = "import", _("from a table")
        API = "api", _("from another system")
        COMPUTED = "computed", _("computed by the portal")

    QUIET = Record.QUIET | {"light", "code", "since", "until"}

    state = models.CharField(_("state"), max_length=24, default=VALID, editable=False)
    #: the definition under which it was measured; series go by `code`
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="measurements")
    code = models.CharField(max_length=20, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="measurements"
    )
    period = models.CharField(_("period"), max_length=11)
    since = models.DateField(_("from"), editable=False)
    until = models.DateField(_("to"), editable=False)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    #: number of cases behind the value, for the weighted roll-up
    weight = models.DecimalField(_("number of cases"), max_digits=18, decimal_places=4, null=True, blank=True)
    light = models.CharField(max_length=6, choices=Light.choices, default=Light.NONE, editable=False)
    origin = models.CharField(
        _("how it came"), max_length=8, choices=Origin.choices, default=Origin.HAND, editable=False
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    batch = models.ForeignKey(
        MeasurementImport, models.PROTECT, null=True, blank=True, editable=False, related_name="measurements"
    )
    corrected_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("corrected by"), null=True, blank=True, editable=False, related_name="+"
    )
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "code", "unit__path"]
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "unit", "period"], condition=Q(state="valid"), name="one_value_a_unit_and_period"
            ),
            models.UniqueConstraint(
                fields=["code", "period"],
                condition=Q(state="valid", unit__isnull=True),
                name="one_value_a_period",
            ),
        ]
        indexes = [
            models.Index(fields=["code", "unit", "until"], name="values_of_indicator"),
            models.Index(fields=["unit", "until"], name="values_of_unit"),
            # Holds all that a roll-up over units and years reads: sums come out of the index alone.
            models.Index(
                fields=["code", "until", "state", "period", "unit", "value", "weight"], name="values_over_time"
            ),
            models.Index(fields=["-until"], condition=Q(light="red", state="valid"), name="values_red"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.unit or ''} · {self.period}: {self.value.normalize():f}"

    def get_absolute_url(self) -> str:
        return address("standards:measurement", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        """Values of one code wait for each other: nobody enters the same one twice."""
        return Indicator.objects.filter(pk=self.indicator_id).order_by("pk")

    def before_adding(self) -> None:
        self.settle(Periods())

    def settle(self, periods: Periods, targets: Targets | None = None) -> None:
        """What follows from the definition, the period and the value: code, days, light."""
        self.code = self.indicator.code
        if self.unit is not None and self.unit.parent_id is None:
            self.unit = None  # the root of the tree is the university: its values stand without a unit
        span = periods.span(self.period)
        self.since, self.until = span.since, span.until
        self.light = light_of(self, targets)

    @property
    def target_year(self) -> int:
        return year_of(self.period)

    @property
    def was_corrected(self) -> bool:
        """Somebody has spoken about it: the portal computes it no more."""
        return self.corrected_by_id is not None

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.VALID
