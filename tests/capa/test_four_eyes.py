"""Nobody decides about own work, by whatever way round; and no record is left where nobody can move it."""

import datetime

import pytest
from django.utils import timezone

from capa.models import CapaAction, CapaPlan, Extension, Finding
from capa.portal import _extensions, _to_check
from capa.workflow import action as action_steps
from capa.workflow import finding as finding_steps
from capa.workflow import plan as plan_steps
from capa.workflow.family import reroute
from qa_portal.documents.evidence import use_evidence
from qa_portal.documents.models import Evidence
from qa_portal.documents.workflow import evidence as evidence_steps
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy, Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused

pytestmark = pytest.mark.django_db


def deputise(world, principal: str, deputy: str) -> None:
    today = timezone.localdate()
    Deputy.objects.create(
        principal=getattr(world, principal), deputy=getattr(world, deputy), since=today, until=today, reason="демалыс"
    )


# -- deputies ---------------------------------------------------------------------------------
def test_deputy_of_somebody_involved_neither_verifies_nor_checks_the_effect(world):
    deputise(world, "asb", "stranger")
    plan = world.implemented(by="asb")
    with pytest.raises(Refused):
        plan_steps.verify(plan, by=world.stranger, check_on=timezone.localdate())
    plan_steps.verify(plan, by=world.asb2, check_on=timezone.localdate())
    with pytest.raises(Refused):
        plan_steps.check_effect(plan, by=world.stranger, effective="true", note="Жақсы")


def test_deputy_of_an_uninvolved_officer_verifies_and_history_says_in_whose_name(world):
    deputise(world, "asb2", "stranger")
    plan = world.implemented()
    plan_steps.verify(plan, by=world.stranger, check_on=timezone.localdate())
    entry = plan.history.get(verb="verify")
    assert (entry.by, entry.in_name_of) == (world.stranger, world.asb2)
    assert plan.actions.get().history.get(verb="verify").in_name_of == world.asb2


def test_deputy_of_the_board_does_not_decide_about_the_principals_work(world):
    deputise(world, "board", "stranger")
    finding = world.finding(unit=world.university, reporter="asb")
    top = world.plan(finding, by="asb", owner="board")
    plan_steps.submit(top, by=world.asb)
    item = top.actions.get()
    for who in (world.board, world.stranger):
        with pytest.raises(Refused):
            action_steps.approve(item, by=who)


def test_own_action_carried_out_by_a_deputy_is_not_in_the_heads_name(world):
    deputise(world, "head", "staff")
    plan = world.submitted(owner="staff2")
    action_steps.approve(plan.actions.get(), by=world.staff)
    own = world.in_progress(finding=world.finding(), owner="staff").actions.get()
    action_steps.carry_out(own, by=world.staff, note="Болды", link="https://example.org/x")
    assert own.history.get(verb="carry_out").in_name_of is None
    assert plan.actions.get().history.get(verb="approve").in_name_of == world.head


# -- authors -------------------------------------------------------------------------------------
def test_head_who_rewrote_an_item_does_not_approve_it(world):
    plan = world.plan()
    action = plan.actions.get()
    action.text = "Мүлде басқа әрекет"
    action.save_changes(by=world.head)
    plan_steps.submit(plan, by=world.coordinator)
    action.refresh_from_db()
    assert action.approval_unit == world.school
    with pytest.raises(Refused):
        action_steps.approve(action, by=world.head)
    action_steps.approve(action, by=world.dean)


def test_quality_officer_who_wrote_or_proved_something_does_not_verify(world):
    plan = world.plan()
    plan.cause = "Себебі басқа"
    plan.save_changes(by=world.asb)
    plan_steps.submit(plan, by=world.coordinator)
    plan_steps.approve(plan, by=world.head)
    action = plan.actions.get()
    piece = Evidence(title="Хаттама", link="https://example.org/x").add(by=world.asb2)
    use_evidence(piece, action, world.asb2)
    action_steps.carry_out(action, by=world.staff, note="Болды")
    plan.refresh_from_db()
    for who in (world.asb, world.asb2):
        with pytest.raises(Refused):
            plan_steps.verify(plan, by=who, check_on=timezone.localdate())


def test_approver_does_not_become_the_doer(world):
    action = world.in_progress().actions.get()
    form = action_steps.hand_over.make_form(action, world.asb)
    assert world.head not in form.fields["owner"].queryset
    assert world.staff2 in form.fields["owner"].queryset


