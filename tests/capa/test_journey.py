"""The main job from end to end, by steps: finding → plan → approval → proof → verification → effect → told."""

import datetime

import pytest
from django.utils import timezone

from capa.models import CapaAction, CapaPlan, Extension, Finding
from capa.workflow import action as action_steps
from capa.workflow import finding as finding_steps
from capa.workflow import plan as plan_steps
from qa_portal.notices.models import Letter, Notice
from qa_portal.people.models import Deputy
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem

pytestmark = pytest.mark.django_db


def told(person, verb):
    return Notice.objects.filter(person=person, verb=verb).count()


def test_whole_loop_closes_and_the_reporter_is_told(world):
    plan = world.closed()
    finding = Finding.objects.get(pk=plan.finding_id)
    assert plan.state == CapaPlan.CLOSED
    assert finding.state == Finding.CLOSED
    assert finding.closed_on == timezone.localdate()
    assert told(world.staff, "close") == 1
    assert Letter.objects.filter(person=world.staff, subject__contains=finding.number).exists()
    words = list(plan.history.order_by("pk").values_list("verb", "from_state", "to_state"))
    assert words == [
        ("add", "", "draft"),
        ("submit", "draft", "submitted"),
        ("approve", "submitted", "in_progress"),
        ("carry_out", "in_progress", "implemented"),
        ("verify", "implemented", "verified"),
        ("check_effect", "verified", "closed"),
    ]


def test_plan_goes_to_the_head_and_starts_when_approved(world):
    plan = world.submitted(items=2)
    action = plan.actions.first()
    assert action.approval_unit == world.department
    assert told(world.head, "submit") == 1
    plan_steps.approve(plan, by=world.head)
    assert plan.state == CapaPlan.IN_PROGRESS
    assert set(plan.actions.values_list("state", flat=True)) == {CapaAction.IN_PROGRESS}
    assert told(world.staff, "approve") == 2


def test_items_approved_one_by_one_start_the_plan_with_the_last(world):
    plan = world.submitted(items=2)
    first, second = plan.actions.all()
    action_steps.approve(first, by=world.head)
    plan.refresh_from_db()
    assert (first.state, plan.state) == (CapaAction.APPROVED, CapaPlan.SUBMITTED)
    action_steps.approve(second, by=world.head)
    plan.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state, plan.state) == (
        CapaAction.IN_PROGRESS,
        CapaAction.IN_PROGRESS,
        CapaPlan.IN_PROGRESS,
    )


def test_returned_item_sends_the_plan_back_and_the_approved_one_stays(world):
    plan = world.submitted(items=2)
    first, second = plan.actions.all()
    action_steps.approve(first, by=world.head)
    action_steps.send_back(second, by=world.head, reason="Мерзімі тым ұзақ")
    plan.refresh_from_db()
    first.refresh_from_db()
    assert (plan.state, first.state, second.state) == (CapaPlan.RETURNED, CapaAction.APPROVED, CapaAction.RETURNED)
    plan_steps.submit(plan, by=world.coordinator)
    action_steps.approve(CapaAction.objects.get(pk=second.pk), by=world.head)
    plan.refresh_from_db()
    assert plan.state == CapaPlan.IN_PROGRESS


def test_head_who_submitted_or_does_it_cannot_approve_and_the_dean_can(world):
    plan = world.submitted(by="head", owner="head")
    action = plan.actions.get()
    assert action.approval_unit == world.school
    for who in (world.head, world.coordinator, world.admin, world.asb):
        with pytest.raises(Refused):
            action_steps.approve(action, by=who)
    action_steps.approve(action, by=world.dean)
    assert action.state == CapaAction.IN_PROGRESS


def test_at_the_top_the_board_decides(world):
    finding = world.finding(unit=world.far_school)
    plan = world.plan(finding, by="asb", owner="stranger")
    plan_steps.submit(plan, by=world.asb)
    action = plan.actions.get()
    assert action.approval_unit is None
    action_steps.approve(action, by=world.board)
    assert action.approved_by == world.board


