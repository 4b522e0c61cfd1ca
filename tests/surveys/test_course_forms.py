"""Course management forms (N1 §4.1.11): made by the clock, filled in by the teacher, analysed by the committee, answered."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.bodies.models import Body
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door
from standards.fulfilment import last_in_history
from standards.models import DutyRule
from surveys.making_forms import make_due_forms
from surveys.models import CourseForm
from surveys.reminders.course_forms import _people, _prepare
from surveys.reports.course_forms import CourseFormPaper
from surveys.workflow import course_forms as steps

from . import scenes_course_forms as scenes

pytestmark = pytest.mark.django_db


def seen_by(w, username: str) -> list[int]:
    return sorted(CourseForm.objects.visible_to(getattr(w, username)).values_list("pk", flat=True))


# -- making --------------------------------------------------------------------------------------------
def test_a_form_is_made_for_each_course_and_teacher_once(world):
    course = scenes.course(world, teacher="staff")
    course.teachers.add(world.staff2)
    scenes.course(world, "LAW1", teacher="stranger", unit=world.far_school)
    day = timezone.localdate()
    assert (make_due_forms(day), make_due_forms(day)) == (3, 0)
    form = CourseForm.objects.get(course=course, teacher=world.staff2)
    assert (form.unit, form.due_on) == (world.department, max(course.term.until + datetime.timedelta(days=14), day))
    assert form.history.get(verb="add").by is None
    course.teachers.add(world.coordinator)
    assert make_due_forms(day) == 1


def test_due_day_counts_from_the_end_of_the_term_and_running_or_old_terms_bring_nothing(world):
    course = scenes.course(world, teacher="staff")
    until = course.term.until
    assert make_due_forms(until) == 0
    assert make_due_forms(until + datetime.timedelta(days=61)) == 0
    assert make_due_forms(until + datetime.timedelta(days=1)) == 1
    assert CourseForm.objects.get().due_on == until + datetime.timedelta(days=14)


def test_nobody_makes_a_form_by_hand(world, signed_in):
    assert signed_in("asb").post("/surveys/course-forms/add/", {}).status_code == 403
    course = scenes.course(world, teacher="staff")
    with pytest.raises(Refused):
        CourseForm(course=course, teacher=world.staff, unit=world.department, due_on=scenes.in_days(3)).add(
            by=world.asb
        )


# -- sight ---------------------------------------------------------------------------------------------
def test_who_sees_a_form(world):
    pk = scenes.submitted(world).pk
    for username in ("staff", "committee", "committee_chair", "head", "dean", "asb"):
        assert seen_by(world, username) == [pk], username
    for username in ("staff2", "committee_adviser", "head2", "stranger", "board", "admin", "expert"):
        assert seen_by(world, username) == [], username


# -- the way of a form ---------------------------------------------------------------------------------
def test_teacher_types_keeps_and_submits_when_all_is_filled_in(world, signed_in):
    form = scenes.opened(world)
    client = signed_in("staff")
    address = form.get_absolute_url()
    data = {**scenes.TYPED, "weaknesses": "", "revision": form.revision}
    assert client.post(f"{address}edit/", data).status_code == 302
    assert client.post(f"{address}submit/").status_code == 409
    form.refresh_from_db()
    bad = client.post(f"{address}edit/", {**scenes.TYPED, "outcomes_share": 101, "revision": form.revision})
    assert bad.status_code == 400
    assert scenes.TYPED["strengths"] in bad.content.decode()
    assert client.post(f"{address}edit/", {**scenes.TYPED, "revision": form.revision}).status_code == 302
    assert client.post(f"{address}submit/").status_code == 302
    form.refresh_from_db()
    assert (form.state, form.weaknesses) == (CourseForm.SUBMITTED, scenes.TYPED["weaknesses"])
    assert client.get(f"{address}edit/").status_code == 409


def test_teacher_who_sits_on_the_committee_does_not_analyse_the_own_form(world):
    scenes.committee(world)
    form = scenes.submitted(world, of=scenes.course(world, "SURG1", teacher="committee"), teacher="committee")
    with pytest.raises(Refused):
        steps.analyse(form, by=world.committee, analysis="x", recommendation="x")
    with pytest.raises(Refused):
        steps.not_needed(scenes.opened(world, teacher="committee"), by=world.committee, reason="x")
    assert (
        steps.analyse(form, by=world.committee_chair, analysis="x", recommendation="y").analysed_by
        == world.committee_chair
    )


def test_head_of_the_school_analyses_only_where_there_is_no_committee(world):
    form = scenes.submitted(world)
    with pytest.raises(Refused):
        steps.analyse(form, by=world.dean, analysis="x", recommendation="x")
    with door("import"):
        Body.objects.filter(code="school_committee-medicine").update(state="dissolved")
    with pytest.raises(Refused):
        steps.analyse(form, by=world.head, analysis="x", recommendation="x")  # of the department, not of the school
    assert steps.analyse(form, by=world.dean, analysis="x", recommendation="x").state == CourseForm.ANALYSED


def test_what_was_recommended_last_time_is_seen_at_the_next_form(world, signed_in):
    earlier = scenes.term(-500, -380, "spring", "2025/2026")
    first = scenes.answered(world, of=scenes.course(world, teacher="staff", of=earlier))
    form = scenes.opened(world, of=scenes.course(world, teacher="staff"))
    other = scenes.opened(world, of=scenes.course(world, "ELSE1", teacher="staff"))
    client = signed_in("staff")
    for address in (form.get_absolute_url(), f"{form.get_absolute_url()}edit/"):
        page = client.get(address).content.decode()
        assert first.recommendation in page
        assert first.answer in page
    assert first.recommendation not in client.get(other.get_absolute_url()).content.decode()


def test_teacher_and_committee_are_told_in_turn(world):
    scenes.answered(world)
    assert list(world.staff.notices.values_list("verb", flat=True)) == ["analyse"]
    assert sorted(world.committee_chair.notices.values_list("verb", flat=True)) == ["answer", "submit"]
    assert not world.committee_adviser.notices.exists()


# -- lists -----------------------------------------------------------------------------------------------
def test_shares_by_term_and_school(world, signed_in):
    scenes.answered(world)
    scenes.submitted(world)
    scenes.opened(world)
    scenes.not_needed(world)
    answer = signed_in("committee").get("/surveys/course-forms/terms/")
    (row,) = answer.context["rows"]
    line = row["line"]
    assert (line.unit, line.due, line.not_needed) == (world.school, 3, 1)
    assert row["shares"] == [(2, "67 %"), (1, "33 %"), (1, "33 %")]


@pytest.mark.parametrize("address", ["/surveys/course-forms/", "/api/v1/surveys/course-forms/"])
@pytest.mark.parametrize("username", ["committee", "dean"])
def test_list_asks_as_often_for_one_as_for_five(world, signed_in, django_assert_num_queries, address, username):
    scenes.submitted(world)
    client = signed_in(username)
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        assert client.get(address).status_code == 200
    for _number in range(4):
        scenes.submitted(world)
    with django_assert_num_queries(len(first)):
        client.get(address)


def test_desk(world):
    form = scenes.opened(world)

    def rows(key, username):
        return sorted(row.pk for row in registry.desk[key].rows(getattr(world, username)))

    assert (rows("course-forms", "staff"), rows("course-forms", "staff2")) == ([form.pk], [])
    waiting = scenes.submitted(world)
    wanted = {"committee": [waiting.pk], "dean": [], "staff": [], "head": []}
    assert {name: rows("course-forms-analyse", name) for name in wanted} == wanted


def test_reminders_go_to_the_teacher_and_to_who_runs_the_committee(world):
    form = scenes.submitted(world)
    known = _prepare()
    assert _people(known, "teacher", form) == [world.staff.pk]
    assert _people(known, "committee", form) == [world.committee_chair.pk]
    known["committees"] = []
    assert _people(known, "committee", form) == [world.dean.pk]


def test_paper_has_what_the_teacher_wrote_and_what_was_recommended(world):
    form = scenes.answered(world)
    html = CourseFormPaper({"id": form.pk}, world.staff, "kk").html()
    for words in (form.strengths, form.recommendation, form.answer):
        assert words in html


def test_duty_of_the_department_is_held_with_its_last_form(world):
    ways = [
        {"step": f"surveys.course_form.{verb}", "subject": "unit", "unless": {"unit__course_forms__state": "open"}}
        for verb in ("submit", "not_needed")
    ]
    rule = DutyRule(code="course-forms", scope="department", timing="term", fulfilled_by=ways)
    last = scenes.opened(world)
    scenes.submitted(world)
    assert last_in_history(rule, world.department) is None
    steps.not_needed(last, by=world.asb, reason="Курс өтпеді")
    assert last_in_history(rule, world.department) == timezone.localdate()


def test_wrong_moment_says_so(world):
    with pytest.raises(NotNow):
        steps.answer(scenes.opened(world), by=world.staff, answer="x")
