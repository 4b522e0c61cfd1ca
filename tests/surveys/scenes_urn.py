"""Campaigns with a ledger and an urn, made by rows, for every test that needs answers: urn, answering, release, texts.

    campaign = open_campaign(world, people=30)                 # OPEN, key in the key directory, 30 invitations
    answer(invitation, {"q-likert": 4, "q-text": "…"})          # through surveys.urn.put_in: sealed, one envelope
    answer_all(campaign, seed=1)                                # everybody answers, by chance of a seed
    close_and_open(campaign)                                    # closed, opened by the worker's own code: OPENED

What the opening does to answers (surveys/opening.py, recoding.py), so that a test is not surprised:
- Fewer than five participants in all: the urn is not opened (NotNow). None at all: it is, and is empty.
- A ballot keeps only strata named in `trees`, and only as many as five ballots of the survey share: the rest say less
  (`strata` without "department", without "level"…). What lacks a stratum counts for the node above.
- Surveys (courses) with fewer than five participants are pooled into a survey without course; answers about a teacher stay
  there only where five ballots are about the same teachers.
- Texts leave the ballot; they say their school only where five texts to the question come from it.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone

from qa_portal.permissions import SYSTEM
from qa_portal.workflow.writing import door
from surveys import custody, keys, opening
from surveys.models import Campaign, Invitation, Questionnaire, Respondent, Survey
from surveys.urn import put_in
from surveys.workflow import opening as steps

TREES = [["school", "department"], ["level", "year"]]


def words(text: str) -> dict[str, str]:
    return {"kk": text, "ru": f"{text} (ru)", "en": f"{text} (en)"}


def item(code: str, kind: str = "likert", **fields: Any) -> dict[str, Any]:
    """One item of a content (surveys/content.py)."""
    return {
        "code": code, "wording": 1, "kind": kind, "scale": "agree" if kind == "likert" else "", "reverse": False,
        "text": words(code), "hint": words(""), "na": True, "refuse": True, "required": False, "remark": False,
        "options": [], "low": None, "high": None, "areas": [], "show_if": {}, **fields,
    }  # fmt: skip


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": words(code)} for code in codes]


def section(code: str, *items: dict[str, Any], per_teacher: bool = False, **fields: Any) -> dict[str, Any]:
    return {
        "code": code, "name": words(code), "intro": words(""), "block": "", "per_teacher": per_teacher, "areas": [],
        "items": list(items), **fields,
    }  # fmt: skip


def content_of(*sections: dict[str, Any]) -> dict[str, Any]:
    return {"name": words("Сауалнама"), "intro": words(""), "thanks": words("Рақмет"), "sections": list(sections)}


def small_content() -> dict[str, Any]:
    """q-likert (with remark), q-likert-2, q-one, q-many, q-rating, q-text."""
    return content_of(
        section(
            "s1",
            item("q-likert", remark=True),
            item("q-likert-2"),
            item("q-one", "single", options=options("a", "b", "c")),
            item("q-many", "multiple", options=options("a", "b", "c", "d")),
            item("q-rating", "rating"),
        ),
        section("s2", item("q-text", "text")),
    )


def teacher_content() -> dict[str, Any]:
    """c-likert about the course; t-likert and t-text for each teacher (`t-likert@<id>`)."""
    return content_of(
        section("s1", item("c-likert")),
        section("s2", item("t-likert"), item("t-text", "text"), per_teacher=True),
    )


def questionnaire(code: str = "urn-test", **fields: Any) -> Questionnaire:
    """A questionnaire in use without sections: campaigns of these scenes bring their own content."""
    found = Questionnaire.objects.filter(code=code).first()
    if found is None:
        found = Questionnaire(code=code, state=Questionnaire.IN_USE, audience="students", **fields)
        found.name_kk, found.name_ru, found.name_en = "Сауалнама", "Опрос", "Survey"
        with door("import"):
            found.save()
    return found


def two_departments(w: Any) -> Callable[[int], dict[str, Any]]:
    """Strata of the n-th person: therapy and surgery in turn, two levels, two years; all of one school."""

    def strata(n: int) -> dict[str, Any]:
        return {
            "school": w.school.pk,
            "department": (w.department, w.other)[n % 2].pk,
            "level": ("bachelor", "master")[n // 2 % 2],
            "year": str(n // 4 % 2 + 1),
        }

    return strata


def campaign_in(state: str, *, content: Mapping[str, Any] | None = None, trees: Any = None, **fields: Any) -> Campaign:
    """A campaign in a state, without key and ledger."""
    today = timezone.localdate()
    values = {
        "questionnaire": questionnaire(),
        "year": today.year,
        "opens_on": today - datetime.timedelta(days=3),
        "closes_on": today + datetime.timedelta(days=14),
        "content": content or small_content(),
        "trees": TREES if trees is None else trees,
        **fields,
    }
    campaign = Campaign(state=state, **values)
    if not campaign.name:
        campaign.name_kk, campaign.name_ru, campaign.name_en = "Науқан", "Кампания", "Campaign"
    with door("import"):
        campaign.save()
    return campaign


def with_key(campaign: Campaign, passphrases: Iterable[str] = ()) -> Campaign:
    """What a rehearsal leaves: key file and public key."""
    campaign.public_key = custody.make_key(campaign, [custody.Passphrase(one) for one in passphrases])
    campaign.rehearsed_on = timezone.localdate()
    with door("import"):
        campaign.save()
    return campaign


def open_campaign(
    world: Any,
    people: int = 30,
    content: Mapping[str, Any] | None = None,
    trees: Any = None,
    strata: Callable[[int], dict[str, Any]] | None = None,
    **fields: Any,
) -> Campaign:
    """An open campaign with one survey and `people` invitations (respondents by e-mail, no accounts).

    `strata(n)` gives the strata of the n-th invited, without it those of `two_departments`; `people=0` makes no survey:
    add some by `add_survey`.
    """
    campaign = with_key(campaign_in(Campaign.OPEN, content=content, trees=trees, **fields))
    if people:
        add_survey(campaign, people, strata or two_departments(world))
    return campaign


def add_survey(
    campaign: Campaign,
    people: int,
    strata: Callable[[int], dict[str, Any]] = lambda n: {},
    *,
    course: Any = None,
    teachers: Iterable[Any] = (),
    of: Mapping[str, Any] | None = None,
) -> Survey:
    """One survey with invitations; of a course with its teachers (people) and the strata of its unit (`of`)."""
    survey = Survey.objects.create(
        campaign=campaign,
        course=course,
        teachers=[{"id": one.pk, "name": words(one.get_full_name())} for one in teachers],
        title=words(str(course or campaign)),
        strata=dict(of or {}),
    )
    respondents = Respondent.objects.bulk_create(
        Respondent(email=f"r{n}-s{survey.pk}@example.org", name=f"R{n}", token_hash=keys.hash_of(f"{survey.pk}/{n}"))
        for n in range(people)
    )
    Invitation.objects.bulk_create(
        Invitation(survey=survey, respondent=respondent, strata=strata(n)) for n, respondent in enumerate(respondents)
    )
    return survey


def invitations(campaign: Campaign) -> list[Invitation]:
    """In the order in which they were made (`strata(n)` is that of the n-th)."""
    rows = Invitation.objects.filter(survey__campaign=campaign).select_related("survey__campaign", "respondent")
    return sorted(rows, key=lambda row: (row.survey_id, int(row.respondent.name[1:])))


def answer(invitation: Invitation, answers: Mapping[str, Any]) -> None:
    """Seal and put in, as the page does after judging."""
    row = Invitation.objects.select_related("survey__campaign").get(pk=invitation.pk)
    put_in(row, dict(answers))


def some_answers(chance: random.Random) -> dict[str, Any]:
    """Of `small_content`."""
    return {
        "q-likert": chance.randint(1, 5),
        "q-likert-2": chance.choice([1, 2, 3, 4, 5, "na"]),
        "q-one": chance.choice("abc"),
        "q-many": sorted(chance.sample("abcd", 2)),
        "q-rating": chance.randint(0, 10),
        "q-text": f"Пікір {chance.randrange(10**6)}",
    }


def answer_all(campaign: Campaign, seed: int = 1, most: int | None = None) -> None:
    """The first `most` invited (all of them) answer by chance of a seed."""
    chance = random.Random(seed)
    for invitation in invitations(campaign)[:most]:
        answer(invitation, some_answers(chance))


def close(campaign: Campaign) -> Campaign:
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.CLOSED)
    campaign.refresh_from_db()
    return campaign


def begin_opening(campaign: Campaign, by: Any = SYSTEM) -> Campaign:
    """The step alone; in a test no worker follows (nothing is committed)."""
    return steps.open_urn(close(campaign), by=by)


def close_and_open(campaign: Campaign, by: Any = SYSTEM) -> Campaign:
    """Closed, the step taken, the worker's job done: OPENED, ballots there, envelopes and key gone."""
    begin_opening(campaign, by)
    opening.run(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def opened_campaign(world: Any, people: int = 30, seed: int = 1, **fields: Any) -> Campaign:
    campaign = open_campaign(world, people, **fields)
    answer_all(campaign, seed)
    return close_and_open(campaign)


# -- campaigns in the urn's states, as the tables of access ask for them -------------------------------------------------
def sealed_one(world: Any) -> Campaign:
    """Closed; nobody answered, so that it may be opened and may be destroyed unread."""
    return close(open_campaign(world, 6))


def opening_one(world: Any) -> Campaign:
    return steps.open_urn(sealed_one(world), by=world.asb)


def opened_one(world: Any) -> Campaign:
    """Opened by a worker that died before it destroyed the key."""
    return steps.finish_opening(opening_one(world), by=SYSTEM)


def stopped_one(world: Any) -> Campaign:
    return steps.halt_opening(opening_one(world), by=SYSTEM, reason="Конверт жетіспейді")
