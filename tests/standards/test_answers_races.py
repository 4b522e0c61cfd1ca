"""Typing, submitting and accepting at the same moment, on PostgreSQL with connections of their own."""

from __future__ import annotations

import pytest
from django.db import connection

from qa_portal.people.models import Person
from standards.models import AreaAnswer, Assessment
from standards.workflow import answers as steps
from tests.bodies.test_races import at_once, refused

from . import scenes_answers as scenes
from . import scenes_cycles as cycles

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


def who(username: str) -> Person:
    return Person.objects.get(username=username)


def test_of_two_who_save_one_answer_at_once_one_is_told_and_the_other_s_words_stand(world):
    answer = scenes.open_answer(world)

    def save(username: str, text: str):
        row = AreaAnswer.objects.get(pk=answer.pk)
        row.revision = answer.revision
        return scenes.type_in(row, who(username), comment=text)

    results = at_once(lambda: save("head", "Басшы"), lambda: save("coordinator", "Үйлестіруші"))
    assert len(refused(results)) == 1
    found = scenes.fresh(answer)
    assert (found.revision, found.comment in ("Басшы", "Үйлестіруші")) == (answer.revision + 1, True)


def test_words_typed_while_it_is_submitted_are_in_the_submission_or_refused(world):
    found = cycles.complete(world)
    answer = scenes.of(found)

    def save():
        return scenes.type_in(AreaAnswer.objects.get(pk=answer.pk), who("coordinator"), comment=scenes.TYPED)

    results = at_once(save, lambda: cycles.steps.submit(Assessment.objects.get(pk=found.pk), by=who("head")))
    refused(results)
    stored = scenes.fresh(answer)
    assert stored.state == AreaAnswer.SUBMITTED
    assert stored.submitted == stored.typed()


def test_one_answer_accepted_and_sent_back_at_once_is_one_of_both(world):
    answer = scenes.submitted(world)

    def row() -> AreaAnswer:
        return AreaAnswer.objects.get(pk=answer.pk)

    results = at_once(
        lambda: steps.accept(row(), by=who("asb"), revision=answer.revision),
        lambda: steps.send_back(row(), by=who("asb2"), reason="Дәлел жоқ", revision=answer.revision),
    )
    assert len(refused(results)) == 1
    assert answer.history.filter(verb__in=("accept", "send_back")).count() == 1
