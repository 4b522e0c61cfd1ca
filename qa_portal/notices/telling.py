"""Telling people of a step: a notice and a letter each, written in the same transaction, sent after commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from qa_portal.web.registry import registry

from .models import Letter, Notice
from .tasks import deliver
from .writing import letter, words


def tell(people: Iterable[Any], *, template: str, record: Any, by: Any, context: dict[str, Any], verb: str) -> int:
    """Tell each active person once, except the one who did it. Returns how many were told."""
    listeners = {p.pk: p for p in people if p.is_active and p.pk != getattr(by, "pk", None)}
    record_type = ContentType.objects.get_for_model(record)
    url = record.get_absolute_url()
    for person in listeners.values():
        full = {**context, "record": record, "by": by, "person": person, "word": registry.words.get(verb, verb)}
        subject, body = words(template, full, person.language)
        posted = None
        if person.email and person.wants_letters:
            posted = letter(person, Letter.Kind.STEP, subject, body, url)
            posted.save()
            # robust: with the queue away the letter waits for deliver_waiting(), and the step stays done.
            transaction.on_commit(lambda pk=posted.pk: deliver.delay(pk), robust=True)
        Notice.objects.create(
            person=person,
            verb=verb,
            subject=subject,
            body=body,
            url=url,
            record_type=record_type,
            record_id=record.pk,
            letter=posted,
        )
    return len(listeners)
