"""Evidence: a file or a link, the day it speaks of, its checksum; and the records that it proves."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from qa_portal.web.files import private_path
from qa_portal.workflow.models import Record

from ..querysets import EvidenceQuerySet, EvidenceUseQuerySet


def evidence_path(evidence: Any, name: str) -> str:
    return private_path("evidence", name)


class Evidence(Record):
    """One piece of evidence. It may prove several things; whoever sees one of them sees it."""

    VALID, WITHDRAWN = "valid", "withdrawn"
    STATES = {
        VALID: (_("Valid"), "done", "check"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }
    EDITABLE = ("title", "speaks_of", "edition")
    EDITABLE_STATES = (VALID,)

    state = models.CharField(_("state"), max_length=24, default=VALID, editable=False)
    title = models.CharField(_("what it is"), max_length=200)
    file = models.FileField(_("file"), upload_to=evidence_path, blank=True, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64, blank=True, editable=False, db_index=True)
    link = models.URLField(_("link"), blank=True, max_length=500)
    speaks_of = models.DateField(
        _("date it speaks of"),
        default=timezone.localdate,
        help_text=_("The day of the minutes, report or photo, not of the upload."),
    )
    edition = models.CharField(_("revision"), max_length=40, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(condition=Q(file="") ^ Q(link=""), name="evidence_file_or_link"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:evidence", args=[self.pk])

    @property
    def address(self) -> str:
        """Where it opens: the file through the portal's own door, or the link."""
        return self.link or reverse("documents:evidence-file", args=[self.pk])

    def judged_refusal(self) -> Any | None:
        """The sentence why it stays as it is: something that it proves was verified or closed. None when it may change."""
        if any(use.record is not None and use.record.proof_is_settled for use in self.uses.all()):
            return _("Something that it proves was verified or closed: the evidence stays as it was judged.")
        return None

    def edit_refusal(self, person: Any) -> tuple[type[Exception], Any] | None:
        problem = super().edit_refusal(person)
        if problem is None and (sentence := self.judged_refusal()):
            return NotNow, sentence
        return problem

    def clean(self) -> None:
        if bool(self.file) == bool(self.link):
            raise ValidationError(_("Give either a file or a link."))
        if self.speaks_of and self.speaks_of > timezone.localdate():
            raise ValidationError({"speaks_of": _("The date it speaks of cannot be in the future.")})


class EvidenceUse(models.Model):
    """This evidence proves that record. Added by a person; withdrawn with the evidence, not deleted."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="uses")
    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceUseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "record_type", "record_id"], name="evidence_once_a_record")
        ]
        indexes = [models.Index(fields=["record_type", "record_id"], name="evidence_of_record")]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.record}"
