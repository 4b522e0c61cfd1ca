"""Finding → CapaPlan → CapaAction, and the extensions asked for an action (domain.md §4, N2 §10.2)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.addresses import address
from qa_portal.workflow.models import NumberSeries, Record
from standards.models import EvaluationArea, Requirement

from .querysets import ActionQuerySet, FindingQuerySet, PlanQuerySet


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


SIGNIFICANT = (Severity.MAJOR, Severity.CRITICAL)


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


def know_live_plans(findings: list[Finding]) -> None:
    """Tell the findings of one page whether a live plan hangs on them: one query for all."""
    # By finding alone: told the states as well, SQLite reads all live plans instead of these.
    plans = CapaPlan.objects.filter(finding__in={f.pk for f in findings}).values_list("finding", "state")
    live = {finding for finding, state in plans.order_by() if state in CapaPlan.LIVE}
    for finding in findings:
        finding.__dict__["_live_plan_known"] = finding.pk in live


def _with(people: list[int], by: Any) -> list[int]:
    """The ids with one more; the clock writes nothing of its own."""
    return sorted({*people, by.pk}) if getattr(by, "pk", None) else people


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

    def get_absolute_url(self) -> str:
        return address("capa:plan", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Finding.objects.filter(pk=self.finding_id)

    def note_author(self, by: Any) -> None:
        self.authors = _with(self.authors, by)

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
            record_type=ContentType.objects.get_for_model(CapaAction), record_id__in=[action.pk for action in actions]
        )
        return set(uses.values_list("added_by_id", flat=True))

    def live_actions(self) -> models.QuerySet:
        return self.actions.exclude(state=CapaAction.CANCELLED)

    def deadline(self) -> datetime.date | None:
        """The latest deadline of the actions that are not cancelled."""
        return self.live_actions().aggregate(last=models.Max("due"))["last"]


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
        self.authors = _with(self.authors, by)

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