def test_deputy_decides_in_the_heads_name_but_not_on_own_work_nor_on_that_of_the_head(world):
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head, deputy=world.staff2, since=today, until=today, reason="демалыс")
    plan = world.submitted()
    action_steps.approve(plan.actions.get(), by=world.staff2)
    entry = plan.actions.get().history.filter(verb="approve").get()
    assert (entry.by, entry.in_name_of) == (world.staff2, world.head)

    own = world.submitted(finding=world.finding(), owner="staff2").actions.get()
    with pytest.raises(Refused):
        action_steps.approve(own, by=world.staff2)
    of_the_head = world.submitted(finding=world.finding(), owner="head").actions.get()
    with pytest.raises(Refused):
        action_steps.approve(of_the_head, by=world.staff2)


def test_deputy_of_yesterday_has_no_say_today(world):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Deputy.objects.create(principal=world.head, deputy=world.staff2, since=yesterday, until=yesterday, reason="демалыс")
    with pytest.raises(Refused):
        action_steps.approve(world.submitted().actions.get(), by=world.staff2)


def test_carrying_out_needs_evidence(world):
    action = world.in_progress().actions.get()
    with pytest.raises(InputProblem):
        action_steps.carry_out(action, by=world.staff, note="Болды")
    action_steps.carry_out(action, by=world.staff, note="Болды", link="https://example.org/x")
    assert action.proofs.count() == 1
    assert action.plan.state == CapaPlan.IMPLEMENTED
    assert told(world.asb, "carry_out") == 1


def test_cancelled_action_closes_nothing_by_itself(world):
    plan = world.in_progress(items=1)
    action_steps.cancel(plan.actions.get(), by=world.asb, reason="Қажет емес")
    plan.refresh_from_db()
    # Nothing was done: the plan is back with the unit, which adds an action, or the quality office cancels it.
    assert plan.state == CapaPlan.RETURNED
    world.action(plan)
    plan_steps.submit(plan, by=world.coordinator)
    assert plan.state == CapaPlan.SUBMITTED


def test_cancelling_the_last_open_item_lets_the_carried_out_ones_be_verified(world):
    plan = world.in_progress(items=2)
    first, second = plan.actions.all()
    action_steps.carry_out(first, by=world.staff, note="Болды", link="https://example.org/x")
    action_steps.cancel(second, by=world.asb, reason="Қажет емес")
    plan.refresh_from_db()
    assert plan.state == CapaPlan.IMPLEMENTED


def test_verification_is_refused_to_whoever_had_a_hand_in_it(world):
    plan = world.implemented(by="asb")
    with pytest.raises(Refused):
        plan_steps.verify(plan, by=world.asb, check_on=timezone.localdate())
    plan_steps.verify(plan, by=world.asb2, check_on=timezone.localdate())
    assert plan.state == CapaPlan.VERIFIED


def test_quality_office_sends_a_carried_out_item_back(world):
    plan = world.implemented()
    action = plan.actions.get()
    action_steps.send_back(action, by=world.asb, reason="Хаттамада қол жоқ")
    plan.refresh_from_db()
    assert (action.state, plan.state) == (CapaAction.IN_PROGRESS, CapaPlan.IN_PROGRESS)


@pytest.mark.parametrize("username", ["asb", "head", "staff", "coordinator", "dean", "stranger", "admin"])
def test_effect_is_not_checked_by_anybody_of_the_plan_or_the_unit(world, username):
    plan = world.verified()
    with pytest.raises(Refused):
        plan_steps.check_effect(plan, by=getattr(world, username), effective="true", note="Жақсы")


def test_effect_is_not_checked_before_its_day(world):
    plan = world.implemented()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    plan_steps.verify(plan, by=world.asb, check_on=tomorrow, checker=world.auditor)
    with pytest.raises(NotNow):
        plan_steps.check_effect(plan, by=world.auditor, effective="true", note="Жақсы")


