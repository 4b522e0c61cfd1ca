"""A campaign asks one questionnaire of one audience once; its surveys are what each envelope belongs to."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.programmes.models import Course, Term
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record, with_writer

from ..querysets.campaigns import CampaignQuerySet, RosterQuerySet
from .questionnaires import Questionnaire


class Campaign(Record):
    """Who is asked, when, by which trees results are broken down. While it is open an answer is ciphertext only."""

    DRAFT, SUBMITTED, READY, LAUNCHING, OPEN, CLOSED, OPENING, OPENED, CANCELLED = (
        "draft", "submitted", "ready", "launching", "open", "closed", "opening", "opened", "cancelled",
    )  # fmt: skip
    STATES = {
        DRAFT: (_("Draft"), "draft", "pencil"),
        SUBMITTED: (_("Submitted"), "waiting", "clock"),
        READY: (_("Checked, may begin"), "progress", "check"),
        LAUNCHING: (_("Invitations are being made"), "progress", "progress"),
        OPEN: (_("Answers are coming in"), "progress", "send"),
        CLOSED: (_("Closed, urn still sealed"), "waiting", "lock"),
        OPENING: (_("The urn is being opened"), "progress", "progress"),
        OPENED: (_("Urn opened"), "done", "check"),
        CANCELLED: (_("Cancelled"), "cancelled", "ban"),
    }
    EDITABLE = (
        "name", "name_kk", "name_ru", "name_en", "blocks", "trees", "opens_on", "closes_on", "population", "unit",
        "report_due", "invitation", "key_place",
    )  # fmt: skip
    EDITABLE_STATES = (DRAFT,)
    QUIET = Record.QUIET | {"content", "public_key", "progress", "worked_at", "counts"}

    class Way(models.TextChoices):
        ROSTER = "roster", _("by a list of people")
        COURSES = "courses", _("about the courses of a term")
        LINK = "link", _("by an open link")

    class KeyPlace(models.TextChoices):
        """Where the key that opens the urn is kept; the campaign's page says which."""

        DIRECTORY = "directory", _("in the key directory of the server")
        OFFICERS = "officers", _("under the passphrases of two officers")

    state = models.CharField(_("state"), max_length=24, default=DRAFT, editable=False)
    uid = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )  # names the key's file; stands in open links
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, verbose_name=_("questionnaire"), related_name="campaigns"
    )
    name = models.CharField(_("name"), max_length=250)
    way = models.CharField(_("who is asked"), max_length=8, choices=Way.choices, default=Way.ROSTER)
    #: whose learners or staff are asked; empty is the whole university
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="campaigns"
    )
    term = models.ForeignKey(Term, models.PROTECT, verbose_name=_("term"), null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("last day for answers"))
    report_due = models.DateField(_("report due on"), null=True, blank=True)
    invitation = models.TextField(_("words of the invitation"), max_length=2000, blank=True)
    blocks = models.JSONField(_("optional blocks"), default=list, blank=True)
    #: declared before launch, the same for everybody: [["school", "department"], ["level", "year"]]
    trees = models.JSONField(_("breakdowns"), default=list, blank=True)
    #: of an open link: how many could have answered, typed by the office
    population = models.PositiveIntegerField(_("how many could answer"), null=True, blank=True)
    key_place = models.CharField(
        _("where the key is kept"), max_length=10, choices=KeyPlace.choices, default=KeyPlace.DIRECTORY
    )
    public_key = models.BinaryField(null=True, editable=False)
    #: the whole questionnaire in three languages as asked (content.py), frozen at launch
    content = models.JSONField(default=dict, editable=False)
    rehearsed_on = models.DateField(null=True, editable=False)
    key_destroyed_on = models.DateField(null=True, editable=False)
    #: days on which those who had not answered were reminded: on the campaign, never on an invitation
    reminded_on = models.JSONField(default=list, editable=False)
    #: while open: {"live": rates of large groups, made once a day}; after some weeks the ledger is replaced by what
    #: response.py kept of it: {"total": [invited, answered], "trees": …, "surveys": …}
    counts = models.JSONField(default=dict, editable=False)
    ledger_ended_on = models.DateField(null=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)  # of long work, in percent
    worked_at = models.DateTimeField(null=True, editable=False)
    problem = models.TextField(blank=True, editable=False)  # why launching or opening stopped, in words
    authors = models.JSONField(default=list, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="campaign_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("surveys:campaign", self.pk)

    def note_author(self, by: Any) -> None:
        """Whoever writes a campaign or changes its roster does not check it."""
        self.authors = with_writer(self.authors, by)

    @property
    def is_open(self) -> bool:
        return bool(self.state == self.OPEN)

    @property
    def was_launched(self) -> bool:
        return self.state in (self.OPEN, self.CLOSED, self.OPENING, self.OPENED)

    @property
    def about_courses(self) -> bool:
        return bool(self.way == self.Way.COURSES)

    @property
    def by_link(self) -> bool:
        return bool(self.way == self.Way.LINK)

    @property
    def unit_path(self) -> str:
        """Whose people are asked: the beginning of the paths of their units; "" is the whole university."""
        return self.unit.path if self.unit else ""

    def words(self, name: str) -> dict[str, str]:
        """{"kk", "ru", "en"} of a translated field."""
        return {code: getattr(self, f"{name}_{code}") or "" for code in ("kk", "ru", "en")}


class RosterLine(models.Model):
    """Somebody to be asked, before launch. Launching turns the roster into invitations in random order and empties it.

    Somebody with an account stands here by account only: the address is read from it when letters are written.
    """

    class Source(models.TextChoices):
        PEOPLE = "people", _("from the portal")
        FILE = "file", _("from a table")
        #: rows of a table that was checked and not taken yet: they count nowhere and are asked nothing
        CHECKED = "checked", _("checked, not taken yet")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="roster")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, default="kk")
    #: {"school": unit id, "department": unit id, "level": "bachelor", "year": "2"}
    strata = models.JSONField(default=dict, blank=True)
    #: numbers of the courses about which this person is asked, in campaigns about courses
    courses = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PEOPLE)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the roster")
        verbose_name_plural = _("roster")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"], condition=Q(person__isnull=False), name="one_roster_line_a_person"
            ),
            models.UniqueConstraint(
                fields=["campaign", "email"], condition=~Q(email=""), name="one_roster_line_an_email"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Survey(models.Model):
    """What envelopes belong to: the whole campaign, or one course in a campaign about courses."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="surveys")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="surveys")
    #: who taught, as frozen at launch: [{"id": person, "name": {"kk", "ru", "en"}}]
    teachers = models.JSONField(default=list, blank=True)
    #: {"kk", "ru", "en"}: the course's name, or the campaign's
    title = models.JSONField(default=dict)
    #: which trees' strata it stands in by itself: {"school": …, "department": …} of the discipline's unit
    strata = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [models.UniqueConstraint(fields=["campaign", "course"], name="one_survey_a_course")]

    def __str__(self) -> str:
        return str(self.title.get("kk", ""))


class LetterOwed(models.Model):
    """A letter to a respondent that has not left yet. It has no words: they are written while it is sent, and the row goes.

    So neither the link nor the moment of an invitation stands in a table afterwards. A reminder is owed to everybody who
    was invited and is dropped unsent where nothing is owed any more: how many rows wait tells nothing about who answered.
    """

    respondent = models.OneToOneField(
        "surveys.Respondent", models.CASCADE, primary_key=True, related_name="letter_owed"
    )
    reminder = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("letter owed to a respondent")
        verbose_name_plural = _("letters owed to respondents")

    def __str__(self) -> str:
        return ""
