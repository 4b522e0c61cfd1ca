"""CapaAction with its extensions: who does what by when; and signals that were set aside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets import ActionQuerySet
from .finding import Finding
from .plan import CapaPlan


class CapaAction(Record):
    """One item of a plan: who does what by when and what will prove it."""

    DRAFT, SUBMITTED, RETURNED, APPROVED = "draft", "submitted", "returned", "approved"
    IN_PROGRESS, CARRIED_OUT, VERIFIED, CANCELLED = "in_progress", "carried_out", "verified", "cancelled"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        RETURNED: (_("Returned"), "overdue", "corner-up-left"),
        APPROVED: (_("Approved"), "done", "check"),
        IN_PROGRESS: (_("In progress"), "progress", "progress"),
        CARRIED_OUT: (_("Carried out"), "waiting", "flag"),
        VERIFIED: (_("Verified"), "done", "checks"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    OPEN_STATES = (APPROVED, IN_PROGRESS)
    EDITABLE = ("kind", "text", "owner", "due", "expected_proof")
    EDITABLE_STATES = (DRAFT, RETURNED)
    SLUG = "action"

    class Kind(models.TextChoices):
        CORRECTIVE = "corrective", _("corrective: removes the cause")
        PREVENTIVE = "preventive", _("preventive: keeps it from happening elsewhere")

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    plan = models.ForeignKey(CapaPlan, models.PROTECT, verbose_name=_("plan"), related_name="actions", editable=False)
    place = models.PositiveSmallIntegerField(_("no."), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CORRECTIVE)
    text = models.TextField(_("what will be done"), max_length=4000)
    owner = models.ForeignKey(Person, models.PROTECT, verbose_name=_("who does it"), related_name="capa_actions")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="capa_actions", editable=False)
    due = models.DateField(_("deadline"))
    first_due = models.DateField(_("first deadline"), null=True, blank=True, editable=False)
    expected_proof = models.CharField(_("what will prove it"), max_length=300)
    authors = models.JSONField(default=list, editable=False)  # ids of all who wrote it: none of them approves it
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, editable=False, related_name="+"
    )
    approval_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("whose head approves"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_("Set at submission; empty means the Board."),
    )
    approved_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    done_note = models.TextField(_("what was done"), blank=True, editable=False)
    done_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, editable=False, related_name="+"
    )
    done_on = models.DateField(_("carried out on"), null=True, blank=True, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "place"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_action_a_place"),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="action_of_unit"),
            models.Index(fields=["owner", "state"], name="action_of_owner"),
            models.Index(fields=["state", "due"], name="action_by_due"),
            # The order in which the register opens.
            models.Index(fields=["due", "id"], name="actions_in_order"),
            # What the reminder sweep walks over: open actions by number.
            models.Index(fields=["id"], condition=Q(state__in=("approved", "in_progress")), name="actions_open"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:80]}"

    @property
    def number(self) -> str:
        return f"{self.plan.number}/{self.place}"

    def get_absolute_url(self) -> str:
        return address("capa:action", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Finding.objects.filter(plans=self.plan_id)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def before_adding(self) -> None:
        self.plan = CapaPlan.objects.select_related("unit", "finding").get(pk=self.plan_id)  # as it stands now, locked
        if self.plan.state not in (CapaPlan.DRAFT, CapaPlan.RETURNED):
            raise NotNow(_("Actions are added while the plan is a draft or was sent back."))
        last = self.plan.actions.select_for_update().order_by("-place").values_list("place", flat=True).first()
        self.place = (last or 0) + 1
        self.unit = self.plan.unit
        self.first_due = self.due

    def check_typed(self) -> None:
        if self.due and self.due < timezone.localdate():
            raise ValidationError({"due": _("The deadline is in the past. Choose today or a later day.")})
        self.first_due = self.due

    @property
    def proof_is_settled(self) -> bool:
        """Verified or cancelled: its evidence stays as it was judged."""
        return self.state in (self.VERIFIED, self.CANCELLED)

    def proofs_count(self) -> int:
        """Valid pieces of evidence attached."""
        return sum(use.evidence.state == use.evidence.VALID for use in self.proofs.all())

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def deadline_counts(self) -> bool:
        """Not done yet and not given up: the deadline is worth words."""
        return self.state not in (self.CARRIED_OUT, self.VERIFIED, self.CANCELLED)

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < timezone.localdate()

    @property
    def waiting_extension(self) -> Extension | None:
        return next((e for e in self.extensions.all() if e.state == Extension.ASKED), None)


class Extension(models.Model):
    """A later deadline asked for an action: why, until when, and what was decided. Written by the action's steps only."""

    ASKED, GRANTED, REFUSED, FELL_AWAY = "asked", "granted", "refused", "fell_away"
    STATES = [
        (ASKED, _("asked for")),
        (GRANTED, _("granted")),
        (REFUSED, _("refused")),
        (FELL_AWAY, _("no longer needed")),
    ]

    action = models.ForeignKey(CapaAction, models.PROTECT, related_name="extensions")
    from_due = models.DateField(_("deadline before"))
    until = models.DateField(_("asked until"))
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=STATES, default=ASKED)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # whose head decides; none: the Board
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["action"], condition=Q(state="asked"), name="one_extension_asked_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.from_due} → {self.until}"


class SignalSetAside(models.Model):
    """A waiting signal that ASB looked at and did not make a finding of, with the reason: no signal is lost."""

    key = models.CharField(max_length=60)
    source_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["key", "source_type", "source_id"], name="signals_set_aside")]

    def __str__(self) -> str:
        return f"{self.key} {self.source_id}"
