"""A programme's self-assessment: commission, department, dean's office, committee, quality office; plan and fact."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.documents.models import EvidenceUse
from qa_portal.notices.models import Notice
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.programmes.models import Programme
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from standards.models import Assessment, PlanRow
from standards.portal.cycles import _programmes_before as waiting_for
from standards.reports.cycles import AssessmentPaper
from standards.workflow import assessments as steps
from standards.workflow import plan_rows as row_steps
from tests.bodies import scenes as bodies

from . import scenes_cycles as scenes
from .scenes_cycles import fresh

pytestmark = pytest.mark.django_db
REASON = "Себебі бар"


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=verb).values_list("person__username", flat=True))


def refused(step, record, *usernames: str, world, **inputs) -> None:
    for username in usernames:
        with pytest.raises(Refused):
            step(fresh(record), by=getattr(world, username), **inputs)


# -- the commission -----------------------------------------------------------------------------
def test_the_commission_is_named_by_an_order_and_history_says_who_sits_in_it(world):
    assessment = scenes.programme_assessment(world)
    seats = {seat.person.username: seat.duty for seat in assessment.commission.all()}
    assert seats == {"staff": "chair", "hr": "secretary", "stranger": "member"}
    why = assessment.history.get(verb="set_commission").why
    assert "№ 14" in why
    assert world.staff.get_full_name() in why
    assert told("set_commission") == {"staff", "hr", "stranger"}
    refused(steps.set_commission, assessment, "head", "staff", "board", world=world, chair=world.hr.pk, note="№ 1")
    with pytest.raises(InputProblem):
        steps.set_commission(fresh(assessment), by=world.asb, chair=world.hr.pk, members=[world.hr.pk], note="№ 15")


def test_members_see_it_and_write_and_others_do_not(world, signed_in):
    assessment = scenes.programme_assessment(world)
    url = assessment.get_absolute_url()
    for username, code in {"stranger": 200, "staff2": 200, "head2": 404, "expert": 404, "board": 200}.items():
        assert signed_in(username).get(url).status_code == code, username
    assert signed_in("stranger").get(f"{url}edit/").status_code == 200
    assert signed_in("board").get(f"{url}edit/").status_code == 403


def test_without_a_commission_it_is_not_submitted(world):
    assessment = scenes.answer_all(scenes.programme_assessment(world, commission=False), world.staff2)
    with pytest.raises(NotNow):
        steps.submit(assessment, by=world.staff2)


# -- the way ------------------------------------------------------------------------------------------
def test_each_step_of_the_way_is_taken_by_the_one_whose_turn_it_is(world):
    assessment = scenes.programme_complete(world)
    refused(steps.submit, assessment, "head", "dean", "coordinator", "stranger", "asb", world=world)
    steps.submit(assessment, by=world.staff)  # the chair; the head of the programme may too
    assert assessment.decides == world.department
    assert told("submit") == {"head"}
    refused(steps.agree, assessment, "staff", "staff2", "dean", "coordinator", "asb", "board", world=world)
    steps.agree(assessment, by=world.head)
    assert (assessment.decides, told("agree")) == (world.school, {"dean"})
    refused(steps.endorse, assessment, "head", "head2", "asb", "board", "quality", world=world)
    steps.endorse(assessment, by=world.dean)
    assert {"head2", "council"} <= told("endorse")  # those who run the committee
    refused(steps.consider, assessment, "head2", "council", "asb", "board", world=world)
    scenes.accept_all(assessment, world.asb2)
    with pytest.raises(NotNow):
        steps.verify(fresh(assessment), by=world.asb)
    steps.consider(fresh(assessment), by=scenes.speaker(world.council, scenes.committee(world).code))
    refused(steps.verify, assessment, "head", "dean", "staff", "board", "hr", world=world)
    assert steps.verify(fresh(assessment), by=world.asb).state == Assessment.VERIFIED


def test_a_head_who_wrote_in_it_does_not_agree_and_the_head_above_does(world):
    assessment = scenes.answer_all(scenes.programme_assessment(world), world.staff2)
    assessment.summary = "Кафедра жазды"
    assessment.save_changes(by=world.head)
    steps.submit(fresh(assessment), by=world.staff2)
    assert fresh(assessment).decides == world.school
    refused(steps.agree, assessment, "head", world=world)
    agreed = steps.agree(fresh(assessment), by=world.dean)
    assert agreed.decides is None  # nobody heads the university here: the Board has the word
    refused(steps.endorse, assessment, "dean", "head", world=world)
    assert list(registry.desk["assessments-agree"].rows(world.board)) == [agreed]
    assert steps.endorse(agreed, by=world.board).endorsed_by == world.board


def test_the_programme_head_who_heads_the_department_does_not_agree_to_their_own(world):
    programme = scenes.programme(world)
    Programme.objects.filter(pk=programme.pk).update(head=world.head)
    assessment = scenes.answer_all(scenes.programme_assessment(world), world.staff)
    steps.submit(assessment, by=world.head)
    refused(steps.agree, assessment, "head", world=world)
    assert steps.agree(fresh(assessment), by=world.dean).agreed_by == world.dean


def test_one_person_who_heads_department_and_school_does_not_take_both_acts(world):
    Office.objects.filter(role=Role.UNIT_HEAD, unit=world.school).update(person=world.head)
    agreed = scenes.agreed(world)
    assert agreed.decides is None
    refused(steps.endorse, agreed, "head", world=world)
    assert steps.endorse(agreed, by=world.board).state == Assessment.ENDORSED


def test_who_agreed_does_not_verify_it_later(world):
    Office.objects.create(person=world.dean, role=Role.ASB_OFFICER, unit=world.university, since=scenes.in_days(-9))
    assessment = scenes.accept_all(scenes.considered(world), world.asb2)
    refused(steps.verify, assessment, "dean", world=world)


def test_the_dean_sends_back_and_it_goes_the_whole_way_again(world):
    assessment = scenes.agreed(world)
    refused(steps.send_back, assessment, "asb", "head", world=world, note=REASON)
    steps.send_back(assessment, by=world.dean, note="Деректер ескі")
    back = fresh(assessment)
    assert (back.state, back.agreed_by, back.decides) == (Assessment.RETURNED, None, None)
    assert set(back.answers.values_list("state", flat=True)) == {"returned"}
    scenes.answer_all(back, world.staff2, "partly")
    steps.submit(fresh(assessment), by=world.staff2)
    refused(steps.endorse, assessment, "dean", world=world)
    assert fresh(assessment).decides == world.department


def test_a_unit_has_no_step_of_a_programme(world):
    assessment = scenes.submitted(world)
    for step in (steps.agree, steps.consider):
        assert not step.offered(assessment)
    refused(steps.agree, assessment, "head", "dean", world=world)


# -- the committee -------------------------------------------------------------------------------------
def test_it_waits_for_the_committee_of_its_unit_or_the_nearest_above(world):
    near = scenes.endorsed(world)
    code = scenes.committee(world).code
    assert list(waiting_for(code)) == [near]
    assert list(waiting_for("academic_council")) == list(waiting_for("bbbk-law")) == []
    steps.consider(near, by=scenes.speaker(world.council, code))
    assert list(waiting_for(code)) == []
    with pytest.raises(NotNow):
        steps.consider(fresh(near), by=scenes.speaker(world.council, code))


def test_a_committee_of_another_school_does_not_speak_for_it(world):
    with pytest.raises(Refused):
        steps.consider(scenes.endorsed(world), by=scenes.speaker(world.council, "bbbk-law", "academic_council"))


def test_a_real_decision_of_the_committee_considers_it(world):
    committee = bodies.council(world, code="bbbk", passing="majority", base="voting")
    assessment = scenes.endorsed(world)
    item = bodies.AgendaItem(body=committee, proposer=world.staff, title="ББ", draft_decision="Мақұлдау.")
    item.subject, item.verb = assessment, "standards.assessment.consider"
    item.add(by=world.staff)
    votes = {**dict.fromkeys(bodies.VOTERS, "for"), "staff2": "aside"}  # nobody votes on a text of their own
    item = bodies.voted(world, bodies.in_the_vote(world, item), **votes)
    decision = item_steps.close_vote(item, by=world.dean).decision
    considered = fresh(assessment)
    assert (considered.considered_on, considered.considered_basis) == (timezone.localdate(), str(decision)[:200])
    bodies.taken_up(world, decision)
    assert fresh(assessment).considered_on is None


def test_when_the_head_leaves_after_it_was_submitted_the_head_above_agrees(world):
    assessment = scenes.programme_submitted(world)
    Office.objects.filter(person=world.head, role=Role.UNIT_HEAD).update(until=scenes.in_days(-1))
    assert assessment in Assessment.objects.waiting_for_decision_of(world.dean)
    refused(steps.agree, assessment, "head", "head2", "board", world=world)
    steps.agree(fresh(assessment), by=world.dean)
    assert fresh(assessment).decides is None  # the dean has had the word already: the Board


# -- plan and fact ----------------------------------------------------------------------------------------
def test_the_fact_stands_beside_the_plan_with_its_evidence(world, signed_in):
    row = scenes.plan_row(world)
    client = signed_in("staff")
    answer = client.post(
        f"{row.get_absolute_url()}enter-fact/",
        {
            "fact": "82 %",
            "fact_on": scenes.in_days(0).isoformat(),
            "note": "3 % кем",
            "link": "https://example.org/graduates",
        },
    )
    assert answer.status_code == 302
    row = fresh(row)
    assert (row.state, row.fact, row.fact_on, row.note) == ("done", "82 %", timezone.localdate(), "3 % кем")
    assert EvidenceUse.objects.of(row).count() == 1
    page = signed_in("staff2").get(row.assessment.get_absolute_url()).content.decode()
    assert "85 %" in page
    assert "82 %" in page


def test_a_value_is_corrected_with_a_note_and_never_of_a_day_to_come(world):
    row = scenes.entered(world)
    values = {"fact": "84 %", "fact_on": scenes.in_days(0).isoformat()}
    with pytest.raises(InputProblem):
        row_steps.enter_fact(row, by=world.staff2, **values)
    with pytest.raises(InputProblem):
        row_steps.enter_fact(
            fresh(row), by=world.staff2, note="Қате", **{**values, "fact_on": scenes.in_days(1).isoformat()}
        )
    row_steps.enter_fact(fresh(row), by=world.staff2, note="Қате көшірілген", **values)
    [change] = [c for c in row.history.filter(verb="enter_fact").first().changes if c["field"] == "fact"]
    assert (change["old"], change["new"]) == ("82 %", "84 %")


def test_a_row_is_added_by_those_who_write_the_self_assessment(world, signed_in):
    assessment = scenes.programme_assessment(world)
    url = f"/standards/plan-rows/add/?assessment={assessment.pk}"
    row = {
        "area": "S9.A1",
        "indicator": "Көрсеткіш",
        "source": "Есеп",
        "due": scenes.in_days(9).isoformat(),
        "planned": "5",
    }
    assert signed_in("stranger").post(url, row).status_code == 302
    assert signed_in("board").post(url, row).status_code == 403
    assert signed_in("head2").post(url, row).status_code == 404
    wrong = signed_in("staff2").post(url, {**row, "area": "S1.A1"})
    assert wrong.status_code == 400
    assert "Көрсеткіш" in wrong.content.decode()
    assert PlanRow.objects.count() == 1
    unit = scenes.assessment(world)
    client = APIClient()
    client.force_authenticate(world.head)
    refusal = client.post(
        "/api/v1/standards/plan-rows/", {**row, "assessment": unit.pk, "area": "S1.A1"}, format="json"
    )
    assert refusal.status_code == 409


def test_the_plan_of_a_verified_self_assessment_stays(world):
    verified = scenes.programme_verified(world)
    with scenes.door("import"):
        row = PlanRow(assessment=verified, area="S9.A1", indicator="И", source="Е", due=scenes.in_days(5), planned="1")
        row.save()
    with pytest.raises(NotNow):
        row_steps.enter_fact(row, by=world.staff2, fact="1", fact_on=scenes.in_days(0).isoformat())
    with pytest.raises(NotNow):
        scenes.plan_row(world, verified)


def test_what_was_submitted_is_what_the_department_and_the_committee_read(world, signed_in):
    row = scenes.entered(world)
    late = scenes.plan_row(world, row.assessment)
    assessment = scenes.answer_all(row.assessment, world.staff2)
    with pytest.raises(NotNow):  # one value is missing
        steps.submit(assessment, by=world.staff2)
    row_steps.drop(late, by=world.staff2, reason="Дерек жиналмайды")
    assessment = steps.submit(fresh(assessment), by=world.staff2)
    values = {"fact": "99 %", "fact_on": scenes.in_days(0).isoformat(), "note": "Түзету"}
    for step, inputs in ((row_steps.enter_fact, values), (row_steps.drop, {"reason": REASON})):
        with pytest.raises(NotNow):
            step(fresh(row), by=world.staff2, **inputs)
    with pytest.raises(NotNow):
        scenes.plan_row(world, assessment)
    with scenes.door("import"):
        PlanRow.objects.filter(pk=late.pk).update(state=PlanRow.PLANNED)
    edit = signed_in("staff2").post(f"{late.get_absolute_url()}edit/", {"planned": "1 %", "revision": 2})
    assert edit.status_code == 409
    steps.send_back(assessment, by=world.head, note="Дерек ескі")
    assert row_steps.enter_fact(fresh(row), by=world.staff2, **values).fact == "99 %"


def test_whoever_entered_a_value_decides_nothing_about_it(world):
    row = scenes.plan_row(world, owner=world.asb)
    row_steps.enter_fact(row, by=world.asb, fact="82 %", fact_on=scenes.in_days(0).isoformat())
    assessment = steps.submit(scenes.answer_all(fresh(row.assessment), world.staff2), by=world.staff2)
    steps.endorse(steps.agree(assessment, by=world.head), by=world.dean)
    steps.consider(fresh(assessment), by=scenes.speaker(world.council, scenes.committee(world).code))
    scenes.accept_all(assessment, world.asb2)
    refused(steps.verify, assessment, "asb", world=world)
    steps.verify(fresh(assessment), by=world.asb2)


def test_whoever_answers_for_a_row_sees_it_and_is_reminded(world, signed_in):
    row = scenes.plan_row(world, owner=world.head2)
    assert signed_in("head2").get(row.get_absolute_url()).status_code == 200
    assert signed_in("head2").get(row.assessment.get_absolute_url()).status_code == 404
    assert list(registry.desk["plan-rows"].rows(world.head2)) == [row]
    Notice.objects.all().delete()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=13), tick=False):
        sweep()
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"head2"}
    Person.objects.filter(username="head2").update(is_active=False)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=21), tick=False):
        sweep()
    late = Notice.objects.exclude(person__username="head2").filter(url=row.get_absolute_url())
    assert set(late.values_list("person__username", flat=True)) == {"staff2", "staff"}


def test_the_plan_is_exported_as_it_is_shown(world, signed_in):
    scenes.entered(world)
    answer = signed_in("staff2").get("/standards/plan-rows/?export=csv")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert "82 %" in text
    assert "Мансап орталығы" in text


# -- paper ---------------------------------------------------------------------------------------------------
def paper(person, assessment) -> str:
    return AssessmentPaper(person=person, language="kk", params={"id": assessment.pk}).html()


def test_the_report_of_a_programme_holds_answers_plan_and_commission(world):
    row = scenes.entered(world)
    assessment = row.assessment
    scenes.answer_all(assessment, world.staff2)
    text = paper(world.asb, assessment)
    for words in ("S9.A1: талдау жасалды", "85 %", "82 %", "3 % кем", world.stranger.get_full_name(), "Жалпы медицина"):
        assert words in text, words


def test_the_report_of_a_unit_has_no_commission_and_is_for_those_who_see_it(world, signed_in):
    assessment = scenes.verified(world)
    text = paper(world.head, assessment)
    assert "S2.A3: талдау жасалды" in text
    assert "85 %" not in text
    assert signed_in("head").get(f"{assessment.get_absolute_url()}print/?lang=kk").status_code in (200, 303)
    assert signed_in("stranger").get(f"{assessment.get_absolute_url()}print/").status_code == 404
