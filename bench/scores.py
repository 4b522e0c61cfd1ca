"""Averages of self-assessment at university scale: 100 areas × 60 units × 5 years, against the bare page.

`python -m bench --only standards`; by itself `python -m bench.scores fill|measure ROUNDS`.
"""

from __future__ import annotations

import datetime
import os
import random
import sys
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.people.models import Unit  # noqa: E402
from qa_portal.workflow.writing import door  # noqa: E402
from standards.models import AreaAnswer, Assessment, Cycle, Edition, EvaluationArea, Score  # noqa: E402
from standards.models.answers import POINTS  # noqa: E402

from . import data  # noqa: E402
from .pages import BARE_PAGE, PEOPLE, ratios  # noqa: E402
from .printing import Table, line, summary, verdict  # noqa: E402
from .timing import Place, turn_by_turn  # noqa: E402

#: some, so that the bare page has its rows
FINDINGS = 200
UNITS, YEARS = 60, 5
SHARES = {
    Score.NOT_MET: 5,
    Score.PARTLY: 20,
    Score.LARGELY: 40,
    Score.FULLY: 25,
    Score.NOT_APPLICABLE: 8,
    Score.NOT_LOOKED: 2,
}
MOST, MOST_QUERIES = 3.0, 16


# -- data ------------------------------------------------------------------------------------------
def fill() -> None:
    data.make(FINDINGS)
    chance = random.Random(23)
    top = Unit.objects.get(parent=None)
    for n in range(UNITS - Unit.objects.exclude(pk=top.pk).count()):
        name = f"{n + 1}-қызмет"
        Unit(code=f"office{n}", kind=Unit.Kind.OFFICE, parent=top, name_kk=name, name_ru=name, name_en=name).save()
    units = list(Unit.objects.exclude(pk=top.pk).order_by("pk")[:UNITS])
    edition = Edition.objects.current()
    areas = list(EvaluationArea.objects.filter(standard__edition=edition).select_related("standard"))
    this_year = timezone.localdate().year
    with transaction.atomic(), door("import"):
        for year in range(this_year - YEARS + 1, this_year + 1):
            _year(year, edition, units, areas, chance)
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _year(year: int, edition: Any, units: list[Unit], areas: list[EvaluationArea], chance: random.Random) -> None:
    running = year == timezone.localdate().year
    day = datetime.date(year, 3, 1)
    cycle = Cycle(
        state=Cycle.OPEN if running else Cycle.APPROVED,
        year=year,
        edition=edition,
        standards=sorted({area.standard.code for area in areas}, key=lambda code: int(code[1:])),
        opens_on=day,
        answer_by=day + datetime.timedelta(days=60),
        verify_by=day + datetime.timedelta(days=90),
        decide_by=day + datetime.timedelta(days=120),
    )
    Cycle.objects.bulk_create([cycle])
    codes = [area.code for area in areas]
    assessments = Assessment.objects.bulk_create(
        Assessment(
            state=Assessment.SUBMITTED if running else Assessment.APPROVED,
            cycle=cycle,
            unit=unit,
            areas=codes,
            due=cycle.answer_by,
        )
        for unit in units
    )
    AreaAnswer.objects.bulk_create(
        (_answer(assessment, area, running, chance) for assessment in assessments for area in areas), batch_size=500
    )


def _answer(assessment: Assessment, area: EvaluationArea, running: bool, chance: random.Random) -> AreaAnswer:
    score = chance.choices(list(SHARES), list(SHARES.values()))[0]
    return AreaAnswer(
        state=AreaAnswer.SUBMITTED if running else AreaAnswer.ACCEPTED,
        assessment=assessment,
        cycle=assessment.cycle,
        unit=assessment.unit,
        area=area,
        code=area.code,
        standard=area.standard.code,
        score=score,
        points=POINTS.get(score),
        comment=" ".join(chance.choices(data.WORDS, k=25)),
    )


# -- measuring ---------------------------------------------------------------------------------------
def run(rounds: int) -> None:
    line(f"\nSelf-assessment: {AreaAnswer.objects.count()} answers, {connection.vendor}")
    newest, before = Cycle.objects.order_by("-year")[:2]
    unit = Unit.objects.get(code="school0")
    for username, who in PEOPLE.items():
        line(f"\nAs {username} ({who})")
        bare = Place("bare Django page", BARE_PAGE, username, bare=True)
        there = f"/standards/heat-map/?cycle={newest.pk}"
        places = [
            Place("heat map, standards × units", there, username),
            Place("comparison of two cycles", f"{there}&compare={before.pk}", username),
            Place("areas of one standard × units", f"{there}&standard=S10", username),
            Place("what is behind a cell", f"/standards/heat-map/cell/?cycle={newest.pk}&standard=S10&unit={unit.pk}", username),
            Place("trend by standard, five years", "/standards/trend/", username),
            Place("trend by unit, five years", "/standards/trend/?by=unit", username),
        ]  # fmt: skip
        turn_by_turn([bare, *places], rounds)
        table = Table("page", "median ms", "least ms", "ratio", "of least", "queries", "in db ms", "bytes")
        for place in [bare, *places]:
            ratio, least = ratios(place, bare)
            table.add(place.name, place.median, place.least, ratio, least, place.queries, place.database, place.size)
        table.show()
        for place in places:
            verdict(f"{place.name} ≤ {MOST} × bare ({username})", ratios(place, bare)[0], MOST)
        verdict(
            f"queries of a page ≤ {MOST_QUERIES} ({username})", max(place.queries for place in places), MOST_QUERIES
        )


def main(what: str, *numbers: Any) -> None:
    if what == "fill":
        fill()
    else:
        run(*map(int, numbers))
        summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
