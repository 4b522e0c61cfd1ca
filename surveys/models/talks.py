"""Focus groups, interviews, round tables: plan, groups, questions, conclusions, quotes without names (§10)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets.talks import TalkQuerySet
from .questionnaires import Audience
from .texts import Theme


class Talk(Record):
    """A talk: plan, groups, questions, conclusions, quotes without names."""

    PLANNED, HELD, CONCLUDED, CANCELLED = "planned", "held", "concluded", "cancelled"
    STATES = {
        PLANNED: (_("Planned"), "draft", "calendar"),
        HELD: (_("Held, conclusions are due"), "waiting", "clock"),
        CONCLUDED: (_("Concluded"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = ("title", "kind", "audience", "unit", "on", "place", "plan", "questions", "groups", "areas", "moderator")
    EDITABLE_STATES = (PLANNED, HELD)

    class Kind(models.TextChoices):
        FOCUS_GROUP = "focus_group", _("focus group")
        INTERVIEW = "interview", _("interview")
        ROUND_TABLE = "round_table", _("round table")
        MEETING = "meeting", _("personal meeting")

    state = models.CharField(_("state"), max_length=24, default=PLANNED, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("subject"), max_length=250)
    audience = models.CharField(_("with whom"), max_length=20, choices=Audience.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="talks")
    moderator = models.ForeignKey(Person, models.PROTECT, verbose_name=_("who leads it"), related_name="+")
    on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    plan = models.TextField(_("plan"), max_length=6000, blank=True)
    questions = models.TextField(_("questions, one a line"), max_length=6000, blank=True)
    #: [{"name": "3rd-year students", "people": 8}]: how many, never who
    groups = models.JSONField(_("groups"), default=list, blank=True)
    areas = models.JSONField(_("standards and areas"), default=list, blank=True)
    conclusions = models.TextField(_("conclusions"), max_length=10000, blank=True, editable=False)
    recommendations = models.TextField(_("recommendations"), max_length=6000, blank=True, editable=False)

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("talk")
        verbose_name_plural = _("talks")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("surveys:talk", self.pk)


class TalkQuote(models.Model):
    """What was said, without a name, and the themes it belongs to."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="quotes")
    place = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(_("group"), max_length=160, blank=True)
    text = models.TextField(_("quote"), max_length=2000)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="quotes")

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return self.text[:80]
