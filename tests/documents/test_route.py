"""From agreement to force: the route of bodies and offices, exactly the agreed file, the day, the number, the race."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from qa_portal.documents import clock
from qa_portal.documents.models import Document, Version
from qa_portal.documents.permissions.library import own_text
from qa_portal.documents.route import COMING, DONE, NOW, stops
from qa_portal.documents.workflow import version as steps
from qa_portal.people.models import Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(monkeypatch):
    """No body is in the database: each kind of body stands for itself, as the registry has it without that room."""
    monkeypatch.setattr(registry, "body_for", lambda code, unit: code)
    monkeypatch.setattr(registry, "body_name", lambda code: code)
    monkeypatch.setattr(registry, "body_people", lambda code: ())


def two_stops(world):
    scenes.people(world)
    return scenes.document(world, of=scenes.kind("policy", scenes.BODIES, mark="СС"))


def test_bodies_decide_in_their_order_and_the_last_word_brings_it_into_force(world, bodies):
    version = scenes.approving(world, of=two_stops(world))
    council, board = scenes.body(world.council, "academic_council"), scenes.body(world.board, "board")
    assert [s.state for s in stops(version)] == [NOW, COMING]
    with pytest.raises(Refused):
        steps.approve(version, by=board, basis="№ 4 хаттама")
    steps.approve(version, by=council, basis="№ 3 хаттама")
    assert (version.state, version.waits_for) == ("approving", "board")
    assert [(s.state, s.basis) for s in stops(version)] == [(DONE, "№ 3 хаттама"), (NOW, "")]
    steps.approve(version, by=board, basis="№ 4 хаттама")
    document = Document.objects.get(pk=version.document_id)
    assert (version.state, document.state, document.current_id) == ("in_force", "in_force", version.pk)
    assert version.approval_basis == "№ 4 хаттама"
    assert document.number.startswith("СС-") and document.number.endswith(f"-01/{timezone.localdate().year}")
    assert document.review_due.year == timezone.localdate().year + 3
    assert document.approved_by == "board"


def test_nobody_takes_a_bodys_step_by_hand(world, bodies):
    version = scenes.approving(world, of=two_stops(world))
    for username in ("board", "council", "asb", "head", "admin", "rector"):
        with pytest.raises(Refused):
            steps.approve(version, by=getattr(world, username))


def test_a_body_sends_back_only_what_waits_for_it(world, bodies):
    version = scenes.approving(world, of=two_stops(world))
    with pytest.raises(Refused):
        steps.send_back(version, by=world.asb, reason="x")
    steps.send_back(version, by=scenes.body(world.council, "academic_council"), reason="Пысықталсын")
    assert (version.state, version.waits_for, version.route) == ("returned", "", [])


def test_a_route_that_names_a_missing_body_is_a_sentence(world, bodies, monkeypatch):
    monkeypatch.setattr(registry, "body_for", lambda code, unit: "")
    with pytest.raises(NotNow, match="academic_council"):
        scenes.approving(world, of=two_stops(world))


def test_a_kind_without_a_route_is_a_sentence(world):
    with pytest.raises(NotNow):
        scenes.approving(world, of=scenes.document(world, of=scenes.kind("letter", (), mark="ХТ")))


def test_an_order_approves_with_number_and_date(world):
    version = scenes.approving(world)
    with pytest.raises(InputProblem) as problem:
        steps.approve(version, by=world.rector)
    assert {"order_number", "order_date"} <= set(problem.value.form.errors)
    with pytest.raises(InputProblem):
        steps.approve(version, by=world.rector, order_number="1", order_date=scenes.tomorrow())
    scenes.approve(world, version)
    assert "12-Ө" in version.approval_basis
    assert version.state == "in_force"


def test_pressing_approve_again_says_how_it_stands(world):
    version = scenes.in_force(world)
    with pytest.raises(NotNow):
        scenes.approve(world, version)


def test_nobody_approves_their_own_text_not_even_the_rector_or_a_superuser(world):
    scenes.people(world)
    own = scenes.document(world, by="rector", unit=world.university)
    version = scenes.approving(world, by="rector", of=own)
    assert world.rector.pk in own_text(version)
    with pytest.raises(Refused):
        scenes.approve(world, version)
    Person.objects.filter(username="rector").update(is_superuser=True, is_staff=True)
    with pytest.raises(Refused):
        scenes.approve(world, version)
    other = scenes.someone(world, "rector2", Role.RECTOR)
    steps.approve(version, by=other, order_number="1", order_date=timezone.localdate())
    assert version.state == "in_force"


def test_whoever_edited_the_text_does_not_check_its_form(world):
    version = scenes.draft(world)
    version.summary = "ASB түзетті"
    version.save_changes(by=world.asb)
    steps.submit(version, by=world.coordinator)
    with pytest.raises(Refused):
        scenes.check(world, version, checker="asb")
    scenes.check(world, version, checker="asb2")
    assert version.state == "in_agreement"


def test_a_file_swapped_on_the_disk_after_agreement_is_refused_with_a_sentence(world):
    version = scenes.approving(world)
    with Path(version.file.path).open("ab") as stored:
        stored.write(b"% swapped")
    with pytest.raises(NotNow) as refused:
        scenes.approve(world, version)
    assert "файл" in str(refused.value).lower() or "file" in str(refused.value).lower()
    version.refresh_from_db()
    assert (version.state, version.document.number) == ("approving", "")


def test_a_file_that_is_gone_is_refused_with_a_sentence(world):
    version = scenes.approving(world)
    version.file.storage.delete(version.file.name)
    with pytest.raises(NotNow):
        scenes.approve(world, version)


def test_a_later_day_waits_for_the_clock(world):
    version = scenes.approved_for_later(world)
    document = version.document
    document.refresh_from_db()
    assert (version.state, document.state, bool(document.number)) == ("approved", "preparing", True)
    assert clock.bring_into_force() == 0
    with pytest.raises(Refused):
        steps.come_into_force(version, by=world.asb)


def test_the_clock_brings_it_into_force_on_the_day(world, monkeypatch):
    version = scenes.approved_for_later(world)
    day = version.effective_from
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: day)
    assert clock.bring_into_force() == 1
    assert clock.bring_into_force() == 0
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", day)
    assert Document.objects.get(pk=version.document_id).in_force_on == day


def test_a_second_version_supersedes_the_first_and_keeps_the_number(world):
    first = scenes.in_force(world)
    number = Document.objects.get(pk=first.document_id).number
    second = scenes.in_force(world, of=Document.objects.get(pk=first.document_id), content=scenes.PDF + b"% 2")
    first.refresh_from_db()
    document = Document.objects.get(pk=first.document_id)
    assert (second.label, second.state, first.state) == ("2.0", "in_force", "superseded")
    assert first.ended_on == timezone.localdate()
    assert (document.number, document.current_id) == (number, second.pk)


def test_a_minor_change_is_numbered_after_the_point(world):
    document = scenes.live(world)
    version = scenes.draft(world, of=document, minor_change=True)
    assert version.label == "1.1"


def test_numbers_run_by_mark_and_year(world):
    year = timezone.localdate().year
    first, second = scenes.live(world), scenes.live(world)
    assert [first.number[-7:], second.number[-7:]] == [f"01/{year}", f"02/{year}"]


def test_a_body_above_undoes_an_approval_and_the_version_before_is_in_force_again(world, bodies):
    document = two_stops(world)
    council, board = scenes.body(world.council, "academic_council"), scenes.body(world.board, "board")
    for content in (scenes.PDF, scenes.PDF + b"% 2"):
        version = scenes.approving(world, of=Document.objects.get(pk=document.pk), content=content)
        steps.approve(version, by=council, basis="3")
        steps.approve(version, by=board, basis="4")
    with pytest.raises(Refused):
        steps.undo_approval(version, by=board, reason="3.1-тармақ бұзылды")
    steps.undo_approval(version, by=scenes.body(world.board, "over:academic_council"), reason="3.1-тармақ бұзылды")
    document.refresh_from_db()
    assert (version.state, version.label) == ("returned", "2.0")
    assert (document.state, document.current.label, document.current.state) == ("in_force", "1.0", "in_force")
    assert version.history.filter(verb="approve").count() == 2


def test_an_undone_approval_gives_way_to_the_version_that_is_being_written(world, bodies):
    document = two_stops(world)
    version = scenes.approving(world, of=document)
    steps.approve(version, by=scenes.body(world.council, "academic_council"), basis="3")
    steps.approve(version, by=scenes.body(world.board, "board"), basis="4")
    scenes.draft(world, of=Document.objects.get(pk=document.pk))
    steps.undo_approval(version, by=scenes.body(world.board, "over:board"), reason="Қате")
    document.refresh_from_db()
    assert (version.state, document.state, document.current) == ("annulled", "preparing", None)


def test_one_version_in_preparation_at_a_time(world):
    version = scenes.draft(world)
    with pytest.raises(NotNow):
        scenes.draft(world, of=version.document)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_versions_never_come_into_force_at_once(world):
    """The same version approved from two connections: one order is given, the other hears how it stands."""
    version = scenes.approving(world)
    rector, outcomes = world.rector, []
    barrier = threading.Barrier(2)

    def press() -> None:
        try:
            barrier.wait(timeout=10)
            steps.approve(
                Version.objects.get(pk=version.pk), by=rector, order_number="1", order_date=datetime.date(2026, 1, 1)
            )
            outcomes.append("done")
        except NotNow:
            outcomes.append("not now")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert connection.vendor == "postgresql"
    assert sorted(outcomes) == ["done", "not now"]
    document = Document.objects.get(pk=version.document_id)
    assert document.versions.filter(state="in_force").count() == 1
    assert document.history.filter(verb="register").count() == 1
