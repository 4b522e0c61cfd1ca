"""Two people at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from capa.models import ActionLink, CapaAction
from capa.serving import link_to
from qa_portal.people.models import Person, Unit
from qa_portal.permissions import NotNow
from standards.models import ContextSheet, UnitRisk
from standards.risk_register import start_register

from . import scenes_risks as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def at_once(*calls):
    """Run the calls in threads that start together; each result is what was returned or the exception."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Exception as problem:  # noqa: BLE001 - the test looks at what was raised
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def who(username: str) -> Person:
    return Person.objects.get(username=username)


def test_a_register_started_three_times_at_once_begins_once(world):
    for place in range(1, 20):
        scenes.catalogue_risk(world, f"S1.K{place}")

    def start(username):
        return start_register(Unit.objects.get(code="therapy"), by=who(username))

    results = at_once(*[lambda name=name: start(name) for name in ("head", "coordinator", "asb")])
    assert sorted(result.made for result in results) == [0, 0, 19]
    assert UnitRisk.objects.count() == UnitRisk.objects.values("number").distinct().count() == 19


def test_an_action_linked_twice_at_once_is_linked_once(world):
    row, action = scenes.rated(world), world.in_progress().actions.get()

    def link(username):
        made = link_to(UnitRisk.objects.select_related("unit").get(pk=row.pk))
        made.action = CapaAction.objects.get(pk=action.pk)
        return made.add(by=who(username))

    results = at_once(lambda: link("head"), lambda: link("coordinator"))
    assert sum(isinstance(result, NotNow) for result in results) == 1
    assert ActionLink.objects.count() == 1


def test_two_who_begin_a_sheet_at_once_begin_one(world):
    def begin(username):
        return ContextSheet(unit=Unit.objects.get(code="therapy"), year=2026, threats="x").add(by=who(username))

    results = at_once(lambda: begin("head"), lambda: begin("coordinator"))
    assert sum(isinstance(result, NotNow) for result in results) == 1
    assert ContextSheet.objects.count() == 1
