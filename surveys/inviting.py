"""From roster to invitations: surveys, respondents, the ledger in random order. Called by the step that opens a campaign.

Respondents are found or made before, a piece at a time, each piece of its own transaction: a worker that dies leaves some
respondents too many and no invitation. Everything else is one transaction with the campaign's own state.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from qa_portal.people.models import Person
from qa_portal.programmes.models import Course

from . import keys, letters, strata
from .content import LANGUAGES, freeze, words_of
from .models import Campaign, Invitation, Respondent, RosterLine, Survey

PIECE = 1000
Told = Callable[[int, int], None]


# -- respondents ---------------------------------------------------------------------------------------------------
def make_respondents(campaign: Campaign, told: Told = lambda done, total: None) -> dict[int | str, Any]:
    """A respondent for each line that has none yet: one a person, one an address without an account.

    Gives {person or address: respondent}.
    """
    lines = campaign.roster.taken().order_by("pk")
    found: dict[int | str, Any] = {}
    total, done, last = lines.count(), 0, 0
    while piece := list(lines.filter(pk__gt=last)[:PIECE]):
        last = piece[-1].pk
        with transaction.atomic():
            found |= _make(piece)
        done += len(piece)
        told(done, total)
    return found


def _known(piece: list[RosterLine]) -> dict[int | str, Respondent]:
    # By lists and not by a subquery: right after a roster was filled the database knows nothing of its size.
    people = [line.person_id for line in piece if line.person_id]
    emails = [line.email for line in piece if not line.person_id]
    by_person = Respondent.objects.filter(person__in=people)
    by_email = Respondent.objects.filter(person__isnull=True, email__in=emails)
    return {**{r.person_id: r for r in by_person}, **{r.email: r for r in by_email}}


def _make(piece: list[RosterLine]) -> dict[int | str, Any]:
    known = _known(piece)
    fresh, renewed = [], []
    for line in piece:
        there = known.get(line.person_id or line.email)
        if there is None:
            own = {} if line.person_id else {"email": line.email, "name": line.name}
            fresh.append(Respondent(person_id=line.person_id, language=line.language, **own))
        elif not line.person_id and (there.name, there.language) != (line.name or there.name, line.language):
            there.name, there.language = line.name or there.name, line.language
            renewed.append(there)
    for respondent in fresh:
        respondent.token_hash = keys.hash_of(keys.token_for(respondent.pk))
    if fresh:
        # Another campaign launched at the same moment may have made some of them: those are left as they are. In one
        # order, so that two of them never wait for each other.
        fresh.sort(key=lambda respondent: (respondent.person_id or 0, respondent.email))
        Respondent.objects.bulk_create(fresh, ignore_conflicts=True)
        known = _known(piece)
    Respondent.objects.bulk_update(renewed, ["name", "language"])
    return {key: respondent.pk for key, respondent in known.items()}


# -- surveys -------------------------------------------------------------------------------------------------------
def make_surveys(campaign: Campaign) -> dict[int | None, Survey]:
    """{course: survey}; a campaign that is not about courses has one, under None."""
    if not campaign.about_courses:
        return {None: Survey.objects.create(campaign=campaign, title=campaign.words("name"))}
    asked = sorted({pk for courses in campaign.roster.taken().values_list("courses", flat=True) for pk in courses})
    courses = (
        Course.objects.filter(pk__in=asked).select_related("discipline").prefetch_related("teachers").order_by("pk")
    )
    places = strata.Places()
    rows = [
        Survey(
            campaign=campaign,
            course=course,
            teachers=[
                {"id": person.pk, "name": name_of(person)} for person in course.teachers.all() if person.is_active
            ],
            title=words_of(course.discipline, "name"),
            strata=places.of(course.discipline.unit_id),
        )
        for course in courses
    ]
    Survey.objects.bulk_create(rows)
    return {survey.course_id: survey for survey in campaign.surveys.all()}


def name_of(person: Any) -> dict[str, str]:
    """The name as it is written in each language, from the columns: no language is switched for thousands of names."""
    found = {}
    for code in LANGUAGES:
        parts = (getattr(person, f"{name}_{code}") or getattr(person, f"{name}_kk") for name in _NAMES)
        found[code] = " ".join(part for part in parts if part) or person.username
    return found


_NAMES = ("last_name", "first_name", "middle_name")


# -- invitations ---------------------------------------------------------------------------------------------------
def invite(campaign: Campaign) -> int:
    """Freeze the content, make surveys and invitations, empty the roster, owe the letters. Returns how many are asked.

    Inside the step's transaction: all of it or nothing. The order of the ledger is chance, drawn from the system.
    """
    campaign.roster.filter(person__is_active=False).delete()  # accounts closed since the list was made
    known = make_respondents(campaign)
    campaign.content = freeze(campaign.questionnaire, campaign.blocks)
    surveys = make_surveys(campaign)
    if campaign.by_link:
        return 0
    lines = list(campaign.roster.taken().order_by("pk").values_list("person_id", "email", "strata", "courses"))
    respondents = [known[person or email] for person, email, _strata, _courses in lines]
    merged = strata.recoded([own for _person, _email, own, _courses in lines], campaign.trees, strata.smallest_group())
    rows = [
        Invitation(survey=survey, respondent_id=respondent, strata=own)
        for respondent, own, (_person, _email, _own, courses) in zip(respondents, merged, lines, strict=True)
        for survey in _asked(surveys, courses)
    ]
    random.SystemRandom().shuffle(rows)
    for piece in _pieces(rows):
        Invitation.objects.bulk_create(piece)
    asked = sorted(set(respondents), key=str)
    people = Person.objects.filter(pk__in=campaign.roster.taken().values("person")).order_by("pk")
    letters.tell_accounts(
        campaign, [(one.pk, one.language, one.wants_letters) for one in people.only("pk", "language", "letters_wanted")]
    )
    campaign.roster.all().delete()
    letters.owe(asked, reminder=False)
    return len(asked)


def _asked(surveys: dict[int | None, Survey], courses: list[int]) -> list[Survey]:
    if None in surveys:
        return [surveys[None]]
    return [surveys[pk] for pk in courses if pk in surveys]


def _pieces(rows: list[Invitation]) -> Iterator[list[Invitation]]:
    for start in range(0, len(rows), PIECE):
        yield rows[start : start + PIECE]
