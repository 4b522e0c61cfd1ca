"""Reminders of assignments, requests and proposals: each once, to the right people, up to the Council."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from qa_portal.bodies.workflow import assignment as assignment_steps
from qa_portal.bodies.workflow import request as request_steps
from qa_portal.notices.models import Letter, Notice, Reminded
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.people.models import Person
from qa_portal.policy.models import PolicyValue

from . import scenes_work as scenes

pytestmark = pytest.mark.django_db


def on(row: Any, days: int) -> Any:
    """Morning of the day so many days after the deadline."""
    day = row.due + datetime.timedelta(days=days)
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(3, 0), tzinfo=datetime.UTC), tick=False)


def reminded() -> list[str]:
    return sorted(Notice.objects.filter(kind="reminder").values_list("person__username", flat=True))


def swept(row: Any, days: int, rule: str, thresholds: tuple[int, ...]) -> list[str]:
    """Who hears on that day, when everything before was sent in time; a second sweep of the day sends nothing."""
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    for threshold in thresholds:
        if threshold < days:
            Reminded.objects.create(
                rule=rule, record_id=row.pk, deadline=row.due, threshold=threshold, outcome=Reminded.Outcome.SENT
            )
    mine = next(declared for declared in rules() if declared.name == rule)
    with on(row, days):
        day = timezone.localdate()
        sweep_rule(mine, day)
        assert sweep_rule(mine, day)["sent"] == 0
    return reminded()


@pytest.mark.parametrize(
    ("days", "people"),
    [(-8, []), (-7, ["staff"]), (-1, ["staff"]), (0, []), (1, ["head", "staff"]), (7, ["council"]), (8, [])],
)
def test_assignment_reminds_owner_then_head_then_secretary(world, days, people):
    row = scenes.assignment(world)
    assert swept(row, days, "bodies.assignment_due", (-7, -1, 1, 7)) == people


def test_the_head_hears_instead_of_an_owner_who_has_left(world):
    row = scenes.assignment(world)
    Person.objects.filter(username="staff").update(is_active=False)
    assert swept(row, -7, "bodies.assignment_due", ()) == ["head"]


def test_what_is_carried_out_reminds_nobody_and_a_new_deadline_begins_anew(world):
    row = scenes.assignment(world)
    assert swept(row, -7, "bodies.assignment_due", ()) == ["staff"]
    assignment_steps.move_deadline(row, by=world.council, until=row.due + datetime.timedelta(days=30), reason="Сессия")
    assert swept(row, -7, "bodies.assignment_due", ()) == ["staff"]
    assignment_steps.carry_out(row, by=world.staff, note="Болды")
    assert swept(row, 7, "bodies.assignment_due", ()) == []


def test_the_days_are_policy(world):
    PolicyValue.objects.create(
        key="bodies.remind_owner", value=[-3], valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    row = scenes.assignment(world)
    assert swept(row, -7, "bodies.assignment_due", ()) == []
    assert swept(row, -3, "bodies.assignment_due", ()) == ["staff"]


@pytest.mark.parametrize(
    ("days", "people"),
    [
        (-4, []),
        (-3, ["head"]),
        (-1, ["head"]),
        (1, ["head"]),
        (7, ["dean"]),
        (14, ["auditor", "council", "stranger"]),
    ],
)
def test_request_climbs_to_the_head_above_and_to_the_council(world, days, people):
    scenes.body(world, "academic_council", (("stranger", "chair"), ("auditor", "secretary"), ("hr", "member")))
    row = scenes.request(world)
    assert swept(row, days, "bodies.request_due", (-3, -1, 1, 7, 14)) == people


def test_an_answered_request_reminds_nobody_until_it_is_sent_back(world):
    row = scenes.answered(world)
    assert swept(row, 7, "bodies.request_due", ()) == []
    request_steps.send_back(row, by=world.asb, reason="Толық емес", due=scenes.in_days(30))
    assert swept(row, -3, "bodies.request_due", ()) == ["head"]


@pytest.mark.parametrize(("to_body", "people"), [(False, ["head"]), (True, ["council", "dean"])])
def test_proposal_reminds_those_who_answer(world, to_body, people):
    row = scenes.proposal(world, to_body=to_body)
    assert swept(row, -3, "bodies.advice_due", (-3, -1, 1)) == people
    assert swept(row, 1, "bodies.advice_due", (-1,)) == people
