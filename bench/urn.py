"""An urn of 15,000 envelopes with 40 questions: opened at once, and released; time and peak of memory.

`python -m bench --only surveys`; by itself `python -m bench.urn fill N` and then `python -m bench.urn measure`, with the same
DATABASE_URL and SURVEY_KEY_DIR. Filling has a process of its own, so that its memory is not measured.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
import warnings
from typing import Any

import django
from celery.exceptions import AlwaysEagerIgnored

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE", "bench.settings")
    if "CELERY_DIR" in os.environ:
        os.environ.setdefault("SURVEY_KEY_DIR", f"{os.environ['CELERY_DIR']}/keys")
    django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.people.models import Unit  # noqa: E402
from qa_portal.permissions import SYSTEM  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from surveys import custody, keys, making, opening, release, sealing  # noqa: E402
from surveys.content import asked  # noqa: E402
from surveys.models import (  # noqa: E402
    Campaign,
    Envelope,
    Invitation,
    Questionnaire,
    Respondent,
    Survey,
    TextAnswer,
    UrnOpening,
)
from surveys.workflow import opening as steps  # noqa: E402

from . import data  # noqa: E402
from .printing import line, summary, verdict  # noqa: E402

ENVELOPES, QUESTIONS, ANSWERED = 15_000, 40, 0.75
MOST_SECONDS, MOST_MEGABYTES = 60.0, 500.0
PIECE = 500


# -- data ------------------------------------------------------------------------------------------
def words(text: str) -> dict[str, str]:
    return {"kk": text, "ru": text, "en": text}


def item(number: int) -> dict[str, Any]:
    kind = {38: "rating", 39: "text", 37: "multiple", 36: "single"}.get(number, "likert")
    chosen = [{"code": code, "text": words(code)} for code in "abcde"] if kind in ("single", "multiple") else []
    return {
        "code": f"st-question-{number:02d}", "wording": 1, "kind": kind, "scale": "agree" if kind == "likert" else "",
        "reverse": False, "text": words(f"Сұрақ {number}"), "hint": words(""), "na": True, "refuse": False,
        "required": False, "remark": number % 10 == 0, "options": chosen, "low": None, "high": None, "areas": [],
        "show_if": {},
    }  # fmt: skip


def content() -> dict[str, Any]:
    sections = [
        {
            "code": f"s{part}", "name": words(f"Бөлім {part}"), "intro": words(""), "block": "", "per_teacher": False,
            "areas": [], "items": [item(number) for number in range(part * 10, part * 10 + 10)],
        }
        for part in range(QUESTIONS // 10)
    ]  # fmt: skip
    return {"name": words("Сауалнама"), "intro": words(""), "thanks": words(""), "sections": sections}


def answers(items: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in items:
        match one["kind"]:
            case "likert":
                found[one["code"]] = chance.choice([1, 2, 3, 4, 4, 5, 5, "na"])
            case "rating":
                found[one["code"]] = chance.randint(0, 10)
            case "single":
                found[one["code"]] = chance.choice("abcde")
            case "multiple":
                found[one["code"]] = sorted(chance.sample("abcde", 2))
            case "text" if chance.random() < 0.3:
                found[one["code"]] = " ".join(chance.choices(data.WORDS, k=25))
        if one["remark"] and chance.random() < 0.05:
            found[f"{one['code']}#"] = " ".join(chance.choices(data.WORDS, k=12))
    return found


def fill(envelopes: int = ENVELOPES) -> None:
    data.make(200)
    chance, began = random.Random(31), time.perf_counter()
    with transaction.atomic(), door("import"):
        campaign = _campaign()
        survey = Survey.objects.create(campaign=campaign, title=words("Сауалнама"))
        _ledger_and_urn(campaign, survey, envelopes, chance)
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    line(f"{envelopes} envelopes sealed and put in: {time.perf_counter() - began:.1f} s")


def _campaign() -> Campaign:
    today = timezone.localdate()
    questionnaire = Questionnaire(
        code="bench-urn", state=Questionnaire.IN_USE, audience="students", name_kk="Сауалнама"
    )
    questionnaire.save()
    campaign = Campaign(
        state=Campaign.CLOSED,
        questionnaire=questionnaire,
        name_kk="Студенттер",
        year=today.year,
        opens_on=today,
        closes_on=today,
        content=content(),
        trees=[["school", "department"], ["level", "year"]],
        rehearsed_on=today,
    )
    campaign.save()
    campaign.public_key = custody.make_key(campaign)
    campaign.save()
    return campaign


def _ledger_and_urn(campaign: Campaign, survey: Survey, envelopes: int, chance: random.Random) -> None:
    schools = list(Unit.objects.filter(kind=Unit.Kind.SCHOOL).order_by("pk"))
    places = [
        {"school": school.pk, "department": unit.pk}
        for school in schools
        for unit in Unit.objects.filter(parent=school).order_by("pk")
    ] or [{"school": unit.pk} for unit in schools]
    items = [one for section in campaign.content["sections"] for one in section["items"]]
    size, public = sealing.size_for(asked(campaign.content)), bytes(campaign.public_key or b"")
    invited = round(envelopes / ANSWERED)
    for start in range(0, invited, PIECE):
        numbers = range(start, min(start + PIECE, invited))
        respondents = Respondent.objects.bulk_create(
            Respondent(email=f"r{n}@bench.example.org", token_hash=keys.hash_of(str(n))) for n in numbers
        )
        strata = [
            {
                **chance.choice(places),
                "level": chance.choice(["bachelor"] * 4 + ["master"]),
                "year": chance.choice("1234"),
            }
            for _n in numbers
        ]
        Invitation.objects.bulk_create(
            Invitation(survey=survey, respondent=who, strata=of, participated=n < envelopes)
            for n, who, of in zip(numbers, respondents, strata, strict=True)
        )
        Envelope.objects.bulk_create(
            Envelope(survey=survey, ciphertext=sealing.seal(public, survey.pk, of, answers(items, chance), size))
            for n, of in zip(numbers, strata, strict=True)
            if n < envelopes
        )


# -- measuring ---------------------------------------------------------------------------------------
def peak() -> float:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run() -> None:
    campaign = Campaign.objects.get(questionnaire__code="bench-urn")
    number = Envelope.objects.filter(survey__campaign=campaign).count()
    line(f"\nUrn: {number} envelopes × {QUESTIONS} questions, {connection.vendor}; {peak():.0f} MB before")
    warnings.simplefilter("ignore", AlwaysEagerIgnored)  # there is no worker: its jobs are called here
    steps.open_urn(campaign, by=SYSTEM)
    campaign.refresh_from_db()
    began = time.perf_counter()
    if not opening.run(campaign.pk):
        campaign.refresh_from_db()
        raise SystemExit(f"The urn was not opened: {campaign.problem}")
    opened = time.perf_counter() - began
    found = UrnOpening.objects.get(campaign=campaign)
    line(f"opened: {opened:.1f} s, peak {peak():.0f} MB; {found.envelopes} ballots, {TextAnswer.objects.count()} texts")
    campaign.refresh_from_db()
    made = making.begin(campaign)
    began = time.perf_counter()
    release.make(made)
    released = time.perf_counter() - began
    line(f"released: {released:.1f} s, peak {peak():.0f} MB; {made.nodes.count()} groups")
    verdict(f"urn of {number} opened and released ≤ {MOST_SECONDS:.0f} s", opened + released, MOST_SECONDS)
    verdict(f"memory at most ≤ {MOST_MEGABYTES:.0f} MB", peak(), MOST_MEGABYTES)


def main(what: str, *numbers: Any) -> None:
    if what == "fill":
        fill(*map(int, numbers))
    else:
        run()
        summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
