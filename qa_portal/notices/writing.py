"""From a template to a letter: plain text whose first line is the subject, and HTML made of the same words."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string, select_template
from django.utils import timezone, translation

from .models import Letter

FALLBACK = "mail/step.txt"


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def new_message_id() -> str:
    return f"<{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"


def one_line(text: str) -> str:
    """A subject is one line whatever was typed: mail servers refuse a letter with more, and readers could be misled."""
    return " ".join(text.split())


def words(template: str, context: dict[str, Any], language: str) -> tuple[str, str]:
    """Subject and body of a letter in one language. The template's first line is the subject."""
    with translation.override(language):
        text = select_template([template, FALLBACK]).render(context)
    subject, _separator, body = text.strip().partition("\n")
    return one_line(subject)[:250], body.strip()


def letter(
    person: Any, kind: str, subject: str, body: str, url: str, items: list[dict[str, Any]] | None = None
) -> Letter:
    """An unsaved letter to a person, text and HTML, with a deep link."""
    subject = one_line(subject)[:250]
    context = {
        "person": person,
        "subject": subject,
        "body": body,
        "url": absolute(url),
        "items": [{**item, "url": absolute(item["url"])} for item in items or []],
        "site": settings.SITE_URL,
    }
    with translation.override(person.language):
        return Letter(
            person=person,
            kind=kind,
            day=timezone.localdate(),
            language=person.language,
            subject=subject,
            text=render_to_string("mail/letter.txt", context),
            html=render_to_string("mail/letter.html", context),
            message_id=new_message_id(),
        )
