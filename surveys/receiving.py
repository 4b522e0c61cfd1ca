"""Taking a petition in from outside: once, however often the form is sent; with a name or with nothing that tells of one."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from qa_portal.notices.telling import tell
from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import policy

from . import receipts
from .models import Petition, PetitionFile
from .models.petitions import day_of
from .petition_letters import order_letter
from .petition_people import keepers
from .stripping import as_file

#: Counters of this process, in memory: a counter on a disk or in a table would keep the minute of the last sender. There is
#: one for everybody, because who sends is not asked; several web processes let through as many times more.
counters = LocMemCache("petitions", {})
WINDOW = 600
#: wrong codes in a window; 128 bits are not guessed, this keeps the logs and the machine quiet
MOST_WRONG = 300


class Flood(Exception):
    """Too much at once from all visitors together."""


def count(what: str, most: int) -> None:
    """One more of these in this window; Flood beyond the most."""
    counters.add(what, 0, WINDOW)
    with contextlib.suppress(ValueError):  # it ran out between the two lines
        if counters.incr(what) > most:
            raise Flood


def receive(cleaned: dict[str, Any], code: str, person: Any = None) -> Petition:
    """The petition of a form that was found good. The same receipt again gives the petition that it made before."""
    found = by_code(code)
    if found is not None:
        return found
    count("sent", policy("surveys.petition_flood"))
    try:
        with transaction.atomic():
            return _enter(cleaned, code, None if cleaned["anonymous"] else person)
    except (IntegrityError, ValidationError):
        found = by_code(code)  # sent twice at the same moment: the other one was first
        if found is None:
            raise
        return found


def by_code(code: str) -> Petition | None:
    return Petition.objects.filter(code_hash=receipts.hash_of(code)).select_related("unit", "owner", "author").first()


def _enter(cleaned: dict[str, Any], code: str, author: Any) -> Petition:
    names = ("kind", "subject", "text", "unit", "area", "language", "anonymous", "name", "email", "phone")
    petition = Petition(
        **{name: cleaned[name] for name in names},
        author=author,
        received_on=timezone.localdate(),
        code_hash=receipts.hash_of(code),
    )
    petition.add(by=author or SYSTEM)
    for place, part in enumerate(cleaned.get("attachments") or (), 1):
        _keep(petition, part, place)
    people = keepers(petition)
    if people:
        template = "surveys/mail/petition_receive.txt"
        tell(people, template=template, record=petition, by=author or SYSTEM, context={}, verb="receive")
    order_letter(petition, "receive")
    return petition


def _keep(petition: Petition, part: Any, place: int) -> None:
    # Its place among the files of the petition: the name it had may tell who sent it.
    file, name = as_file(part), f"{place}.{part.extension}"
    row = PetitionFile(
        petition=petition,
        name=name,
        size=len(part.content),
        sha256=hashlib.sha256(part.content).hexdigest(),
    )
    row.file.save(name, file, save=False)
    row.save()
    if petition.anonymous:
        # The disk keeps the minute of writing too. Stores that are no folders have no such path.
        with contextlib.suppress(NotImplementedError, OSError):
            moment = day_of().timestamp()
            os.utime(row.file.path, (moment, moment))
