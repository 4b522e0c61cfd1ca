"""Handing letters to the mail server: each once, none lost."""

from __future__ import annotations

import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone

from .models import Letter

log = structlog.get_logger(__name__)
#: a claim older than this belongs to a worker that died
STALE = datetime.timedelta(minutes=10)
MOST_ATTEMPTS = 20


def free(letters: models.QuerySet) -> models.QuerySet:
    """Letters that wait and that no living worker holds."""
    limit = timezone.now() - STALE
    return letters.filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS).filter(
        models.Q(claimed_at__isnull=True) | models.Q(claimed_at__lt=limit)
    )


def _send(row: Letter) -> None:
    message = EmailMultiAlternatives(
        row.subject,
        row.text,
        settings.DEFAULT_FROM_EMAIL,
        [row.person.email],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated", "Content-Language": row.language},
    )
    message.attach_alternative(row.html, "text/html")
    message.send()


def post(letter_id: int) -> bool:
    """Send one letter if it still waits. Of several workers only the one whose claim went through sends."""
    claimed = free(Letter.objects.filter(pk=letter_id)).update(
        claimed_at=timezone.now(), attempts=models.F("attempts") + 1
    )
    if not claimed:
        return False
    row = Letter.objects.select_related("person").get(pk=letter_id)
    try:
        _send(row)
    except Exception as error:  # noqa: BLE001
        # The mail server is away or refused, or this letter cannot be sent at all: it waits for the next round with
        # its reason, and does not stop the letters behind it.
        Letter.objects.filter(pk=row.pk).update(claimed_at=None, problem=str(error)[:500])
        log.warning("letter not sent", letter=row.pk, error=str(error))
        return False
    Letter.objects.filter(pk=row.pk).update(sent_at=timezone.now(), problem="")
    return True
