"""What the release rules cost, without a database, and how often they leak: `python -m bench.release [WORLDS]`.

Two surveys at the university's size: 15,000 ballots × 40 questions in two trees, and 500 courses with 20,000 ballots about
them and their teachers. Then random trees against the reader who adds and subtracts (tests/surveys/attacker.py). What reading
the ballots and writing the groups adds is in bench/urn.py.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("QA_IGNORE_ENV", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_portal.settings.test")
    django.setup()

from surveys.release_cells import INSIDE, PUBLIC, Numbers, World, apart_of, cell, decide  # noqa: E402
from surveys.release_worlds import Asked, Ledger, Reading, Row  # noqa: E402
from tests.surveys.test_release_rules import leak_rates  # noqa: E402

from .printing import line, summary, verdict  # noqa: E402

BALLOTS, QUESTIONS, COURSES = 15_000, 40, 500
MOST_SECONDS, MOST_MEGABYTES = 10.0, 300.0
WORLDS = 3_000


def item(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "likert",
        "scale": "agree",
        "wording": 1,
        "reverse": False,
        "options": [],
        "show_if": {},
    }


def content(once: int, about: int = 0) -> dict[str, Any]:
    return {
        "sections": [
            {"per_teacher": False, "items": [item(f"q{n}") for n in range(once)]},
            {"per_teacher": True, "items": [item(f"t{n}") for n in range(about)]},
        ]
    }


def value(chance: random.Random) -> Any:
    return chance.choice((1, 2, 3, 4, 4, 5, 5, "na"))


def yearly(chance: random.Random) -> tuple[Reading, list[Row], int | None]:
    reading = Reading(content(QUESTIONS), [["school", "department"], ["level", "year"]], {1: Asked()}, False)
    rows = []
    for _ballot in range(BALLOTS):
        department = int(80 * chance.random() ** 1.5)
        strata = {
            "school": department % 10,
            "department": department,
            "level": chance.choice("bbbbm"),
            "year": chance.choice("1234"),
        }
        reading.add(1, strata, {f"q{n}": value(chance) for n in range(QUESTIONS) if chance.random() < 0.97})
        rows.append(Row(1, strata, 1, 1))
    return reading, rows, 1


def about_courses(chance: random.Random) -> tuple[Reading, list[Row], int | None]:
    surveys = {
        n: Asked(True, {"school": n % 10, "department": 100 + n % 60}, (n % 300, 1000 + n % 7)[: 1 + n % 2])
        for n in range(COURSES)
    }
    reading, rows = Reading(content(15, 10), [], surveys, True), []
    for survey, asked in surveys.items():
        number = chance.randint(8, 72)
        for _ballot in range(number):
            found = {f"q{n}": value(chance) for n in range(15)}
            found |= {f"t{n}@{teacher}": value(chance) for n in range(10) for teacher in asked.teachers}
            reading.add(survey, {}, found)
        rows.append(Row(survey, {}, number + 10, number))
    return reading, rows, 6


def measure(name: str, make: Any) -> None:
    reading, rows, most_each = make(random.Random(12))
    began = time.perf_counter()
    worlds = reading.worlds(Ledger.from_rows(rows, reading), most_each)
    found = 0
    for world in worlds:
        decided = decide(world, Numbers())
        found += sum(_cells(world, decided[scope]) for scope in (INSIDE, PUBLIC))
    seconds, megabytes = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(
        f"{name}: {len(reading.homes)} ballots, {found} cells decided and counted in {seconds:.1f} s, peak {megabytes:.0f} MB"
    )
    verdict(f"{name} decided ≤ {MOST_SECONDS:.0f} s", seconds, MOST_SECONDS)
    verdict(f"{name}, memory ≤ {MOST_MEGABYTES:.0f} MB", megabytes, MOST_MEGABYTES)


def _cells(world: World, decided: Any) -> int:
    found = 0
    for code, column in world.columns.items():
        layers = decided.columns[code]
        for node in decided.nodes:
            if cell(column, world.groups[node], node, layers, world.invited[node]):
                apart_of(column, world.groups[node], node, layers)
                found += 1
    return found


def main(worlds: int = WORLDS) -> None:
    measure("yearly survey", yearly)
    measure("surveys about courses", about_courses)
    rates = leak_rates(worlds)
    line(
        f"{worlds} random trees, somebody reached: "
        + ", ".join(f"{name} {100 * rate:.1f} %" for name, rate in rates.items())
    )
    verdict("leaks of all rules together", 100 * rates["all rules"], 0.0)
    summary()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
