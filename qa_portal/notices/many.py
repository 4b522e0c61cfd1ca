"""Telling many people at once: the words are rendered once a language, notices and letters are written in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

from .models import Letter, Notice
from .tasks import deliver_waiting
from .writing import absolute, new_message_id, one_line, words

PIECE = 1000


@dataclass(frozen=True)
class Listener:
    """Who is told, where it leads, and the few words that are their own (`said`: a due day, a number)."""

    person: Any
    url: str
    record_id: int | None = None
    said: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class _Worded:
    """Subject, notice and letter in one language, with stand-ins for the reader's name and address."""

    subject: str
    body: str
    text: str
    html: str


class _Reader:
    """Stands in for the person in the letter's template; the real name takes its place afterwards."""

    def __init__(self, name: str):
        self.name = name

    def get_full_name(self) -> str:
        return self.name


class _Words:
    """Each wording is rendered once for a language and for what is said besides."""

    def __init__(self, template: str, context: dict[str, Any]):
        self.template, self.context = template, context
        self.name, self.place = f"n{uuid.uuid4().hex}", f"/{uuid.uuid4().hex}"
        self.known: dict[tuple[str, tuple[tuple[str, Any], ...]], _Worded] = {}

    def of(self, listener: Listener) -> _Worded:
        key = (listener.person.language, listener.said)
        if key not in self.known:
            self.known[key] = self._render(*key)
        return self.known[key]

    def _render(self, language: str, said: tuple[tuple[str, Any], ...]) -> _Worded:
        subject, body = words(self.template, {**self.context, **dict(said)}, language)
        subject = one_line(subject)[:250]
        context = {
            "person": _Reader(self.name),
            "subject": subject,
            "body": body,
            "url": absolute(self.place),
            "items": [],
            "site": settings.SITE_URL,
        }
        with translation.override(language):
            return _Worded(
                subject,
                body,
                render_to_string("mail/letter.txt", context),
                render_to_string("mail/letter.html", context),
            )

    def letter(self, listener: Listener, day: Any) -> Letter:
        person, worded = listener.person, self.of(listener)
        name, url = person.get_full_name(), absolute(listener.url)
        place = absolute(self.place)
        return Letter(
            person=person,
            kind=Letter.Kind.STEP,
            day=day,
            language=person.language,
            subject=worded.subject,
            text=worded.text.replace(self.name, name).replace(place, url),
            html=worded.html.replace(self.name, escape(name)).replace(place, escape(url)),
            message_id=new_message_id(),
        )


def tell_many(
    listeners: Iterable[Listener], *, template: str, context: dict[str, Any], verb: str, model: Any = None
) -> int:
    """A notice each, and one letter each for those who want letters. Returns how many were told.

    To be called inside the transaction of what they are told about; the letters leave after it. The number of
    queries hangs on the number of pieces, not of people.
    """
    chosen = {each.person.pk: each for each in listeners if each.person.is_active}
    if not chosen:
        return 0
    worded = _Words(template, context)
    record_type = ContentType.objects.get_for_model(model) if model is not None else None
    # By language, so that names are read in the reader's own.
    ordered = sorted(chosen.values(), key=lambda each: (each.person.language, each.person.pk))
    posted = sum(_tell(ordered[n : n + PIECE], worded, verb, record_type) for n in range(0, len(ordered), PIECE))
    if posted:
        # robust: with the queue away the letters wait for the timetable's round, and what was done stays done.
        transaction.on_commit(lambda: deliver_waiting.delay(), robust=True)
    return len(ordered)


def _tell(piece: list[Listener], worded: _Words, verb: str, record_type: Any) -> int:
    day = timezone.localdate()
    letters: dict[int, Letter] = {}
    for each in piece:
        if each.person.email and each.person.wants_letters:
            with translation.override(each.person.language):
                letters[each.person.pk] = worded.letter(each, day)
    Letter.objects.bulk_create(letters.values())
    Notice.objects.bulk_create(
        Notice(
            person=each.person,
            verb=verb,
            subject=worded.of(each).subject,
            body=worded.of(each).body,
            url=each.url,
            record_type=record_type if each.record_id else None,
            record_id=each.record_id,
            letter=letters.get(each.person.pk),
        )
        for each in piece
    )
    return len(letters)
