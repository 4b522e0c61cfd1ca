"""Texts of open answers, reviewed and coded into themes. No link to a ballot, nor between texts of one person."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets.texts import TextAnswerQuerySet, ThemeQuerySet
from .campaigns import Survey


class Theme(Record):
    """An entry of the codebook, for texts of surveys and for talks alike."""

    IN_USE, RETIRED = "in_use", "retired"
    STATES = {
        IN_USE: (_("In use"), "done", "check"),
        RETIRED: (_("No longer used"), "cancelled", "ban"),
    }
    EDITABLE = (
        "name", "name_kk", "name_ru", "name_en", "description", "description_kk", "description_ru", "description_en",
        "parent", "areas",
    )  # fmt: skip
    EDITABLE_STATES = (IN_USE,)

    state = models.CharField(_("state"), max_length=24, default=IN_USE, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    description = models.CharField(_("what belongs here"), max_length=500, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), null=True, blank=True, related_name="children"
    )
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("surveys:theme", self.pk)


class TextAnswer(models.Model):
    """One text. Not a record: no author, no history, no time, random key; who reviewed it stays outside (no name)."""

    class Review(models.TextChoices):
        WAITING = "waiting", _("to be reviewed")
        SHOWN = "shown", _("may be shown")
        MASKED = "masked", _("may be shown with names taken out")
        WITHHELD = "withheld", _("is not shown")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="texts")
    question = models.CharField(max_length=120)  # item key (content.py)
    #: the school at most, and none where few texts come from it
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    shown_as = models.TextField(blank=True)  # the masked text
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.WAITING)

    objects = TextAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of an answer")
        verbose_name_plural = _("texts of answers")
        indexes = [models.Index(fields=["survey", "question", "review"], name="texts_of_question")]

    def __str__(self) -> str:
        return self.text[:60]


class TextCode(models.Model):
    """A text belongs to a theme, in the eyes of a coder."""

    text = models.ForeignKey(TextAnswer, models.CASCADE, related_name="codes")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="codes")
    coder = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("theme of a text")
        verbose_name_plural = _("themes of texts")
        constraints = [models.UniqueConstraint(fields=["text", "theme"], name="one_code_a_theme")]

    def __str__(self) -> str:
        return str(self.theme)
