"""Two people at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from capa.models import CapaAction, CapaPlan, Extension, Finding
from capa.workflow import action as action_steps
from capa.workflow import plan as plan_steps
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.post import post
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Person
from qa_portal.permissions import NotNow
from qa_portal.workflow.models import NumberSeries

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.fail("run with DATABASE_URL of a PostgreSQL")


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


def test_double_approval_leaves_one_approval_and_one_letter(world):
    action = world.submitted().actions.get()
    Letter.objects.all().delete()

    def approve():
        return action_steps.approve(CapaAction.objects.get(pk=action.pk), by=Person.objects.get(username="head"))

    results = at_once(approve, approve)
    assert sorted(type(r).__name__ for r in results) == ["CapaAction", "NotNow"]
    assert action.history.filter(verb="approve").count() == 1
    assert Letter.objects.filter(person__username="staff").count() == 1
    assert Notice.objects.filter(person__username="staff", verb="approve").count() == 1


def test_approval_of_the_plan_and_of_its_item_at_once_approve_each_item_once(world):
    plan = world.submitted(items=3)
    item = plan.actions.first()
    results = at_once(
        lambda: plan_steps.approve(CapaPlan.objects.get(pk=plan.pk), by=Person.objects.get(username="head")),
        lambda: action_steps.approve(CapaAction.objects.get(pk=item.pk), by=Person.objects.get(username="head")),
    )
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, NotNow)] == []
    plan.refresh_from_db()
    assert plan.state == CapaPlan.IN_PROGRESS
    for action in plan.actions.all():
        assert action.state == CapaAction.IN_PROGRESS
        assert action.history.filter(verb="approve").count() == 1


def test_last_two_items_carried_out_at_once_implement_the_plan_once(world):
    plan = world.in_progress(items=2)

    def carry_out(pk):
        return action_steps.carry_out(
            CapaAction.objects.get(pk=pk),
            by=Person.objects.get(username="staff"),
            note="Болды",
            link="https://example.org/x",
        )

    first, second = plan.actions.values_list("pk", flat=True)
    at_once(lambda: carry_out(first), lambda: carry_out(second))
    plan.refresh_from_db()
    assert plan.state == CapaPlan.IMPLEMENTED
    assert plan.history.filter(to_state="implemented").count() == 1


def test_two_plans_drafted_at_once_for_one_finding_leave_one(world):
    finding = world.finding()

    def draft():
        row = Finding.objects.get(pk=finding.pk)
        return CapaPlan(finding=row, unit=row.unit, cause="Себеп").add(by=Person.objects.get(username="coordinator"))

    at_once(draft, draft)
    assert finding.plans.count() == 1


def test_extension_granted_and_refused_at_once_is_decided_once(world):
    action = world.in_progress().actions.get()
    action_steps.ask_extension(
        action, by=world.staff, until=action.due.replace(year=action.due.year + 1), reason="Сервер"
    )
    head = Person.objects.get(username="head")
    results = at_once(
        lambda: action_steps.grant_extension(CapaAction.objects.get(pk=action.pk), by=head),
        lambda: action_steps.refuse_extension(CapaAction.objects.get(pk=action.pk), by=head, reason="Жоқ"),
    )
    assert sum(isinstance(r, NotNow) for r in results) == 1
    assert Extension.objects.exclude(state="asked").count() == 1


def test_numbers_given_at_once_are_different(world):
    numbers = at_once(*[lambda: NumberSeries.next("T-2026")] * 8)
    assert sorted(numbers) == list(range(1, 9))


def test_two_sweeps_at_once_remind_once(world):
    action = world.in_progress().actions.get()
    Notice.objects.all().delete()
    day = action.due - datetime.timedelta(days=7)
    at_once(lambda: sweep(day), lambda: sweep(day))
    assert Notice.objects.filter(kind="reminder").count() == 1
    assert Letter.objects.filter(kind="reminders").count() == 1


def test_two_workers_post_one_letter_once(world):
    world.submitted()
    letter = Letter.objects.filter(person__username="head").first()
    Letter.objects.filter(pk=letter.pk).update(sent_at=None, claimed_at=None)
    results = at_once(lambda: post(letter.pk), lambda: post(letter.pk))
    assert sorted(results) == [False, True]
