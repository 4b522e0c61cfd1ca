"""Ballots: answers without person, time and order. Written once by opening.py, read by release.py and by nobody else.

Deliberately not re-exported from `surveys.models`: whoever reads a ballot must name this module, and a test counts who does.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .campaigns import Survey


class Ballot(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    #: coarse strata after recoding
    strata = models.JSONField(default=dict)
    #: {item key: value} without texts (content.py)
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")

    def __str__(self) -> str:
        return ""
