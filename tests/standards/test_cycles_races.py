"""Steps of a cycle at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import pytest

from standards.models import Assessment, Cycle
from standards.workflow import assessments as steps
from standards.workflow import cycles as cycle_steps
from tests.bodies.test_races import _on_postgres, at_once, refused, who  # noqa: F401 - the fixture asks for PostgreSQL

from . import scenes_cycles as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def cycle(pk: int) -> Cycle:
    return Cycle.objects.get(pk=pk)


def test_a_cycle_opened_twice_at_once_asks_each_area_once(world):
    pk = scenes.prepared(world).pk
    results = at_once(*[lambda: cycle_steps.launch(cycle(pk), by=who("asb"))] * 3)
    assert len(refused(results)) == 2
    assessment = Assessment.objects.get(cycle=pk)
    assert assessment.answers.count() == 6
    assert assessment.history.filter(verb="launch").count() == 1


def test_a_unit_added_twice_at_once_is_asked_once(world):
    running, unit, code = scenes.cycle(world), world.other.pk, "S1.A1"
    add = lambda: cycle_steps.plan_units(cycle(running.pk), by=who("asb"), units=[unit], areas=[code])  # noqa: E731
    assert len(refused(at_once(add, add))) == 1
    assert Assessment.objects.get(cycle=running, unit=unit).answers.count() == 1


def test_the_year_is_not_sent_to_the_council_while_a_part_of_it_is_reopened(world):
    assessment = scenes.verified(world)
    results = at_once(
        lambda: cycle_steps.submit(cycle(assessment.cycle_id), by=who("asb")),
        lambda: steps.reopen(Assessment.objects.get(pk=assessment.pk), by=who("asb2"), reason="Қате бар", areas=[]),
    )
    assert len(refused(results)) == 1
    states = (cycle(assessment.cycle_id).state, Assessment.objects.get(pk=assessment.pk).state)
    assert states in ((Cycle.SUBMITTED, Assessment.VERIFIED), (Cycle.OPEN, Assessment.RETURNED))
