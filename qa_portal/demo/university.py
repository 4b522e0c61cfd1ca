"""Units, people, offices, deputies and programmes of the demo university, from the YAML files of this folder."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from qa_portal.dates.models import seed_days_off
from qa_portal.people.models import Deputy, Office, Person, Unit
from qa_portal.policy.models import PolicyValue
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Programme, Term

HERE = Path(__file__).parent
PASSWORD = "demo"  # noqa: S105 - known to everybody on purpose: demo people are refused where DEMO is off
LANGUAGES = ("kk", "ru", "en")
#: the safe loader written in C is some ten times faster, where the wheel has it
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read(name: str) -> Any:
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=FAST)  # noqa: S506 - a safe loader


def in_languages(field: str, texts: dict[str, str] | None) -> dict[str, str]:
    """{"kk": …, "ru": …} as the columns `name_kk`, `name_ru`, `name_en`."""
    return {f"{field}_{code}": (texts or {}).get(code) or "" for code in LANGUAGES}


def load() -> dict[str, int]:
    """Fill the empty portal with the university; returns how many of each were made."""
    today = timezone.localdate()
    units = _units()
    people = _people(units)
    offices = _offices(people, units, today)
    programmes = _programmes(people, units)
    seed_days_off(list(range(min(2025, today.year - 1), max(2028, today.year + 2) + 1)))
    _switch_second_factor_off(people["admin"])
    return {"units": len(units), "people": len(people), "offices": offices, **programmes}


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in read("university")["units"]:
        unit = Unit(
            code=row["code"],
            kind=row["kind"],
            parent=units.get(row["parent"]),
            **in_languages("name", row["name"]),
            **in_languages("short", row.get("short")),
        )
        unit.full_clean()
        unit.save()
        units[unit.code] = unit
    return units


def _people(units: dict[str, Unit]) -> dict[str, Person]:
    hashed = make_password(PASSWORD)  # Argon2 is slow on purpose: one hash serves all
    joined = timezone.now() - datetime.timedelta(days=900)
    rows = [
        Person(
            username=row["username"],
            email=row["email"],
            unit=units[row["unit"]] if row["unit"] else None,
            language=row["language"],
            password=hashed,
            is_demo=True,
            is_staff=row["username"] == "admin",
            is_superuser=row["username"] == "admin",
            date_joined=joined,
            **in_languages("last_name", row["last"]),
            **in_languages("first_name", row["first"]),
            **in_languages("middle_name", row["middle"]),
            **in_languages("post", row["post"]),
        )
        for row in read("people")["people"]
    ]
    Person.objects.bulk_create(rows)
    return {person.username: person for person in Person.objects.all()}


def _offices(people: dict[str, Person], units: dict[str, Unit], today: datetime.date) -> int:
    data = read("people")
    for row in data["offices"]:
        office = Office(
            person=people[row["username"]],
            role=row["role"],
            unit=units[row["unit"]],
            since=row["since"],
            until=row.get("until"),
        )
        office.full_clean()
        office.save()
    for row in data["deputies"]:
        deputy = Deputy(
            principal=people[row["principal"]],
            deputy=people[row["deputy"]],
            since=today - datetime.timedelta(days=row["from_days_ago"]),
            until=today + datetime.timedelta(days=row["until_in_days"]),
            reason=row["reason"],
        )
        deputy.full_clean()
        deputy.save()
    return len(data["offices"])


def _programmes(people: dict[str, Person], units: dict[str, Unit]) -> dict[str, int]:
    data = read("programmes")
    terms: dict[str, Term] = {}
    for row in data["academic_years"]:
        year = AcademicYear.objects.create(name=row["name"], since=row["from"], until=row["to"])
        for term in row["terms"]:
            terms[term["code"]] = Term.objects.create(
                year=year, season=term["season"], since=term["from"], until=term["to"]
            )
    for row in data["programmes"]:
        Programme.objects.create(
            code=row["code"],
            level=row["level"],
            unit=units[row["unit"]],
            head=people[row["head"]],
            **in_languages("name", row["name"]),
        )
    disciplines = {
        row["code"]: Discipline.objects.create(
            code=row["code"], unit=units[row["unit"]], credits=row["credits"], **in_languages("name", row["name"])
        )
        for row in data["disciplines"]
    }
    for row in data["courses"]:
        course = Course.objects.create(
            discipline=disciplines[row["discipline"]], term=terms[row["term"]], groups=row["groups"]
        )
        course.teachers.set([people[name] for name in row["teachers"]])
    return {"programmes": len(data["programmes"]), "disciplines": len(disciplines), "courses": len(data["courses"])}


def _switch_second_factor_off(author: Person) -> None:
    """Everybody may try the quality office's account at once; a real portal keeps the switch on."""
    row = PolicyValue(
        key="people.second_factor_required", value=False, valid_from=timezone.localdate(), reason="demo", author=author
    )
    row.full_clean()
    row.save()
