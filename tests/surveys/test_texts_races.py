"""Two reviewers at once on PostgreSQL: the first settles the text, the second is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from surveys import reviewing
from surveys.models import TextAnswer, TextCode
from surveys.reviewing import Typed

from . import scenes_texts as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_reviewers_at_once_one_settles_and_one_is_told(world):
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    campaign, rooms = scenes.campaign(world), scenes.theme(world)
    (row,) = scenes.texts(campaign, 1)
    mark, barrier = reviewing.mark_of(row, ()), threading.Barrier(2)

    def settle(choice):
        person, verdict, themes = choice
        barrier.wait()
        try:
            return reviewing.review(campaign, {row.pk: Typed(verdict, "", themes, mark)}, by=person)
        finally:
            connections.close_all()

    choices = [(world.asb, "shown", frozenset({rooms.pk})), (world.asb2, "withheld", frozenset())]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(settle, choices))
    assert sorted((outcome.done, len(outcome.moved)) for outcome in outcomes) == [(0, 1), (1, 0)]
    first = next(choice for choice, outcome in zip(choices, outcomes, strict=True) if outcome.done)
    assert TextAnswer.objects.get().review == first[1]
    assert TextCode.objects.count() == len(first[2])
