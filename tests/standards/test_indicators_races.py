"""Two people at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import pytest
from django.db import connection

from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from standards import indicator_sets
from standards.models import IndicatorSet
from standards.workflow import indicator_sets as steps
from tests.bodies.test_races import at_once

from . import scenes_indicators as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def begin(username: str) -> IndicatorSet:
    made = IndicatorSet(title="Жиын", valid_from="2026-01-01")
    return indicator_sets.begin(made, Person.objects.get(username=username), proposal=True)


@pytest.mark.parametrize("before", [False, True])
def test_two_who_begin_a_set_at_once_begin_one(world, before):
    if before:
        scenes.in_force(world)
    results = at_once(lambda: begin("asb"), lambda: begin("asb2"))
    assert sum(isinstance(result, NotNow) for result in results) == 1, results
    assert IndicatorSet.objects.filter(state=IndicatorSet.DRAFT).count() == 1


def test_a_set_approved_twice_at_once_is_approved_once(world):
    record = scenes.submitted(world)
    speaker = scenes.by_council(world)

    def approve():
        return steps.approve(IndicatorSet.objects.get(pk=record.pk), by=speaker, basis="№ 1")

    results = at_once(approve, approve)
    assert sum(isinstance(result, NotNow) for result in results) == 1, results
    assert record.history.filter(verb="approve").count() == 1
    assert scenes.one_of(record).history.filter(verb="approve").count() == 1
