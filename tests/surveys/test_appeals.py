"""Appeals (N1 §4.1.6): who files, who sees, whom the commission may not have, who decides, what the term's report says."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.programmes.models import Programme, Student
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from surveys import appeal_figures
from surveys.models import AcademicAppeal, AppealReport
from surveys.models.appeals import last_day_to_appeal
from surveys.reminders.appeals import _people, _prepare
from surveys.reports.appeals import AppealReportPaper
from surveys.workflow import appeals as steps

from . import scenes_appeals as scenes

pytestmark = pytest.mark.django_db


def seen_by(w, username: str) -> list[int]:
    return sorted(AcademicAppeal.objects.visible_to(getattr(w, username)).values_list("pk", flat=True))


def typed(w, **fields):
    return {
        "kind": "exam", "course": scenes.course(w).pk, "grade": "C", "text": scenes.TEXT,
        "happened_on": scenes.in_days(-1).isoformat(), **fields,
    }  # fmt: skip


# -- filing --------------------------------------------------------------------------------------------
def test_own_appeal_is_filed_on_the_page_under_the_school_of_the_course(world, signed_in):
    answer = signed_in("staff2").post("/surveys/academic-appeals/add/", typed(world))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    appeal = AcademicAppeal.objects.get()
    assert (appeal.student, appeal.unit, appeal.filed_on) == (world.staff2, world.school, timezone.localdate())
    assert appeal.in_time


def test_student_without_a_unit_files_and_reads_the_own_appeal(world, signed_in):
    world.person("student", None)
    programme = Programme.objects.create(code="6B", name="Медицина", level="bachelor", unit=world.school)
    Student.objects.create(number="1", name="Студент", programme=programme, person=world.student)
    client = signed_in("student")
    answer = client.post("/surveys/academic-appeals/add/", typed(world))
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    assert seen_by(world, "student") == [AcademicAppeal.objects.get().pk]


def test_office_enters_one_from_paper_and_must_say_who_and_which_unit(world, signed_in):
    data = typed(world, course="", about="Мемлекеттік емтихан", filed_on=scenes.in_days(0).isoformat())
    client = signed_in("asb")
    answer = client.post("/surveys/academic-appeals/add/", data)
    assert answer.status_code == 400
    assert {"student_name", "unit"} <= set(answer.context["form"].errors)
    assert scenes.TEXT in answer.content.decode()
    answer = client.post("/surveys/academic-appeals/add/", {**data, "student_name": "Айша", "unit": world.school.pk})
    assert answer.status_code == 302
    assert AcademicAppeal.objects.get().student is None


def test_time_is_counted_in_working_days_and_the_days_stand_in_order(world, signed_in):
    day = last_day_to_appeal(scenes.in_days(-60))
    known = scenes.in_days(-60)
    assert scenes.filed(world, happened_on=known, filed_on=day).in_time is True
    assert scenes.filed(world, happened_on=known, filed_on=day + datetime.timedelta(days=1)).in_time is False
    answer = signed_in("staff2").post(
        "/surveys/academic-appeals/add/", typed(world, happened_on=scenes.in_days(3).isoformat())
    )
    assert answer.status_code == 400
    assert "happened_on" in answer.context["form"].errors


def test_late_one_is_admitted_only_with_a_reason_and_gets_its_day(world):
    appeal = scenes.late(world)
    with pytest.raises(InputProblem):
        steps.admit(appeal, by=world.asb)
    appeal = steps.admit(appeal, by=world.asb, reason="Ауруханада болған")
    assert appeal.due_on is not None and appeal.due_on > timezone.localdate()
    assert appeal.history.get(verb="admit").why == "Ауруханада болған"


# -- sight ---------------------------------------------------------------------------------------------
def test_who_sees_an_appeal_and_who_does_not(world):
    scenes.panel(world)
    scenes.someone(world, "clerk", world.university, Role.CHANCELLERY, world.university)
    pk = scenes.in_commission(world, graded_by=world.coordinator).pk
    for username in ("staff2", "staff", "auditor", "panel", "asb", "clerk", "dean"):
        assert seen_by(world, username) == [pk], username
    for username in ("teacher", "coordinator", "head", "head2", "stranger", "expert", "board", "admin", "council"):
        assert seen_by(world, username) == [], username


@pytest.mark.parametrize("username", ["dean", "asb"])
def test_teacher_of_the_course_sees_nothing_through_any_office(world, username):
    """Not as head of the school, not as the quality office; nor may they admit it."""
    appeal = scenes.filed(world, course=scenes.course(world, "X1", teacher=username))
    assert seen_by(world, username) == []
    with pytest.raises(Refused):
        steps.admit(appeal, by=getattr(world, username))


def test_opinions_are_read_after_the_own_and_never_by_the_appellant(world, signed_in):
    appeal = scenes.in_commission(world)
    steps.give_opinion(appeal, by=world.staff, opinion="Бірінші пікір")
    address = appeal.get_absolute_url()
    reads = {
        name: "Бірінші пікір" in signed_in(name).get(address).content.decode()
        for name in ("staff", "auditor", "staff2", "asb")
    }
    assert reads == {"staff": True, "auditor": False, "staff2": False, "asb": True}
    steps.give_opinion(appeal, by=world.auditor, opinion="Екінші")
    assert "Бірінші пікір" in signed_in("auditor").get(address).content.decode()


# -- commission ----------------------------------------------------------------------------------------
def test_commission_refuses_who_has_a_part_and_says_who_and_why(world, signed_in):
    earlier = scenes.term(-500, -380, "spring", "2025/2026")
    scenes.course(world, "THER1", teacher="former", of=earlier)
    appeal = scenes.admitted(world, graded_by=world.coordinator)
    who = [world.teacher, world.former, world.staff2, world.coordinator]
    answer = signed_in("asb").post(
        f"{appeal.get_absolute_url()}form-commission/",
        {"members": [person.pk for person in [*who, world.staff]], "chair": world.staff.pk},
    )
    assert answer.status_code == 400
    errors = answer.context["form"].errors["members"]
    assert len(errors) == 4
    for person in who:
        assert any(person.get_full_name() in error for error in errors)
    assert not appeal.members.exists()


def test_commission_has_two_at_least_and_its_chair_is_one_of_them(world):
    appeal = scenes.admitted(world)
    for members, chair in (([world.staff], world.staff), ([world.staff, world.hr], world.auditor)):
        with pytest.raises(InputProblem):
            steps.form_commission(appeal, by=world.asb, members=[p.pk for p in members], chair=chair.pk)
    # Named twice is one.
    with pytest.raises(InputProblem):
        steps.form_commission(appeal, by=world.asb, members=[world.staff.pk] * 2, chair=world.staff.pk)


def test_replaced_chair_hands_over_the_chair_and_speaks_anew(world):
    appeal = scenes.heard(world)
    steps.replace_member(appeal, by=world.asb, leaving=world.staff.pk, coming=world.hr.pk, reason="Іссапар")
    assert appeal.member_ids == {world.hr.pk: True, world.auditor.pk: False}
    assert world.staff.get_full_name() in appeal.history.get(verb="replace_member").why
    with pytest.raises(NotNow):
        steps.decide(appeal, by=world.hr, **scenes.DECISION)
    with pytest.raises(InputProblem):
        steps.replace_member(appeal, by=world.asb, leaving=world.hr.pk, coming=world.teacher.pk, reason="x")


def test_decision_waits_for_every_opinion_and_for_independence(world):
    appeal = scenes.in_commission(world)
    steps.give_opinion(appeal, by=world.staff, opinion="Бар")
    with pytest.raises(NotNow, match=world.auditor.get_full_name()):
        steps.decide(appeal, by=world.staff, **scenes.DECISION)
    steps.give_opinion(appeal, by=world.auditor, opinion="Бар")
    appeal.course.teachers.add(world.auditor)  # meanwhile a member came to teach the course
    with pytest.raises(NotNow, match=world.auditor.get_full_name()):
        steps.decide(appeal, by=world.staff, **scenes.DECISION)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"new_grade": ""}, "new_grade"),
        ({"decision": "dismissed"}, "new_grade"),
        ({"cause": "none"}, "cause"),
        ({"reason": ""}, "reason"),
    ],
)
def test_decision_holds_together(world, change, field):
    appeal = scenes.heard(world)
    with pytest.raises(InputProblem) as problem:
        steps.decide(appeal, by=world.staff, **{**scenes.DECISION, **change})
    assert field in problem.value.form.errors


def test_appellant_is_told_and_reads_the_decision(world, signed_in):
    appeal = scenes.closed(world)
    verbs = sorted(world.staff2.notices.values_list("verb", flat=True))
    assert verbs == ["admit", "close", "decide", "form_commission"]
    page = signed_in("staff2").get(appeal.get_absolute_url()).content.decode()
    assert scenes.DECISION["reason"] in page
    assert "B+" in page


# -- report --------------------------------------------------------------------------------------------
def test_figures_of_a_term(world):
    scenes.closed(world)
    dismissed = {"decision": "dismissed", "cause": "none", "reason": "Негізі жоқ"}
    scenes.decided(world, decision=dismissed, kind="practice")
    scenes.refused(world)
    scenes.filed(world, unit=world.far_school, course=None, about="Түсу емтиханы", kind="admission")
    since, until = appeal_figures.days_of(scenes.term())
    made = appeal_figures.figures(since, until, world.school)
    wanted = {
        "filed": 3, "in_time": 2, "admitted": 2, "refused": 1, "decided": 2, "upheld": 1, "dismissed": 1,
        "upheld_share": 50.0, "decided_in_time": 2, "median_days": 0.0, "causes": {"criteria": 1, "none": 1},
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert made["kinds"]["practice"] == {"filed": 1, "decided": 1, "granted": 0}
    assert appeal_figures.figures(since, until)["filed"] == 4
    today = timezone.localdate()
    upheld = registry.formulas["surveys.appeals_upheld"].values(today, today)
    assert (upheld[world.school.pk].value, upheld[None].weight) == (50.0, 2)
    assert registry.formulas["surveys.appeals_in_time"].values(today, today)[None].value == 100.0


def test_report_freezes_its_figures_when_submitted(world):
    scenes.filed(world)
    report = scenes.submitted_report(world)
    scenes.filed(world)
    assert AppealReport.objects.get(pk=report.pk).figures["filed"] == 1
    report = steps.send_back(report, by=world.asb, reason="Ұсыныс жоқ")
    assert steps.submit(report, by=world.dean).figures["filed"] == 2


def test_who_wrote_a_report_does_not_accept_it(world):
    report = scenes.report(world, by="asb")
    steps.submit(report, by=world.asb)
    with pytest.raises(Refused):
        steps.accept(report, by=world.asb)
    assert steps.accept(report, by=world.asb2).state == AppealReport.ACCEPTED


def test_report_waits_for_the_end_of_the_term(world):
    running = scenes.term(-20, 40, "spring")
    with pytest.raises(NotNow):
        steps.submit(scenes.report(world, term=running), by=world.dean)


def test_accepted_report_with_problems_proposes_a_finding(world):
    report = scenes.accepted_report(world)
    signal = registry.signals["surveys.appeal_report"]
    assert [row.pk for row in signal.rows()] == [report.pk]
    draft = signal.draft(report)
    assert (draft["unit"], report.problems in draft["description"]) == (world.school, True)


def test_report_is_printed_and_read_by_those_who_see_it(world):
    report = scenes.accepted_report(world)
    paper = AppealReportPaper({"id": report.pk}, world.dean, "kk")
    assert report.problems in paper.html()


# -- lists, desk, reminders ----------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/surveys/academic-appeals/", "/api/v1/surveys/academic-appeals/"])
def test_list_asks_as_often_for_one_as_for_five(world, signed_in, django_assert_num_queries, address):
    scenes.in_commission(world)
    client = signed_in("asb")
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        assert client.get(address).status_code == 200
    for _number in range(4):
        scenes.in_commission(world)
    with django_assert_num_queries(len(first)):
        client.get(address)


def desk_of(w, key: str, username: str) -> list[int]:
    return sorted(row.pk for row in registry.desk[key].rows(getattr(w, username)))


def test_desk_of_panel_members_and_chair(world):
    scenes.panel(world)
    appeal = scenes.filed(world)
    assert desk_of(world, "appeals-admit", "panel") == [appeal.pk]
    assert desk_of(world, "appeals-admit", "staff") == []
    steps.admit(appeal, by=world.panel)
    steps.form_commission(appeal, by=world.panel, members=[world.staff.pk, world.auditor.pk], chair=world.staff.pk)
    assert [desk_of(world, "appeals-opinion", name) for name in ("staff", "auditor", "hr")] == [[appeal.pk]] * 2 + [[]]
    for name in ("staff", "auditor"):
        assert desk_of(world, "appeals-decide", "staff") == []
        steps.give_opinion(appeal, by=getattr(world, name), opinion="Бар")
    assert desk_of(world, "appeals-decide", "staff") == [appeal.pk]
    assert desk_of(world, "appeals-decide", "auditor") == []


def test_reminders_go_to_the_commission_and_to_the_panel_without_the_teacher(world):
    scenes.panel(world)
    appeal = scenes.in_commission(world, course=scenes.course(world, "X2", teacher="asb2"))
    known = _prepare()
    assert sorted(_people(known, "commission", appeal)) == sorted([world.staff.pk, world.auditor.pk])
    assert _people(known, "keepers", appeal) == [world.panel.pk]
    known["panel"] = []
    assert _people(known, "keepers", appeal) == [world.asb.pk]
