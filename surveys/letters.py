"""Letters to respondents: one letter for all that somebody owes, in their language, with the link that opens the list.

No letter is kept. `LetterOwed` says that one is to be written; the worker writes it while sending, and the row goes. So no
table holds a link (its token comes from a secret in the key directory), and none says when somebody was invited or
reminded. What the mail server keeps is not ours: that a person was reminded tells it that they had not answered by then,
never what they answered.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery import current_app
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from qa_portal.notices.models import Notice
from qa_portal.notices.writing import one_line

from . import keys
from .content import say
from .models import Campaign, Invitation, LetterOwed, Respondent

log = structlog.get_logger(__name__)
#: by name: the job stands above
TASK = "surveys.tasks.campaigns.send_letters"
#: a claim older than this belongs to a worker that died
STALE = datetime.timedelta(minutes=10)
MOST_ATTEMPTS = 20
PIECE = 500
#: how notices about surveys are named: they go with the ledger
ASKED, REMINDED = "survey_asked", "survey_reminded"
#: what followed from a survey they were asked in (telling_back.py)
TOLD = "survey_told"


def link_of(respondent: Respondent) -> str:
    """The token stands after #, so that no server writes it into a log."""
    return f"{settings.SITE_URL}/answer/#{keys.token_for(respondent.pk)}"


@dataclass(frozen=True)
class Line:
    """One survey in a letter."""

    title: str
    until: datetime.date
    #: the campaign's own words of invitation, once a campaign
    words: str


@dataclass(frozen=True)
class Written:
    """A letter that is about to leave."""

    subject: str
    text: str
    html: str


# -- owing letters ---------------------------------------------------------------------------------------------------
def owe(respondents: Iterable[Any], *, reminder: bool) -> None:
    """Note that these respondents (their numbers) get a letter; whoever waits for one already gets that one."""
    rows = [LetterOwed(respondent_id=pk, reminder=reminder) for pk in respondents]
    LetterOwed.objects.bulk_create(rows, 2000, ignore_conflicts=True)
    # robust: with the queue away the letters wait for the timetable's round.
    transaction.on_commit(lambda: current_app.send_task(TASK), robust=True)


def owe_reminders(campaign: Campaign) -> None:
    """A letter to everybody invited: who owes nothing by then gets none, and how many that are stands nowhere."""
    invited = Invitation.objects.filter(survey__campaign=campaign).order_by()
    owe(invited.values_list("respondent_id", flat=True).distinct(), reminder=True)


def tell_accounts(campaign: Campaign, people: Iterable[tuple[int, str, bool]]) -> None:
    """A line in the inbox of each person with an account: (person, language, wants letters).

    Somebody who wants the daily letter only finds it there; the letter with the link is for the others.
    """
    record_type = ContentType.objects.get_for_model(Campaign)
    subjects = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            name = say(campaign.words("name"), code)
            subjects[code] = one_line(translation.gettext("You are asked: %(name)s") % {"name": name})[:250]
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=pk,
                verb=ASKED,
                kind=Notice.Kind.STEP if wants else Notice.Kind.REMINDER,
                subject=subjects.get(language, subjects["kk"]),
                url="/answer/",
                record_type=record_type,
                record_id=campaign.pk,
            )
            for pk, language, wants in people
        ),
        2000,
    )


# -- writing ---------------------------------------------------------------------------------------------------------
def owed_by(respondents: Iterable[Respondent]) -> dict[Any, list[Invitation]]:
    """What each of them still owes to open campaigns, soonest last day first. Two queries."""
    rows = (
        Invitation.objects.filter(
            respondent__in=list(respondents), participated=False, survey__campaign__state=Campaign.OPEN
        )
        .select_related("survey__campaign")
        .defer("survey__campaign__content")
    )
    found: dict[Any, list[Invitation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.survey.campaign.closes_on, row.survey.campaign_id, row.survey_id)):
        found[row.respondent_id].append(row)
    return found


def language_of(respondent: Respondent) -> str:
    return respondent.person.language if respondent.person else respondent.language


def address_of(respondent: Respondent) -> str:
    """Where the letter goes; "" for who cannot or does not want to be written to."""
    person = respondent.person
    if person is None:
        return respondent.email
    return person.email if person.is_active and person.wants_letters else ""


def write(respondent: Respondent, owed: list[Invitation], *, reminder: bool) -> Written:
    language = language_of(respondent)
    with translation.override(language):
        seen: set[int] = set()
        lines = []
        for row in owed:
            campaign = row.survey.campaign
            words = "" if campaign.pk in seen else say(campaign.words("invitation"), language)
            seen.add(campaign.pk)
            lines.append(Line(say(row.survey.title, language), campaign.closes_on, words))
        name = respondent.person.get_full_name() if respondent.person else respondent.name
        context = {
            "name": name,
            "lines": lines,
            "link": link_of(respondent),
            "reminder": reminder,
            "one": len(lines) == 1,
            "site": settings.SITE_URL,
        }
        text = render_to_string("surveys/mail/asked.txt", context).strip()
        subject, _separator, body = text.partition("\n")
        subject = one_line(subject)[:250]
        html = render_to_string("surveys/mail/asked.html", {**context, "subject": subject})
    return Written(subject, body.strip(), html)


