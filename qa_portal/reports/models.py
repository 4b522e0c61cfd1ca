"""A paper: what was ordered, how far it is, where the file lies. Seen by the person who ordered it only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.web.files import private_path


def paper_path(paper: Any, name: str) -> str:
    return private_path("papers", name)


class PaperQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> PaperQuerySet:
        return self.filter(person=person) if person.is_authenticated else self.none()


class Paper(models.Model):
    """One ordered report: PDF, XLSX or CSV."""

    QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
    STATES = {
        QUEUED: (_("Waits"), "waiting", "clock"),
        RUNNING: (_("Is being made"), "progress", "progress"),
        DONE: (_("Ready"), "done", "check"),
        FAILED: (_("Failed"), "overdue", "alert-triangle"),
    }

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="papers")
    report = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    title = models.CharField(_("title"), max_length=250)
    state = models.CharField(max_length=8, default=QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    file = models.FileField(upload_to=paper_path, blank=True, max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        indexes = [models.Index(fields=["person", "-id"], name="papers_of_person")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("papers:paper", args=[self.pk])


class Seal(models.Model):
    """What was printed on one paper, to be checked by anybody who holds it. Written once."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=60)  # key of the report: "bodies.minutes"
    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    titles = models.JSONField()  # {"kk": …, "ru": …, "en": …}
    fields = models.JSONField()  # {"kk": [[label, value], …], …}
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id", "kind"], name="one_seal_a_paper")]

    def __str__(self) -> str:
        return self.shown_code

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise RuntimeError("a seal is written once")
        super().save(*args, **kwargs)

    @property
    def shown_code(self) -> str:
        """In groups of four: «7KMP-2Q9X-RT4B»."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))
