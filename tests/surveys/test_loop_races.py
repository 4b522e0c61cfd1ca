"""Two workers at once on PostgreSQL: each of those who were asked is told once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, connections

from qa_portal.notices.models import Notice
from qa_portal.permissions import NotNow
from surveys import letters, telling_back
from surveys.models import LoopEntry, LoopLetter
from surveys.workflow import loop as steps

from . import scenes_loop as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    # The worker's job is called by the tests themselves, at the moment they mean.
    monkeypatch.setattr(telling_back.current_app, "send_task", lambda *args, **kwargs: None)


def at_once(*calls):
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


def test_two_workers_tell_each_once(world):
    finding = scenes.settled(world)
    entry = scenes.begun(world, finding)
    scenes.invited(world, entry.release, addresses=60)
    steps.publish(entry, by=world.asb)
    assert LoopLetter.objects.count() == 62
    mail.outbox.clear()
    found = at_once(telling_back.send_waiting, telling_back.send_waiting)
    assert sum(found) == 62
    counts = Counter(letter.to[0] for letter in mail.outbox)
    assert len(counts) == 62 and set(counts.values()) == {1}
    assert LoopEntry.objects.get(pk=entry.pk).told == 62
    assert Notice.objects.filter(verb=letters.TOLD).count() == 2
    assert not LoopLetter.objects.exists()


def test_published_twice_at_once_owes_one_letter_each(world):
    entry = scenes.begun(world)
    scenes.invited(world, entry.release, addresses=5)
    found = at_once(*[lambda: steps.publish(LoopEntry.objects.get(pk=entry.pk), by=world.asb)] * 2)
    assert sum(isinstance(one, NotNow) for one in found) == 1, found
    assert LoopLetter.objects.count() == 7


def test_lines_are_found_by_standard_on_postgres_too(world):
    entry = scenes.begun(world)
    entry.areas = ["S1.A1"]
    entry.save_changes(by=world.asb)
    assert list(LoopEntry.objects.of_standard("S1")) == [entry]
    assert not LoopEntry.objects.of_standard("S10").exists()
