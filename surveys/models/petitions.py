"""Petitions (өтініш): by name or anonymous with a receipt code; registered, assigned, answered, taken to a body (§10)."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person, Unit
from qa_portal.permissions import SYSTEM
from qa_portal.web.addresses import address
from qa_portal.web.files import private_path
from qa_portal.workflow.models import Entry, NumberSeries, Record

from ..querysets.petitions import PetitionQuerySet


def petition_path(row: Any, name: str) -> str:
    return private_path("petitions", name)


def day_of(moment: datetime.datetime | None = None) -> datetime.datetime:
    """Midnight of the day, in the university's time: all that is kept of when somebody without a name did something."""
    local = timezone.localtime(moment)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


class Moment(models.DateTimeField):
    """When it was written; of a petition without a name the day only. To the database the same as Django's own field."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if model_instance.anonymous and value is not None:
            value = day_of(value)
            setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class Petition(Record):
    """What somebody asks, praises or complains of. Health data and reports to Compliance are seen by few."""

    RECEIVED, REGISTERED, IN_WORK, ANSWERED, CLOSED, WITHDRAWN = (
        "received", "registered", "in_work", "answered", "closed", "withdrawn",
    )  # fmt: skip
    STATES = {
        RECEIVED: (_("Received"), "waiting", "inbox"),
        REGISTERED: (_("Registered"), "waiting", "clock"),
        IN_WORK: (_("In work"), "progress", "progress"),
        ANSWERED: (_("Answered"), "done", "check"),
        CLOSED: (_("Closed"), "done", "check"),
        WITHDRAWN: (_("Withdrawn by its author"), "cancelled", "ban"),
    }
    EDITABLE = ("subject", "unit", "area", "language")
    EDITABLE_STATES = (RECEIVED, REGISTERED, IN_WORK)
    QUIET = Record.QUIET | {"code_hash", "name", "email", "phone", "text"}

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("suggestion")
        COMPLAINT = "complaint", _("complaint")
        THANKS = "thanks", _("thanks")
        COMMITTEE = "committee", _("request to the school committee")
        ADJUSTMENT = "adjustment", _("adjustment for special needs")
        ETHICS = "ethics", _("report on ethics or corruption")

    class Way(models.TextChoices):
        PORTAL = "portal", _("through the portal")
        WRITTEN = "written", _("on paper")
        ORAL = "oral", _("spoken")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        IMPLEMENTED = "implemented", _("carried out")

    #: health data and reports to Compliance: no body's agenda, no finding, no admin, no register of others shows them
    SENSITIVE = (Kind.ADJUSTMENT, Kind.ETHICS)
    #: the author waits for an answer
    OPEN = (RECEIVED, REGISTERED, IN_WORK)
    #: work on it runs, the day counts
    RUNNING = (REGISTERED, IN_WORK)

    created_at = Moment(_("entered"), auto_now_add=True)
    changed_at = Moment(_("changed"), auto_now=True)
    state = models.CharField(_("state"), max_length=24, default=RECEIVED, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    way = models.CharField(_("how it came"), max_length=8, choices=Way.choices, default=Way.PORTAL)
    language = models.CharField(_("language"), max_length=2, default="kk")
    anonymous = models.BooleanField(_("without a name"), default=False)
    #: who wrote it, when signed in and by name
    author = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("from"), null=True, blank=True, related_name="petitions"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    #: SHA-256 of the receipt code: whoever holds the code reads the answer and may write on
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), max_length=20000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("which unit it concerns"), null=True, blank=True, related_name="petitions"
    )
    #: whom a report concerns: they never see it, whatever offices they hold
    concerns = models.ManyToManyField(Person, verbose_name=_("whom it concerns"), blank=True, related_name="+")
    area = models.CharField(_("standard or area"), max_length=12, blank=True)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("answer due on"), null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("who answers"), null=True, blank=True, related_name="+", editable=False
    )
    body = models.SlugField(_("taken to the body"), max_length=40, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, editable=False)
    outcome_note = models.TextField(_("why, or what was done"), max_length=4000, blank=True, editable=False)
    outcome_link = models.CharField(_("link to what was done"), max_length=300, blank=True, editable=False)
    answered_on = models.DateField(null=True, editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")

    def __str__(self) -> str:
        """The number alone: letters, notices, agendas and lists of other rooms are read by people who may not see more."""
        return self.number

    def get_absolute_url(self) -> str:
        return address("surveys:petition", self.pk)

    def before_adding(self) -> None:
        year = self.received_on.year
        self.number = f"P-{year}-{NumberSeries.next(f'P-{year}'):04d}"

    # -- facts ---------------------------------------------------------------------------------
    @property
    def sensitive(self) -> bool:
        return self.kind in self.SENSITIVE

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def deadline_counts(self) -> bool:
        return self.state in self.RUNNING

    @property
    def in_time(self) -> bool | None:
        """Answered by its day; None while there is no answer."""
        if self.answered_on is None or self.due_on is None:
            return None
        return self.answered_on <= self.due_on

    @property
    def standard(self) -> str:
        """The standard of its area: that of S3.A6 is S3."""
        return self.area.partition(".")[0]

    @cached_property
    def concerned_ids(self) -> frozenset[int]:
        """Whom it concerns, as it stood when the row was read."""
        return frozenset(person.pk for person in self.concerns.all()) if self.pk else frozenset()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("concerned_ids", None)
        super().refresh_from_db(*args, **kwargs)

    # -- what is kept of who and when ------------------------------------------------------------
    def write_entry(self, verb: str, by: Any, **fields: Any) -> Entry:
        """History of a petition without a name knows days only, whoever acts: an hour next to a letter could tell who wrote."""
        if not self.anonymous:
            return super().write_entry(verb, by, **fields)
        entry = Entry(
            record_type=ContentType.objects.get_for_model(self),
            record_id=self.pk,
            by=None if by is SYSTEM else by,
            verb=verb,
            at=day_of(),
            **fields,
        )
        # raw: the field would else put the moment in; nothing else hangs on saving a line of history.
        entry.save_base(raw=True, force_insert=True)
        return entry


class PetitionMessage(models.Model):
    """A line of the two-way thread. Days, no hours: an hour could tell who wrote."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="messages")
    from_author = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    text = models.TextField(_("text"), max_length=10000)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message about a petition")
        verbose_name_plural = _("messages about petitions")

    def __str__(self) -> str:
        return self.text[:60]


class PetitionFile(models.Model):
    """A file sent with a petition, stripped of what tells who made it (stripping.py)."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="files")
    file = models.FileField(upload_to=petition_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a petition")
        verbose_name_plural = _("files of petitions")

    def __str__(self) -> str:
        return self.name
