"""Two people at one petition at the same moment, on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from qa_portal.people.models import Person
from surveys import receipts, receiving
from surveys.models import Petition
from surveys.workflow import petitions as steps

from . import scenes_petitions as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    scenes.forget_counters()


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


def test_two_officers_answer_at_once_and_one_answer_stands(world):
    petition = scenes.in_work(world)

    def answer(username, outcome):
        return lambda: steps.answer(
            Petition.objects.get(pk=petition.pk),
            by=Person.objects.get(username=username),
            outcome=outcome,
            note=f"{username} жауабы",
        )

    results = at_once(answer("staff", "accepted"), answer("head", "declined"))
    assert sorted(type(result).__name__ for result in results) == ["NotNow", "Petition"]
    assert petition.history.filter(verb="answer").count() == 1
    petition.refresh_from_db()
    assert petition.outcome_note == f"{petition.history.get(verb='answer').by.username} жауабы"


def test_one_form_sent_twice_at_once_makes_one_petition(world):
    code = receipts.new_code()
    form = {
        "kind": "complaint", "subject": "Желдеткіш", "text": scenes.TEXT, "unit": None, "area": "", "language": "kk",
        "anonymous": True, "name": "", "email": "", "phone": "",
    }  # fmt: skip
    results = at_once(*[lambda: receiving.receive(form, code) for _n in range(6)])
    assert {result.pk for result in results} == {Petition.objects.get().pk}


def test_withdrawn_and_answered_at_once_one_of_both_stands(world):
    petition = scenes.in_work(world)

    def fresh():
        return Petition.objects.get(pk=petition.pk)

    results = at_once(
        lambda: steps.withdraw(fresh(), by=Person.objects.get(username="staff2")),
        lambda: steps.answer(fresh(), by=Person.objects.get(username="staff"), outcome="accepted", note="x"),
    )
    assert sorted(type(result).__name__ for result in results) == ["NotNow", "Petition"]
