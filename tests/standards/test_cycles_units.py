"""A unit's self-assessment: answered, submitted by its head, sent back, verified by somebody independent."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from qa_portal.notices.models import Notice
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from standards.models import AreaAnswer, Assessment
from standards.workflow import answers as answer_steps
from standards.workflow import assessments as steps

from . import scenes_cycles as scenes
from .scenes_cycles import fresh

pytestmark = pytest.mark.django_db
REASON = "Себебі бар"


def told() -> set[str]:
    return set(Notice.objects.values_list("person__username", flat=True))


def on_desk(key: str, person) -> list:
    return list(registry.desk[key].rows(person))


def states(assessment) -> dict[str, str]:
    return dict(AreaAnswer.objects.filter(assessment=assessment).values_list("code", "state"))


# -- submitting ---------------------------------------------------------------------------------
def test_the_whole_way_of_a_unit_with_one_area_sent_back(world):
    assessment = scenes.submitted(world)
    assert told() >= {"asb", "asb2"}
    assert set(states(assessment).values()) == {"submitted"}
    back = AreaAnswer.objects.get(assessment=assessment, code="S1.A2")
    answer_steps.send_back(back, by=world.asb2, reason="Дәлел жоқ")
    scenes.accept_all(assessment, world.asb2)
    with pytest.raises(NotNow) as refused:
        steps.verify(fresh(assessment), by=world.asb)
    assert "1" in str(refused.value)
    steps.send_back(fresh(assessment), by=world.asb)
    assert fresh(assessment).state == Assessment.RETURNED
    assert {code for code, state in states(assessment).items() if state == "returned"} == {"S1.A2"}
    scenes.answer_all(assessment, world.coordinator, "partly")
    steps.submit(fresh(assessment), by=world.head)
    scenes.accept_all(assessment, world.asb2)
    verified = steps.verify(fresh(assessment), by=world.asb, note="Толық")
    assert (verified.state, verified.verified_by, verified.verified_on) == (
        Assessment.VERIFIED,
        world.asb,
        timezone.localdate(),
    )


def test_the_coordinator_prepares_and_does_not_submit(world):
    assessment = scenes.complete(world)
    for username in ("coordinator", "staff", "asb", "head2", "admin"):
        with pytest.raises(Refused):
            steps.submit(fresh(assessment), by=getattr(world, username))
    assert steps.submit(fresh(assessment), by=world.dean).submitted_by == world.dean


def test_a_deputy_submits_in_the_name_of_the_head(world):
    assessment = scenes.complete(world)
    Deputy.objects.create(principal=world.head, deputy=world.staff, since=scenes.in_days(-1), until=scenes.in_days(5))
    steps.submit(assessment, by=world.staff)
    entry = assessment.history.get(verb="submit")
    assert (entry.by, entry.in_name_of) == (world.staff, world.head)


def test_an_unfinished_one_is_not_submitted_and_twice_is_too_late(world):
    with pytest.raises(NotNow):
        steps.submit(scenes.assessment(world), by=world.head)
    assessment = scenes.complete(world)
    again = fresh(assessment)
    steps.submit(assessment, by=world.head)
    with pytest.raises(NotNow):
        steps.submit(again, by=world.head)


def test_all_who_wrote_an_answer_are_authors_once_it_is_submitted(world):
    assessment = scenes.assessment(world)
    for number, answer in enumerate(assessment.answers.all()):
        answer.score, answer.comment = "largely", "Бар"
        answer.save_typing(by=world.head if number % 2 else world.coordinator)
    submitted = steps.submit(fresh(assessment), by=world.head)
    assert set(submitted.authors) == {world.head.pk, world.coordinator.pk}


# -- verifying ------------------------------------------------------------------------------------
def asb_own(world) -> Assessment:
    """The quality office's own self-assessment, with every area accepted by the quality representative."""
    Office.objects.create(person=world.hr, role=Role.UNIT_HEAD, unit=world.asb_unit, since=scenes.in_days(-9))
    found = scenes.cycle(world, units=[world.asb_unit]).assessments.get()
    steps.submit(scenes.answer_all(found, world.hr), by=world.hr)
    return scenes.accept_all(found, world.quality)


def test_the_quality_office_does_not_verify_its_own_unit_and_the_representative_does(world):
    own = asb_own(world)
    for username in ("asb", "asb2"):
        with pytest.raises(Refused):
            steps.verify(fresh(own), by=getattr(world, username))
        assert own not in on_desk("assessments-verify", getattr(world, username))
    assert own in on_desk("assessments-verify", world.quality)
    assert Notice.objects.filter(person=world.quality, verb="submit").exists()
    assert steps.verify(fresh(own), by=world.quality).state == Assessment.VERIFIED


