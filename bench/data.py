"""A university with many findings, each with a plan and an action: made in bulk through the import door."""

from __future__ import annotations

import datetime
import io
import os
import random
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from capa.models import CapaAction, CapaPlan, Finding, Severity, SourceKind  # noqa: E402
from qa_portal.people.models import Office, Person, Unit  # noqa: E402
from qa_portal.people.roles import Role  # noqa: E402
from qa_portal.policy.models import PolicyValue  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from standards.models import Requirement  # noqa: E402

PIECE = 2000
SCHOOLS, DEPARTMENTS, PEOPLE_A_UNIT = 8, 6, 12
WORDS = (
    "силлабус кеш жүктелді сабақ кестесі өзгертілді емтихан хаттамасы толтырылмаған студенттердің сауалнамасы өткізілмеген "
    "оқу жоспары бекітілмеген кафедра отырысы клиникалық база келісімшарт мерзімі аяқталды зертхана жабдығы тексерілмеген "
    "рабочая программа не обновлена протокол заседания отсутствует результаты обучения не описаны практика журнал посещений "
    "сапа саясаты қолжетімсіз білім беру бағдарламасы сараптама қорытынды жұмыс бағалау критерийлері жарияланбаған"
).split()
#: one word that few rows have: what somebody really searches for
RARE = "микроскоп"
RARE_SHARE = 1000
SURNAMES = "Сейітова Ахметов Нұрланқызы Жұмабаев Өтегенова Әбдіраманов Қасымова Иванов Петрова Тұрсынбек".split()
NAMES = "Әсел Нұрлан Гүлнәр Ерлан Айгүл Дәурен Өмір Мария Сергей Қымбат".split()
#: state of finding, plan and action, and how often
STORIES = (
    ("open", None, None, 12),
    ("open", "draft", "draft", 5),
    ("open", "submitted", "submitted", 6),
    ("open", "in_progress", "in_progress", 20),
    ("open", "implemented", "carried_out", 5),
    ("open", "verified", "verified", 7),
    ("closed", "closed", "verified", 40),
    ("cancelled", "cancelled", "cancelled", 5),
)


def make(rows: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=io.StringIO())
    chance = random.Random(7)  # the same university each time
    with transaction.atomic(), door("import"):
        units = _units()
        people = _people(units, chance)
        _offices(units, people)
        requirements = list(Requirement.objects.all())
        for start in range(0, rows, PIECE):
            _findings(start, min(PIECE, rows - start), units[1:], people, requirements, chance)
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _unit(code: str, kind: str, parent: Unit | None, name: str) -> Unit:
    unit = Unit(code=code, kind=kind, parent=parent, name_kk=name, name_ru=name, name_en=name)
    unit.save()
    return unit


def _units() -> list[Unit]:
    top = _unit("university", Unit.Kind.UNIVERSITY, None, "Университет")
    units = [top, _unit("asb", Unit.Kind.OFFICE, top, "Академиялық сапа бөлімі")]
    for s in range(SCHOOLS):
        school = _unit(f"school{s}", Unit.Kind.SCHOOL, top, f"{s + 1}-мектеп")
        units.append(school)
        units += [
            _unit(f"d{s}-{d}", Unit.Kind.DEPARTMENT, school, f"{s + 1}.{d + 1} кафедрасы") for d in range(DEPARTMENTS)
        ]
    return units


def _person(username: str, unit: Unit, chance: random.Random) -> Person:
    person = Person(username=username, email=f"{username}@example.org", unit=unit, password="!")
    last, first = chance.choice(SURNAMES), chance.choice(NAMES)
    for code in ("kk", "ru", "en"):
        setattr(person, f"last_name_{code}", last)
        setattr(person, f"first_name_{code}", first)
    return person


def _people(units: list[Unit], chance: random.Random) -> list[Person]:
    people = [_person(name, units[0], chance) for name in ("asb", "board", "head")]
    people += [_person(f"p{u.pk}-{n}", u, chance) for u in units for n in range(PEOPLE_A_UNIT)]
    return Person.objects.bulk_create(people)


def _offices(units: list[Unit], people: list[Person]) -> None:
    """`asb` sees all, `head` leads a school with its departments; every other unit has a head of its own."""
    since = datetime.date(2020, 1, 1)
    top, school = units[0], next(u for u in units if u.code == "school0")
    asb, board, head = people[:3]
    Person.objects.filter(pk=head.pk).update(unit=school)
    offices = [
        Office(person=asb, role=Role.ASB_OFFICER, unit=top, since=since),
        Office(person=board, role=Role.BOARD, unit=top, since=since),
        Office(person=head, role=Role.UNIT_HEAD, unit=school, since=since),
    ]
    first = {p.unit_id: p for p in reversed(people[3:])}
    offices += [Office(person=first[u.pk], role=Role.UNIT_HEAD, unit=u, since=since) for u in units[1:] if u != school]
    Office.objects.bulk_create(offices)
    # As in the demo: the question for a second factor would stand before every page.
    PolicyValue.objects.create(
        key="people.second_factor_required", value=False, valid_from=since, reason="bench", author=asb
    )


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()


def _findings(
    start: int,
    rows: int,
    units: list[Unit],
    people: list[Person],
    requirements: list[Requirement],
    chance: random.Random,
) -> None:
    today = timezone.localdate()
    weights = [story[3] for story in STORIES]
    findings, plans, actions = [], [], []
    for n in range(start, start + rows):
        story = chance.choices(STORIES, weights)[0]
        rare = f" {RARE}" if n % RARE_SHARE == 77 else ""
        unit, reporter = chance.choice(units), chance.choice(people)
        found = today - datetime.timedelta(days=chance.randrange(3, 1500))
        finding = Finding(
            number=f"F-{found.year}-{n:06d}",
            state=story[0],
            title=_text(chance, 6),
            description=_text(chance, 40) + rare,
            severity=chance.choice(Severity.values),
            unit=unit,
            requirement=chance.choice(requirements),
            source_kind=chance.choice(SourceKind.values),
            reporter=reporter,
            created_by=reporter,
            found_on=found,
            closed_on=today if story[0] == "closed" else None,
        )
        findings.append(finding)
        if story[1] is None:
            continue
        plan = CapaPlan(
            finding=finding, number=f"CAPA-{found.year}-{n:06d}", unit=unit, state=story[1], cause=_text(chance, 20)
        )
        plan.check_on = today + datetime.timedelta(days=chance.randrange(-10, 60)) if story[1] == "verified" else None
        plans.append(plan)
        owner = chance.choice(people)
        due = today + datetime.timedelta(days=chance.randrange(-30, 90))
        actions.append(
            CapaAction(
                plan=plan,
                state=story[2],
                text=_text(chance, 12),
                owner=owner,
                unit=unit,
                due=due,
                first_due=due,
                expected_proof="Хаттама",
            )
        )
    Finding.objects.bulk_create(findings)
    CapaPlan.objects.bulk_create(plans)
    CapaAction.objects.bulk_create(actions)


if __name__ == "__main__":
    make(int(sys.argv[1]))
