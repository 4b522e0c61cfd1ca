"""Acquaintance: who is asked by when, who may say that they have read, newcomers, minor versions, who sees what."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from qa_portal.dates.days import add_working_days
from qa_portal.dates.models import DayOff, seed_days_off
from qa_portal.documents import acquainting
from qa_portal.documents.models import Acquaintance, Document, Version
from qa_portal.documents.readership import of_major, reading_by_unit, reading_figures
from qa_portal.documents.workflow import acquaintance as steps
from qa_portal.documents.workflow import document as on_document
from qa_portal.documents.workflow import version as on_version
from qa_portal.notices.models import Letter, Notice
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Deputy, Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.workflow.writing import WrittenPastTheKernel

from .scenes_acquaintance import (
    approve,
    document,
    draft,
    in_force,
    kind,
    new_version,
    noon,
    on_its_way_again,
    row_of,
    waiting,
)

pytestmark = pytest.mark.django_db

D = datetime.date
THERAPY = {"coordinator", "head", "staff", "staff2"}


@pytest.fixture(autouse=True)
def _ten_o_clock_on_a_working_day():
    """Friday 20 November 2026."""
    with time_machine.travel(noon(D(2026, 11, 20)), tick=False):
        yield


def asked(version, **how):
    rows = Acquaintance.objects.filter(version=version, **how)
    return set(rows.values_list("person__username", flat=True))


def later(days):
    return time_machine.travel(noon(timezone.localdate() + datetime.timedelta(days=days)), tick=False)


# -- who is asked ------------------------------------------------------------------------------
def test_approval_asks_the_owner_unit_when_nothing_else_is_chosen(world):
    version = in_force(world)
    assert asked(version) == THERAPY
    assert set(version.acquaintances.values_list("unit", flat=True)) == {world.department.pk}


def test_chosen_units_stand_with_all_below_and_offices_with_their_holders(world):
    version = in_force(world, audience_units=[str(world.school.pk)], audience_roles=[Role.AUDITOR])
    assert asked(version) == THERAPY | {"dean", "head2", "auditor"}


def test_kind_for_everybody_asks_all_of_ours_and_no_expert_nor_whoever_left(world):
    Person.objects.filter(username="staff2").update(is_active=False)
    version = in_force(world, kind("policy", audience="everybody"))
    people = asked(version)
    assert {"staff", "board", "asb", "rector", "stranger"} <= people
    assert not people & {"expert", "staff2"}


def test_the_root_stands_for_everybody(world):
    version = in_force(world, audience_units=[str(world.university.pk)])
    assert "admin" in asked(version)  # has no unit, but an office
    assert "expert" not in asked(version)


def test_author_and_approver_read_too(world):
    version = in_force(world, audience_units=[str(world.university.pk)])
    assert {"asb", "rector"} <= asked(version)


def test_the_history_of_the_version_says_how_many(world):
    version = in_force(world)
    entry = version.history.get(verb="acquaint")
    assert (entry.why, entry.by) == ("4", world.rector)


def test_everybody_is_told_once_and_gets_one_letter_with_the_way_to_the_own_page(
    world, django_capture_on_commit_callbacks
):
    Person.objects.filter(username="staff2").update(letters_wanted="reminders")
    with django_capture_on_commit_callbacks(execute=True):
        version = in_force(world)
    told = Notice.objects.filter(verb="acquaint")
    assert sorted(told.values_list("person__username", flat=True)) == sorted(THERAPY)
    letters = [m for m in mail.outbox if "/documents/acquaintances/" in m.body]
    assert sorted(m.to[0].split("@")[0] for m in letters) == sorted(THERAPY - {"staff2"})
    own = next(m for m in letters if m.to == ["staff@example.org"])
    assert row_of(version, world.staff).get_absolute_url() in own.body
    assert row_of(version, world.staff).get_absolute_url() in own.alternatives[0].content
    assert world.staff.get_full_name() in own.body


def test_letters_speak_the_readers_language(world):
    Person.objects.filter(username="staff").update(language="en")
    in_force(world)
    letters = dict(Letter.objects.values_list("person__username", "text"))
    assert "Regulation of the department" in letters["staff"]
    assert "Кафедра туралы ереже" in letters["head"]


# -- by when ---------------------------------------------------------------------------------------
def test_ten_working_days_from_approval_step_over_holidays(world):
    seed_days_off([2026, 2027])
    with time_machine.travel(noon(D(2026, 12, 14)), tick=False):
        version = in_force(world)
    # 15, (16 off), 17, 18, 21–24 … 28, 29
    assert set(version.acquaintances.values_list("due", flat=True)) == {D(2026, 12, 29)}


def test_a_later_effective_date_does_not_move_the_day(world):
    doc = document(world)
    version = approve(draft(doc, world, effective_from=timezone.localdate() + datetime.timedelta(days=60)), world)
    assert version.state == Version.APPROVED
    assert set(version.acquaintances.values_list("due", flat=True)) == {add_working_days(timezone.localdate(), 10)}
    steps.confirm(row_of(version, world.staff), by=world.staff)


# -- I have read it ----------------------------------------------------------------------------------
def test_the_person_confirms_with_the_time_and_it_stays(world):
    row = waiting(world)
    steps.confirm(row, by=world.staff)
    assert (row.state, row.confirmed_at) == (Acquaintance.CONFIRMED, timezone.now())
    entry = row.history.get()
    assert (entry.verb, entry.by, entry.in_name_of) == ("confirm", world.staff, None)
    row.due = D(2030, 1, 1)
    with pytest.raises(Refused):
        row.save_changes(by=world.staff)
    with pytest.raises(WrittenPastTheKernel):
        row.save()


@pytest.mark.parametrize("username", ["head", "asb", "admin", "board", "staff2"])
def test_nobody_confirms_for_somebody_else(world, username):
    with pytest.raises(Refused):
        steps.confirm(waiting(world), by=getattr(world, username))


def test_not_even_a_deputy_confirms_in_the_name_of_the_person_deputised(world):
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head, deputy=world.staff, since=today, until=today, reason="Демалыс")
    with pytest.raises(Refused):
        steps.confirm(row_of(in_force(world), world.head), by=world.staff)


def test_confirming_twice_is_the_wrong_moment(world, signed_in):
    row = waiting(world)
    client = signed_in("staff")
    assert client.post(f"{row.get_absolute_url()}confirm/").status_code == 302
    assert client.post(f"{row.get_absolute_url()}confirm/").status_code == 409
    assert client.post(f"/api/v1/documents/acquaintances/{row.pk}/confirm/").status_code in (401, 409)


def test_what_was_annulled_is_not_confirmed(world):
    row = waiting(world)
    on_document.annul(
        Document.objects.get(pk=row.version.document_id),
        by=world.asb,
        basis="Бұйрық № 1",
        on="2026-11-20",
        reason="Ескірді",
    )
    row.refresh_from_db()
    assert row.state == Acquaintance.VOID
    assert row.history.get().verb == "release"
    with pytest.raises(NotNow):
        steps.confirm(row, by=world.staff)


def test_the_page_shows_the_paper_and_the_button_above_and_below(world, signed_in):
    row = waiting(world)
    page = signed_in("staff").get(row.get_absolute_url()).content.decode()
    assert f'data="/documents/versions/{row.version_id}/file/' in page
    assert page.count(f'action="{row.get_absolute_url()}confirm/"') == 2
    seen = signed_in("head").get(row.get_absolute_url()).content.decode()
    assert f'action="{row.get_absolute_url()}confirm/"' not in seen


def test_many_are_never_confirmed_at_once(world, signed_in):
    row = waiting(world)
    answer = signed_in("staff").post("/documents/acquaintances/many/confirm/", {"ids": [row.pk]})
    assert answer.status_code == 404


def test_api_confirms_ones_own(world, no_second_factor):
    row = waiting(world)
    client = APIClient()
    client.force_authenticate(world.staff)
    assert client.post(f"/api/v1/documents/acquaintances/{row.pk}/confirm/").json()["state"] == "confirmed"
    assert client.post(f"/api/v1/documents/acquaintances/{row.pk}/confirm/").status_code == 409
    client.force_authenticate(world.head)
    assert client.post(f"/api/v1/documents/acquaintances/{row.pk}/confirm/").status_code == 403
    client.force_authenticate(world.staff2)
    assert client.get(f"/api/v1/documents/acquaintances/{row.pk}/").status_code == 404


# -- new versions --------------------------------------------------------------------------------------
def test_a_major_version_asks_everybody_anew(world):
    first = in_force(world)
    steps.confirm(row_of(first, world.staff), by=world.staff)
    with later(3):
        second = new_version(first, world)
        assert second.label == "2.0"
        assert asked(second, state="waiting") == THERAPY
        assert asked(first, state="confirmed") == {"staff"}
        assert asked(first, state="void") == THERAPY - {"staff"}
        assert row_of(second, world.staff).due == add_working_days(timezone.localdate(), 10)


def test_a_minor_version_asks_nobody_again_and_who_had_not_read_reads_it_by_the_old_day(world):
    first = in_force(world)
    due = row_of(first, world.head).due
    steps.confirm(row_of(first, world.staff), by=world.staff)
    Notice.objects.all().delete()
    with later(4):
        second = new_version(first, world, minor=True)
        assert second.label == "1.1"
        assert asked(second) == THERAPY - {"staff"}
        assert {row.due for row in second.acquaintances.all()} == {due}
        assert asked(first, state="confirmed") == {"staff"}
        assert not Notice.objects.filter(verb="acquaint").exists()
        figures = reading_figures(of_major(second, world.asb))
        assert (figures["asked"], figures["read"]) == (4, 1)
        assert acquainting.ask_newcomers() == 0


def test_after_an_undone_approval_the_changed_text_is_read_again(world):
    first = in_force(world)
    steps.confirm(row_of(first, world.staff), by=world.staff)
    decision = world.board
    decision.decides_for = frozenset({"over:role:rector"})
    on_version.undo_approval(first, by=decision, reason="5.2-тармақ бұзылған")
    assert asked(first, state="void") == THERAPY - {"staff"}
    with later(1):
        first.refresh_from_db()
        first.checksum = "0" * 64
        first.save_changes(by=world.asb)
        again = approve(on_its_way_again(first), world)
        assert asked(again, state="waiting") == THERAPY
        verbs = list(row_of(again, world.staff).history.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["confirm", "ask_again"]


# -- newcomers -------------------------------------------------------------------------------------------
def test_a_newcomer_of_the_unit_is_asked_with_days_of_their_own(world):
    version = in_force(world)
    with later(30):
        world.person("newcomer", world.department)
        assert acquainting.ask_newcomers() == 1
        row = row_of(version, world.newcomer)
        assert (row.why, row.due) == ("newcomer", add_working_days(timezone.localdate(), 10))
        assert version.history.filter(verb="acquaint", by=None, why="1").exists()
        assert acquainting.ask_newcomers() == 0
    assert Notice.objects.filter(person=world.newcomer, verb="acquaint").count() == 1


def test_days_of_a_newcomer_are_counted_from_the_first_working_day(world):
    version = in_force(world)
    person = world.person("newcomer", world.department)
    Person.objects.filter(pk=person.pk).update(first_day=D(2026, 12, 1))
    acquainting.ask_newcomers()
    assert row_of(version, person).due == add_working_days(D(2026, 12, 1), 10)


@pytest.mark.parametrize(
    ("first_day", "due"),
    [
        (D(2026, 12, 7), D(2026, 12, 4)),  # a Monday: the Friday before
        (D(2026, 12, 1), D(2026, 11, 30)),
        (D(2026, 11, 20), D(2026, 11, 20)),  # works since today: should have been before
        (D(2026, 11, 1), D(2026, 11, 20)),
        (None, D(2026, 11, 20)),
    ],
)
def test_the_quality_policy_is_read_before_the_first_working_day(world, first_day, due):
    version = in_force(world, kind("policy", audience="everybody", before_first_day=True))
    person = world.person("newcomer", world.department)
    Person.objects.filter(pk=person.pk).update(first_day=first_day)
    acquainting.ask_newcomers()
    row = row_of(version, person)
    assert (row.due, row.why) == (due, "first_day")


def test_a_new_holder_of_an_office_is_asked(world):
    version = in_force(world, audience_roles=[Role.AUDITOR])
    Office.objects.create(person=world.stranger, role=Role.AUDITOR, unit=world.university, since=timezone.localdate())
    assert acquainting.ask_newcomers() == 1
    assert asked(version) == {"auditor", "stranger"}


def test_who_left_or_moved_is_asked_no_more_and_asked_again_when_back(world):
    version = in_force(world)
    Person.objects.filter(username="staff2").update(is_active=False)
    Person.objects.filter(username="staff").update(unit=world.other)
    acquainting.ask_newcomers()
    assert asked(version, state="void") == {"staff", "staff2"}
    assert all(row.history.get().why for row in version.acquaintances.filter(state="void"))
    Person.objects.filter(username="staff").update(unit=world.department)
    with later(5):
        assert acquainting.ask_newcomers() == 1
        row = row_of(version, world.staff)
        assert (row.state, row.due) == ("waiting", add_working_days(timezone.localdate(), 10))


def test_while_a_new_version_waits_for_its_day_nobody_is_sent_back_to_the_old_one(world):
    first = in_force(world)
    second = new_version(first, world, effective_from=timezone.localdate() + datetime.timedelta(days=30))
    world.person("newcomer", world.department)
    assert acquainting.ask_newcomers() == 1
    assert asked(second, state="waiting") == THERAPY | {"newcomer"}
    assert asked(first, state="waiting") == set()


def test_one_letter_a_newcomer_however_many_documents(world, django_capture_on_commit_callbacks):
    for _n in range(5):
        in_force(world)
    person = world.person("newcomer", world.department)
    Notice.objects.all().delete()
    Letter.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert acquainting.ask_newcomers() == 5
    assert Letter.objects.filter(person=person).count() == 1
    assert Notice.objects.filter(person=person).count() == 1


def test_queries_for_newcomers_do_not_grow_with_documents_or_people(world):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            acquainting.ask_newcomers()
        return len(captured)

    in_force(world)
    queries()
    one = queries()
    for _n in range(6):
        in_force(world)
    assert queries() == one
    for n in range(20):
        world.person(f"new{n}", world.department)
    first = queries()
    for n in range(20, 40):
        world.person(f"new{n}", world.department)
    assert queries() == first


# -- many at once ---------------------------------------------------------------------------------------------
def test_three_hundred_are_asked_in_few_queries(world):
    def queries(of):
        doc = document(world, of)
        version = draft(doc, world)
        with CaptureQueriesContext(connection) as captured:
            approve(version, world)
        # SQLite takes an insert of many rows in pieces
        texts = [query["sql"] for query in captured]
        pieces = [n for n, sql in enumerate(texts) if sql[:6] == "INSERT" and n and texts[n - 1][:40] == sql[:40]]
        return len(texts) - len(pieces)

    everybody = kind("policy", audience="everybody")
    queries(everybody)
    few = queries(everybody)
    people = []
    for n in range(300):
        person = Person(username=f"many{n}", email=f"many{n}@example.org", unit=world.far_school, password="!")
        person.last_name_kk, person.first_name_kk = f"Адам{n}", "Әсел"
        people.append(person)
    Person.objects.bulk_create(people)
    assert queries(everybody) == few
    newest = Version.objects.order_by("-pk").first()
    assert Acquaintance.objects.filter(version=newest).count() > 300
    assert Letter.objects.filter(person__username="many7").count() == 1
    assert Notice.objects.filter(person__username="many7", letter__isnull=False).count() == 1


# -- who sees what ----------------------------------------------------------------------------------------------
def test_a_head_sees_the_own_unit_only_and_a_reader_the_own_row_only(world):
    version = in_force(world, audience_units=[str(world.school.pk)])
    seen = Acquaintance.objects.visible_to(world.head).filter(version=version)
    assert set(seen.values_list("person__username", flat=True)) == THERAPY
    assert Acquaintance.objects.visible_to(world.staff).count() == 1
    assert Acquaintance.objects.visible_to(world.dean).count() == 6
    assert Acquaintance.objects.visible_to(world.hr).count() == 6


def test_figures_say_asked_read_late_and_in_time(world):
    version = in_force(world, audience_units=[str(world.school.pk)])
    steps.confirm(row_of(version, world.staff), by=world.staff)
    with later(20):
        steps.confirm(row_of(version, world.staff2), by=world.staff2)
        figures = reading_figures(of_major(version, world.asb))
        assert figures == {"asked": 6, "read": 2, "in_time": 1, "late": 4, "share": 17}
        by_unit = {str(line["unit"]): (line["asked"], line["read"]) for line in reading_by_unit(version.acquaintances)}
        assert by_unit[str(world.department)] == (4, 2)
        assert by_unit[str(world.other)] == (1, 0)


def test_the_register_is_filtered_and_exported(world, signed_in):
    version = in_force(world, audience_units=[str(world.school.pk)])
    in_force(world)
    client = signed_in("asb")
    address = "/documents/acquaintances/"
    for query, count in (
        ("", 10),
        (f"document={version.document_id}", 6),
        (f"unit={world.other.pk}", 1),
        ("overdue=true", 0),
        ("mine=true", 0),
        ("state=waiting", 10),
    ):
        assert client.get(f"{address}?{query}&count=1").json()["count"] == count, query
    assert client.get(f"{address}?export=xlsx").status_code == 200
    assert signed_in("staff").get(f"{address}?mine=true&count=1").json()["count"] == 2


def test_the_register_costs_the_same_for_one_and_for_thirty(world, signed_in):
    client = signed_in("asb")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/documents/acquaintances/")
        return len(captured)

    in_force(world, audience_roles=[Role.AUDITOR])
    queries()
    one = queries()
    for _n in range(6):
        in_force(world, audience_units=[str(world.school.pk)])
    assert queries() == one


def test_the_desk_says_what_is_to_be_read(world, signed_in):
    row = waiting(world)
    assert row.get_absolute_url() in signed_in("staff").get("/").content.decode()


# -- reminders ------------------------------------------------------------------------------------------------------
def reminders(rule):
    found = Notice.objects.filter(kind="reminder", verb=rule)
    return sorted(found.values_list("person__username", "subject"))


def test_readers_are_reminded_and_the_head_is_told_once_how_many_have_not_read(world):
    version = in_force(world, audience_units=[str(world.school.pk)])
    steps.confirm(row_of(version, world.staff), by=world.staff)
    due = row_of(version, world.head).due
    with time_machine.travel(noon(due + datetime.timedelta(days=3)), tick=False):  # Monday
        sweep()
        readers = [name for name, _words in reminders("documents.to_read")]
        assert readers == sorted({"coordinator", "dean", "head", "head2", "staff2"})
        heads = dict(reminders("documents.head_of_readers"))
        assert set(heads) == {"dean", "head", "head2"}
        assert "3" in heads["head"].split(":")[1]
        assert "1" in heads["head2"].split(":")[1]
        assert Letter.objects.filter(kind="reminders", person=world.head).count() == 1
    with time_machine.travel(noon(due + datetime.timedelta(days=4)), tick=False):
        steps.confirm(row_of(version, world.coordinator), by=world.coordinator)
        sweep()
        assert len(reminders("documents.head_of_readers")) == 3  # nothing again before the next threshold


def test_reminder_letters_are_not_written_on_a_day_off_and_nothing_is_lost(world):
    version = in_force(world)
    due = row_of(version, world.staff).due  # Friday 4 December: a day later is a Saturday
    assert due == D(2026, 12, 4)
    DayOff.objects.create(day=D(2026, 12, 7), name="Демалыс")
    for day, letters in ((D(2026, 12, 5), 0), (D(2026, 12, 6), 0), (D(2026, 12, 7), 0), (D(2026, 12, 8), 1)):
        with time_machine.travel(noon(day), tick=False):
            sweep()
            assert Letter.objects.filter(kind="reminders", person=world.staff).count() == letters, day
    assert Notice.objects.filter(kind="reminder", person=world.staff, letter__isnull=True).count() == 0


def test_the_portal_opens_rows_and_nobody_else(world):
    row = Acquaintance(version=in_force(world), person=world.stranger, due=D(2026, 12, 1))
    with pytest.raises(Refused):
        row.add(by=world.asb)
    row.add(by=SYSTEM)