def test_a_deputy_of_the_office_does_not_verify_in_the_name_of_somebody_of_that_unit(world):
    own = asb_own(world)
    Deputy.objects.create(principal=world.asb, deputy=world.staff, since=scenes.in_days(-1), until=scenes.in_days(5))
    with pytest.raises(Refused):
        steps.verify(own, by=world.staff)
    other = scenes.accepted(world)
    with pytest.raises(Refused):  # staff is of therapy
        steps.verify(other, by=world.staff)


def test_nobody_verifies_what_they_wrote_in_or_lead(world):
    assessment = scenes.accepted(world)
    assessment.authors = [world.asb.pk]
    with scenes.door("import"):
        assessment.save()
    with pytest.raises(Refused):
        steps.verify(fresh(assessment), by=world.asb)
    with scenes.door("import"):
        Assessment.objects.filter(pk=assessment.pk).update(lead=world.asb2)
    with pytest.raises(Refused):
        steps.verify(fresh(assessment), by=world.asb2)


def test_planning_and_moving_a_deadline_makes_nobody_an_author(world):
    assessment = scenes.assessment(world)
    assessment.due = scenes.in_days(3)
    assessment.save_changes(by=world.asb)
    assert fresh(assessment).authors == []


def test_without_a_returned_area_the_reason_is_needed_and_everything_is_written_again(world, signed_in):
    assessment = scenes.submitted(world)
    answer = signed_in("asb").post(f"{assessment.get_absolute_url()}send-back/", {"note": ""})
    assert answer.status_code == 400
    steps.send_back(fresh(assessment), by=world.asb, note="Түсініктеме аз")
    assert set(states(assessment).values()) == {"returned"}
    assert told() >= {"head"}
    assert fresh(assessment).history.get(verb="send_back").why == "Түсініктеме аз"


def test_reopening_names_the_areas_to_be_written_again(world):
    assessment = scenes.verified(world)
    with pytest.raises(Refused):
        steps.reopen(fresh(assessment), by=world.head, reason=REASON)
    reopened = steps.reopen(fresh(assessment), by=world.asb, reason=REASON, areas=["S1.A1"])
    assert (reopened.state, reopened.verified_by) == (Assessment.RETURNED, None)
    assert {code for code, state in states(assessment).items() if state == "returned"} == {"S1.A1"}
    answer = AreaAnswer.objects.get(assessment=assessment, code="S1.A1")
    assert (answer.remark, answer.accepted_by) == (REASON, None)
    assert answer.history.get(verb="reopen").from_state == "accepted"


def test_after_the_year_went_to_the_council_nothing_is_reopened_or_taken_out(world):
    assessment = scenes.sent(world).assessments.get()
    for step in (steps.reopen, steps.cancel):
        with pytest.raises(NotNow):
            step(fresh(assessment), by=world.asb, reason=REASON)


# -- what is asked -----------------------------------------------------------------------------------
def test_areas_are_taken_out_and_put_back_with_what_was_written(world):
    assessment = scenes.complete(world)
    with pytest.raises(InputProblem):  # the unit answers already: the reason is needed
        steps.change_areas(fresh(assessment), by=world.asb, areas=["S1.A1"])
    steps.change_areas(fresh(assessment), by=world.asb, areas=["S1.A1"], reason=REASON)
    assert fresh(assessment).areas == ["S1.A1"]
    assert sorted(code for code, state in states(assessment).items() if state == "cancelled") == [
        "S1.A2", "S1.A3", "S2.A1", "S2.A2", "S2.A3",
    ]  # fmt: skip
    steps.change_areas(fresh(assessment), by=world.asb, areas=["S1.A2", "S1.A1"], reason=REASON)
    again = AreaAnswer.objects.get(assessment=assessment, code="S1.A2")
    assert (again.state, again.score) == ("open", "largely")
    assert [entry.verb for entry in again.history.all()][:2] == ["put_back", "take_out"]


def test_an_area_added_while_the_unit_answers_gets_its_answer(world):
    cycle = scenes.draft(world)
    scenes.planned(world, cycle, areas=["S1.A1"])
    scenes.cycle_steps.launch(fresh(cycle), by=world.asb)
    assessment = cycle.assessments.get()
    steps.change_areas(assessment, by=world.asb, areas=["S1.A1", "S2.A3"], reason=REASON)
    assert states(assessment) == {"S1.A1": "open", "S2.A3": "open"}


def test_a_unit_taken_out_keeps_what_it_wrote_and_may_be_asked_again(world):
    assessment = scenes.complete(world)
    cycle = assessment.cycle
    steps.cancel(assessment, by=world.asb, reason=REASON)
    assert set(states(assessment).values()) == {"cancelled"}
    scenes.cycle_steps.plan_units(fresh(cycle), by=world.asb, units=[world.department.pk], areas=["S1.A1"])
    assert cycle.assessments.filter(unit=world.department, state="open").count() == 1


