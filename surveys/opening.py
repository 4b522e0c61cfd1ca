"""Opening an urn: all envelopes of a campaign at once, shuffled, in one transaction; then envelopes and key are destroyed.

The only writer of ballots. Either everything fits – as many envelopes as participants in each survey, every one opens, each
says of its sender what the ledger says of a participant – or it stops and reports, and nothing is written or destroyed.
Killed before the commit it leaves nothing behind; killed after it, the next run destroys the key (`resume`).

What keeps the order of answers out: the list is shuffled by the system's randomness across all surveys before it is written;
keys are random; one transaction writes all, so that row order and transaction number are the same for everybody. Texts are
shuffled apart from ballots. How much a ballot says about its sender: recoding.py.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_portal.people.models import Unit
from qa_portal.permissions import SYSTEM
from qa_portal.policy.registry import policy
from qa_portal.workflow.writing import door

from . import custody, keys, sealing
from .content import Asked, asked, is_text_key, items_of
from .models import Campaign, Envelope, Invitation, Survey, TextAnswer, UrnOpening
from .models.ballots import Ballot
from .recoding import Asking, Class, classes, recode
from .workflow import opening as steps

#: an urn whose opening has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=10)
BATCH = 1000
log = structlog.get_logger(__name__)
_chance = random.SystemRandom()


class Stop(Exception):
    """What is in the urn is not as it must be; the words are for the quality office and name nobody."""


# -- the job ----------------------------------------------------------------------------------------------------------
def run(pk: int) -> bool:
    """Open one urn that waits for it; of several workers one does."""
    if not _take(pk):
        return False
    campaign = Campaign.objects.get(pk=pk)
    try:
        opened = _open(pk, custody.key_at_hand(campaign))
    except Stop as reason:
        return _halt(campaign, str(reason))
    except keys.KeyMissing:
        return _halt(campaign, _missing(campaign))
    except custody.CannotUnlock as problem:
        return _halt(campaign, str(problem))
    except Exception as problem:
        # Where, and never what: the message of a database error may quote an answer.
        where = "".join(traceback.format_tb(problem.__traceback__))
        log.error("urn not opened", campaign=pk, kind=type(problem).__name__, where=where)
        return _halt(campaign, _("Something went wrong in the portal. The administrator finds it in the log."))
    if opened:
        _destroy_key(campaign)
    return opened


def resume() -> int:
    """What a dead worker left: urns half way, keys of opened urns, unlocked keys that nobody took."""
    done = 0
    waiting = Campaign.objects.filter(_idle(), state=Campaign.OPENING)
    for pk in list(waiting.values_list("pk", flat=True)[:10]):
        done += run(pk)
    for campaign in Campaign.objects.filter(state=Campaign.OPENED, key_destroyed_on__isnull=True):
        _destroy_key(campaign)
        done += 1
    _sweep_handed()
    return done


def _idle() -> Q:
    return Q(worked_at__isnull=True) | Q(worked_at__lt=timezone.now() - STALE)


def _take(pk: int) -> bool:
    with door("step"):
        rows = Campaign.objects.filter(_idle(), pk=pk, state=Campaign.OPENING)
        return bool(rows.update(worked_at=timezone.now(), progress=0))


def _missing(campaign: Campaign) -> str:
    if campaign.key_place == Campaign.KeyPlace.OFFICERS:
        return _("The worker did not find the unlocked key. Both officers type their passphrases once more.")
    return custody.trouble(campaign) or _("The worker does not find the file of the key: see its key directory.")


def _halt(campaign: Campaign, reason: str) -> bool:
    custody.take_back(campaign)
    campaign.refresh_from_db()
    if campaign.state == Campaign.OPENING:  # another worker may have finished it
        steps.halt_opening(campaign, by=SYSTEM, reason=reason)
    return False


def _destroy_key(campaign: Campaign) -> None:
    campaign.refresh_from_db()
    if campaign.key_destroyed_on is None:
        steps.destroy_key(campaign, by=SYSTEM)


def _sweep_handed() -> None:
    opening = {str(uid) for uid in Campaign.objects.filter(state=Campaign.OPENING).values_list("uid", flat=True)}
    for path in keys.directory().glob("*.handed"):
        if path.stem not in opening:
            keys.destroy(path)


# -- opening ------------------------------------------------------------------------------------------------------------
def _open(pk: int, private: bytes) -> bool:
    with transaction.atomic():
        # Of two workers the second waits here, and then finds it opened.
        campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk=pk, state=Campaign.OPENING).first()
        if campaign is None:
            return False
        surveys = {survey.pk: survey for survey in campaign.surveys.all()}
        ledger, people = _participants(campaign)
        urn = Envelope.objects.filter(survey__campaign=campaign)
        _agree(ledger, Counter(urn.values_list("survey", flat=True)))
        rows = _unsealed(urn, private, ledger, _Kept(campaign, surveys))
        ballots, texts = _recoded(campaign, surveys, rows, people)
        digest = digest_of((made.survey_id, made.strata, made.answers) for made in ballots)
        _chance.shuffle(ballots)
        _chance.shuffle(texts)
        for at in range(0, len(ballots), BATCH):
            Ballot.objects.bulk_create(ballots[at : at + BATCH])
        for at in range(0, len(texts), BATCH):
            TextAnswer.objects.bulk_create(texts[at : at + BATCH])
        urn.delete()
        UrnOpening.objects.create(
            campaign=campaign,
            on=timezone.localdate(),
            by=_opener(campaign),
            envelopes=len(rows),
            participants=ledger.total(),
            digest=digest,
        )
        steps.finish_opening(campaign, by=SYSTEM)
    return True


def _participants(campaign: Campaign) -> tuple[Counter[tuple[int, str]], dict[int, set[Any]]]:
    """Of each survey and stratum how many took part, and who. Locked: an answer that comes in is counted or refused."""
    invitations = Invitation.objects.filter(survey__campaign=campaign).select_for_update(of=("self",)).order_by("pk")
    found: Counter[tuple[int, str]] = Counter()
    people: dict[int, set[Any]] = {}
    columns = ("survey", "strata", "participated", "respondent")
    for survey, strata, participated, respondent in invitations.values_list(*columns).iterator(2000):
        if participated:
            found[survey, _canonical(strata)] += 1
            people.setdefault(survey, set()).add(respondent)
    return found, people


def _agree(ledger: Counter[tuple[int, str]], envelopes: Counter[int]) -> None:
    """In each survey, not in the sum only: one missing here and one too many there is two mistakes, not none."""
    taken: Counter[int] = Counter()
    for (survey, _strata), number in ledger.items():
        taken[survey] += number
    if taken == envelopes:
        return
    missing = (taken - envelopes).total()
    extra = (envelopes - taken).total()
    raise Stop(
        _(
            "%(participants)s people took part and %(envelopes)s envelopes are in the urn: %(missing)s missing, %(extra)s too "
            "many. Nothing was opened, written or destroyed. Ask the administrator what happened to the database."
        )
        % {"participants": taken.total(), "envelopes": envelopes.total(), "missing": missing, "extra": extra}
    )


class _Kept:
    """What of an answer is kept: known questions only, in the questionnaire's order, texts apart."""

    def __init__(self, campaign: Campaign, surveys: Mapping[int, Survey]):
        self.items: dict[int, dict[str, Asked]] = {
            pk: items_of(asked(campaign.content, survey.teachers)) for pk, survey in surveys.items()
        }

    def parts(self, survey: int, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        values: dict[str, Any] = {}
        texts: list[tuple[str, str]] = []
        items = self.items[survey]
        for key, item in items.items():
            for name in (key, item.remark_key):
                if name not in answers:
                    continue
                value = answers[name]
                if is_text_key(items, name) and isinstance(value, str) and value not in ("na", "refused"):
                    text = value.replace("\x00", "").strip()
                    if text:
                        texts.append((name, text))
                elif name == key:
                    values[key] = self._in_order(item, value)
        return values, texts

    def _in_order(self, item: Asked, value: Any) -> Any:
        """Several choices stand in the questionnaire's order, not in that of the clicks."""
        if not isinstance(value, list):
            return value
        return [code for code, _words in item.options if code in value]


#: survey, strata, answers as JSON, texts
Row = tuple[int, dict[str, Any], str, list[tuple[str, str]]]


def _unsealed(urn: Any, private: bytes, ledger: Counter[tuple[int, str]], kept: _Kept) -> list[Row]:
    """Every envelope opened, some hundred at a time; of each only what is kept stays in memory, and packed."""
    rows: list[Row] = []
    left, broken = Counter(ledger), 0
    for survey, ciphertext in urn.values_list("survey", "ciphertext").iterator(chunk_size=200):
        try:
            strata, answers = sealing.unseal(private, survey, ciphertext)
            values, texts = kept.parts(survey, answers)
            left[survey, _canonical(strata)] -= 1
        except (sealing.Broken, AttributeError, TypeError, KeyError):
            broken += 1
            continue
        rows.append((survey, strata, _canonical(values, sort=False), texts))
    if broken:
        raise Stop(
            _(
                "%(broken)s envelopes cannot be opened with this campaign's key: they were damaged or exchanged. Nothing was "
                "written or destroyed. Ask the administrator what happened to the database."
            )
            % {"broken": broken}
        )
    if any(left.values()):
        raise Stop(
            _(
                "What the envelopes say of their senders does not agree with the list of those who took part: envelopes were "
                "exchanged. Nothing was written or destroyed. Ask the administrator what happened to the database."
            )
        )
    # From here on nobody knows in which order they lay.
    _chance.shuffle(rows)
    return rows


def _recoded(
    campaign: Campaign, surveys: Mapping[int, Survey], rows: list[Row], people: Mapping[int, set[Any]]
) -> tuple[list[Ballot], list[TextAnswer]]:
    least = policy("surveys.ballot_class")
    asking = {
        pk: Asking(survey.strata, tuple(teacher["id"] for teacher in survey.teachers)) for pk, survey in surveys.items()
    }
    found = classes([(survey, strata) for survey, strata, _a, _t in rows], asking, campaign.trees, least, people)
    pool = _pool(campaign) if any(of.survey is None for of in found) else None
    ballots: list[Ballot] = []
    texts: list[tuple[Survey | None, str, Any, str]] = []
    for of, (survey, _strata, packed, said) in zip(found, rows, strict=True):
        home = surveys[survey] if of.survey is not None else pool
        answers = {key: value for key, value in json.loads(packed).items() if _may_say(of, key)}
        ballots.append(Ballot(survey=home, strata=dict(of.strata), answers=answers))
        school = dict(of.strata).get("school") or (home.strata.get("school") if home else None)
        texts.extend((home, key, school, text) for key, text in said if _may_say(of, key))
    return ballots, _texts(texts, least)


def _may_say(of: Class, key: str) -> bool:
    """In a pool of small courses an answer about a teacher would name the course; it stays where enough share it."""
    return of.survey is not None or "@" not in key or bool(of.teachers)


def _pool(campaign: Campaign) -> Survey:
    """Where answers about courses with few participants go: they count for unit and university, not for the course."""
    title = {"kk": "Аз жауап алған курстар", "ru": "Курсы с малым числом ответов", "en": "Courses with few answers"}
    return Survey.objects.create(campaign=campaign, course=None, title=title)


def _texts(texts: list[tuple[Survey | None, str, Any, str]], least: int) -> list[TextAnswer]:
    """A text says its school where at least `least` answers to the question come from it, else nothing."""
    known = set(Unit.objects.values_list("pk", flat=True))
    by_question: dict[Any, list[int]] = {}
    for place, (home, key, _school, _text) in enumerate(texts):
        by_question.setdefault((home.pk if home else None, key), []).append(place)
    unit: dict[int, Any] = {}
    for places in by_question.values():
        schools = [texts[place][2] for place in places]
        ladders = [[school, None] if school in known else [None] for school in schools]
        unit.update(zip(places, recode(ladders, least), strict=True))
    return [
        TextAnswer(survey=home, question=key, unit_id=unit[place], text=text)
        for place, (home, key, _school, text) in enumerate(texts)
    ]


def _opener(campaign: Campaign) -> Any:
    entry = campaign.history.filter(verb=steps.open_urn.name).select_related("by").first()
    return entry.by if entry else None


# -- digest -----------------------------------------------------------------------------------------------------------
def _canonical(value: Any, *, sort: bool = True) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=sort, separators=(",", ":"))


def digest_of(ballots: Iterable[tuple[int, Any, Any]]) -> str:
    """SHA-256 over ballots (survey, strata, answers) in whatever order they come: a later reader can prove them unchanged."""
    lines = sorted(hashlib.sha256(_canonical(list(ballot)).encode()).digest() for ballot in ballots)
    return hashlib.sha256(b"".join(lines)).hexdigest()