def test_reporter_does_not_overwrite_what_the_quality_office_qualified(world):
    finding = world.finding(severity="minor")
    finding.title = "Анықталған атау"
    finding.save_changes(by=world.staff)
    finding.severity = "critical"
    finding.save_changes(by=world.asb)
    finding.severity = "observation"
    with pytest.raises(Refused):
        finding.save_changes(by=world.staff)


def test_reporter_does_not_edit_once_a_plan_hangs_on_it_and_its_unit_stays(world):
    finding = world.finding()
    world.plan(finding)
    mine = Finding.objects.get(pk=finding.pk)
    mine.title = "Басқа"
    with pytest.raises(Refused):
        mine.save_changes(by=world.staff)
    theirs = Finding.objects.get(pk=finding.pk)
    theirs.unit = world.far_school
    with pytest.raises(Exception, match="."):
        theirs.save_changes(by=world.asb)
    assert Finding.objects.get(pk=finding.pk).unit == world.department


# -- nobody is stuck ------------------------------------------------------------------------------
def test_head_who_left_after_submission_is_followed_by_the_next_who_is_told(world):
    plan = world.submitted()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Office.objects.filter(person__username="head").update(until=yesterday)
    assert reroute() == 1
    action = plan.actions.get()
    assert action.approval_unit == world.school
    assert Notice.objects.filter(person=world.dean, verb="reroute").count() == 1
    assert action.history.get(verb="reroute").by is None
    action_steps.approve(action, by=world.dean)
    assert reroute() == 0


def test_head_who_is_no_longer_active_is_passed_over_at_submission(world):
    Person.objects.filter(username="head").update(is_active=False)
    assert world.submitted().actions.get().approval_unit == world.school


def test_drafter_who_becomes_head_does_not_decide_and_the_dean_does(world):
    plan = world.submitted()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Office.objects.filter(person__username="head").update(until=yesterday)
    Office.objects.create(
        person=world.coordinator, role=Role.UNIT_HEAD, unit=world.department, since=timezone.localdate()
    )
    reroute()
    action_steps.approve(plan.actions.get(), by=world.dean)


def test_submitted_plan_whose_only_item_is_cancelled_goes_back_to_the_unit(world):
    plan = world.submitted()
    with pytest.raises(Refused):
        action_steps.cancel(plan.actions.get(), by=world.staff2, reason="Қажет емес")
    action_steps.cancel(plan.actions.get(), by=world.coordinator, reason="Қажет емес")
    plan.refresh_from_db()
    assert plan.state == CapaPlan.RETURNED


def test_returned_plan_whose_returned_item_is_cancelled_begins_with_the_approved_ones(world):
    plan = world.submitted(items=2)
    first, second = plan.actions.all()
    action_steps.approve(first, by=world.head)
    action_steps.send_back(second, by=world.head, reason="Мерзімі ұзақ")
    action_steps.cancel(second, by=world.coordinator, reason="Қажет емес")
    plan.refresh_from_db()
    first.refresh_from_db()
    assert (plan.state, first.state) == (CapaPlan.IN_PROGRESS, CapaAction.IN_PROGRESS)
    assert plan.approved_on == timezone.localdate()


def test_plan_sent_back_in_part_is_not_shown_as_approved(world):
    plan = world.submitted(items=2)
    action_steps.send_back(plan.actions.first(), by=world.head, reason="Мерзімі ұзақ")
    plan.refresh_from_db()
    plan_steps.approve(plan, by=world.head)
    assert (plan.state, plan.approved_on) == (CapaPlan.RETURNED, None)


def test_action_is_not_added_to_a_plan_that_was_submitted_meanwhile(world):
    plan = world.plan()
    stale = CapaPlan.objects.select_related("unit", "finding").get(pk=plan.pk)
    plan_steps.submit(plan, by=world.coordinator)
    with pytest.raises(NotNow):
        world.action(stale)


def test_extension_asked_by_the_head_waits_for_the_head_above(world):
    action = world.in_progress().actions.get()
    later = action.due + datetime.timedelta(days=5)
    Notice.objects.all().delete()
    action_steps.ask_extension(action, by=world.head, until=later, reason="Сервер")
    assert Notice.objects.filter(verb="ask_extension").get().person == world.dean
    assert list(_extensions(world.dean)) == [action]
    assert list(_extensions(world.head)) == []
    action_steps.grant_extension(action, by=world.dean)
    assert action.due == later


