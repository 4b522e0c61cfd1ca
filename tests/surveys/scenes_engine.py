"""Opened campaigns made by rows, for the tests of releases: ballots as they lie there, a ledger that agrees with them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from qa_portal.permissions import SYSTEM
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Term
from qa_portal.workflow.writing import door
from surveys import keys
from surveys import release as engine
from surveys.making import begin
from surveys.models import Campaign, Invitation, Release, ReleaseNode, Respondent, Survey
from surveys.models.ballots import Ballot

from .scenes_urn import add_survey, campaign_in, content_of, item, options, section, words

__all__ = ["add_survey", "content_of", "item", "options", "section", "words"]

#: strata and answers of one who took part
Given = tuple[Mapping[str, Any], Mapping[str, Any]]


def opened(rows: Iterable[Given], silent: Iterable[Mapping[str, Any]] = (), **fields: Any) -> Campaign:
    """One survey. `rows` took part, `silent` are the strata of those who were asked and did not."""
    campaign = campaign_in(Campaign.OPENED, **fields)
    survey = Survey.objects.create(campaign=campaign, title=words("Сауалнама"))
    fill(survey, rows, silent)
    return campaign


def fill(survey: Survey, rows: Iterable[Given], silent: Iterable[Mapping[str, Any]] = ()) -> None:
    rows, silent = list(rows), list(silent)
    start = Respondent.objects.count()
    people = Respondent.objects.bulk_create(
        Respondent(email=f"p{n}@example.org", name=f"P{n}", token_hash=keys.hash_of(f"p{n}"))
        for n in range(start, start + len(rows) + len(silent))
    )
    asked = [*((strata, True) for strata, _answers in rows), *((strata, False) for strata in silent)]
    Invitation.objects.bulk_create(
        Invitation(survey=survey, respondent=person, strata=dict(strata), participated=took)
        for person, (strata, took) in zip(people, asked, strict=True)
    )
    cast(survey, rows)


def cast(survey: Survey, rows: Iterable[Given]) -> None:
    """Ballots alone, without ledger."""
    Ballot.objects.bulk_create(
        Ballot(survey=survey, strata=dict(strata), answers=dict(answers)) for strata, answers in rows
    )


def made(campaign: Campaign) -> Release:
    """The next version, its figures made."""
    release = begin(campaign, SYSTEM)
    engine.make(release)
    release.refresh_from_db()
    return release


def published(campaign: Campaign) -> Release:
    release = made(campaign)
    with door("import"):
        Release.objects.filter(pk=release.pk).update(state=Release.PUBLISHED)
    release.refresh_from_db()
    return release


def node(release: Release, tree: str = "", path: str = "", scope: str = "inside") -> ReleaseNode:
    return release.nodes.get(scope=scope, tree=tree, path=path)


def shown(release: Release, code: str, scope: str = "inside", tree: str | None = None) -> dict[str, int]:
    """{path: n} of the nodes with a cell of this question; of one tree, or the whole alone by path ""."""
    rows = release.nodes.filter(scope=scope)
    rows = rows if tree is None else rows.filter(tree__in=("", tree))
    return {row.path: row.cells[code]["n"] for row in rows if code in row.cells}


# -- many people ------------------------------------------------------------------------------------------------------
def places(w: Any) -> list[dict[str, Any]]:
    """Two schools; the first with two departments."""
    return [
        {"school": w.school.pk, "department": w.department.pk},
        {"school": w.school.pk, "department": w.other.pk},
        {"school": w.far_school.pk},
    ]


def crowd(w: Any, people: int, seed: int = 1, codes: Iterable[str] = ("q",), skip: float = 0.15) -> list[Given]:
    """People of unequal departments, levels and years, who pass some questions over."""
    chance, found = random.Random(seed), []
    for _person in range(people):
        strata = dict(chance.choices(places(w), (6, 3, 2))[0])
        strata |= {"level": chance.choice(("bachelor", "bachelor", "master")), "year": str(chance.choice((1, 1, 2, 3)))}
        answers = {
            code: chance.choices([1, 2, 3, 4, 5, "na"], (1, 2, 4, 8, 6, 2))[0]
            for code in codes
            if chance.random() > skip
        }
        found.append((strata, answers))
    return found


# -- courses ----------------------------------------------------------------------------------------------------------
def course(w: Any, number: int, unit: Any = None) -> Course:
    year, _new = AcademicYear.objects.get_or_create(
        name="2025/2026", defaults={"since": "2025-09-01", "until": "2026-06-30"}
    )
    term, _new = Term.objects.get_or_create(
        year=year, season="autumn", defaults={"since": "2025-09-01", "until": "2026-01-15"}
    )
    discipline = Discipline.objects.create(
        code=f"D{number}",
        name_kk=f"Пән {number}",
        name_ru=f"Предмет {number}",
        name_en=f"Course {number}",
        unit=unit or w.department,
        credits=3,
    )
    return Course.objects.create(discipline=discipline, term=term)


def course_campaign(**fields: Any) -> Campaign:
    content = content_of(section("s1", item("c")), section("s2", item("t"), per_teacher=True))
    return campaign_in(Campaign.OPENED, **{"content": content, "trees": [], "way": Campaign.Way.COURSES, **fields})


def course_survey(
    w: Any, campaign: Campaign, number: int, people: Iterable[Respondent], teachers: Iterable[Any], unit: Any = None
) -> Survey:
    """Everybody answers 4 about the course and about each teacher."""
    unit, teachers = unit or w.department, list(teachers)
    survey = Survey.objects.create(
        campaign=campaign,
        course=course(w, number, unit),
        teachers=[{"id": one.pk, "name": words(one.username)} for one in teachers],
        title=words(f"Course {number}"),
        strata={"school": w.school.pk, "department": unit.pk} if unit.parent_id == w.school.pk else {"school": unit.pk},
    )
    people = list(people)
    Invitation.objects.bulk_create(Invitation(survey=survey, respondent=one, participated=True) for one in people)
    cast(
        survey,
        [({}, {"c": 3 + n % 3, **{f"t@{one.pk}": 3 + n % 3 for one in teachers}}) for n, _p in enumerate(people)],
    )
    return survey


def respondents(number: int) -> list[Respondent]:
    start = Respondent.objects.count()
    return Respondent.objects.bulk_create(
        Respondent(email=f"c{n}@example.org", name=f"C{n}", token_hash=keys.hash_of(f"c{n}"))
        for n in range(start, start + number)
    )
