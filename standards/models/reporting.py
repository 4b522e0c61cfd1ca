"""Kinds of reports as data, and reports: filled from records, commented, frozen, decided about, published (domain.md §2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import Role
from qa_portal.web.addresses import address
from qa_portal.web.files import private_path
from qa_portal.workflow.models import NumberSeries, Record, with_writer

from ..querysets.reporting import QualityReportQuerySet, ReportKindQuerySet

MOST_COMMENT = 20000


def issue_path(row: Any, name: str) -> str:
    return private_path("issues", name)


class ReportKind(models.Model):
    """What kind of report the documents ask for: standard, period, addressee, parts. Loaded by `load_registers`."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=250)
    text = models.TextField(_("what it tells"), blank=True)
    basis = models.CharField(_("legal basis"), max_length=120, blank=True)
    standard = models.CharField(_("standard"), max_length=4, blank=True)  # "": all of them
    months = models.PositiveSmallIntegerField(_("covers so many months"), default=12)
    role = models.CharField(_("prepared by"), max_length=30, choices=Role.choices, blank=True)
    body = models.SlugField(_("decided by the body"), max_length=40, blank=True)
    addressees = models.CharField(_("addressees"), max_length=250, blank=True)
    #: keys of chapters that apps declare (web.registry.Chapter), in order
    chapters = models.JSONField(_("parts"), default=list, blank=True)
    needs_plan = models.BooleanField(_("with a plan of improvement"), default=True)
    public = models.BooleanField(_("published for everybody"), default=True)
    per_unit = models.BooleanField(_("one for each unit"), default=False)
    retired = models.BooleanField(_("no longer used"), default=False)

    objects = ReportKindQuerySet.as_manager()

    class Meta:
        ordering = ["place", "code"]
        verbose_name = _("kind of report")
        verbose_name_plural = _("kinds of reports")

    def __str__(self) -> str:
        return self.name


class QualityReport(Record):
    """One report. Its figures are read live while it is a draft and frozen when it is submitted; then nothing moves them."""

    DRAFT, FREEZING, SUBMITTED, APPROVED, PUBLISHED, CANCELLED = (
        "draft", "freezing", "submitted", "approved", "published", "cancelled",
    )  # fmt: skip
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        FREEZING: (_("Figures are being fixed"), "progress", "progress"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        APPROVED: (_("Approved"), "progress", "check"),
        PUBLISHED: (_("Published"), "done", "world"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    SLUG = "report"
    EDITABLE = ("title", "intro", "conclusion", "comments", "since", "until")
    EDITABLE_STATES = (DRAFT,)
    QUIET = Record.QUIET | {"frozen", "progress", "worked_at"}

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.ForeignKey(ReportKind, models.PROTECT, verbose_name=_("kind"), related_name="reports")
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="quality_reports"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    title = models.CharField(_("title"), max_length=250)
    intro = models.TextField(_("introduction"), max_length=20000, blank=True)
    conclusion = models.TextField(_("conclusions"), max_length=20000, blank=True)
    #: what the author says to a chapter: {"findings:S9": text}
    comments = models.JSONField(_("comments on the parts"), default=dict, blank=True)
    #: {"kk": [blocks], "ru": …, "en": …}: the figures as they were when it was submitted
    frozen = models.JSONField(default=dict, editable=False)
    frozen_at = models.DateTimeField(_("figures as of"), null=True, blank=True, editable=False)
    #: how far the worker is with fixing figures and making files, in percent, and when it last gave a sign of life
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, editable=False, related_name="+"
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True, editable=False)
    basis = models.CharField(_("decision"), max_length=200, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)
    proofs = GenericRelation(EvidenceUse, "record_id", "record_type")

    objects = QualityReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("report on quality")
        verbose_name_plural = _("reports on quality")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year"],
                condition=Q(unit__isnull=True) & ~Q(state="cancelled"),
                name="one_report_a_kind_and_year",
                violation_error_message=_("There is a report of this kind for this year already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "year", "unit"],
                condition=Q(unit__isnull=False) & ~Q(state="cancelled"),
                name="one_report_a_unit_and_year",
                violation_error_message=_("The unit has a report of this kind for this year already."),
            ),
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="report_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def heading(self) -> str:
        """The title for the reader: one that was made from kind and year is said in the reader's language."""
        made = {f"{getattr(self.kind, f'name_{code}')}, {self.year}"[:250] for code, _name in settings.LANGUAGES}
        return f"{self.kind.name}, {self.year}"[:250] if self.title in made else self.title

    def get_absolute_url(self) -> str:
        return address("standards:report", self.pk)

    def before_adding(self) -> None:
        year = timezone.localdate().year
        self.number = f"QR-{year}-{NumberSeries.next(f'QR-{year}'):03d}"

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def clean(self) -> None:
        if any(len(words) > MOST_COMMENT for words in self.comments.values()):
            raise ValidationError(_("A comment is too long: up to %(n)s characters.") % {"n": MOST_COMMENT})

    def say(self, part: str, text: str) -> None:
        """What the author says to one part; empty words take the comment away. Saved by `save_changes`."""
        said = {**self.comments, part: text.strip()}
        self.comments = {key: words for key, words in said.items() if words}

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def covers(self) -> str:
        """The codes of standards that it covers; "" means all."""
        return self.kind.standard

    @property
    def proof_is_settled(self) -> bool:
        return self.state != self.DRAFT


class ReportMeasure(models.Model):
    """One row of a report's plan of improvement; written with the draft, frozen with it."""

    report = models.ForeignKey(QualityReport, models.PROTECT, related_name="measures")
    place = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("what is to be done"), max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="+")
    due = models.DateField(_("deadline"), null=True, blank=True)
    result = models.CharField(_("expected result"), max_length=300, blank=True)

    class Meta:
        ordering = ["report", "place", "pk"]
        verbose_name = _("measure of improvement")
        verbose_name_plural = _("measures of improvement")

    def __str__(self) -> str:
        return self.text


class ReportIssue(models.Model):
    """One file of a frozen report: language and format, with its checksum. Made once by the worker and never again."""

    report = models.ForeignKey(QualityReport, models.PROTECT, related_name="issues")
    language = models.CharField(_("language"), max_length=2)
    format = models.CharField(_("format"), max_length=4)  # "pdf", "docx"
    file = models.FileField(_("file"), upload_to=issue_path, max_length=200)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    #: of a submission that was sent back: kept, but no longer the issue
    superseded = models.BooleanField(default=False)

    class Meta:
        ordering = ["report", "language", "format"]
        verbose_name = _("issue of a report")
        verbose_name_plural = _("issues of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language", "format"], condition=Q(superseded=False), name="one_issue_a_format"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report.number} {self.language} {self.format}"
