"""Registers, records, the calendar of a year, the rule's page: who sees what, in how many queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.web.registry import registry
from standards.models import Duty, DutyRule, DutyStart
from standards.workflow.duties_making import make_duties

from . import scenes_duties as scenes
from .scenes_duties import fulfil, on

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)


# -- who sees, what is shown -------------------------------------------------------------------------------
def test_a_units_duty_is_read_there_and_above_and_the_universitys_by_everybody_inside(world):
    ours = scenes.of_department(world)
    all_of_us = scenes.made(scenes.rule("of-all"))
    sees = {
        name: set(Duty.objects.visible_to(getattr(world, name)).values_list("pk", flat=True))
        for name in ("staff", "dean", "stranger", "expert", "asb")
    }
    for name in ("staff", "dean", "asb"):
        assert {ours.pk, all_of_us.pk} <= sees[name], name
    assert ours.pk not in sees["stranger"]
    assert all_of_us.pk in sees["stranger"]
    assert sees["expert"] == set()


def test_phases_in_the_database_are_those_of_the_page(world):
    scenes.rule("year", counted_since=D(2025, 1, 1))
    with on(D(2025, 5, 1)):
        make_duties()
    with on(D(2026, 5, 1)):
        make_duties()
        for duty in Duty.objects.all():
            assert list(Duty.objects.in_phase([duty.phase]).filter(pk=duty.pk)) == [duty]
        found = {duty.period: duty.phase for duty in Duty.objects.all()}
    assert found == {"2025": "overdue", "2026": "due", "2027": "coming"}


@pytest.mark.parametrize(
    "page", ["/standards/duties/", "/standards/duties/year/", "/standards/duty-rules/", "/api/v1/standards/duties/"]
)
def test_lists_ask_as_much_for_thirty_as_for_one(signed_in, world, page):
    client = signed_in("asb")
    scenes.programme(world)
    scenes.rule("round-table", scope="programme", role="programme_head")
    make_duties()
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        assert client.get(page).status_code == 200
    for number in range(30):
        scenes.programme(world, f"7M{number}")
        scenes.rule(f"rule-{number}", unit=world.department, role="unit_head", group="monitoring")
    make_duties()
    client.get(page)
    with CaptureQueriesContext(connection) as many:
        assert client.get(page).status_code == 200
    assert len(many) <= len(few) + 1


def test_calendar_of_the_year_joins_the_many_and_names_the_one(signed_in, world):
    for number in range(3):
        scenes.programme(world, f"6B{number}")
    year = scenes.today().year
    scenes.rule("round-table", scope="programme", role="programme_head", due="12-31")
    single = scenes.made(scenes.rule("single", due="12-31"))
    text = signed_in("asb").get(f"/standards/duties/year/?year={year}").content.decode()
    assert f"/standards/duties/{single.pk}/" in text
    assert f"year={year}&amp;month=12" in text
    for query in ("year=abcd", "year=99999", "year=٢٠٢٦", "group=nonsense", "mine=true"):
        assert signed_in("asb").get(f"/standards/duties/year/?{query}").status_code == 200


def test_record_and_rule_say_clause_ways_and_earlier_times(signed_in, world):
    rule = scenes.from_last(months=12, basis="N0 S1.R7")
    duty = scenes.made(rule)
    fulfil(duty, world.asb)
    make_duties()
    page = signed_in("staff").get(duty.get_absolute_url()).content.decode()
    assert "N0 S1.R7" in page
    later = Duty.objects.open().get(rule=rule)
    assert later.get_absolute_url() in page
    assert later.get_absolute_url() in signed_in("staff").get(rule.get_absolute_url()).content.decode()


def test_the_day_of_the_last_time_is_typed_on_the_rules_page(signed_in, world):
    rule = scenes.from_last(scope="programme", role="programme_head", months_from=36, months=60)
    programme = scenes.programme(world)
    make_duties()
    url = f"/standards/duty-rules/{rule.pk}/start/"
    assert signed_in("head").get(url).status_code == 403
    client = signed_in("asb")
    assert client.get(url).status_code == 200
    tomorrow = (scenes.today() + DAY).isoformat()
    assert client.post(url, {"subject": programme.pk, "on": tomorrow}).status_code == 400
    assert client.post(url, {"subject": 999, "on": "2025-01-01"}).status_code == 400
    DutyRule.objects.filter(pk=rule.pk).update(months=1, months_from=None, notice_days=400)
    assert client.post(url, {"subject": programme.pk, "on": "0001-01-01"}).status_code == 400
    DutyRule.objects.filter(pk=rule.pk).update(months=60, months_from=36)
    assert client.post(url, {"subject": programme.pk, "on": "2024-02-29", "note": "Шешім"}).status_code == 302
    duty = Duty.objects.get(rule=rule)
    assert (duty.opens_on, duty.due_on) == (D(2027, 2, 28), D(2029, 2, 28))
    assert client.post(url, {"subject": programme.pk, "on": "2025-02-28"}).status_code == 302
    assert DutyStart.objects.filter(rule=rule).count() == 1


def test_desk_shows_what_i_answer_for_now(world):
    duty = scenes.of_department(world)
    source = registry.desk["duties"]
    assert list(source.rows(world.head)) == [duty]
    assert list(source.rows(world.staff)) == []
    assert source.item(duty)["url"] == duty.get_absolute_url()
