"""What people were told: notices in the portal, letters by e-mail, and the log that no reminder comes twice."""

import secrets

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One e-mail. Written in the transaction of the step; leaves after commit; `sent_at` is set once.

    `claimed_at` is committed before the mail server is spoken to: of two workers one sends. A letter claimed but not
    sent (the worker died in between) is tried again with the same Message-ID, so that the reader's mailbox can tell.
    """

    class Kind(models.TextChoices):
        STEP = "step", _("step")
        REMINDERS = "reminders", _("reminders")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=Q(kind="reminders"), name="one_reminder_letter_a_day"
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="letters_waiting")]

    def __str__(self) -> str:
        return self.subject


class Notice(models.Model):
    """One line in a person's inbox, in the language the person read at that time, leading to a record."""

    class Kind(models.TextChoices):
        STEP = "step", _("step")
        REMINDER = "reminder", _("reminder")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STEP)
    verb = models.CharField(max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=200)
    record_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    record_id = models.PositiveBigIntegerField(null=True)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="notices")
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["person", "-id"], name="inbox"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="inbox_unread"),
            models.Index(
                fields=["person"], condition=Q(kind="reminder", letter__isnull=True), name="reminders_unposted"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Reminded(models.Model):
    """The log of reminders: this threshold of this deadline of this record was sent, or was overtaken by a stronger one."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        OVERTAKEN = "overtaken", _("overtaken")

    rule = models.CharField(max_length=60)
    record_id = models.PositiveBigIntegerField()
    deadline = models.DateField()
    threshold = models.SmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        constraints = [
            models.UniqueConstraint(fields=["rule", "record_id", "deadline", "threshold"], name="no_reminder_twice")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.record_id} {self.threshold:+d}"


def new_calendar_key() -> str:
    return secrets.token_urlsafe(32)


class CalendarKey(models.Model):
    """The secret address of a person's calendar feed: whoever has it reads that person's dates, without signing in."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_key")
    key = models.CharField(max_length=60, unique=True, default=new_calendar_key)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return str(self.person)  # never the key: it opens the feed


class MailboxLetter(models.Model):
    """What the demo's mail backend received; read at /letters/."""

    to = models.CharField(max_length=250)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
