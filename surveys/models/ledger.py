"""The ledger and the urn (anonymity.md). None of these is a record: no author, no history, no time, no serial number.

The ledger knows who took part and never what was said; the urn holds what was said and never by whom. Nothing joins them
but the survey.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person

from .campaigns import Campaign, Survey


class Respondent(models.Model):
    """Somebody who is asked: a person of the portal, an address from a file, or a visitor of an open link.

    `token_hash` is the SHA-256 of the 128-bit token in the letter's link. The token itself is derived from a secret in the
    key directory (keys.py), so that a reminder carries the same link and no table holds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, null=True, blank=True, related_name="respondent")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="kk")
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("respondent")
        verbose_name_plural = _("respondents")
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email="") & Q(person__isnull=True), name="one_respondent_an_email"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Invitation(models.Model):
    """The ledger: one line a respondent and survey, made at launch in random order. No sent, opened or answered time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    respondent = models.ForeignKey(Respondent, models.CASCADE, related_name="invitations")
    #: frozen at launch, small ones merged upward: {"school": 3, "department": 7, "level": "bachelor", "year": "2"}
    strata = models.JSONField(default=dict)
    participated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["survey", "respondent"], name="one_invitation_a_survey")]
        indexes = [
            models.Index(fields=["respondent"], condition=Q(participated=False), name="invitation_owed"),
        ]

    def __str__(self) -> str:
        return str(self.survey)


class Envelope(models.Model):
    """An answer while its campaign is open: ciphertext to a key that the database does not hold, padded to a fixed size."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="envelopes")
    ciphertext = models.BinaryField()

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")

    def __str__(self) -> str:
        return str(self.survey)


class KeyOfficer(models.Model):
    """Whose passphrase locks a campaign's key: the name only. The passphrase is nowhere, the locked key in a file."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="key_officers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()  # 1, 2: whose passphrase is typed first

    class Meta:
        ordering = ["place"]
        verbose_name = _("officer with a passphrase")
        verbose_name_plural = _("officers with passphrases")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place"], name="one_key_officer_a_place"),
            models.UniqueConstraint(fields=["campaign", "person"], name="two_key_officers_differ"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class UrnOpening(models.Model):
    """That an urn was opened: when, by whom, how many envelopes and participants (they agree), digest of the ballots."""

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="urn_opening")
    on = models.DateField(_("opened on"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    envelopes = models.PositiveIntegerField(_("envelopes"))
    participants = models.PositiveIntegerField(_("participants"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("opening of an urn")
        verbose_name_plural = _("openings of urns")

    def __str__(self) -> str:
        return f"{self.campaign}: {self.envelopes}"
