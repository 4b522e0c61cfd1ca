"""Many at the same moment, on PostgreSQL with connections of their own: no double answer, none lost, none after the close."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from surveys import answering
from surveys.models import Campaign, Envelope, Invitation
from surveys.urn import put_in

from . import scenes_answering as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def at_once(calls, together=20):
    """All calls, `together` at a time; the first ones start in the same moment."""
    barrier = threading.Barrier(min(together, len(calls)))
    first = list(range(barrier.parties))

    def run(number):
        if number in first:
            barrier.wait(30)
        return closing_connection(calls[number])

    with ThreadPoolExecutor(barrier.parties) as pool:
        return list(pool.map(run, range(len(calls))))


def closing_connection(call):
    try:
        return call()
    finally:
        connections.close_all()


def counts():
    return (Invitation.objects.filter(participated=True).count(), Envelope.objects.count())


def test_twenty_with_one_token_leave_one_envelope():
    token, row = scenes.invited()
    body = scenes.sent(token, row, clear="4")
    answers = at_once([lambda: Client().post("/answer/survey/", body).status_code] * 20)
    assert Counter(answers) == {200: 1, 409: 19}
    assert counts() == (1, 1)


def test_two_hundred_people_leave_two_hundred():
    place = scenes.survey()
    people = [scenes.invited(place) for _n in range(200)]
    calls = [
        lambda one=one: Client().post("/answer/survey/", scenes.sent(*one, clear="4")).status_code for one in people
    ]
    assert Counter(at_once(calls)) == {200: 200}
    assert counts() == (200, 200)


def before_each_envelope(does):
    """A trigger of the database: what happens after the invitation is marked and before the envelope lies in the urn."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION before_envelope() RETURNS trigger AS $$ BEGIN {does}; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        cursor.execute(
            "CREATE TRIGGER before_envelope BEFORE INSERT ON surveys_envelope FOR EACH ROW EXECUTE FUNCTION before_envelope()"
        )


@pytest.fixture
def triggers():
    yield before_each_envelope
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS before_envelope ON surveys_envelope")
        cursor.execute("DROP FUNCTION IF EXISTS before_envelope()")


def test_killed_between_mark_and_envelope_neither_stands(triggers):
    _token, row = scenes.invited()
    triggers("IF TG_NARGS = 0 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF")
    with pytest.raises(OperationalError):
        answering.receive(row.respondent, row.pk, {"clear": 2})
    connection.close()
    assert counts() == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER before_envelope ON surveys_envelope")
    answering.receive(row.respondent, row.pk, {"clear": 2})
    assert counts() == (1, 1)


def test_whoever_closes_waits_for_the_answers_under_way(triggers):
    """An answer that began while the campaign was open is in the urn before the close is through, never after it."""
    _token, row = scenes.invited()
    triggers("PERFORM pg_advisory_xact_lock(4711)")
    found = []

    def answer():
        put_in(row, {"clear": 2})

    def close():
        deadline = time.monotonic() + 20
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting and time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                waiting = cursor.fetchone()[0]
        try:
            with transaction.atomic():
                list(Campaign.objects.select_for_update(nowait=True))
                found.append("closed too early")
        except OperationalError:
            found.append("has to wait")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4711)")
    with ThreadPoolExecutor(2) as pool:
        under_way = pool.submit(closing_connection, answer)
        pool.submit(closing_connection, close).result(30)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(4711)")
        under_way.result(30)
    assert found == ["has to wait"] and counts() == (1, 1)
    with transaction.atomic():
        assert len(Campaign.objects.select_for_update(nowait=True)) == 1


def test_an_answer_that_waited_for_the_close_is_too_late():
    """The other way round: the close has begun, the answer waits for it and is then refused."""
    _token, row = scenes.invited()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            campaign = Campaign.objects.select_for_update().get()
            late = pool.submit(closing_connection, lambda: put_in(row, {"clear": 2}))
            deadline = time.monotonic() + 20
            with connection.cursor() as cursor:
                waiting = 0
                while not waiting and time.monotonic() < deadline:
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    waiting = cursor.fetchone()[0]
            assert waiting
            scenes.closed(campaign)
        with pytest.raises(answering.NotOpen):
            late.result(30)
    assert counts() == (0, 0)
