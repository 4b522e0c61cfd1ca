"""Launching a survey of 20,000 people, in a process of its own: the list, respondents, invitations in random order, letters owed."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.people.models import Office, Person, Unit  # noqa: E402
from qa_portal.people.roles import Role  # noqa: E402
from qa_portal.programmes.models import Programme, Student  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from surveys import custody, launching, letters, roster  # noqa: E402
from surveys.models import Campaign, Invitation, LetterOwed, Questionnaire, Respondent  # noqa: E402
from surveys.workflow import campaigns as steps  # noqa: E402

from .printing import Table, line, summary, verdict  # noqa: E402

PEOPLE, MOST_SECONDS = 20_000, 30
TURNS = {
    "roster": "list taken from the students",
    "launch": "launched: nobody was ever asked before",
    "again": "launched: everybody is known",
    "remind": "reminded of",
}


def show(turns: dict[str, dict[str, Any]]) -> None:
    line(f"\nA survey of {PEOPLE} people, in a process of its own")
    table = Table("what happens", "rows", "seconds", "queries")
    for name, words in TURNS.items():
        table.add(words, *(turns[name][key] for key in ("rows", "seconds", "queries")))
    table.show()
    for name in ("launch", "again"):
        verdict(f"{PEOPLE} invitations ≤ {MOST_SECONDS} s ({TURNS[name]})", turns[name]["seconds"], MOST_SECONDS)


def _measured(do: Callable[[], Any], rows: Callable[[], int]) -> dict[str, Any]:
    queries = 0

    def watch(execute: Any, *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    start = time.perf_counter()
    with connection.execute_wrapper(watch):
        do()
    return {"seconds": time.perf_counter() - start, "queries": queries, "rows": rows()}


def _students() -> None:
    """Twenty thousand in eight schools of six departments, four years, three languages; every tenth has an account."""
    departments = list(Unit.objects.filter(kind=Unit.Kind.DEPARTMENT).order_by("pk"))
    programmes = [
        Programme.objects.create(
            code=f"B{unit.pk}", name=f"{unit} бағдарламасы", level=Programme.Level.BACHELOR, unit=unit
        )
        for unit in departments
    ]
    accounts = Person.objects.bulk_create(
        Person(username=f"student{n}", email=f"a{n}@example.org", password="!", last_name="Студент")
        for n in range(PEOPLE // 10)
    )
    Student.objects.bulk_create(
        (
            Student(
                number=f"B{n}",
                name=f"Студент {n}",
                email=f"b{n}@example.org",
                person=accounts[n // 10] if n % 10 == 0 else None,
                programme=programmes[n % len(programmes)],
                group=f"Г-{n // 25}",
                year=n // len(programmes) % 4 + 1,
                language=("kk", "ru", "en")[n % 3],
            )
            for n in range(PEOPLE)
        ),
        2000,
    )


def _campaign(questionnaire: Questionnaire, by: Person) -> Campaign:
    today = timezone.localdate()
    campaign = Campaign(
        questionnaire=questionnaire,
        name="Студенттер",
        name_kk="Студенттер",
        year=today.year,
        opens_on=today,
        closes_on=today + datetime.timedelta(days=30),
        trees=[["school", "department"], ["level", "year"]],
    )
    campaign.add(by=by)
    return campaign


def _ready(campaign: Campaign, by: Person, checker: Person) -> None:
    steps.submit(campaign, by=by)
    steps.check(campaign, by=checker)
    with door("import"):
        Campaign.objects.filter(pk=campaign.pk).update(
            public_key=custody.make_key(campaign), rehearsed_on=timezone.localdate()
        )
    campaign.refresh_from_db()
    steps.launch(campaign, by=by)


def _launched(campaign: Campaign) -> dict[str, Any]:
    return _measured(
        lambda: launching.launch(campaign.pk), lambda: Invitation.objects.filter(survey__campaign=campaign).count()
    )


def measure() -> dict[str, Any]:
    """Inside a transaction that is taken back: no letter leaves, and the next measurement finds what was there."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="qa-bench-keys-") as folder, transaction.atomic():
        settings.SURVEY_KEY_DIR = folder
        with door("import"):
            _students()
            questionnaire = Questionnaire(
                code="bench-launch",
                state=Questionnaire.IN_USE,
                audience="students",
                name="Сауалнама",
                name_kk="Сауалнама",
            )
            questionnaire.fixed = {"name": {}, "intro": {}, "thanks": {}, "sections": []}
            questionnaire.save()
        by, checker = Person.objects.get(username="asb"), Person.objects.get(username="board")
        Office.objects.create(
            person=checker, role=Role.QUALITY_REPRESENTATIVE, unit=Unit.objects.get(parent=None), since="2020-01-01"
        )
        for name in ("launch", "again"):
            campaign = _campaign(questionnaire, by)
            taken = _measured(
                lambda: roster.take_people(campaign, ["level-bachelor"], by),  # noqa: B023 - called at once
                campaign.roster.count,
            )
            found.setdefault("roster", taken)
            _ready(campaign, by, checker)
            found[name] = _launched(campaign)
            LetterOwed.objects.all().delete()
        found["remind"] = _measured(lambda: letters.owe_reminders(campaign), LetterOwed.objects.count)
        if Respondent.objects.count() != PEOPLE or Campaign.objects.get(pk=campaign.pk).state != Campaign.OPEN:
            raise RuntimeError("not everybody was asked")
        transaction.set_rollback(True)
    return found


def main(what: str, *_rest: str) -> None:
    if what == "fill":
        call_command("migrate", verbosity=0)
        return
    show(measure())
    summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