# -- texts of the whole -------------------------------------------------------------------------------
def test_the_unit_writes_the_summary_and_the_quality_office_moves_the_deadline_only(world, signed_in):
    assessment = scenes.assessment(world)
    url = f"{assessment.get_absolute_url()}edit/"
    names = {
        who: set(signed_in(who).get(url).context["form"].fields) - {"revision"} for who in ("staff", "head", "asb")
    }
    assert names == {
        "staff": {"summary", "strong", "improve"},
        "head": {"summary", "strong", "improve", "lead"},
        "asb": {"lead", "due"},
    }
    sent = {"summary": "Жыл бойы талдау жасалды", "revision": assessment.revision}
    assert signed_in("staff").post(url, sent).status_code == 302
    assert (fresh(assessment).summary, fresh(assessment).authors) == (sent["summary"], [world.staff.pk])
    assert signed_in("head2").get(url).status_code == 404
    assert signed_in("board").get(url).status_code == 403


def test_two_who_write_at_once_are_told(world, signed_in):
    assessment = scenes.assessment(world)
    url, sent = f"{assessment.get_absolute_url()}edit/", {"summary": "Бірінші", "revision": assessment.revision}
    assert signed_in("staff").post(url, sent).status_code == 302
    second = signed_in("coordinator").post(url, {**sent, "summary": "Екінші"})
    assert second.status_code == 409
    assert "Екінші" in second.content.decode()


# -- registers, desk, reminders -------------------------------------------------------------------------
def listed(client, query: str) -> list[str]:
    return [row["id"] for row in client.get(f"/standards/assessments/?{query}").context["rows"]]


def test_the_register_is_filtered_by_cycle_unit_kind_and_what_waits(world, signed_in):
    assessment = scenes.submitted(world)
    programme = scenes.programme_submitted(world)
    for who, query, found in (
        ("asb", f"cycle={assessment.cycle_id}", [assessment]),
        ("asb", f"unit={world.school.pk}&state=submitted", [assessment, programme]),
        ("asb", f"unit={world.far_school.pk}", []),
        ("asb", "kind=programme", [programme]),
        ("asb", "kind=unit", [assessment]),
        ("asb", "area=S9.A1", [programme]),
        ("asb", "to_verify=true", [assessment]),
        ("head", "mine=true", [assessment]),
        ("head", "waits_for_me=true", [programme]),
        ("stranger", "", [programme]),  # a member of its commission
        ("head2", "", []),
    ):
        shown = sorted(int(str(found_id).partition(":")[0]) for found_id in listed(signed_in(who), query))
        assert shown == sorted(row.pk for row in found), (who, query)


def test_late_ones_are_found_and_reminded_at_their_days(world, signed_in):
    assessment = scenes.assessment(world)
    Notice.objects.all().delete()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=33), tick=False):
        assert [str(i).partition(":")[0] for i in listed(signed_in("asb"), "overdue=true")] == [str(assessment.pk)]
        sweep()
    assert told() == {"head", "asb", "asb2"}


def test_it_waits_on_the_desk_of_whoever_has_the_word(world):
    open_ = scenes.assessment(world)
    assert on_desk("assessments", world.head) == [open_]
    assert on_desk("assessments", world.coordinator) == on_desk("assessments", world.dean) == []
    submitted = scenes.submitted(world)
    assert submitted not in on_desk("assessments", world.head)
    # Its areas wait first, in the list of areas; then the whole of it.
    assert on_desk("assessments-verify", world.asb) == []
    assert list(on_desk("answers-to-verify", world.asb)) == [submitted]
    scenes.accept_all(submitted, world.asb2)
    assert on_desk("assessments-verify", world.asb) == [submitted]
    assert on_desk("answers-to-verify", world.asb) == on_desk("assessments-verify", world.head) == []
    verified = scenes.verified(world)
    assert on_desk("cycles-send", world.asb) == [verified.cycle]
    assert on_desk("cycles-send", world.head) == []


def test_the_filled_button_of_a_self_assessment_is_what_the_reader_does_next(world, signed_in):
    """Writing for those who write, verifying for the office, reading for the others."""
    filled = b'btn btn-primary" href="%s"'
    for found, username, shown in (
        (scenes.assessment(world), "head", True),
        (scenes.assessment(world), "asb", False),
        (scenes.submitted(world), "asb", True),
        (scenes.submitted(world), "head", False),
        (scenes.accepted(world), "asb", False),
    ):
        page = signed_in(username).get(found.get_absolute_url()).content
        address = f"/standards/assessments/{found.pk}/answers/".encode()
        assert (filled % address in page) is shown, (found.state, username)


def test_the_record_leads_to_the_answers_and_to_last_time(world, signed_in):
    before = scenes.approved(world)
    assessment = scenes.assessment(world)
    page = signed_in("head").get(assessment.get_absolute_url())
    shown = page.content.decode()
    assert f"/standards/assessments/{assessment.pk}/answers/" in shown
    assert before.assessments.get().get_absolute_url() in shown
    [progress] = [s for s in page.context["sections"] if s["id"] == "areas"]
    assert (progress["all"]["progress"].answered, progress["all"]["progress"].total) == (0, 6)