# -- sending ---------------------------------------------------------------------------------------------------------
def send_waiting() -> int:
    """Send every letter that waits; of several workers one sends each. Returns how many left."""
    sent = 0
    while rows := list(_free().values_list("pk", flat=True)[:PIECE]):
        done = sum(send(pk) for pk in rows)
        sent += done
        if not done and _free().filter(pk__in=rows).exists():
            break  # the mail server is away: the next round tries again
    return sent


def _free() -> models.QuerySet:
    free = models.Q(claimed_at__isnull=True) | models.Q(claimed_at__lt=timezone.now() - STALE)
    return LetterOwed.objects.filter(free, attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")


def send(pk: Any) -> bool:
    """Send one letter if it still waits; a letter that has nothing to say any more is dropped."""
    claimed = _free().order_by().filter(pk=pk).update(claimed_at=timezone.now(), attempts=models.F("attempts") + 1)
    if not claimed:
        return False
    row = LetterOwed.objects.select_related("respondent__person").get(pk=pk)
    respondent = row.respondent
    owed = owed_by([respondent]).get(respondent.pk, [])
    address = address_of(respondent)
    if not owed or not address:
        if row.reminder and not address:
            _remind_in_inbox(respondent)
        row.delete()
        return False
    try:
        _post(respondent, address, owed, write(respondent, owed, reminder=row.reminder))
    except Exception as problem:  # noqa: BLE001
        # The letter waits for the next round and does not stop those behind it. No name or address in the log.
        LetterOwed.objects.filter(pk=pk).update(claimed_at=None)
        log.warning("letter about surveys not sent", error=type(problem).__name__)
        return False
    row.delete()
    return True


def _post(respondent: Respondent, address: str, owed: list[Invitation], written: Written) -> None:
    # The same letter tried twice (a worker died in between) has the same number: the reader's mailbox can tell.
    about = f"{timezone.localdate().isoformat()}:{sorted(row.survey_id for row in owed)}"
    number = hashlib.sha256(f"{keys.token_for(respondent.pk)}:{about}".encode()).hexdigest()[:32]
    message = EmailMultiAlternatives(
        written.subject,
        written.text,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={
            "Message-ID": f"<{number}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language_of(respondent),
        },
    )
    message.attach_alternative(written.html, "text/html")
    message.send()


def _remind_in_inbox(respondent: Respondent) -> None:
    """Somebody with an account who wants no letters but the daily one: the reminder comes with that.

    To whoever was invited, answered or not: a line of the inbox and the daily letter with it stay in tables, with their day,
    and would say who had not answered by then.
    """
    person = respondent.person
    if person is None or not person.is_active:
        return
    rows = Campaign.objects.open().filter(surveys__invitations__respondent=respondent).defer("content")
    campaign = rows.order_by("closes_on", "pk").first()
    if campaign is None:
        return
    with translation.override(person.language):
        subject = translation.gettext("Still open: %(name)s. Whoever has answered has nothing left to do.") % {
            "name": say(campaign.words("name"), person.language)[:150]
        }
    Notice.objects.create(
        person=person,
        kind=Notice.Kind.REMINDER,
        verb=REMINDED,
        subject=one_line(subject)[:250],
        url="/answer/",
        record_type=ContentType.objects.get_for_model(Campaign),
        record_id=campaign.pk,
    )


# -- forgetting -----------------------------------------------------------------------------------------------------
def undelivered(campaign: Campaign) -> int:
    """Letters that could not be delivered and are tried no more: the addresses are wrong. Of first letters only."""
    rows = LetterOwed.objects.filter(attempts__gte=MOST_ATTEMPTS, reminder=False)
    return rows.filter(respondent__invitations__survey__campaign=campaign).distinct().count()


def drop_waiting(campaign: Campaign) -> None:
    """After the last day: letters that have nothing else to say."""
    rows = LetterOwed.objects.filter(respondent__invitations__survey__campaign=campaign)
    open_ones = Invitation.objects.filter(
        survey__campaign__state=Campaign.OPEN, respondent=models.OuterRef("respondent")
    )
    keep = rows.filter(models.Exists(open_ones.exclude(survey__campaign=campaign))).values("pk")
    LetterOwed.objects.filter(pk__in=rows.exclude(pk__in=keep).values("pk")).delete()


def forget_letters(campaign: Campaign) -> int:
    """With the ledger go the lines in people's inboxes that say who was asked and who was reminded."""
    rows = Notice.objects.filter(
        record_type=ContentType.objects.get_for_model(Campaign), record_id=campaign.pk, verb__in=(ASKED, REMINDED, TOLD)
    )
    return rows.delete()[0]
