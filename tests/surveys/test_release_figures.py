"""Indicators of surveys: from the last release of the days asked for, of the units that it shows."""

from __future__ import annotations

import datetime

import pytest

from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from surveys.models import Questionnaire, Release

from . import scenes_engine as scenes
from .scenes_engine import content_of, item, section

pytestmark = pytest.mark.django_db
SINCE, UNTIL = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)


def value(key: str, since=SINCE, until=UNTIL) -> dict:
    found = registry.formulas[f"surveys.{key}"].values(since, until)
    return {unit: (round(figure.value, 2), figure.weight) for unit, figure in found.items()}


def survey(w, best: int, closes: str = "2026-05-01", **fields) -> Release:
    """Thirty of medicine and five of law, of whom `best` of medicine answer 5 and the rest 3."""
    medicine, law = {"school": w.school.pk}, {"school": w.far_school.pk}
    rows = [(medicine, {"q": 5 if n < best else 3, "r": 4 if n % 2 else 2}) for n in range(30)]
    rows += [(law, {"q": 3 + n % 2, "r": 3}) for n in range(8)]
    day = datetime.date.fromisoformat(closes)
    campaign = scenes.opened(
        rows,
        [medicine] * 10 + [law] * 12,
        content=content_of(section("s1", item("q"), item("r"))),
        trees=[["school"]],
        opens_on=day - datetime.timedelta(days=20),
        closes_on=day,
        **fields,
    )
    return scenes.published(campaign)


def test_share_of_the_satisfied_mean_and_response(world):
    w = world
    release = survey(w, 15)
    whole = release.nodes.get(scope="inside", tree="").cells
    assert value("students_satisfied")[None] == (round(50 * (whole["q"]["top2"] + whole["r"]["top2"]), 2), 38)
    # 38 − 30 would count the eight of law exactly, so neither school is counted; their response is known.
    assert set(value("students_satisfied")) == {None}
    assert set(value("students_mean")) == {None}
    assert value("students_response") == {None: (63.33, 60), w.school.pk: (75, 40), w.far_school.pk: (40, 20)}


def test_the_last_release_of_the_days_counts(world):
    survey(world, 3, closes="2025-05-01")
    old, new = survey(world, 6, closes="2026-03-01"), survey(world, 24, closes="2026-09-01")

    def share(release):
        cells = release.nodes.get(scope="inside", tree="").cells
        return round(50 * (cells["q"]["top2"] + cells["r"]["top2"]), 2)

    assert value("students_satisfied")[None][0] == share(new)
    assert value("students_satisfied", until=datetime.date(2026, 6, 30))[None][0] == share(old)
    with door("import"):
        Release.objects.filter(pk=new.pk).update(state=Release.WITHDRAWN)
    assert value("students_satisfied")[None][0] == share(old)
    assert value("students_satisfied", datetime.date(2027, 1, 1), datetime.date(2027, 12, 31)) == {}


def test_each_audience_by_itself(world):
    survey(world, 15)
    assert value("teachers_satisfied") == value("employers_response") == value("courses_mean") == {}


def test_units_of_surveys_about_courses(world):
    w = world
    with door("import"):
        asked = Questionnaire.objects.create(
            code="course", state="in_use", audience="students", about_courses=True, name_kk="Курс"
        )
    campaign = scenes.course_campaign(questionnaire=asked, closes_on=datetime.date(2026, 5, 1), opens_on=SINCE)
    people = scenes.respondents(60)
    scenes.course_survey(w, campaign, 1, people[:30], [w.staff])
    scenes.course_survey(w, campaign, 2, people[30:], [w.stranger], unit=w.far_school)
    scenes.published(campaign)
    assert value("courses_response") == {
        unit: (100, n) for unit, n in ((None, 60), (w.school.pk, 30), (w.department.pk, 30), (w.far_school.pk, 30))
    }
    assert set(value("courses_satisfied")) == {None, w.school.pk, w.department.pk, w.far_school.pk}
    assert value("students_satisfied") == {}


def test_two_queries(world, django_assert_num_queries):
    survey(world, 15)
    with django_assert_num_queries(2):
        value("students_satisfied")
