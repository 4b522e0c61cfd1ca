"""Acquaintance: one row a person and version, confirmed by that person alone, kept for ever (N0 §3.3, N4 §9.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets import AcquaintanceQuerySet
from .library import Version


class Acquaintance(Record):
    """This person is to read this version by a day, and said that they did. Opened by approval, or for a newcomer."""

    WAITING, CONFIRMED, VOID = "waiting", "confirmed", "void"
    STATES = {
        WAITING: (_("To be read"), "waiting", "clock"),
        CONFIRMED: (_("Read"), "done", "check"),
        VOID: (_("No longer asked"), "cancelled", "ban"),
    }

    class Why(models.TextChoices):
        APPROVAL = "approval", _("the version was approved")
        NEWCOMER = "newcomer", _("new in the unit or office")
        FIRST_DAY = "first_day", _("before the first working day")

    state = models.CharField(_("state"), max_length=24, default=WAITING, editable=False)
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name=_("version"), related_name="acquaintances", editable=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("person"), related_name="acquaintances", editable=False
    )
    #: where the person worked when asked: figures by unit stay true when people move
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="+", editable=False
    )
    why = models.CharField(_("why"), max_length=10, choices=Why.choices, default=Why.APPROVAL, editable=False)
    opened_on = models.DateField(_("asked on"), default=timezone.localdate, editable=False)
    due = models.DateField(_("by"), editable=False)
    confirmed_at = models.DateTimeField(_("read on"), null=True, blank=True, editable=False)

    objects = AcquaintanceQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("acquaintance")
        verbose_name_plural = _("acquaintances")
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="one_acquaintance_a_person_and_version"),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at__isnull=True)),
                name="confirmed_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state", "due"], name="acquaintance_of_person"),
            models.Index(fields=["unit", "state"], name="acquaintance_of_unit"),
            models.Index(fields=["due"], condition=Q(state="waiting"), name="acquaintances_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.person}"

    def get_absolute_url(self) -> str:
        return address("documents:acquaintance", self.pk)
