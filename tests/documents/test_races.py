"""Reading and annulling at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from qa_portal.documents import acquainting
from qa_portal.documents.models import Acquaintance
from qa_portal.documents.workflow import acquaintance as steps
from qa_portal.people.models import Person
from qa_portal.permissions import SYSTEM

from . import scenes_acquaintance as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_what_is_confirmed_while_it_is_being_voided_stays_confirmed(world):
    assert connection.vendor == "postgresql", "run with DATABASE_URL of a PostgreSQL"
    row = scenes.waiting(world)
    version, confirmed, outcomes = row.version, threading.Event(), []

    def read() -> None:
        try:
            with transaction.atomic():
                steps.confirm(Acquaintance.objects.get(pk=row.pk), by=Person.objects.get(username="staff"))
                confirmed.set()
                time.sleep(0.5)  # the other waits for the lock meanwhile
        finally:
            connections.close_all()

    def end() -> None:
        try:
            confirmed.wait(timeout=10)
            outcomes.append(acquainting.ask_no_more(version, SYSTEM, "күші жойылды"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=each) for each in (read, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    row.refresh_from_db()
    assert (row.state, row.confirmed_at is not None) == ("confirmed", True)
    assert outcomes == [3]  # the others of the department
    assert not row.history.filter(verb="release").exists()
