"""Cycles with answers, entered through the import door: averages are worked out from what is there."""

from __future__ import annotations

import datetime
from typing import Any

from qa_portal.programmes.models import Programme
from qa_portal.workflow.writing import door
from standards.models import AreaAnswer, Assessment, Cycle, Edition, EvaluationArea, Standard
from standards.models.answers import POINTS

#: letters for scores, so that a test reads at a glance
LETTERS = {"0": "not_met", "1": "partly", "2": "largely", "3": "fully", "-": "not_applicable", "?": "not_looked"}


def standard(number: int, areas: int = 3, edition: Edition | None = None) -> Standard:
    """A standard with areas A1, A2 …"""
    row, _made = Standard.objects.get_or_create(
        edition=edition or Edition.objects.get(number=1),
        code=f"S{number}",
        defaults={"number": number, "source": "N0", **three("name", f"Standard {number}")},
    )
    for place in range(1, areas + 1):
        EvaluationArea.objects.get_or_create(
            standard=row, code=f"S{number}.A{place}", defaults={"place": place, **three("text", f"Area {place}")}
        )
    return row


def three(field: str, text: str) -> dict[str, str]:
    return {f"{field}_{code}": text for code in ("kk", "ru", "en")}


def cycle(year: int, state: str = Cycle.APPROVED, standards: tuple[int, ...] = (1, 2), edition: Any = None) -> Cycle:
    for number in standards:
        standard(number, edition=edition)
    day = datetime.date(year, 2, 1)
    row = Cycle(
        year=year,
        state=state,
        edition=edition or Edition.objects.get(number=1),
        standards=[f"S{number}" for number in standards],
        opens_on=day,
        answer_by=day + datetime.timedelta(days=30),
        verify_by=day + datetime.timedelta(days=60),
        decide_by=day + datetime.timedelta(days=90),
    )
    with door("import"):
        Cycle.objects.bulk_create([row])
    return row


def programme(unit: Any, code: str = "6B10101", head: Any = None) -> Programme:
    return Programme.objects.create(code=code, level="bachelor", unit=unit, head=head, **three("name", "Medicine"))


def answers(
    cycle: Cycle,
    unit: Any,
    state: str = AreaAnswer.ACCEPTED,
    of: Programme | None = None,
    assessment_state: str = Assessment.APPROVED,
    **scores: str,
) -> Assessment:
    """`answers(cycle, unit, S1="23-")`: one letter an area; an answer's state for all of them."""
    letters = [(code, place, letter) for code, text in scores.items() for place, letter in enumerate(text, 1)]
    with door("import"):
        found = Assessment.objects.filter(cycle=cycle, unit=unit, programme=of, state=assessment_state).first()
        if found is None:
            made = Assessment(cycle=cycle, unit=unit, programme=of, state=assessment_state, due=cycle.answer_by)
            (found,) = Assessment.objects.bulk_create([made])
        areas = {area.code: area for area in EvaluationArea.objects.filter(standard__edition=cycle.edition_id)}
        AreaAnswer.objects.bulk_create(
            AreaAnswer(
                assessment=found,
                cycle=cycle,
                unit=unit,
                of_programme=of is not None,
                area=areas[f"{code}.A{place}"],
                code=f"{code}.A{place}",
                standard=code,
                score=LETTERS[letter],
                points=POINTS.get(LETTERS[letter]),
                state=state,
                comment=f"{code} {letter}",
            )
            for code, place, letter in letters
        )
    return found
