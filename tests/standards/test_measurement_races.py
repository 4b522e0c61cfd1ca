"""Values at the same moment, and what only PostgreSQL refuses: zero bytes in an address."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from qa_portal.people.models import Person
from qa_portal.workflow.models import Entry
from standards import importing
from standards.models import Measurement
from standards.workflow import measurements as steps
from tests.bodies.test_races import at_once

from . import scenes_measurements as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
GRID = "/standards/measurements/grid/?indicator=KPI-1&year=2026"


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    with time_machine.travel("2026-05-10T12:00:00+05:00"):
        yield


def test_a_grid_saved_twice_at_once_is_saved_once(world, signed_in):
    scenes.indicator(world)
    typed = {f"v:{world.department.pk}:2026-03": "80", f"v:{world.other.pk}:2026-03": "70"}

    clients = [signed_in("asb"), signed_in("asb")]
    assert at_once(*(lambda c=client: c.post(GRID, typed).status_code for client in clients)) == [302, 302]
    assert Measurement.objects.count() == 2
    assert Entry.objects.filter(record_id__in=Measurement.objects.values("pk"), verb="add").count() == 2


def test_two_tables_at_once_that_say_otherwise_one_is_taken_and_one_refused(world):
    kpi = scenes.indicator(world)
    tables = [scenes.table(world, [("KPI-1", "therapy", "2026-03", n, None, "")]) for n in (80, 70)]
    assert at_once(*(lambda pk=table.pk: importing.read(pk) for table in tables)) == [True, True]
    for table in tables:
        table.refresh_from_db()
    assert sorted(table.state for table in tables) == ["done", "refused"]
    taken, refused = sorted(tables, key=lambda table: table.state)
    assert Measurement.objects.get(code=kpi.code).batch == taken
    assert refused.mistakes[0]["problem"] == "different"


def test_a_correction_and_a_table_at_once_are_both_in_history(world):
    row = scenes.value(world)
    table = scenes.table(world, [("KPI-1", "therapy", "2026-03", 70, None, "")], reason="Есеп түзетілді")

    def correct():
        mine = Measurement.objects.get(pk=row.pk)
        return steps.correct(mine, by=Person.objects.get(username="asb"), value="60", reason="Қате терілген")

    at_once(correct, lambda: importing.read(table.pk))
    row.refresh_from_db()
    changes = [change for entry in row.history.filter(verb="correct") for change in entry.changes]
    values = {Decimal(change["new"]) for change in changes if change["field"] == "value"}
    assert row.value in values
    # Whoever came second saw what the first had written, or was told that it had changed.
    assert len(values) == 2 or values == {Decimal(70)}


ADDRESSES = (
    "/standards/indicator-board/?standard=%00", "/standards/indicator-board/?standard=%00&export=xlsx",
    "/standards/indicator-board/print/?standard=%00", "/standards/indicator-values/KPI-1%00/",
    "/standards/measurements/add/?indicator=%00", "/standards/rating-formulas/add/?unit_kind=%00",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_zero_byte_in_an_address_is_no_error(world, signed_in, address):
    scenes.indicator(world)
    assert signed_in("asb").get(address).status_code in (200, 302, 404)
