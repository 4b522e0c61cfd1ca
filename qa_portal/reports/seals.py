"""Seals: a code on a paper by which anybody checks every printed field at `/verify/<code>/`, and whether it still holds.

The fields are kept in three languages as they were printed and never change. Whether the paper still holds is asked
of its record each time: a decision may have been annulled since.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import segno
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation

from .models import Seal

#: letters and digits that nobody mistakes for each other on a printed page
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12

#: kind of record → what has become of it since, in the reader's language; "" while it holds
_live: dict[type[models.Model], Callable[[Any], Any]] = {}


def sealed(model: type[models.Model], since: Callable[[Any], Any]) -> None:
    """Papers of this kind of record carry seals; `since(record)` says what was annulled or changed, "" for nothing."""
    _live[model] = since


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as people type it: small letters, hyphens."""
    return typed.upper().replace("-", "")


def seal_for(record: Any, kind: str, title: Callable[[], str], fields: Callable[[], list[tuple[Any, Any]]]) -> Seal:
    """The seal of this paper of the record; made at its first printing, with what it prints in each language."""
    record_type = ContentType.objects.get_for_model(record)
    found = Seal.objects.filter(record_type=record_type, record_id=record.pk, kind=kind).first()
    if found:
        return found
    titles, texts = {}, {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language] = str(title())
            texts[language] = [[str(label), str(value)] for label, value in fields()]
    with transaction.atomic():  # two workers at once: the constraint lets one in, the other reads it
        return Seal.objects.get_or_create(
            record_type=record_type,
            record_id=record.pk,
            kind=kind,
            defaults={"code": new_code(), "titles": titles, "fields": texts},
        )[0]


def since(seal: Seal) -> Any:
    """What has become of the record since the paper was printed; "" while it holds."""
    record = seal.record
    ask = _live.get(type(record)) if record is not None else None
    return ask(record) if ask is not None else ""


def address(seal: Seal) -> str:
    return settings.SITE_URL + reverse("verify", args=[seal.shown_code])


def picture(seal: Seal) -> str:
    """The address as a QR code: SVG, drawn into the paper itself."""
    return segno.make(address(seal), error="m").svg_inline(
        scale=2, border=0, omitsize=True, svgclass=None, lineclass=None
    )
