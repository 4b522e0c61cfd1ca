"""Numbers a rector may change: dated rows, bounds, history, and the value that a decision used."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa.workflow import plan as plan_steps
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import Number, declare, declared, forget, policy

pytestmark = pytest.mark.django_db

KEY = "capa.effect_check_after"


def row(world, value, shift=0, key=KEY):
    new = PolicyValue(
        key=key,
        value=value,
        valid_from=timezone.localdate() + datetime.timedelta(days=shift),
        reason="бұйрық",
        author=world.admin,
    )
    new.full_clean()
    new.save()
    return new


def day(shift):
    return timezone.localdate() + datetime.timedelta(days=shift)


def test_default_holds_until_the_first_day_of_a_row(world):
    assert policy(KEY) == 60
    row(world, 90, 5)
    assert policy(KEY) == 60
    assert policy(KEY, on=day(4)) == 60
    assert policy(KEY, on=day(5)) == 90


def test_earlier_rows_stay_and_answer_for_their_days(world):
    row(world, 30, -10)
    row(world, 45, -3)
    assert [policy(KEY, on=day(n)) for n in (-11, -10, -4, -3, 0)] == [60, 30, 30, 45, 45]
    assert PolicyValue.objects.filter(key=KEY).count() == 2


def test_of_two_rows_for_one_day_the_later_entered_holds(world):
    row(world, 30)
    row(world, 31)
    assert policy(KEY) == 31


@pytest.mark.parametrize("value", [-1, 731, "60", 6.5, True, None, [60]])
def test_value_outside_the_bounds_or_of_another_kind_is_refused(world, value):
    with pytest.raises(ValidationError):
        row(world, value)
    assert policy(KEY) == 60


@pytest.mark.parametrize("value", [[], [-61], [61, 1], 5, ["1"], [True]])
def test_list_of_numbers_is_judged_number_by_number(world, value):
    with pytest.raises(ValidationError):
        row(world, value, key="capa.remind_doer")


def test_unknown_setting_is_refused(world):
    with pytest.raises(ValidationError):
        row(world, 1, key="capa.nothing")
    with pytest.raises(KeyError):
        policy("capa.nothing")


def test_saving_a_row_is_seen_at_once_and_reading_again_costs_nothing(world):
    assert policy(KEY) == 60
    row(world, 10)
    assert policy(KEY) == 10
    with CaptureQueriesContext(connection) as found:
        assert policy(KEY) == 10
    assert len(found) == 0


def test_row_written_by_another_process_is_seen_after_forgetting(world):
    assert policy(KEY) == 60
    PolicyValue.objects.bulk_create([PolicyValue(key=KEY, value=7, valid_from=day(0), reason="x", author=world.admin)])
    assert policy(KEY) == 60
    forget()
    assert policy(KEY) == 7


def test_each_request_reads_the_rows_anew(world, signed_in):
    client = signed_in("staff")
    assert policy(KEY) == 60
    PolicyValue.objects.bulk_create([PolicyValue(key=KEY, value=7, valid_from=day(0), reason="x", author=world.admin)])
    client.get("/people/")
    assert policy(KEY) == 7


def test_decision_keeps_the_value_and_the_row_it_used(world):
    changed = row(world, 33)
    plan = world.implemented()
    plan_steps.verify(plan, by=world.asb, check_on=timezone.localdate())
    assert plan.history.get(verb="verify").policies[KEY] == {"value": 33, "version": changed.pk}


def test_declaring_twice_or_beyond_its_own_bounds_fails():
    with pytest.raises(ValueError, match="twice"):
        declare(KEY, 1, label="x")
    with pytest.raises(ValueError, match="bounds"):
        declare("tests.beyond", 5, label="x", high=4)
    assert "tests.beyond" not in declared()


def test_every_default_keeps_its_own_rules():
    assert {n.key: n.problem(n.default) for n in declared().values() if n.problem(n.default)} == {}
    assert Number("x", "", "x", kind="text").problem(1) == "text"
