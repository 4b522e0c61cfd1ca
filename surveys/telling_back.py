"""Telling back those who were asked: a short letter to everybody invited, once, written and sent by the worker.

It goes to all who were invited and not to those who took part, says nothing about what anybody answered, and can go only
while the ledger stands. `LoopLetter` says that one is to be told; the row goes with the letter, so no table says who was
told or when. What is left in people's inboxes goes with the ledger (letters.forget_letters).
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery import current_app
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from qa_portal.notices.models import Notice
from qa_portal.notices.telling import tell
from qa_portal.notices.writing import absolute, one_line
from qa_portal.workflow.writing import door

from .content import say
from .letters import TOLD, address_of, language_of
from .models import Campaign, Invitation, LoopEntry, LoopLetter, Petition, Respondent
from .petition_letters import order_letter

log = structlog.get_logger(__name__)
#: by name: the job stands above
TASK = "surveys.tasks.loop.tell_back"
#: a claim older than this belongs to a worker that died
STALE = datetime.timedelta(minutes=10)
MOST_ATTEMPTS = 20
PIECE = 500


def public_address(entry: LoopEntry) -> str:
    """Where everybody reads it."""
    year = entry.published_on.year if entry.published_on else timezone.localdate().year
    return f"{reverse('public-loop')}?year={year}#line-{entry.pk}"


# -- owing -------------------------------------------------------------------------------------------------------
def audience_stands(entry: LoopEntry) -> bool:
    """Those who were asked are still known."""
    return entry.release is not None and entry.release.campaign.ledger_ended_on is None


def owe(entry: LoopEntry) -> int:
    """Note that everybody invited is to be told of this line; inside the step's transaction."""
    if not audience_stands(entry) or entry.release is None:
        return 0
    invited = Invitation.objects.filter(survey__campaign=entry.release.campaign_id).order_by()
    rows = Respondent.objects.filter(pk__in=invited.values("respondent"))
    # Visitors of an open link have no address; accounts that were closed are written to no more.
    rows = rows.exclude(person__isnull=True, email="").exclude(person__is_active=False)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    LoopLetter.objects.bulk_create(
        [LoopLetter(entry=entry, respondent_id=pk) for pk in numbers], 2000, ignore_conflicts=True
    )
    # robust: with the queue away the letters wait for the timetable's round.
    transaction.on_commit(lambda: current_app.send_task(TASK), robust=True)
    return len(numbers)


def tell_author(entry: LoopEntry, petition: Petition, by: Any) -> int:
    """The author of a petition by name, in the inbox or by letter; whoever has a code reads it in the thread."""
    if petition.author is not None:
        context = {"entry": entry, "url": public_address(entry)}
        template = "surveys/mail/loop_petition.txt"
        return tell([petition.author], template=template, record=petition, by=by, context=context, verb="told_back")
    order_letter(petition, "told_back")
    return 1


# -- writing --------------------------------------------------------------------------------------------------------
def write(entry: LoopEntry, respondent: Respondent) -> tuple[str, str, str]:
    """Subject, text and HTML of the letter, in the language of who reads it."""
    campaign = entry.release.campaign if entry.release else Campaign()
    language = language_of(respondent)
    with translation.override(language):
        context = {
            "name": respondent.person.get_full_name() if respondent.person else respondent.name,
            "survey": say(campaign.words("name"), language),
            "said": say(entry.words("said"), language),
            "did": say(entry.words("did"), language),
            "link": absolute(public_address(entry)),
        }
        text = render_to_string("surveys/mail/loop_told.txt", context).strip()
        subject, _separator, body = text.partition("\n")
        subject = one_line(subject)[:250]
        html = render_to_string("surveys/mail/loop_told.html", {**context, "subject": subject})
    return subject, body.strip(), html


# -- sending ----------------------------------------------------------------------------------------------------------
def send_waiting() -> int:
    """Tell everybody who waits; of several workers one tells each. Returns how many were told."""
    LoopLetter.objects.filter(entry__release__campaign__ledger_ended_on__isnull=False).delete()
    told = 0
    while rows := list(_free().values_list("pk", flat=True)[:PIECE]):
        done = sum(send(pk) for pk in rows)
        told += done
        if not done and _free().filter(pk__in=rows).exists():
            break  # the mail server is away: the next round tries again
    return told


def _free() -> models.QuerySet:
    free = models.Q(claimed_at__isnull=True) | models.Q(claimed_at__lt=timezone.now() - STALE)
    return LoopLetter.objects.filter(free, attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")


def send(pk: Any) -> bool:
    """Tell one, if they still wait and the line still stands."""
    claimed = _free().order_by().filter(pk=pk).update(claimed_at=timezone.now(), attempts=models.F("attempts") + 1)
    if not claimed:
        return False
    rows = LoopLetter.objects.select_related("entry__release__campaign", "respondent__person")
    row = rows.defer("entry__release__facts", "entry__release__campaign__content").filter(pk=pk).first()
    if row is None:
        return False  # the line was withdrawn between the two
    entry, respondent = row.entry, row.respondent
    person = respondent.person
    if entry.state != LoopEntry.PUBLISHED or (person is not None and not person.is_active):
        row.delete()
        return False
    subject, body, html = write(entry, respondent)
    address = address_of(respondent)
    try:
        if address:
            _post(row, address, subject, body, html)
    except Exception as problem:  # noqa: BLE001
        # It waits for the next round and does not stop those behind it. No name or address in the log.
        LoopLetter.objects.filter(pk=pk).update(claimed_at=None)
        log.warning("letter about what was done not sent", error=type(problem).__name__)
        return False
    return _note(row, subject, body, bool(address))


def _note(row: LoopLetter, subject: str, body: str, posted: bool) -> bool:
    """They are told: the row goes, the line counts one more, and who has an account finds it in the inbox."""
    entry, person = row.entry, row.respondent.person
    with transaction.atomic(), door("step"):
        if not LoopLetter.objects.filter(pk=row.pk).delete()[0]:
            return False
        LoopEntry.objects.filter(pk=entry.pk).update(told=models.F("told") + 1)
        if person is not None:
            Notice.objects.create(
                person=person,
                verb=TOLD,
                # who wants the daily letter only finds it in that one
                kind=Notice.Kind.STEP if posted else Notice.Kind.REMINDER,
                subject=subject,
                body=body,
                url=public_address(entry),
                record_type=ContentType.objects.get_for_model(Campaign),
                record_id=entry.release.campaign_id if entry.release else None,
            )
    return True


def _post(row: LoopLetter, address: str, subject: str, body: str, html: str) -> None:
    # The same letter tried twice (a worker died in between) has the same number: the reader's mailbox can tell.
    message = EmailMultiAlternatives(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={
            "Message-ID": f"<{row.pk.hex}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language_of(row.respondent),
        },
    )
    message.attach_alternative(html, "text/html")
    message.send()


def drop(entry: LoopEntry) -> int:
    """Whoever was not told of a withdrawn line is not told any more."""
    return int(LoopLetter.objects.filter(entry=entry).delete()[0])


def waiting(entry: LoopEntry) -> int:
    return LoopLetter.objects.filter(entry=entry).count()
