"""CapaPlan: what a unit will do about a finding."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record, with_writer

from ..querysets import PlanQuerySet
from .finding import FROM_OUTSIDE, Finding


class CapaPlan(Record):
    """What a unit will do about a finding. The unit's head approves; ASB verifies; somebody independent checks the effect."""

    DRAFT, SUBMITTED, RETURNED, IN_PROGRESS = "draft", "submitted", "returned", "in_progress"
    IMPLEMENTED, VERIFIED, CLOSED, NOT_EFFECTIVE, CANCELLED = (
        "implemented",
        "verified",
        "closed",
        "not_effective",
        "cancelled",
    )
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        RETURNED: (_("Returned"), "overdue", "corner-up-left"),
        IN_PROGRESS: (_("In progress"), "progress", "progress"),
        IMPLEMENTED: (_("Carried out"), "waiting", "clock"),
        VERIFIED: (_("Verified"), "progress", "eye-check"),
        CLOSED: (_("Closed, effective"), "done", "check"),
        NOT_EFFECTIVE: (_("Not effective"), "overdue", "alert-triangle"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    LIVE = (DRAFT, SUBMITTED, RETURNED, IN_PROGRESS, IMPLEMENTED, VERIFIED)
    EDITABLE = ("cause", "goal")
    EDITABLE_STATES = (DRAFT, RETURNED)
    SLUG = "plan"

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    finding = models.ForeignKey(
        Finding, models.PROTECT, verbose_name=_("finding"), related_name="plans", editable=False
    )
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="plans", editable=False)
    cause = models.TextField(
        _("cause"),
        max_length=20000,
        help_text=_("Why it could happen: ask “why” until the answer is something one can change."),
    )
    goal = models.TextField(_("what will be different"), max_length=20000, blank=True)
    authors = models.JSONField(default=list, editable=False)  # ids of all who wrote it: none of them approves it
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, editable=False, related_name="+"
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    endorsed_on = models.DateField(_("endorsed by the Academic Council on"), null=True, blank=True, editable=False)
    endorsement = models.CharField(_("decision of the Academic Council"), max_length=200, blank=True, editable=False)
    implemented_on = models.DateField(_("carried out on"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("verified by"), null=True, blank=True, editable=False, related_name="+"
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True, editable=False)
    check_on = models.DateField(_("effect is checked on"), null=True, blank=True, editable=False)
    checker = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("who checks the effect"),
        null=True,
        blank=True,
        editable=False,
        related_name="checks",
    )
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("effect checked by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    checked_on = models.DateField(_("effect checked on"), null=True, blank=True, editable=False)
    effective = models.BooleanField(_("effective"), null=True, blank=True, editable=False)
    effect_note = models.TextField(_("conclusion about the effect"), blank=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("CAPA plan")
        verbose_name_plural = _("CAPA plans")
        constraints = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(state__in=("draft", "submitted", "returned", "in_progress", "implemented", "verified")),
                name="one_live_plan_a_finding",
                violation_error_message=_("This finding has a live CAPA plan already."),
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="plan_of_unit"),
            models.Index(fields=["state", "-id"], name="plan_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def waits_for_council(self) -> bool:
        """The finding came from an external evaluation, and the Academic Council has not decided about this plan yet."""
        return self.finding.source_kind in FROM_OUTSIDE and self.endorsed_on is None

    def get_absolute_url(self) -> str:
        return address("capa:plan", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Finding.objects.filter(pk=self.finding_id)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def before_adding(self) -> None:
        self.finding = Finding.objects.get(pk=self.finding_id)  # as it stands now, locked
        if not self.finding.is_open:
            raise NotNow(_("The finding is no longer open."))
        if self.finding.plans.live().exists():
            raise NotNow(_("This finding has a live CAPA plan already."))
        year = timezone.localdate().year
        self.number = f"CAPA-{year}-{NumberSeries.next(f'CAPA-{year}'):04d}"
        self.edition = self.finding.plans.count() + 1
        self.unit = self.finding.unit

    def proved_by(self) -> set[int]:
        """Ids of the people who attached evidence to its actions; one query, none where lists have fetched it already."""
        actions = list(self.actions.all())
        if all("proofs" in getattr(action, "_prefetched_objects_cache", {}) for action in actions):
            return {use.added_by_id for action in actions for use in action.proofs.all()}
        uses = EvidenceUse.objects.filter(
            record_type=ContentType.objects.get_for_model(self.actions.model),
            record_id__in=[action.pk for action in actions],
        )
        return set(uses.values_list("added_by_id", flat=True))

    def live_actions(self) -> models.QuerySet:
        return self.actions.exclude(state="cancelled")

    def deadline(self) -> datetime.date | None:
        """The latest deadline of the actions that are not cancelled."""
        return self.live_actions().aggregate(last=models.Max("due"))["last"]


def know_live_plans(findings: list[Finding]) -> None:
    """Tell the findings of one page whether a live plan hangs on them: one query for all."""
    # By finding alone: told the states as well, SQLite reads all live plans instead of these.
    plans = CapaPlan.objects.filter(finding__in={f.pk for f in findings}).values_list("finding", "state")
    live = {finding for finding, state in plans.order_by() if state in CapaPlan.LIVE}
    for finding in findings:
        finding.__dict__["_live_plan_known"] = finding.pk in live
