"""Reminders: by the timetable, each once, none lost after an outage, one letter a person a day."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa.models import CapaAction
from capa.workflow import action as action_steps
from qa_portal.dates.models import DayOff
from qa_portal.notices import sweep as sweeping
from qa_portal.notices.models import Letter, Notice, Reminded
from qa_portal.notices.post import free, post
from qa_portal.notices.sweep import sweep
from qa_portal.notices.tasks import deliver_waiting, remind
from qa_portal.policy.models import PolicyValue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _every_day_is_worked(db):
    """Letters wait over days off; these tests count from today, whatever weekday it is."""
    today = timezone.localdate()
    days = (today + datetime.timedelta(days=n) for n in range(-60, 120))
    DayOff.objects.bulk_create(DayOff(day=day, working=True, name="Жұмыс күні") for day in days)


@pytest.fixture
def action(world) -> CapaAction:
    """An action in progress that is due in 20 days; the inbox and the post are emptied of what led to it."""
    action = world.in_progress().actions.get()
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    mail.outbox.clear()
    return action


def on(action, days):
    """Morning of the day so many days after the deadline."""
    day = action.due + datetime.timedelta(days=days)
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(3, 0), tzinfo=datetime.UTC), tick=False)


def reminded_people():
    return sorted(Notice.objects.filter(kind="reminder").values_list("person__username", flat=True))


@pytest.mark.parametrize(
    ("days", "people"),
    [
        (-8, []),
        (-7, ["staff"]),
        (-1, ["staff"]),
        (0, []),
        (1, ["head", "staff"]),
        (7, ["asb", "asb2"]),
        (14, ["board"]),
    ],
)
def test_each_threshold_tells_its_audience(action, days, people):
    passed = [t for t in (-7, -1, 1, 7, 14) if t < days]
    for threshold in passed:
        Reminded.objects.create(
            rule="capa.action_due", record_id=action.pk, deadline=action.due, threshold=threshold, outcome="sent"
        )
    with on(action, days):
        sweep()
    assert reminded_people() == people


def test_second_sweep_of_the_day_sends_nothing(action):
    with on(action, -7):
        first, second = sweep(), sweep()
    assert (first["sent"], first["letters"]) == (1, 1)
    assert (second["sent"], second["letters"]) == (0, 0)


def test_on_a_day_off_notices_pile_up_and_the_next_working_day_brings_one_letter(action):
    off = [action.due + datetime.timedelta(days=n) for n in (-1, 0, 1)]
    DayOff.objects.filter(day__in=off).update(working=False)
    with on(action, -7):
        assert sweep()["letters"] == 1
    for days in (-1, 0, 1):
        with on(action, days):
            assert sweep()["letters"] == 0
    assert Notice.objects.filter(kind="reminder", person__username="staff", letter__isnull=True).count() == 2
    with on(action, 2):
        assert sweep()["letters"] == 2  # staff and head
    assert not Notice.objects.filter(kind="reminder", letter__isnull=True).exists()


def test_after_an_outage_the_strongest_is_sent_once_and_the_weaker_are_logged_as_overtaken(action):
    with on(action, 9):
        totals = sweep()
    assert (totals["sent"], totals["overtaken"]) == (1, 3)
    outcomes = dict(Reminded.objects.values_list("threshold", "outcome"))
    assert outcomes == {-7: "overtaken", -1: "overtaken", 1: "overtaken", 7: "sent"}
    # Nobody whom an overtaken one would have told is left out.
    assert reminded_people() == ["asb", "asb2", "head", "staff"]


def test_a_new_deadline_starts_its_own_reminders(world, action):
    with on(action, -7):
        sweep()
    action_steps.ask_extension(action, by=world.staff, until=action.due + datetime.timedelta(days=30), reason="Сервер")
    action_steps.grant_extension(action, by=world.head)
    Notice.objects.all().delete()
    with on(action, -7):
        sweep()
    assert reminded_people() == ["staff"]


def test_nothing_is_sent_for_what_is_done(world, action):
    action_steps.carry_out(action, by=world.staff, note="Болды", link="https://example.org/x")
    with on(action, 7):
        assert sweep()["sent"] == 0


def test_one_letter_a_person_a_day_carries_all_reminders(world):
    for _n in range(3):
        world.in_progress(finding=world.finding())
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    mail.outbox.clear()
    with on(CapaAction.objects.first(), -7):
        remind()
        remind()
    letters = [m for m in mail.outbox if m.to == ["staff@example.org"]]
    assert len(letters) == 1
    assert letters[0].body.count("CAPA-") == 3
    assert "/capa/actions/" in letters[0].body
    assert letters[0].alternatives[0].mimetype == "text/html"


def test_letters_are_in_the_readers_language(world, action):
    type(world.staff).objects.filter(username="staff").update(language="ru")
    with on(action, -7):
        remind()
    assert mail.outbox[0].extra_headers["Content-Language"] == "ru"


def test_policy_moves_the_threshold(world, action):
    PolicyValue.objects.create(
        key="capa.remind_doer", value=[-3], valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    with on(action, -7):
        assert sweep()["sent"] == 0
    with on(action, -3):
        assert sweep()["sent"] == 1


def test_worker_killed_in_the_middle_leaves_each_letter_once(world, monkeypatch):
    """Killed after the first batch and again while posting: the next run sends what is missing and nothing twice."""
    for _n in range(6):
        world.in_progress(finding=world.finding(), owner="staff" if _n % 2 else "staff2")
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    mail.outbox.clear()
    monkeypatch.setattr(sweeping, "BATCH", 2)
    real, calls = sweeping._one_batch, []

    def dies_in_the_second_batch(*args):
        calls.append(1)
        real(*args)
        if len(calls) == 2:
            raise KeyboardInterrupt  # inside the batch's transaction, as a kill would be

    with on(CapaAction.objects.first(), -7):
        monkeypatch.setattr(sweeping, "_one_batch", dies_in_the_second_batch)
        with pytest.raises(KeyboardInterrupt):
            sweep()
        assert Reminded.objects.count() == 2
        monkeypatch.setattr(sweeping, "_one_batch", real)
        sweep()
        assert Reminded.objects.count() == 6
        first = Letter.objects.order_by("pk").first()
        # A worker claimed this one and died before it spoke to the mail server.
        Letter.objects.filter(pk=first.pk).update(claimed_at=timezone.now() - datetime.timedelta(hours=1), attempts=1)
        deliver_waiting()
        deliver_waiting()
    assert sorted(m.to[0] for m in mail.outbox) == ["staff2@example.org", "staff@example.org"]
    assert Letter.objects.filter(sent_at__isnull=True).count() == 0


def test_a_letter_that_a_living_worker_holds_is_left_to_it(world, action):
    with on(action, -7):
        sweep()
        letter = Letter.objects.get()
        Letter.objects.filter(pk=letter.pk).update(claimed_at=timezone.now())
        assert not post(letter.pk)
        assert not free(Letter.objects.all()).exists()
    assert mail.outbox == []


def test_queries_of_a_sweep_do_not_grow_with_the_rows(world):
    def queries(rows):
        while CapaAction.objects.open().count() < rows:
            world.in_progress(finding=world.finding())
        Reminded.objects.all().delete()
        with on(CapaAction.objects.first(), -7), CaptureQueriesContext(connection) as captured:
            sweeping.sweep_rule(next(r for r in sweeping.rules() if r.name == "capa.action_due"), timezone.localdate())
        return len(captured)

    queries(1)  # fills the cache of content types
    assert queries(1) == queries(12)
