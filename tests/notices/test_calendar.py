"""The calendar feed: at a secret address, what concerns its owner and nothing else, in the owner's language."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from qa_portal.notices.models import CalendarKey
from qa_portal.people.models import Person
from tests.bodies import scenes_work
from tests.standards import scenes_duties

pytestmark = pytest.mark.django_db


def address(person: Any) -> str:
    key, _made = CalendarKey.objects.get_or_create(person=person)
    return f"/calendar/{key.key}.ics"


def events(person: Any) -> dict[str, Any]:
    answer = Client().get(address(person))
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["uid"]).partition("@")[0]: event for event in found}


def test_feed_holds_own_duties_actions_assignments_and_meetings(world):
    duty = scenes_duties.of_department(world)
    action = world.in_progress().actions.get()
    assignment = scenes_work.assignment(world, owner="head")
    meeting = assignment.decision.meeting
    head, staff, dean = events(world.head), events(world.staff), events(world.dean)
    assert {f"duty-{duty.pk}", f"assignment-{assignment.pk}"} <= set(head)
    assert set(staff) == {f"action-{action.pk}"}
    assert f"meeting-{meeting.pk}" not in head
    assert f"meeting-{meeting.pk}" in dean  # the dean presides over that body
    assert not {f"duty-{duty.pk}", f"action-{action.pk}", f"assignment-{assignment.pk}"} & set(dean)
    mine = head[f"duty-{duty.pk}"]
    assert mine["dtstart"].dt == duty.due_on
    assert duty.get_absolute_url() in mine["url"]


def test_feed_speaks_the_owners_language(world):
    duty = scenes_duties.of_department(world)
    for language, word in (("kk", "Міндет"), ("ru", "Обязанность"), ("en", "Duty")):
        Person.objects.filter(username="head").update(language=language)
        assert str(events(world.head)[f"duty-{duty.pk}"]["summary"]).startswith(word)


def test_nothing_new_is_not_sent_again(world):
    scenes_duties.of_department(world)
    url = address(world.head)
    with time_machine.travel(datetime.datetime(2026, 11, 20, 6, 0, tzinfo=datetime.UTC), tick=False):
        first = Client().get(url)
    with time_machine.travel(datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC), tick=False):
        again = Client().get(url, headers={"if-none-match": f"W/{first['ETag']}"})
        assert (again.status_code, again.content) == (304, b"")
        assert "private" in first["Cache-Control"]
        scenes_duties.done(world)
        assert Client().get(url, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_wrong_ended_and_leavers_keys_open_nothing(world, signed_in):
    url = address(world.staff)
    assert Client().get("/calendar/guess.ics").status_code == 404
    assert Client().post(url).status_code == 405
    Person.objects.filter(username="staff").update(is_active=False)
    assert Client().get(url).status_code == 404
    Person.objects.filter(username="staff").update(is_active=True)
    client = signed_in("staff")
    assert client.post("/notices/calendar/").status_code == 302
    assert Client().get(url).status_code == 404  # a new address ends the old one
    renewed = address(world.staff)
    assert Client().get(renewed).status_code == 200
    client.post("/notices/calendar/", {"end": "1"})
    assert Client().get(renewed).status_code == 404
    assert not CalendarKey.objects.filter(person__username="staff").exists()


def test_the_address_is_shown_to_its_owner_only_and_hard_to_guess(world, signed_in):
    key = CalendarKey.objects.create(person=world.head)
    assert len(key.key) >= 43
    assert key.key in signed_in("head").get("/notices/calendar/").content.decode()
    assert key.key not in signed_in("admin").get("/notices/calendar/").content.decode()
    assert key.key not in str(key)
    assert "/notices/calendar/" in signed_in("head").get("/people/settings/").content.decode()


def test_an_outsiders_feed_is_empty(world):
    scenes_duties.of_department(world)
    assert events(world.expert) == {}
