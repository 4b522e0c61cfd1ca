"""Releases: the only figures of a survey that anybody reads. Their cells are made once and never change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.releases import (
    NodeQuerySet,
    ReceiptQuerySet,
    RecommendationQuerySet,
    ReleaseQuerySet,
    TeacherReplyQuerySet,
)
from .campaigns import Campaign, Survey


class Release(Record):
    """One release of a campaign: cells made by release.py, conclusions written by people, sent, considered, published."""

    MAKING, MADE, SENT, CONSIDERED, PUBLISHED, WITHDRAWN = (
        "making", "made", "sent", "considered", "published", "withdrawn",
    )  # fmt: skip
    STATES = {
        MAKING: (_("Figures are being made"), "progress", "progress"),
        MADE: (_("Conclusions are being written"), "draft", "pencil"),
        SENT: (_("Sent to the recipients"), "waiting", "send"),
        CONSIDERED: (_("Considered by the Council"), "progress", "check"),
        PUBLISHED: (_("Published"), "done", "world"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }
    EDITABLE = (
        "summary", "summary_kk", "summary_ru", "summary_en", "conclusions", "conclusions_kk", "conclusions_ru",
        "conclusions_en",
    )  # fmt: skip
    EDITABLE_STATES = (MADE,)
    SHOWN = (SENT, CONSIDERED, PUBLISHED)
    QUIET = Record.QUIET | {"facts", "progress", "worked_at", "summary", "conclusions"}

    state = models.CharField(_("state"), max_length=24, default=MAKING, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name=_("campaign"), related_name="releases")
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    rules_version = models.CharField(_("version of the rules"), max_length=20, editable=False)
    #: the numbers used, response by stratum, representativeness, reliability, what is a trend's break (release.py)
    facts = models.JSONField(default=dict, editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False, blank=True)
    indicative = models.BooleanField(_("indicative only"), default=False, editable=False)
    summary = models.TextField(_("in short"), max_length=3000, blank=True)
    conclusions = models.TextField(_("conclusions"), max_length=10000, blank=True)
    sent_on = models.DateField(null=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    worked_at = models.DateTimeField(null=True, editable=False)
    problem = models.TextField(blank=True, editable=False)
    authors = models.JSONField(default=list, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [models.UniqueConstraint(fields=["campaign", "version"], name="one_release_a_version")]

    def __str__(self) -> str:
        return str(self.campaign)

    def get_absolute_url(self) -> str:
        return address("surveys:release", self.pk)

    def note_author(self, by: Any) -> None:
        self.authors = with_writer(self.authors, by)

    def lock_first(self) -> models.QuerySet | None:
        """The campaign: two versions of one campaign are not begun, sent or published at the same time."""
        return Campaign.objects.filter(pk=self.campaign_id)

    @property
    def about_courses(self) -> bool:
        return self.campaign.way == Campaign.Way.COURSES

    @property
    def is_shown(self) -> bool:
        """Whether everybody inside may read it: from the day on which it is sent until it is withdrawn."""
        return self.state in self.SHOWN


class ReleaseNode(models.Model):
    """One group of one tree, with the cells of every question that may be shown of it. Written once.

    `cells`: {item code: cell}; the shape of a cell is described in release.py. What is hidden is not there at all:
    only `hidden` says that it is.
    """

    class Scope(models.TextChoices):
        INSIDE = "inside", _("inside the university")
        PUBLIC = "public", _("for everybody")

    release = models.ForeignKey(Release, models.PROTECT, related_name="nodes")
    scope = models.CharField(max_length=6, choices=Scope.choices)
    tree = models.CharField(max_length=60)  # "", "school/department", "level/year", "course", "teacher"
    path = models.CharField(max_length=200)  # "", "3", "3/7", "3/7/c41", "3/7/c41/t12"
    depth = models.PositiveSmallIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    label = models.JSONField(default=dict)  # {"kk", "ru", "en"}
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    survey = models.ForeignKey(Survey, models.PROTECT, null=True, blank=True, related_name="nodes")
    teacher = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    hidden = models.BooleanField(default=False)
    invited = models.PositiveIntegerField(null=True)  # None where the group's size would tell too much
    answered = models.PositiveIntegerField(null=True)
    cells = models.JSONField(default=dict)

    objects = NodeQuerySet.as_manager()

    class Meta:
        ordering = ["tree", "place"]
        verbose_name = _("group of a release")
        verbose_name_plural = _("groups of a release")
        constraints = [
            models.UniqueConstraint(fields=["release", "scope", "tree", "path"], name="one_node_a_path"),
        ]
        indexes = [models.Index(fields=["teacher"], condition=Q(teacher__isnull=False), name="nodes_of_teacher")]

    def __str__(self) -> str:
        return str(self.label.get("kk", ""))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("a release is written once")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Where its figures stand, for whoever may read them."""
        return f"{address('surveys:release-results', self.release_id)}?group={self.pk}"


