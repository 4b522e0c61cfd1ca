"""Letters to an author who gave an e-mail address and has no account: the number and the way, never what was written."""

from __future__ import annotations

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from qa_portal.notices.writing import absolute, words

from .models import Petition

#: by name, because the task imports this module
TASK = "surveys.tasks.petitions.write_to_author"


def order_letter(petition: Petition, verb: str) -> None:
    """After this transaction; authors with an account are told as everybody is."""
    if petition.anonymous or petition.author_id is not None or not petition.email:
        return
    pk = petition.pk
    transaction.on_commit(lambda: _send(pk, verb), robust=True)


def _send(pk: int, verb: str) -> None:
    if current_app.conf.task_always_eager:  # no worker: tests, and a portal run for a look
        write_letter(pk, verb)
    else:
        current_app.send_task(TASK, args=[pk, verb])


def write_letter(pk: int, verb: str) -> bool:
    petition = Petition.objects.filter(pk=pk).exclude(email="").first()
    if petition is None or petition.anonymous:
        return False
    context = {"record": petition, "url": absolute(reverse("public-petition-thread"))}
    subject, body = words(f"surveys/mail/petition_author_{verb}.txt", context, petition.language)
    with translation.override(petition.language):
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": petition.language}
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [petition.email], headers=headers).send()
    return True
