"""ChangeLine, Agreement: the change sheet and the approval sheet of a version, line by line."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets import AgreementQuerySet, ChangeQuerySet
from .library import Document, Version


class ChangeLine(Record):
    """One line of a version's change sheet, with all columns of its official form (N0 annex, N2 §7.5, domain.md §6)."""

    WRITTEN, STRUCK = "written", "struck"
    STATES = {WRITTEN: (_("Written"), "done", "check"), STRUCK: (_("Struck out"), "cancelled", "ban")}
    SLUG = "change"
    EDITABLE = (
        "sheets_replaced",
        "sheets_new",
        "sheets_annulled",
        "section",
        "change",
        "description",
        "basis",
        "basis_number",
        "basis_date",
        "introduced_on",
    )
    EDITABLE_STATES = (WRITTEN,)

    class Change(models.TextChoices):
        REPLACE = "replace", _("replaced")
        ANNUL = "annul", _("annulled")
        ADD = "add", _("added")
        REVIEW = "review", _("reviewed, no change")

    state = models.CharField(_("state"), max_length=24, default=WRITTEN, editable=False)
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name=_("version"), related_name="changes", editable=False
    )
    place = models.PositiveSmallIntegerField(_("No."), default=1, editable=False)
    section = models.CharField(_("section or clause"), max_length=120, blank=True)
    sheets_replaced = models.CharField(_("sheets replaced"), max_length=60, blank=True)
    sheets_new = models.CharField(_("sheets new"), max_length=60, blank=True)
    sheets_annulled = models.CharField(_("sheets annulled"), max_length=60, blank=True)
    change = models.CharField(_("kind of change"), max_length=8, choices=Change.choices, default=Change.REPLACE)
    description = models.TextField(_("what is changed"), max_length=2000)
    basis = models.CharField(
        _("basis"), max_length=160, blank=True, help_text=_("Order, decision or notice on which it rests.")
    )
    basis_number = models.CharField(_("number of the basis"), max_length=40, blank=True)
    basis_date = models.DateField(_("date of the basis"), null=True, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("entered by"), null=True, editable=False, related_name="+"
    )
    entered_on = models.DateField(_("date"), default=timezone.localdate, editable=False)
    introduced_on = models.DateField(_("introduced on"), null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["version", "place"]
        verbose_name = _("line of the change sheet")
        verbose_name_plural = _("change sheet")

    def __str__(self) -> str:
        return f"{self.version.label} № {self.place}"

    def get_absolute_url(self) -> str:
        return address("documents:change", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Document.objects.filter(versions=self.version_id)

    def before_adding(self) -> None:
        self.version = Version.objects.select_related("document").get(pk=self.version_id)
        reviewed = self.change == self.Change.REVIEW and self.version.state == Version.IN_FORCE
        if not (self.version.is_draft or reviewed):
            raise NotNow(_("The version is no longer a draft: its change sheet stays as it was approved."))
        last = ChangeLine.objects.filter(version=self.version_id).order_by("-place").first()
        self.place = last.place + 1 if last else 1
        self.entered_by = self.created_by

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        problem = super().edit_refusal(person)
        if problem is None and not self.version.is_draft:
            return NotNow, _("The version is no longer a draft: its change sheet stays as it was approved.")
        return problem

    def clean(self) -> None:
        sheets = self.sheets_replaced or self.sheets_new or self.sheets_annulled
        if self.change != self.Change.REVIEW and not (self.section or sheets):
            raise ValidationError(_("Name the section or clause, or the numbers of the sheets."))


class Agreement(Record):
    """One line of the approval sheet: a unit concerned, or the legal office, agrees with this file or objects with a reason."""

    WAITING, AGREED, OBJECTED, VOID = "waiting", "agreed", "objected", "void"
    STATES = {
        WAITING: (_("Waits for an answer"), "waiting", "clock"),
        AGREED: (_("Agreed"), "done", "check"),
        OBJECTED: (_("Objected"), "overdue", "alert-triangle"),
        VOID: (_("No longer asked"), "cancelled", "ban"),
    }
    EDITABLE = ()
    EDITABLE_STATES = ()

    state = models.CharField(_("state"), max_length=24, default=WAITING, editable=False)
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name=_("version"), related_name="agreements", editable=False
    )
    round = models.PositiveSmallIntegerField(_("round"), editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, editable=False, related_name="+"
    )
    role = models.CharField(_("office"), max_length=24, blank=True, editable=False)  # "legal" where an office agrees
    #: the unit whose head answers: the unit itself, or the nearest above whose head did not write the text
    answering_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("who answers"), null=True, blank=True, editable=False, related_name="+"
    )
    due = models.DateField(_("by"), editable=False)
    checksum = models.CharField(max_length=64, editable=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    reason = models.TextField(_("objection or remark"), blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["version", "round", "pk"]
        verbose_name = _("answer on the approval sheet")
        verbose_name_plural = _("approval sheet")
        constraints = [
            models.UniqueConstraint(fields=["version", "round", "unit", "role"], name="one_answer_a_party_and_round"),
        ]
        indexes = [
            models.Index(fields=["answering_unit", "state"], name="agreement_of_unit"),
            models.Index(fields=["due"], condition=Q(state="waiting"), name="agreements_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.party}"

    @property
    def party(self) -> str:
        """Who is asked, in words."""
        from_role = dict(Role.choices).get(self.role, "")
        return str(self.unit) if self.unit_id else str(from_role)

    def get_absolute_url(self) -> str:
        return address("documents:agreement", self.pk)

    def lock_first(self) -> models.QuerySet:
        return Document.objects.filter(versions=self.version_id)
