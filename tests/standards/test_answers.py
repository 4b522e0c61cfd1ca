"""Answers on evaluation areas: typing, submission, sharing out, what is complete and consistent, verification."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.documents.workflow.evidence import withdraw
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy, Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from qa_portal.web.forms import InputProblem
from qa_portal.workflow.writing import door
from standards import completeness, consistency
from standards.models import AreaAnswer, Assessment
from standards.workflow import answers as steps
from standards.workflow import answers_sharing as sharing

from . import scenes_answers as scenes
from . import scenes_cycles as cycles

pytestmark = pytest.mark.django_db
ALL = {"score": "largely", "comment": scenes.TYPED, "strong": "Күшті", "improve": "Олқы"}


def doubts(answer: AreaAnswer) -> list[str]:
    return [doubt.code for doubt in consistency.doubts_of(scenes.fresh(answer))]


# -- typing -----------------------------------------------------------------------------------------
def test_typing_keeps_the_words_and_writes_no_line_of_history(world):
    answer = scenes.open_answer(world)
    lines = answer.history.count()
    for n in range(3):
        scenes.type_in(answer, world.coordinator, comment=f"{n}", score="fully")
    found = scenes.fresh(answer)
    assert (found.comment, found.points, found.history.count()) == ("2", 3, lines)
    assert found.authors == [world.coordinator.pk]


def test_of_two_people_in_one_answer_the_second_is_told_and_loses_nothing(world):
    mine = scenes.open_answer(world)
    theirs = scenes.fresh(mine)
    scenes.type_in(theirs, world.head, comment="Басқаның сөзі")
    with pytest.raises(NotNow):
        scenes.type_in(mine, world.coordinator, comment=scenes.TYPED)
    assert scenes.fresh(mine).comment == "Басқаның сөзі"


@pytest.mark.parametrize("username", ["staff", "head2", "asb", "board", "admin"])
def test_others_do_not_type(world, username):
    with pytest.raises(Refused):
        scenes.type_in(scenes.open_answer(world), getattr(world, username), comment="x")


def test_after_submission_nobody_types(world):
    answer = scenes.submitted(world)
    with pytest.raises(NotNow):
        scenes.type_in(answer, world.head, comment="x")


def test_sent_back_it_is_written_again_only_when_the_whole_is_with_the_unit(world):
    answer = scenes.sent_back(world)
    with pytest.raises(NotNow):
        scenes.type_in(answer, world.head, comment="x")
    cycles.steps.send_back(scenes.fresh(answer.assessment), by=world.asb, note="Толықтырыңыз")
    scenes.type_in(scenes.fresh(answer), world.head, comment=scenes.TYPED)
    untouched = scenes.of(answer.assessment, "S1.A2")
    assert untouched.state == AreaAnswer.SUBMITTED
    with pytest.raises(NotNow):
        scenes.type_in(untouched, world.head, comment="x")


def test_the_commission_of_a_programme_types_everywhere(world):
    found = cycles.programme_assessment(world)
    answer = AreaAnswer.objects.filter(assessment=found).first()
    scenes.type_in(answer, world.stranger, comment=scenes.TYPED)
    with pytest.raises(Refused):
        scenes.type_in(scenes.fresh(answer), world.auditor, comment="x")


# -- submission becomes history ---------------------------------------------------------------------
def test_history_says_at_submission_what_was_typed_and_the_second_time_only_what_changed(world):
    answer = scenes.open_answer(world)
    cycles.answer_all(answer.assessment, world.coordinator)
    cycles.steps.submit(scenes.fresh(answer.assessment), by=world.head)
    first = answer.history.get(verb="submit")
    assert {c["field"]: (c["old"], c["new"]) for c in first.changes} == {
        "score": ("not_looked", "largely"),
        "comment": ("", "S1.A1: талдау жасалды"),
    }
    steps.send_back(scenes.fresh(answer), by=world.asb, reason="Баға негізсіз")
    cycles.steps.send_back(scenes.fresh(answer.assessment), by=world.asb, note="Толықтырыңыз")
    scenes.type_in(scenes.fresh(answer), world.coordinator, score="partly")
    scenes.type_in(scenes.fresh(answer), world.coordinator, score="not_met")
    cycles.steps.submit(scenes.fresh(answer.assessment), by=world.head)
    second = answer.history.filter(verb="submit").first()
    assert [(c["field"], c["old"], c["new"]) for c in second.changes] == [("score", "largely", "not_met")]
    found = scenes.fresh(answer)
    assert (found.state, found.submitted["score"], found.points) == ("submitted", "not_met", 0)
    assert scenes.of(answer.assessment, "S1.A2").history.filter(verb="submit").count() == 1


def test_sent_back_as_a_whole_everything_not_accepted_is_written_again(world):
    found = cycles.submitted(world)
    steps.accept(scenes.of(found), by=world.asb2)
    cycles.steps.send_back(scenes.fresh(found), by=world.asb, note="Толықтырыңыз")
    states = AreaAnswer.objects.filter(assessment=found).values_list("code", "state")
    assert {code for code, state in states if state == "accepted"} == {"S1.A1"}
    assert {state for code, state in states if code != "S1.A1"} == {"returned"}


# -- sharing out --------------------------------------------------------------------------------------
def test_an_area_given_to_somebody_may_be_typed_by_them_and_only_that(world):
    found = scenes.delegated(world)
    scenes.type_in(scenes.of(found, "S2.A3"), world.staff, comment=scenes.TYPED)
    with pytest.raises(Refused):
        scenes.type_in(scenes.of(found, "S1.A2"), world.staff, comment="x")
    told = Notice.objects.get(person=world.staff)
    assert "S1.A1, S2.A1, S2.A2, S2.A3" in told.body
    assert set(AreaAnswer.objects.delegated_to(world.staff).values_list("code", flat=True)) == {
        "S1.A1", "S2.A1", "S2.A2", "S2.A3",
    }  # fmt: skip


def test_somebody_of_another_unit_sees_the_self_assessment_in_which_they_write(world):
    found = scenes.delegated(world, person="stranger")
    assert Assessment.objects.visible_to(world.stranger).filter(pk=found.pk).exists()
    scenes.type_in(scenes.of(found), world.stranger, comment=scenes.TYPED)


def test_areas_come_back_with_what_was_typed(world):
    found = scenes.delegated(world)
    scenes.type_in(scenes.of(found), world.staff, comment=scenes.TYPED)
    sharing.reclaim(found, by=world.coordinator, areas=["S1.A1"])
    answer = scenes.of(found)
    assert (answer.assignee, answer.assigned_until, answer.comment) == (None, None, scenes.TYPED)
    with pytest.raises(Refused):
        scenes.type_in(answer, world.staff, comment="x")
    assert scenes.of(found, "S2.A1").assignee == world.staff
    assert Notice.objects.filter(person=world.staff, verb="reclaim").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2199-01-01"}, "until"),
        ({"areas": ["S9.A1"]}, "areas"),
        ({"areas": []}, "areas"),
        ({"person": 999999}, "person"),
    ],
)
def test_what_cannot_be_given(world, changes, field):
    found = cycles.assessment(world)
    inputs = {"person": world.staff.pk, "areas": ["S1"], "until": scenes.in_days(9).isoformat(), **changes}
    with pytest.raises(InputProblem) as problem:
        sharing.delegate(found, by=world.head, **inputs)
    assert field in problem.value.form.errors


def test_experts_from_outside_are_not_asked_to_write(world):
    with pytest.raises(InputProblem):
        scenes.delegated(world, person="expert")


# -- last time ------------------------------------------------------------------------------------------
def test_text_and_evidence_are_taken_over_and_scores_are_not(world):
    found = scenes.with_last_time(world)
    old = scenes.of(found).previous
    kept, gone = scenes.prove_old(old, world.head), scenes.prove_old(old, world.head, "Ескі")
    with door("import"):
        Evidence.objects.filter(pk=gone.pk).update(state=Evidence.WITHDRAWN)
    scenes.type_in(scenes.of(found, "S1.A2"), world.head, comment=scenes.TYPED)
    sharing.take_over(found, by=world.coordinator)
    taken, written = scenes.of(found), scenes.of(found, "S1.A2")
    assert (taken.comment, taken.improve, taken.score, taken.points) == (
        "Былтырғы түсініктеме", "Былтырғы олқылық", "not_looked", None,
    )  # fmt: skip
    assert taken.copied
    assert [use.evidence for use in taken.proofs.all()] == [kept]
    assert (written.comment, written.improve, written.copied) == (scenes.TYPED, "", False)
    with pytest.raises(NotNow):
        sharing.take_over(scenes.fresh(found), by=world.coordinator)


def test_taken_over_text_is_one_s_own_once_a_word_is_changed(world):
    found = scenes.with_last_time(world)
    sharing.take_over(found, by=world.coordinator)
    answer = scenes.type_in(scenes.of(found), world.coordinator, score="partly")
    assert (answer.copied, "copied" in doubts(answer)) == (True, True)
    scenes.type_in(answer, world.coordinator, comment="Биылғы түсініктеме")
    assert (scenes.fresh(answer).copied, "copied" in doubts(answer)) == (False, False)


# -- complete? ------------------------------------------------------------------------------------------
def test_what_lacks_before_submission_is_said_with_codes(world):
    found = cycles.assessment(world)
    assert "S1.A1, S1.A2, S1.A3, S2.A1, S2.A2…" in completeness.problem(found)
    cycles.answer_all(found, world.coordinator)
    assert completeness.problem(found) is None
    scenes.type_in(scenes.of(found), world.coordinator, comment="  ")
    assert "S1.A1" in completeness.problem(found)
    with pytest.raises(NotNow):
        cycles.steps.submit(scenes.fresh(found), by=world.head)
    scenes.type_in(scenes.of(found), world.coordinator, score="not_applicable")
    assert completeness.problem(found) is None
    done = completeness.progress_of(found)
    assert (done[""].total, done["S1"].answered, done[""].complete) == (6, 3, True)


def test_fully_met_without_evidence_holds_up_the_submission_unless_policy_says_otherwise(world):
    found = cycles.complete(world)
    answer = scenes.type_in(scenes.of(found), world.coordinator, score="fully")
    assert "S1.A1" in completeness.problem(found)
    PolicyValue.objects.create(
        key="standards.fully_needs_evidence", value=False, valid_from="2020-01-01", reason="x", author=world.admin
    )
    forget()
    assert completeness.problem(found) is None
    PolicyValue.objects.all().delete()
    forget()
    evidence = scenes.prove(answer, world.coordinator)
    assert completeness.problem(found) is None
    withdraw(evidence, by=world.coordinator, reason="Қате")
    assert "S1.A1" in completeness.problem(found)


# -- consistent? ----------------------------------------------------------------------------------------
def test_fully_met_needs_evidence_that_is_fresh_and_stands(world):
    answer = scenes.type_in(scenes.open_answer(world), world.head, **{**ALL, "score": "fully"})
    assert doubts(answer) == ["no_evidence"]
    old = scenes.prove(answer, world.head, months_ago=40)
    assert doubts(answer) == ["old_evidence"]
    scenes.prove(answer, world.head, "Жаңа", months_ago=30)
    withdraw(old, by=world.head, reason="Ескірді")
    assert doubts(answer) == ["withdrawn_evidence"]


def test_another_score_than_last_time_wants_another_comment(world):
    found = cycles.assessment(world)
    scenes.last_time(world, found, comment="Бәрі бар")
    answer = scenes.type_in(scenes.of(found), world.head, score="largely", comment=" Бәрі  бар ")
    assert doubts(answer) == ["unexplained"]
    scenes.type_in(answer, world.head, comment="Жаңа ереже бекітілді")
    assert doubts(answer) == []
    scenes.type_in(answer, world.head, score="partly", comment="Бәрі бар")
    assert doubts(answer) == []


def test_doubts_of_many_answers_take_as_many_queries_as_of_one(world):
    found = cycles.complete(world)
    scenes.last_time(world, found)
    rows = list(AreaAnswer.objects.filter(assessment=found))

    def queries(some: list[AreaAnswer]) -> int:
        again = list(AreaAnswer.objects.filter(pk__in=[a.pk for a in some]))
        with CaptureQueriesContext(connection) as captured:
            consistency.doubts(again)
        return len(captured)

    queries(rows[:1])
    assert queries(rows[:1]) == queries(rows)


# -- verification ---------------------------------------------------------------------------------------
def test_accepted_with_name_and_day_and_sent_back_with_a_remark(world):
    answer = scenes.submitted(world)
    steps.accept(answer, by=world.asb)
    assert (answer.state, answer.accepted_by, answer.accepted_on) == ("accepted", world.asb, scenes.in_days(0))
    steps.send_back(answer, by=world.quality, reason="Дәлел ескі")
    assert (answer.state, answer.accepted_by, answer.remark) == ("returned", None, "Дәлел ескі")


def test_a_programme_s_answers_wait_until_department_and_dean_have_agreed(world):
    answer = AreaAnswer.objects.filter(assessment=cycles.programme_submitted(world)).first()
    with pytest.raises(NotNow):
        steps.accept(answer, by=world.asb)
    steps.accept(AreaAnswer.objects.filter(assessment=cycles.endorsed(world)).last(), by=world.asb)


def test_nobody_of_the_quality_office_accepts_what_they_wrote(world):
    found = cycles.complete(world)
    sharing.delegate(found, by=world.head, person=world.asb.pk, areas=["S1.A1"], until=scenes.in_days(9).isoformat())
    scenes.type_in(scenes.of(found), world.asb, comment="АСБ жазды")
    cycles.steps.submit(scenes.fresh(found), by=world.head)
    with pytest.raises(Refused):
        steps.accept(scenes.of(found), by=world.asb)
    Deputy.objects.create(principal=world.asb, deputy=world.hr, since="2020-01-01", until="2199-01-01")
    with pytest.raises(Refused):
        steps.accept(scenes.of(found), by=world.hr)
    steps.accept(scenes.of(found), by=world.asb2)


def test_a_deputy_accepts_in_the_name_of_the_quality_office_and_not_what_they_submitted(world):
    answer = scenes.submitted(world)
    for name in ("head", "auditor"):
        Deputy.objects.create(principal=world.asb, deputy=getattr(world, name), since="2020-01-01", until="2199-01-01")
    with pytest.raises(Refused):
        steps.accept(answer, by=world.head)
    steps.accept(answer, by=world.auditor)
    assert answer.history.get(verb="accept").in_name_of == world.asb


def test_the_quality_office_is_verified_by_the_quality_representative(world):
    Office.objects.create(person=world.asb2, role=Role.UNIT_HEAD, unit=world.asb_unit, since="2020-01-01")
    found = cycles.cycle(world, units=[world.asb_unit]).assessments.get()
    cycles.answer_all(found, world.asb2)
    cycles.steps.submit(scenes.fresh(found), by=world.asb2)
    answer = scenes.of(found)
    Deputy.objects.create(principal=world.asb, deputy=world.auditor, since="2020-01-01", until="2199-01-01")
    for username in ("asb", "asb2", "auditor", "hr"):
        with pytest.raises(Refused):
            steps.accept(answer, by=getattr(world, username))
    assert not AreaAnswer.objects.to_verify(world.asb).exists()
    assert AreaAnswer.objects.to_verify(world.quality).count() == 6
    steps.accept(answer, by=world.quality)


def test_evidence_of_an_accepted_answer_stays_as_it_was_judged(world):
    answer = scenes.submitted(world)
    evidence = scenes.prove(answer, world.head)
    steps.accept(scenes.fresh(answer), by=world.asb)
    with pytest.raises(NotNow):
        withdraw(evidence, by=world.head, reason="x")
    with pytest.raises(NotNow):
        scenes.prove(scenes.fresh(answer), world.head, "Тағы")
    assert EvidenceUse.objects.count() == 1