def test_extension_falls_away_when_the_work_is_done(world):
    action = world.in_progress().actions.get()
    action_steps.ask_extension(action, by=world.staff, until=action.due + datetime.timedelta(days=5), reason="Сервер")
    action_steps.carry_out(action, by=world.staff, note="Болды", link="https://example.org/x")
    assert Extension.objects.get().state == Extension.FELL_AWAY


def test_somebody_who_left_is_followed_as_doer_and_as_checker(world):
    action = world.in_progress().actions.get()
    action_steps.hand_over(action, by=world.head, owner=world.staff2, reason="Жұмыстан кетті")
    action_steps.carry_out(action, by=world.staff2, note="Болды", link="https://example.org/x")
    plan = CapaPlan.objects.get(pk=action.plan_id)
    plan_steps.verify(plan, by=world.asb, check_on=timezone.localdate(), checker=world.auditor)
    Person.objects.filter(username="auditor").update(is_active=False)
    assert list(_to_check(world.asb2)) == [plan]
    plan_steps.name_checker(plan, by=world.asb2, checker=world.quality)
    plan_steps.check_effect(plan, by=world.quality, effective="true", note="Жақсы")
    assert plan.state == CapaPlan.CLOSED


# -- loops told -------------------------------------------------------------------------------------
def test_chain_of_duplicates_tells_everybody_at_closing(world):
    first, second, third = (
        world.finding(reporter="stranger"),
        world.finding(reporter="head2"),
        world.finding(reporter="staff"),
    )
    finding_steps.link_duplicate(first, by=world.asb, original=second)
    finding_steps.link_duplicate(second, by=world.asb, original=third)
    Notice.objects.all().delete()
    plan = world.verified(finding=third)
    plan_steps.check_effect(plan, by=world.auditor, effective="true", note="Жақсы")
    told = Notice.objects.filter(verb="close").values_list("person__username", flat=True)
    assert {"stranger", "head2", "staff"} <= set(told)
    assert Finding.objects.visible_to(world.stranger).filter(pk=third.pk).exists()


# -- evidence ------------------------------------------------------------------------------------------
def test_withdrawn_evidence_stops_verification_and_stands_in_history(world):
    plan = world.implemented()
    action = plan.actions.get()
    piece = action.proofs.get().evidence
    evidence_steps.withdraw(piece, by=world.staff, reason="Қате файл")
    assert action.history.filter(verb="withdraw").count() == 1
    with pytest.raises(NotNow):
        plan_steps.verify(CapaPlan.objects.get(pk=plan.pk), by=world.asb, check_on=timezone.localdate())


def test_evidence_of_what_was_verified_stays_as_it_was_judged(world):
    action = world.verified().actions.get()
    piece = action.proofs.get().evidence
    with pytest.raises(NotNow):
        evidence_steps.withdraw(piece, by=world.staff, reason="Қате файл")
    piece.title = "Басқа"
    with pytest.raises(NotNow):
        piece.save_changes(by=world.staff)
    more = Evidence(title="Тағы", link="https://example.org/y").add(by=world.staff)
    with pytest.raises(NotNow):
        use_evidence(more, action, world.staff)


# -- what was read ----------------------------------------------------------------------------------------
def test_approval_from_a_page_read_before_a_change_is_asked_anew(world, signed_in):
    plan = world.submitted()
    action = plan.actions.get()
    read = action.revision
    action_steps.send_back(action, by=world.head, reason="Анықтаңыз")
    action.text = "Басқа мәтін"
    action.save_changes(by=world.coordinator)
    plan.refresh_from_db()
    plan_steps.submit(plan, by=world.coordinator)
    answer = signed_in("head").post(f"/capa/actions/{action.pk}/approve/", {"revision": read})
    assert answer.status_code == 409
    assert CapaAction.objects.get(pk=action.pk).state == CapaAction.SUBMITTED
    fresh = CapaAction.objects.get(pk=action.pk).revision
    assert signed_in("head").post(f"/capa/actions/{action.pk}/approve/", {"revision": fresh}).status_code == 302


def test_second_press_of_a_step_that_keeps_the_state_writes_once(world, signed_in):
    finding = world.finding()
    client, data = signed_in("head"), {"correction": "Жүктелді", "revision": finding.revision}
    assert client.post(f"/capa/findings/{finding.pk}/correct/", data).status_code == 302
    assert client.post(f"/capa/findings/{finding.pk}/correct/", data).status_code == 409
    assert finding.history.filter(verb="correct").count() == 1
