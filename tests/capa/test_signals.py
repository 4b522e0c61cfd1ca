"""Signals: the quality office decides, once; what was decided rests as long as the decision holds, and no longer."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from capa import signals
from capa.models import Finding, SignalSetAside
from capa.workflow import finding as finding_steps
from qa_portal.permissions import NotNow
from qa_portal.policy.models import PolicyValue
from qa_portal.web.registry import registry
from tests.capa.test_races import at_once
from tests.standards import scenes_measurements as values

pytestmark = pytest.mark.django_db
KEY = "people.unit_without_head"


@pytest.fixture
def headless(world):
    return world.far_school


def signal():
    return registry.signals[KEY]


def waits(unit) -> bool:
    return signals.waiting_rows(signal()).filter(pk=unit.pk).exists()


def raised(world, unit) -> Finding:
    return signals.raise_finding(signal(), unit, by=world.asb)


@pytest.mark.parametrize("username", ["staff", "head", "board", "admin", "expert"])
@pytest.mark.parametrize("verb", ["raise", "set-aside", "nothing"])
def test_others_get_the_sentence_and_see_no_signal(world, signed_in, headless, username, verb):
    answer = signed_in(username).post(f"/capa/signals/{KEY}/{headless.pk}/{verb}/", {})
    assert answer.status_code == 403
    assert headless.name not in answer.content.decode()
    assert waits(headless)


def test_unknown_verbs_signals_and_rows_are_404(world, signed_in, headless):
    client = signed_in("asb")
    for path in (f"{KEY}/{headless.pk}/nothing", f"none/{headless.pk}/raise", f"{KEY}/999999/raise"):
        assert client.post(f"/capa/signals/{path}/", {"reason": "x"}).status_code == 404, path
    assert waits(headless)


def test_set_aside_without_a_reason_shows_the_page_again_to_the_quality_office(world, signed_in, headless):
    answer = signed_in("asb").post(f"/capa/signals/{KEY}/{headless.pk}/set-aside/", {})
    assert answer.status_code == 400
    assert headless.name in answer.content.decode()


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in ("raise", "set-aside") for b in ("raise", "set-aside")])
def test_second_press_is_409_on_page_and_api(world, signed_in, headless, first, second):
    client = signed_in("asb")
    assert client.post(f"/capa/signals/{KEY}/{headless.pk}/{first}/", {"reason": "Қайталау"}).status_code == 302
    assert client.post(f"/capa/signals/{KEY}/{headless.pk}/{second}/", {"reason": "Қайталау"}).status_code == 409
    api = APIClient()
    api.force_authenticate(world.asb)
    answer = api.post(f"/api/v1/capa/signals/{KEY}:{headless.pk}/{second}/", {"reason": "Қайталау"})
    assert answer.status_code == 409
    assert Finding.objects.count() + SignalSetAside.objects.count() == 1


def test_a_row_read_before_somebody_else_decided_is_refused_with_a_sentence(world, headless):
    raised(world, headless)
    with pytest.raises(NotNow):
        raised(world, headless)
    with pytest.raises(NotNow):
        signals.set_aside(signal(), headless, by=world.asb, reason="Кеш")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one(world, headless):
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")
    people = [world.asb, world.asb2]
    results = at_once(
        lambda: signals.raise_finding(signal(), headless, by=people[0]),
        lambda: signals.set_aside(signal(), headless, by=people[1], reason="Қатар"),
        lambda: signals.raise_finding(signal(), headless, by=people[1]),
    )
    assert sorted(type(result).__name__ for result in results).count("NotNow") == 2, results
    assert Finding.objects.count() + SignalSetAside.objects.count() == 1


# -- how long a decision holds -----------------------------------------------------------------
def test_cancelled_finding_lets_the_signal_wait_again_and_become_a_new_finding(world, headless):
    first = raised(world, headless)
    assert not waits(headless)
    finding_steps.cancel(first, by=world.asb, reason="Қате тіркелді")
    assert waits(headless)
    assert raised(world, headless).number != first.number
    assert not waits(headless)


def test_closed_finding_lets_the_signal_wait_again(world, headless):
    first = raised(world, headless)
    finding_steps.correct(first, by=world.asb2, correction="Тағайындалды")
    finding_steps.close(first, by=world.asb)
    assert waits(headless)


def test_duplicate_of_an_open_finding_stays_hidden(world, headless):
    main = world.finding(unit=headless)
    first = raised(world, headless)
    finding_steps.link_duplicate(first, by=world.asb, original=main)
    first.refresh_from_db()
    assert first.state == Finding.CANCELLED
    assert not waits(headless)
    finding_steps.cancel(main, by=world.asb, reason="Қате")
    assert waits(headless)


def test_signal_set_aside_rests_for_the_days_of_policy_and_may_be_set_aside_anew(world, headless):
    signals.set_aside(signal(), headless, by=world.asb, reason="Басшы тағайындалып жатыр")
    now = timezone.now()
    with time_machine.travel(now + datetime.timedelta(days=364), tick=False):
        assert not waits(headless)
    with time_machine.travel(now + datetime.timedelta(days=366), tick=False):
        assert waits(headless)
        signals.set_aside(signal(), headless, by=world.asb, reason="Әлі де тағайындалып жатыр")
        assert not waits(headless)
    assert SignalSetAside.objects.count() == 2


def test_days_of_rest_are_policy(world, headless):
    PolicyValue.objects.create(
        key="capa.signal_rests", value=10, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    signals.set_aside(signal(), headless, by=world.asb, reason="Күтеміз")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=11), tick=False):
        assert waits(headless)


def test_a_row_whose_order_joins_what_may_be_missing_is_set_aside(world):
    """PostgreSQL locks no nullable side of a join: a value of the whole university has no unit."""
    kpi = values.indicator(world, units=[])
    last = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    values.target(kpi, last.year, 90, 80, 60)
    row = values.value(world, kpi, unit=None, period=f"{last:%Y-%m}", value=10)
    signal, waiting = signals.find("indicators.red", row.pk)
    assert signals.set_aside(signal, waiting, by=world.asb, reason="Есеп түзетілді").source == row
