"""Answering: who a token speaks for, what a respondent still owes, taking an answer in. Used by /answer/ only.

Nothing here writes a line, a cache entry or a time about an answer; the ledger's boolean and the envelope are all there is.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables

from qa_portal.policy.registry import policy

from . import keys
from .asking import questions_of, survey_of
from .content import AskedSection, Judged, judge
from .models import Campaign, Invitation, QuestionKind, Respondent, Survey
from .sealing import TooLong
from .urn import AlreadyReceived, NotOpen, put_in

__all__ = ["AlreadyReceived", "NotOpen", "TooLong"]

TOKEN = re.compile(r"[0-9a-f]{32}")
#: letters of a Kazakh or Russian keyboard that look like those of a code
ALIKE = str.maketrans("асевАСЕВоО", "acebACEB00")
#: what sending reads of a row, once for each answer; the rest is remembered (asking.py)
TO_SEND = """
SELECT i.*, c.uid AS campaign_uid FROM surveys_invitation i
JOIN surveys_respondent r ON r.id = i.respondent_id
JOIN surveys_survey s ON s.id = i.survey_id JOIN surveys_campaign c ON c.id = s.campaign_id
WHERE i.id = %s AND r.token_hash = %s
"""
#: seconds that a question takes, for saying how long a survey is
SECONDS = {
    QuestionKind.LIKERT: 7,
    QuestionKind.RATING: 8,
    QuestionKind.SINGLE: 9,
    QuestionKind.MULTIPLE: 14,
    QuestionKind.NUMBER: 10,
    QuestionKind.TEXT: 40,
}


class NotInvited(Exception):
    """No such invitation of this respondent: somebody else's, or none."""


class NotFitting(Exception):
    """Something of what was sent does not fit its question, or something needed is missing. `judged` says what."""

    def __init__(self, judged: Judged):
        super().__init__("")
        self.judged = judged


class TooMany(Exception):
    """The open link was used more often within this hour than the university allows."""


# -- tokens -----------------------------------------------------------------------------------------------------------
def grouped(token: str) -> str:
    """As it is printed in a letter for those who type it: eight groups of four."""
    return " ".join(token[at : at + 4] for at in range(0, len(token), 4))


def read_token(text: str) -> str:
    """The token in what was typed or carried by a form; "" when it can be none."""
    found = re.sub(r"[\s\-–—.,#]", "", text[:200].translate(ALIKE)).lower()
    return found if TOKEN.fullmatch(found) else ""


@sensitive_variables()
def respondent_by(token: str) -> Respondent | None:
    found = read_token(token)
    return Respondent.objects.filter(token_hash=keys.hash_of(found)).first() if found else None


# -- what is owed -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asking:
    """One survey on a respondent's list."""

    invitation: Invitation
    minutes: int

    @property
    def survey(self) -> Survey:
        return self.invitation.survey

    @property
    def campaign(self) -> Campaign:
        return self.invitation.survey.campaign


def invited(respondent: Respondent) -> list[Invitation]:
    """Invitations to what is open now, also those whose answer is in; soonest last day first. Three queries at most."""
    rows = (
        Invitation.objects.filter(respondent=respondent, survey__campaign__state=Campaign.OPEN)
        .select_related("survey")
        .prefetch_related("survey__campaign")
    )
    return sorted(rows, key=lambda row: (row.survey.campaign.closes_on, row.survey_id))


def owed(respondent: Respondent) -> list[Asking]:
    """What still waits for this respondent's answer."""
    return [Asking(row, minutes_of(row.survey)) for row in invited(respondent) if not row.participated]


def minutes_of(survey: Survey) -> int:
    """How long it takes, roughly; sections for each teacher count once a teacher."""
    seconds = 0
    for section in survey.campaign.content.get("sections", ()):
        times = len(survey.teachers) if section["per_teacher"] else 1
        seconds += times * sum(SECONDS.get(item["kind"], 10) for item in section["items"])
    return max(1, round(seconds / 60))


def invitation_of(respondent: Respondent | None, invitation_id: Any) -> Invitation:
    """A respondent's own invitation, with survey and campaign. Raises NotInvited."""
    if respondent is None:
        raise NotInvited
    return _found(_rows(invitation_id).filter(respondent=respondent))


@sensitive_variables()
def invitation_by(token: str, invitation_id: Any) -> Invitation:
    """The same by the token of a letter. Raises NotInvited."""
    return _found(_rows(invitation_id).filter(respondent__token_hash=_hash_of(token)))


@sensitive_variables()
def invitation_to_send(token: str, invitation_id: Any) -> Invitation:
    """The same, with no more of it than sending needs; state and dates of its campaign may be of yesterday. Raises NotInvited."""
    number = Invitation._meta.pk.get_db_prep_value(_number(invitation_id), connection)
    row = _found(Invitation.objects.raw(TO_SEND, [number, _hash_of(token)]))
    row.survey = survey_of(row.campaign_uid, row.survey_id)  # type: ignore[attr-defined]
    return row


def _rows(invitation_id: Any) -> QuerySet[Invitation]:
    return Invitation.objects.select_related("survey__campaign").filter(pk=_number(invitation_id)).order_by()


def _found(rows: Iterable[Invitation]) -> Invitation:
    row = next(iter(rows), None)
    if row is None:
        raise NotInvited
    return row


def _number(text: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise NotInvited from None


def _hash_of(token: str) -> str:
    found = read_token(token)
    if not found:
        raise NotInvited
    return keys.hash_of(found)


def asked_of(survey: Survey) -> list[AskedSection]:
    return questions_of(survey).sections


# -- taking in --------------------------------------------------------------------------------------------------------
@sensitive_variables()
def receive(
    respondent: Respondent | None, invitation_id: Any, sent: Mapping[str, Any], language: str | None = None
) -> Invitation:
    """Judge what was sent (item key → value) and put it into the urn. `language` is that of the sentences only.

    Raises NotInvited, NotOpen, AlreadyReceived, NotFitting, TooLong; then nothing is changed. Sent once more after a lost
    reply it raises AlreadyReceived, which is good news.
    """
    return take_in(invitation_of(respondent, invitation_id), sent, language)


@sensitive_variables()
def take_in(invitation: Invitation, sent: Mapping[str, Any], language: str | None = None) -> Invitation:
    if invitation.participated:
        raise AlreadyReceived
    if invitation.survey.campaign.state != Campaign.OPEN:
        raise NotOpen
    with translation.override(language or translation.get_language()):
        judged = judge(asked_of(invitation.survey), sent)
    if not judged.complete:
        raise NotFitting(judged)
    put_in(invitation, judged.answers)
    return invitation


# -- open links -------------------------------------------------------------------------------------------------------
def begin(campaign: Campaign) -> tuple[str, Invitation]:
    """A visitor of an open link begins: a token that only the tab knows, and an invitation. Raises NotOpen, TooMany.

    The counter is one number an hour for the whole link: nobody's address is looked at, nor is the visitor's language kept.
    """
    if campaign.state != Campaign.OPEN:
        raise NotOpen
    key = f"answer-begin:{campaign.pk}:{timezone.now():%Y%m%d%H}"
    used = cache.get(key, 0)
    if used >= policy("surveys.open_link_an_hour"):
        raise TooMany
    cache.set(key, used + 1, 3600)
    token = keys.new_token()
    with transaction.atomic():
        survey = campaign.surveys.select_related("campaign").get()
        respondent = Respondent.objects.create(token_hash=keys.hash_of(token))
        return token, Invitation.objects.create(survey=survey, respondent=respondent)
