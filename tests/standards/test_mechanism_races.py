"""Conclusions at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import pytest
from django.db import connection

from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from standards.models import Conclusion, MechanismYear
from standards.workflow import mechanisms as steps
from tests.bodies.test_races import at_once, refused

from . import scenes_mechanisms as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def who(username: str) -> Person:
    return Person.objects.get(username=username)


def test_two_officers_concluding_at_once_for_the_quality_manager_conclude_once(world):
    year = scenes.judged(world)

    def conclude(username):
        row = MechanismYear.objects.get(pk=year.pk)
        return steps.conclude(row, by=who(username), speaks_as="manager", effect="effective", text="Тиімді")

    problems = refused(at_once(lambda: conclude("asb"), lambda: conclude("asb2")))
    assert [type(problem) for problem in problems] == [NotNow]
    assert Conclusion.objects.filter(year=year).count() == 1


def test_two_units_concluding_at_once_are_both_heard(world):
    year = scenes.judged(world)

    def conclude(username, key):
        row = MechanismYear.objects.get(pk=year.pk)
        return steps.conclude(row, by=who(username), speaks_as=key, effect="effective", text="Тиімді")

    unit = f"unit:{world.other.pk}"
    assert refused(at_once(lambda: conclude("asb", "manager"), lambda: conclude("head2", unit))) == []
    assert Conclusion.objects.filter(year=year).count() == 2


def test_two_people_planning_the_same_year_at_once_plan_it_once(world):
    mechanism = scenes.mechanism(world)
    scenes.council(world), scenes.committee(world)

    def plan(username):
        values = {"year": 2026, "due": scenes.in_days(9), "planned": "Жоспар", "doer_unit": world.department}
        return MechanismYear(mechanism=mechanism, **values).add(by=who(username))

    results = at_once(lambda: plan("asb"), lambda: plan("asb2"))
    assert len([result for result in results if isinstance(result, Exception)]) == 1
    assert MechanismYear.objects.filter(mechanism=mechanism).count() == 1
