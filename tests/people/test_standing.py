"""Offices, deputies and grants hold from a day to a day, both included; rights follow the rows, not a nightly job."""

import pytest
import time_machine
from django.core.exceptions import ValidationError

from capa.models import CapaPlan, Finding
from capa.workflow import plan as plan_steps
from qa_portal.people import grants
from qa_portal.people.heads import deciding_unit
from qa_portal.people.models import Deputy, Grant, Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import Refused

pytestmark = pytest.mark.django_db


def office(world, **dates):
    return Office.objects.create(person=world.staff, role=Role.QUALITY_COORDINATOR, unit=world.school, **dates)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(0, 0, True), (-5, 0, True), (0, 5, True), (1, 5, False), (-5, -1, False), (-5, None, True)],
)
def test_office_holds_from_its_first_to_its_last_day(world, day, since, until, holds):
    row = office(world, since=day(since), until=None if until is None else day(until))
    assert row.holds_on(day()) is holds
    assert world.staff.standing.has(Role.QUALITY_COORDINATOR) is holds


def test_office_counts_for_the_unit_and_what_is_below_and_nothing_else(world, day):
    office(world, since=day())
    standing = world.staff.standing
    assert standing.coordinates(world.school.path)
    assert standing.coordinates(world.department.path)
    assert not standing.coordinates(world.university.path)
    assert not standing.coordinates(world.far_school.path)


def test_head_sees_the_subtree_and_a_sister_unit_stays_closed(world):
    own, sister, far = (
        world.finding(reporter="asb", unit=u) for u in (world.department, world.other, world.far_school)
    )
    assert set(Finding.objects.visible_to(world.head)) == {own}
    assert set(Finding.objects.visible_to(world.dean)) == {own, sister}
    assert set(Finding.objects.visible_to(world.board)) == {own, sister, far}


def test_unit_moved_elsewhere_takes_its_subtree_along(world):
    world.school.parent = world.far_school
    world.school.save()
    world.department.refresh_from_db()
    assert world.department.path == f"{world.far_school.path}{world.school.pk}.{world.department.pk}."
    assert world.department.within(world.far_school)


def test_unit_cannot_stand_below_itself(world):
    world.school.parent = world.department
    with pytest.raises(ValidationError):
        world.school.full_clean()


def test_second_head_for_the_same_days_is_refused(world, day):
    second = Office(person=world.staff, role=Role.UNIT_HEAD, unit=world.department, since=day())
    with pytest.raises(ValidationError):
        second.full_clean()
    Office.objects.filter(person=world.head, role=Role.UNIT_HEAD).update(until=day(-1))
    second.full_clean()


def test_work_of_the_head_is_decided_by_the_head_above_and_at_the_top_by_the_board(world):
    assert deciding_unit(world.department, {world.staff.pk}) == world.department
    assert deciding_unit(world.department, {world.head.pk}) == world.school
    assert deciding_unit(world.department, {world.head.pk, world.dean.pk}) is None


# -- deputies -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("since", "until", "stands_in"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)])
def test_deputy_stands_in_for_the_stated_days_only(world, day, since, until, stands_in):
    Deputy.objects.create(
        principal=world.head, deputy=world.staff2, since=day(since), until=day(until), reason="еңбек демалысы"
    )
    assert world.staff2.standing.leads(world.department.pk) is stands_in


def test_deputy_approves_in_the_heads_name_and_the_day_after_no_longer(world, day):
    Deputy.objects.create(principal=world.head, deputy=world.staff2, since=day(), until=day(1), reason="іссапар")
    first, second = world.submitted(), world.submitted()
    plan_steps.approve(first, by=world.staff2)
    assert first.state == CapaPlan.IN_PROGRESS
    entry = first.history.get(verb="approve")
    assert (entry.by, entry.in_name_of) == (world.staff2, world.head)
    with time_machine.travel(day(2)), pytest.raises(Refused):
        plan_steps.approve(second, by=world.staff2)


def test_deputy_does_not_inherit_the_administrators_place(world, day):
    Deputy.objects.create(principal=world.admin, deputy=world.staff, since=day(), until=day(5), reason="ауырып қалды")
    assert not world.staff.standing.has(Role.ADMINISTRATOR)


def test_deputy_without_a_last_day_or_of_oneself_is_refused(world, day):
    with pytest.raises(ValidationError):
        Deputy(principal=world.head, deputy=world.staff, since=day(), reason="x").full_clean()
    with pytest.raises(ValidationError):
        Deputy(principal=world.head, deputy=world.head, since=day(), until=day(1), reason="x").full_clean()


# -- grants -----------------------------------------------------------------------------------------
def test_grant_ends_on_its_day_without_any_job(world, day):
    finding = world.finding(reporter="asb")
    grants.give(world.expert, "view", finding, by=world.asb, until=day(3), why="сыртқы аудит")
    assert list(Finding.objects.visible_to(world.expert)) == [finding]
    with time_machine.travel(day(3)):
        assert list(Finding.objects.visible_to(Person.objects.get(pk=world.expert.pk))) == [finding]
    with time_machine.travel(day(4)):
        assert not Finding.objects.visible_to(Person.objects.get(pk=world.expert.pk)).exists()
    # the job only tidies
    with time_machine.travel(day(4)):
        assert grants.sweep() == 1
        assert grants.sweep() == 0


def test_grant_ended_early_ends_now_and_stays_as_history(world, day):
    finding = world.finding(reporter="asb")
    grant = grants.give(world.expert, "view", finding, by=world.asb, until=day(30), why="сыртқы аудит")
    grants.end(grant, by=world.asb)
    assert not Finding.objects.visible_to(world.expert).exists()
    assert Grant.objects.filter(pk=grant.pk, ended_early__isnull=False).exists()


def test_only_the_quality_office_gives_and_ends_grants(world, day):
    finding = world.finding(reporter="asb")
    with pytest.raises(Refused):
        grants.give(world.expert, "view", finding, by=world.admin, until=day(1), why="x")
    grant = grants.give(world.expert, "view", finding, by=world.asb, until=day(1), why="x")
    with pytest.raises(Refused):
        grants.end(grant, by=world.head)
