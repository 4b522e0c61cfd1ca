"""“You said — we did”: a line of what was said and what followed, and the letters about it that have not left yet."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets.loop import LoopQuerySet
from .campaigns import Campaign
from .ledger import Respondent
from .petitions import Petition
from .questionnaires import Audience
from .releases import Release


class LoopEntry(Record):
    """One line of “you said — we did”: what was said, what followed, and that those who said it were told."""

    DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        PUBLISHED: (_("Published"), "done", "world"),
        WITHDRAWN: (_("Withdrawn"), "cancelled", "ban"),
    }
    SLUG = "loop"
    EDITABLE = ("said", "said_kk", "said_ru", "said_en", "did", "did_kk", "did_ru", "did_en", "areas")
    EDITABLE_STATES = (DRAFT,)
    QUIET = Record.QUIET | {"told"}

    class Origin(models.TextChoices):
        """Where it was said, in words that name nobody."""

        SURVEY = "survey", _("survey")
        PETITION = "petition", _("petition")
        TALK = "talk", _("focus group or interview")
        APPEAL = "appeal", _("academic appeals")

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    origin = models.CharField(
        _("where it was said"), max_length=10, choices=Origin.choices, default=Origin.SURVEY, editable=False
    )
    #: who was asked; empty where anybody could say it
    audience = models.CharField(_("who said it"), max_length=20, choices=Audience.choices, blank=True, editable=False)
    release = models.ForeignKey(
        Release, models.PROTECT, verbose_name=_("report on a survey"), null=True, blank=True, related_name="loop"
    )
    petition = models.ForeignKey(
        Petition, models.PROTECT, verbose_name=_("petition"), null=True, blank=True, related_name="loop"
    )
    #: the finding whose loop was closed, if one was
    finding_number = models.CharField(_("finding"), max_length=20, blank=True, db_index=True)
    said = models.CharField(_("what was said"), max_length=600)
    did = models.CharField(_("what was done"), max_length=1000)
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    told = models.PositiveIntegerField(_("people told"), default=0, editable=False)

    objects = LoopQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        verbose_name = _("line of “you said — we did”")
        verbose_name_plural = _("“you said — we did”")
        constraints = [
            models.UniqueConstraint(
                fields=["finding_number"],
                condition=~Q(finding_number="") & ~Q(state="withdrawn"),
                name="one_loop_line_a_finding",
                violation_error_message=_("There is a line about this finding already."),
            )
        ]

    def __str__(self) -> str:
        return self.said

    def get_absolute_url(self) -> str:
        return address("surveys:loop", self.pk)

    def lock_first(self) -> models.QuerySet | None:
        """The campaign: its ledger does not end while those who were asked are written to."""
        return Campaign.objects.filter(pk=self.release.campaign_id) if self.release else None

    def before_adding(self) -> None:
        others = LoopEntry.objects.filter(finding_number=self.finding_number).exclude(state=self.WITHDRAWN)
        if self.finding_number and others.exists():
            raise NotNow(_("There is a line about this finding already."))

    def clean(self) -> None:
        if self.petition is not None and self.petition.sensitive:
            raise ValidationError(_("Health data and reports to Compliance never become a public line."))

    @property
    def decided(self) -> bool:
        """Settles its finding: published, or set aside before anybody was told."""
        return bool(self.state == self.PUBLISHED or (self.state == self.WITHDRAWN and self.published_on is None))

    @property
    def standards(self) -> list[str]:
        return sorted({code.partition(".")[0] for code in self.areas})

    def words(self, name: str) -> dict[str, str]:
        """{"kk", "ru", "en"} of a translated field; Kazakh stands in for a language that lacks it."""
        kk = getattr(self, f"{name}_kk") or ""
        return {code: getattr(self, f"{name}_{code}") or kk for code in ("kk", "ru", "en")}


class LoopLetter(models.Model):
    """Somebody who was asked and is still to be told. The row goes as soon as they are: no table says who was told when.

    Owed to everybody invited, whether they took part or not, so that a letter tells nothing about who answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(LoopEntry, models.CASCADE, related_name="letters")
    respondent = models.ForeignKey(Respondent, models.CASCADE, related_name="loop_letters")
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("letter about what was done")
        verbose_name_plural = _("letters about what was done")
        constraints = [models.UniqueConstraint(fields=["entry", "respondent"], name="one_loop_letter_a_respondent")]

    def __str__(self) -> str:
        return ""