def test_checker_must_be_independent(world):
    plan = world.implemented(by="asb2")
    with pytest.raises(InputProblem):
        plan_steps.verify(plan, by=world.asb, check_on=timezone.localdate(), checker=world.asb2)


def test_not_effective_keeps_the_finding_open_and_the_next_plan_follows(world):
    plan = world.verified()
    plan_steps.check_effect(plan, by=world.auditor, effective="false", note="Қайталанды")
    assert plan.state == CapaPlan.NOT_EFFECTIVE
    assert Finding.objects.get(pk=plan.finding_id).is_open
    plan_steps.reopen(plan, by=world.coordinator)
    following = plan.finding.plans.get(edition=2)
    assert (following.state, following.cause) == (CapaPlan.DRAFT, plan.cause)
    with pytest.raises(NotNow):
        plan_steps.reopen(plan, by=world.coordinator)


def test_extension_moves_the_deadline_and_keeps_the_first_one(world):
    action = world.in_progress().actions.get()
    first = action.due
    later = first + datetime.timedelta(days=10)
    action_steps.ask_extension(action, by=world.staff, until=later, reason="Сервер ауысуда")
    with pytest.raises(NotNow):
        action_steps.ask_extension(action, by=world.staff, until=later, reason="тағы")
    with pytest.raises(Refused):
        action_steps.grant_extension(action, by=world.staff)
    action_steps.grant_extension(action, by=world.head, note="Келісемін")
    assert (action.due, action.first_due) == (later, first)
    assert Extension.objects.get().state == Extension.GRANTED


def test_minor_finding_closes_without_a_plan_but_only_when_corrected_and_by_another_hand(world):
    finding = world.finding(severity="minor")
    with pytest.raises(NotNow):
        finding_steps.close(finding, by=world.asb)
    finding_steps.correct(finding, by=world.asb, correction="Жүктелді")
    with pytest.raises(Refused):
        finding_steps.close(finding, by=world.asb)
    finding_steps.close(finding, by=world.asb2)
    assert finding.state == Finding.CLOSED
    assert told(world.staff, "close") == 1


def test_major_finding_does_not_close_without_a_plan(world):
    finding = world.finding(severity="major")
    finding_steps.correct(finding, by=world.staff, correction="Жүктелді")
    with pytest.raises(NotNow):
        finding_steps.close(finding, by=world.asb)


def test_reporter_of_a_duplicate_is_told_when_the_original_closes(world):
    original = world.finding(reporter="staff")
    twin = world.finding(reporter="stranger")
    finding_steps.link_duplicate(twin, by=world.asb, original=original)
    assert twin.state == Finding.CANCELLED
    plan = world.verified(finding=original)
    plan_steps.check_effect(plan, by=world.auditor, effective="true", note="Жақсы")
    assert told(world.stranger, "close") == 1


def test_one_live_plan_a_finding(world):
    plan = world.plan()
    with pytest.raises(NotNow):
        world.plan(plan.finding)


def test_plan_without_actions_or_with_a_past_deadline_is_not_submitted(world):
    plan = world.plan(items=0)
    with pytest.raises(NotNow):
        plan_steps.submit(plan, by=world.coordinator)


def test_cancelled_plan_ends_its_actions_and_leaves_the_finding_open(world):
    plan = world.in_progress(items=2)
    with pytest.raises(Refused):
        plan_steps.cancel(plan, by=world.head, reason="Қажет емес")
    plan_steps.cancel(plan, by=world.asb, reason="Қате ашылған")
    assert set(plan.actions.values_list("state", flat=True)) == {CapaAction.CANCELLED}
    assert Finding.objects.get(pk=plan.finding_id).is_open
    assert world.plan(Finding.objects.get(pk=plan.finding_id)).edition == 2


def test_decision_stores_the_policy_it_used(world):
    plan = world.verified()
    entry = plan.history.get(verb="verify")
    assert entry.policies["capa.effect_check_after"] == {"value": 60, "version": 0}
