"""Asking 3,000 people to read, in a process of its own: rows, notices and letters of one approval, and the rounds after it.

`python -m bench.acquainting` prints one line of JSON.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.documents import acquainting  # noqa: E402
from qa_portal.documents.models import Acquaintance, Document, DocumentKind, Version  # noqa: E402
from qa_portal.notices.models import Letter, Notice  # noqa: E402
from qa_portal.people.models import Person, Unit  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402

from .databases import environment  # noqa: E402
from .printing import Table, line, verdict  # noqa: E402

PEOPLE, DOCUMENTS = 3000, 200
MOST_SECONDS, MOST_QUERIES = {"first": 10, "minor": 5, "major": 10, "newcomers": 30}, 30
TURNS = {
    "first": "version 1.0 is approved",
    "minor": "version 1.1: those who had not read it",
    "major": "version 2.0: everybody anew",
    "newcomers": f"round for newcomers, {DOCUMENTS} documents",
}


def run(address: str) -> None:
    line(f"\nAcquaintance of {PEOPLE} people, in a process of its own")
    done = subprocess.run(
        [sys.executable, "-m", "bench.acquainting"],
        env={**environment(), "DATABASE_URL": address},
        check=True,
        capture_output=True,
        text=True,
    )
    turns = json.loads(done.stdout.splitlines()[-1])
    table = Table("what happens", "rows", "notices", "letters", "seconds", "queries", "inserts")
    for name, turn in turns.items():
        table.add(TURNS[name], *(turn[key] for key in ("rows", "notices", "letters", "seconds", "queries", "inserts")))
    table.show()
    line("  inserts: an INSERT of many rows that the database takes in pieces; queries: all others")
    for name, turn in turns.items():
        verdict(f"acquaintance ≤ {MOST_SECONDS[name]} s ({TURNS[name]})", turn["seconds"], MOST_SECONDS[name])
    verdict(f"acquaintance of {PEOPLE}: queries", turns["first"]["queries"], MOST_QUERIES)


class _Watch:
    """Counts queries, inserts apart."""

    def __init__(self) -> None:
        self.queries = self.inserts = 0

    def __call__(self, execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith("INSERT"):
            self.inserts += 1
        else:
            self.queries += 1
        return execute(sql, *args)


def _measured(do: Callable[[], Any]) -> dict[str, Any]:
    before = Notice.objects.count(), Letter.objects.count()
    seen = _Watch()
    start = time.perf_counter()
    with connection.execute_wrapper(seen):
        rows = do()
    return {
        "rows": rows,
        "seconds": time.perf_counter() - start,
        "queries": seen.queries,
        "inserts": seen.inserts,
        "notices": Notice.objects.count() - before[0],
        "letters": Letter.objects.count() - before[1],
    }


def _people() -> Unit:
    """A school of its own with 3,000 people, who read in three languages."""
    school = Unit(code="readers", kind=Unit.Kind.SCHOOL, parent=Unit.objects.get(code="university"))
    school.name_kk = school.name_ru = school.name_en = "Оқырмандар мектебі"
    school.save()
    people = []
    for n in range(PEOPLE):
        person = Person(username=f"reader{n}", email=f"reader{n}@example.org", unit=school, password="!")
        person.language = ("kk", "ru", "en")[n % 3]
        for code in ("kk", "ru", "en"):
            setattr(person, f"last_name_{code}", f"Оқырман{n}")
            setattr(person, f"first_name_{code}", "Әсел")
        people.append(person)
    Person.objects.bulk_create(people)
    return school


def _documents(school: Unit, number: int) -> list[Document]:
    kind = DocumentKind.objects.create(code="bench", name="Ереже", name_kk="Ереже", level="operational")
    found = [
        Document(kind=kind, unit=school, number=f"Е-{n}", title=f"{n}-ереже", title_kk=f"{n}-ереже", state="in_force")
        for n in range(number)
    ]
    return Document.objects.bulk_create(found)


def _version(document: Document, major: int, minor: int = 0) -> Version:
    today = timezone.localdate()
    Version.objects.filter(document=document, state=Version.IN_FORCE).update(state=Version.SUPERSEDED, ended_on=today)
    version = Version(document=document, major=major, minor=minor, state=Version.IN_FORCE)
    version.approved_on = version.in_force_on = today
    version.save()
    return version


def measure() -> dict[str, Any]:
    """Inside a transaction that is taken back: no letter leaves, and the next measurement finds what was there."""
    by = Person.objects.get(username="asb")
    found: dict[str, Any] = {}
    with transaction.atomic(), door("import"):
        documents = _documents(_people(), DOCUMENTS)
        first = _version(documents[0], 1)
        found["first"] = _measured(lambda: acquainting.ask_everybody(first, by))
        minor = _version(documents[0], 1, 1)
        found["minor"] = _measured(lambda: acquainting.ask_everybody(minor, by))
        major = _version(documents[0], 2)
        found["major"] = _measured(lambda: acquainting.ask_everybody(major, by))
        _all_asked(documents[1:])
        found["newcomers"] = _measured(acquainting.ask_newcomers)
        transaction.set_rollback(True)
    return found


def _some() -> list[int]:
    return list(Person.objects.filter(username__startswith="reader").order_by("pk").values_list("pk", flat=True)[:30])


def _all_asked(documents: list[Document]) -> None:
    """Everybody but thirty was asked about each of the other documents."""
    late = set(_some())
    people = [pk for pk in Person.objects.filter(unit__code="readers").values_list("pk", flat=True) if pk not in late]
    due = timezone.localdate() + datetime.timedelta(days=14)
    for document in documents:
        version = _version(document, 1)
        Acquaintance.objects.bulk_create(Acquaintance(version=version, person_id=pk, due=due) for pk in people)


if __name__ == "__main__":
    print(json.dumps(measure()))