class Recommendation(models.Model):
    """What the report of a release recommends, to whom, on which figure; a source of findings."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="recommendations")
    place = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("recommendation"), max_length=2000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("to which unit"), null=True, blank=True, related_name="+"
    )
    question = models.CharField(_("on which question"), max_length=120, blank=True)
    theme = models.ForeignKey(
        "surveys.Theme", models.PROTECT, verbose_name=_("on which theme"), null=True, blank=True, related_name="+"
    )
    area = models.CharField(_("standard or area"), max_length=12, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("recommendation of a report")
        verbose_name_plural = _("recommendations of a report")

    def __str__(self) -> str:
        return self.text[:120]

    def get_absolute_url(self) -> str:
        return f"{self.release.get_absolute_url()}#recommendations"


def issue_path(issue: ReleaseIssue, name: str) -> str:
    return f"surveys/releases/{issue.release_id}/{name}"


class ReleaseIssue(models.Model):
    """A file of the public edition: language and format, with its checksum. Made once by the worker at publication."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="issues")
    language = models.CharField(_("language"), max_length=2)
    format = models.CharField(_("format"), max_length=4)  # "pdf", "docx"
    file = models.FileField(_("file"), upload_to=issue_path, max_length=200)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64)

    class Meta:
        ordering = ["release", "language", "format"]
        verbose_name = _("file of a report on a survey")
        verbose_name_plural = _("files of reports on surveys")
        constraints = [
            models.UniqueConstraint(fields=["release", "language", "format"], name="one_survey_issue_a_format")
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.language} {self.format}"


class ReleaseReceipt(models.Model):
    """A recipient of the report (domain.md §10), and the day on which they opened it."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=60)  # as whom: a key of surveys.recipients.GROUPS
    opened_on = models.DateField(_("received on"), null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient of a report")
        verbose_name_plural = _("recipients of a report")
        constraints = [models.UniqueConstraint(fields=["release", "person"], name="one_receipt_a_person")]

    def __str__(self) -> str:
        return f"{self.person}"


class TeacherReply(Record):
    """What a teacher answers publicly to the results of their own course."""

    WRITTEN, WITHDRAWN = "written", "withdrawn"
    STATES = {
        WRITTEN: (_("Public"), "done", "check"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }
    SLUG = "reply"
    EDITABLE = ("text",)
    EDITABLE_STATES = (WRITTEN,)

    state = models.CharField(_("state"), max_length=24, default=WRITTEN, editable=False)
    node = models.ForeignKey(ReleaseNode, models.PROTECT, related_name="replies")
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    text = models.TextField(_("answer to the students"), max_length=4000)

    objects = TeacherReplyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("teacher's answer")
        verbose_name_plural = _("teachers' answers")
        constraints = [models.UniqueConstraint(fields=["node", "teacher"], name="one_reply_a_course")]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return address("surveys:reply", self.pk)

    def before_adding(self) -> None:
        if TeacherReply.objects.filter(node=self.node_id, teacher=self.teacher_id).exists():
            raise NotNow(_("You have answered these results already: edit that answer, or publish it again."))
