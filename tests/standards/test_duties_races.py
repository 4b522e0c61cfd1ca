"""The clock twice at the same moment, on PostgreSQL with connections of their own (SQLite ignores row locks)."""

from __future__ import annotations

import pytest

from qa_portal.documents.workflow import document as on_document
from qa_portal.notices.models import CalendarKey
from standards.models import Duty, DutyStart
from standards.workflow.duties_closing import watch_fulfilment
from standards.workflow.duties_making import make_duties
from tests.bodies.test_races import _on_postgres, at_once  # noqa: F401 - the fixture asks for PostgreSQL

from . import scenes_duties as scenes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_runs_at_once_make_each_duty_once(world):
    for number in range(5):
        scenes.rule(f"rule-{number}")
    results = at_once(make_duties, make_duties, make_duties)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sum(results) == Duty.objects.count() == 10


def test_two_watchers_at_once_close_a_duty_once(world):
    manual = scenes.document(world)
    rule = scenes.rule("manual-check", fulfilled_by=[{"step": "documents.document.confirm_review"}])
    make_duties()
    on_document.confirm_review(manual, by=world.asb, note="Өзгеріссіз")
    assert sorted(at_once(watch_fulfilment, watch_fulfilment)) == [0, 1]
    duty = Duty.objects.filter(rule=rule).earliest("due_on")
    assert duty.history.filter(verb="close_by_record").count() == 1


def test_a_calendar_address_asked_for_twice_at_once_is_made_without_an_error(world, signed_in):
    clients = [signed_in("head") for _press in range(4)]
    results = at_once(*[lambda c=c: c.post("/notices/calendar/").status_code for c in clients])
    assert results == [302] * 4
    assert CalendarKey.objects.filter(person=world.head).count() == 1


def test_the_last_time_typed_twice_at_once_is_written_once(world, signed_in):
    rule = scenes.from_last()
    make_duties()
    clients = [signed_in("asb") for _press in range(4)]
    url = f"/standards/duty-rules/{rule.pk}/start/"
    results = at_once(*[lambda c=c: c.post(url, {"on": "2025-01-31"}).status_code for c in clients])
    assert set(results) <= {302, 400}, results
    assert DutyStart.objects.filter(rule=rule).count() == 1
