"""Where `manage.py demo` refuses, and that it loads on any day of the year."""

import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from django.utils import timezone

from capa.models import CapaAction, CapaPlan
from qa_portal.demo import clock, loading
from qa_portal.people.models import Person
from qa_portal.workflow.models import Entry


@override_settings(DEMO=False)
def test_it_refuses_where_demo_is_off(db):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
    assert not Person.objects.exists()


@override_settings(DEMO=True)
def test_it_refuses_a_portal_with_people_it_did_not_make(db):
    Person.objects.create(username="real", last_name="Real")
    with pytest.raises(CommandError, match="people whom the demo did not make"):
        call_command("demo")
    assert Person.objects.count() == 1


def test_the_clock_shows_a_past_moment_inside_only():
    past = timezone.now() - datetime.timedelta(days=100)
    with clock.at(past):
        assert timezone.now() == past
        assert timezone.localdate() == timezone.localtime(past).date()
    assert timezone.now() - past > datetime.timedelta(days=99)


def test_the_clock_is_set_right_again_after_an_error():
    real = timezone.now
    with pytest.raises(ZeroDivisionError), clock.at(timezone.now()):
        1 / 0  # noqa: B018
    assert timezone.now is real


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [
        "2027-01-03T00:20",  # a Sunday after the New Year, just past midnight
        "2027-03-23T12:00",  # in the middle of the Nauryz holidays
        "2028-02-29T23:50",  # a leap day's last minutes
    ],
)
@override_settings(DEMO=True)
def test_it_loads_on_any_day(db, moment, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now = timezone.make_aware(datetime.datetime.fromisoformat(moment))
    with clock.at(now):
        loading.load()
        found = loading.states()
        assert set(found["plan"]) == set(CapaPlan.STATES)
        assert set(found["action"]) == set(CapaAction.STATES)
        assert CapaAction.objects.filter(owner__username="staff").due_within(7).count() >= 2
    assert not Entry.objects.filter(at__gt=now).exists()
