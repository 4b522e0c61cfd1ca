"""Reminders of petitions: not registered yet, near and past the deadline, and what authors without a name wrote.

Lines say the number alone. Of a petition without a name nobody is told at the minute it comes: the hour of a notice would
be the hour of the author, so the reminders of the next day tell.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.models import Person

from ..models import Petition, PetitionMessage
from ..permissions.petitions import barred
from ..petition_people import registrars


def _prepare() -> dict[str, Any]:
    return {"active": {person.pk: person for person in Person.objects.filter(is_active=True).select_related("unit")}}


def _people(known: dict[str, Any], name: str, row: Petition) -> list[int]:
    if name == "owner":
        owner = known["active"].get(row.owner_id)
        if owner is not None and not barred(owner, row):
            return [owner.pk]
    return [person.pk for person in registrars(row)]


def _rows(*states: str) -> Any:
    return Petition.objects.filter(state__in=states).select_related("unit").prefetch_related("concerns")


def _new(row: Petition, late: int, language: str) -> Line:
    words = _("A petition waits to be registered: %(number)s") % {"number": row.number}
    return Line(words, row.get_absolute_url())


def _word(row: Petition, late: int, language: str) -> Line:
    words = _("The author of a petition has written: %(number)s") % {"number": row.number}
    return Line(words, row.get_absolute_url())


def _with_words() -> Any:
    """Petitions without a name whose author wrote after the last word of the university, by the day of it."""
    said = PetitionMessage.objects.filter(petition=OuterRef("pk")).order_by("-pk")
    rows = _rows(*Petition.OPEN, Petition.ANSWERED).filter(anonymous=True)
    last = rows.annotate(
        said_on=Subquery(said.values("on")[:1]), said_by_author=Subquery(said.values("from_author")[:1])
    )
    return last.filter(said_by_author=True)


remind_of(
    ReminderRule(
        name="surveys.petition_new",
        rows=lambda: _rows(Petition.RECEIVED),
        deadline="received_on",
        thresholds=lambda: thresholds(registrars="surveys.remind_petition_new"),
        prepare=_prepare,
        audience=_people,
        line=_new,
    )
)
remind_of(
    ReminderRule(
        name="surveys.petition_word",
        rows=_with_words,
        deadline="said_on",
        thresholds=lambda: thresholds(owner="surveys.remind_petition_word"),
        prepare=_prepare,
        audience=_people,
        line=_word,
    )
)
remind_of(
    ReminderRule(
        name="surveys.petition_due",
        rows=lambda: _rows(*Petition.RUNNING).filter(due_on__isnull=False),
        deadline="due_on",
        thresholds=lambda: thresholds(
            owner="surveys.remind_petition_owner", registrars="surveys.remind_petition_office"
        ),
        prepare=_prepare,
        audience=_people,
        line=lambda row, late, language: Line(f"{lateness(late)}: {row.number}", row.get_absolute_url()),
    )
)
