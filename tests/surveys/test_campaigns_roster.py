"""Who is asked: from people, from a table, from the courses of a term; settled when the draft is submitted."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from qa_portal.permissions import NotNow, Refused
from qa_portal.programmes.models import Student
from surveys import course_roster, roster, roster_files
from surveys.models import RosterLine
from surveys.workflow import campaigns as steps

from . import scenes_campaigns as scenes

pytestmark = pytest.mark.django_db


def table(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", text.encode())


# -- people ------------------------------------------------------------------------------------------------------
def test_students_of_a_level_are_taken_once_with_no_more_than_is_needed(world):
    scenes.students(world, 3)
    scenes.students(world, 1, of=scenes.programme(world, "7M10101", "master"))
    Student.objects.filter(number="S00000").update(person=world.staff)
    Student.objects.filter(number="S00001").update(email="")
    campaign = scenes.draft(world)
    said = roster.take_people(campaign, ["level-bachelor"], world.asb)
    assert "2" in said and "1" in said
    rows = list(campaign.roster.order_by("pk"))
    assert [(row.person_id, row.email, row.name) for row in rows] == [
        (world.staff.pk, "", ""),
        (None, "s2@students.example.org", "Студент 2"),
    ]
    own = {"school": world.school.pk, "department": world.department.pk, "level": "bachelor", "year": "2"}
    assert [row.strata for row in rows] == [own, own]
    roster.take_people(campaign, ["level-bachelor", "level-master"], world.asb)
    assert campaign.roster.count() == 3


def test_teachers_and_other_staff_part_the_people_of_the_university(world):
    scenes.course(world, teachers=[world.auditor])
    campaign = scenes.draft(
        world, questionnaire=scenes.questionnaire(world, "teachers", "teachers"), trees=[["school"]]
    )
    roster.take_people(campaign, ["teachers"], world.asb)
    teachers = set(campaign.roster.values_list("person__username", flat=True))
    assert teachers == {"head", "head2", "coordinator", "staff", "staff2", "auditor"}
    other = scenes.draft(world, questionnaire=scenes.questionnaire(world, "staff", "staff"))
    roster.take_people(other, ["staff"], world.asb)
    staff = set(other.roster.values_list("person__username", flat=True))
    assert staff == {"board", "asb", "asb2", "quality", "council", "dean", "hr", "stranger"}
    school = {row.person.username: row.strata for row in campaign.roster.select_related("person")}
    assert school["head2"] == {"school": world.school.pk}


def test_graduates_stand_by_their_year(world):
    scenes.students(world, 2, active=False, graduated_on=scenes.in_days(0).replace(month=1, day=5))
    campaign = scenes.draft(
        world, questionnaire=scenes.questionnaire(world, "grads", "graduates"), trees=[["level", "graduated"]]
    )
    roster.take_people(campaign, ["graduates-now"], world.asb)
    assert (
        list(campaign.roster.values_list("strata", flat=True))
        == [{"level": "bachelor", "graduated": str(campaign.year)}] * 2
    )


def test_only_those_who_run_it_change_it_and_only_in_a_draft(world):
    scenes.students(world, 1)
    campaign = scenes.draft(world)
    with pytest.raises(Refused):
        roster.take_people(campaign, ["level-bachelor"], world.board)
    scenes.lines(campaign, 2)
    steps.submit(campaign, by=world.asb)
    with pytest.raises(NotNow):
        roster.take_people(campaign, ["level-bachelor"], world.asb)
    assert campaign.roster.count() == 2


def test_whoever_changed_the_list_does_not_check_it(world):
    campaign = scenes.listed(world)
    roster.take_out(campaign, [campaign.roster.first().pk], world.asb2)
    steps.submit(campaign, by=world.asb)
    with pytest.raises(Refused):
        steps.check(campaign, by=world.asb2)
    assert campaign.history.filter(verb="roster", by=world.asb2).count() == 1
    assert steps.check(campaign, by=world.quality).state == "ready"


# -- the page --------------------------------------------------------------------------------------------------------
def test_the_page_shows_counts_and_takes_people_out(world, signed_in):
    scenes.students(world, 7)
    scenes.students(world, 2, of=scenes.programme(world, "7M10101", "master"))
    campaign = scenes.draft(world)
    url, client = f"/surveys/campaigns/{campaign.pk}/roster/", signed_in("asb")
    page = client.get(url)
    assert {row["source"].key: row["count"] for row in page.context["sources"]} == {
        "level-bachelor": 7,
        "level-master": 2,
    }
    assert client.post(url, {"do": "take", "sources": ["level-bachelor", "level-master"]}).status_code == 302
    page = client.get(url)
    assert page.context["count"] == 9
    study = page.context["trees"][1]["groups"]
    assert [(row["depth"], row["count"], row["small"]) for row in study] == [
        (0, 7, True), (1, 7, True), (0, 2, True), (1, 2, True),
    ]  # fmt: skip
    line = campaign.roster.order_by("pk").first()
    assert client.post(url, {"do": "drop", "ids": [line.pk, "x", "9" * 30]}).status_code == 302
    assert campaign.roster.count() == 8
    assert client.post(url, {"do": "drop"}).status_code == 302
    assert len(client.get(url, {"q": "s3@"}).context["lines"]) == 1
    assert client.post(url, {"do": "nonsense"}).status_code == 404
    assert client.post(url, {"do": "empty"}).status_code == 302
    assert not campaign.roster.exists()


def test_a_settled_list_says_so(world, signed_in):
    campaign = scenes.submitted(world)
    url, client = f"/surveys/campaigns/{campaign.pk}/roster/", signed_in("asb")
    assert client.get(url).context["settled"]
    answer = client.post(url, {"do": "empty"})
    assert (answer.status_code, campaign.roster.count()) == (409, 12)


# -- tables ----------------------------------------------------------------------------------------------------------
HEAD = "name;e-mail;language;unit;level;year\n"


def test_a_table_is_checked_then_taken(world, signed_in):
    campaign = scenes.draft(world)
    scenes.lines(campaign, 1, email="there@example.org")
    text = (
        HEAD
        + "Айгүл;Aigul@example.org;ru;therapy;bachelor;3\n"
        + ";staff@example.org;;;;\n\n"
        + "Бар адам;there@example.org;kk;;;\n"
    )
    url, client = f"/surveys/campaigns/{campaign.pk}/roster/table/", signed_in("asb")
    page = client.post(url, {"file": table(text)})
    assert page.status_code == 200
    assert (page.context["waiting"], page.context["checked"].there) == (2, 1)
    assert campaign.roster.taken().count() == 1
    assert client.get(f"/surveys/campaigns/{campaign.pk}/roster/").context["count"] == 1
    assert client.post(url, {"do": "take"}).status_code == 302
    rows = {row.email or row.person.username: row for row in campaign.roster.taken().select_related("person")}
    assert set(rows) == {"there@example.org", "aigul@example.org", "staff"}
    assert rows["aigul@example.org"].language == "ru"
    assert rows["aigul@example.org"].strata == {
        "school": world.school.pk, "department": world.department.pk, "level": "bachelor", "year": "3",
    }  # fmt: skip
    assert (rows["staff"].email, rows["staff"].name) == ("", "")


def test_every_mistake_is_named_and_nothing_is_taken(world, signed_in):
    campaign = scenes.draft(world)
    text = HEAD + "A;nobody;kk;;;\nB;b@example.org;de;nowhere;genius;99\nC;c@example.org;;;;\nD;C@example.org;;;;\n"
    url = f"/surveys/campaigns/{campaign.pk}/roster/table/"
    page = signed_in("asb").post(url, {"file": table(text)})
    assert page.status_code == 400
    assert [(one.row, one.column) for one in page.context["checked"].wrong] == [
        (2, "email"), (3, "language"), (3, "unit"), (3, "level"), (3, "year"), (5, "email"),
    ]  # fmt: skip
    assert not campaign.roster.exists()


@pytest.mark.parametrize("text", ["", "name;language\nA;kk\n", HEAD, "\x00\x01"])
def test_a_table_that_names_nobody_is_refused(world, text):
    found = roster_files.read(scenes.draft(world), io.BytesIO(text.encode()), "list.csv")
    assert found.wrong and not found.ready


def test_checked_lines_count_nowhere_and_give_way(world):
    scenes.students(world, 1)
    campaign = scenes.draft(world)
    checked = roster_files.check(campaign, io.BytesIO(b"e-mail\ns0@students.example.org\n"), "list.csv", world.asb)
    assert not checked.wrong and roster_files.waiting(campaign) == 1
    with pytest.raises(NotNow):  # nobody is in the list yet
        steps.submit(campaign, by=world.asb)
    roster.take_people(campaign, ["level-bachelor"], world.asb)
    assert list(campaign.roster.values_list("source", flat=True)) == [RosterLine.Source.PEOPLE]


def test_the_template_reads_back(world, signed_in):
    campaign = scenes.draft(world)
    answer = signed_in("asb").get(f"/surveys/campaigns/{campaign.pk}/roster/template/")
    assert len(next(load_workbook(io.BytesIO(answer.content)).active.iter_rows())) == 6
    found = roster_files.read(campaign, io.BytesIO(answer.content), "list.xlsx")
    assert not found.wrong and len(found.ready) == 1


# -- courses --------------------------------------------------------------------------------------------------------
def test_the_dry_run_says_what_each_course_lacks(world, signed_in):
    scenes.students(world, 6)
    scenes.students(world, 2, "ЖМ-22")
    full = scenes.course(world)
    few = scenes.course(world, "FEW1", ("ЖМ-22",))
    lone = scenes.course(world, "LON1", ("ЖМ-21",), teachers=[])
    no_group = scenes.course(world, "GRP1", ())
    empty = scenes.course(world, "EMP1", ("ЖМ-99",))
    scenes.course(world, "FAR1", unit=world.far_school)  # another school's
    campaign = scenes.about_courses(world)
    found = {row.course: row for row in course_roster.offered(campaign)}
    assert {course: row.missing for course, row in found.items()} == {
        full: [], few: ["few"], lone: ["no_teacher"], no_group: ["no_group"], empty: ["no_students"],
    }  # fmt: skip
    assert (found[full].students, found[few].students) == (6, 2)
    url, client = f"/surveys/campaigns/{campaign.pk}/courses/", signed_in("asb")
    page = client.get(url)
    assert {item["row"].course for item in page.context["rows"] if item["ticked"]} == {full, lone}
    assert not campaign.roster.exists()
    assert client.post(url, {}).status_code == 400
    assert client.post(url, {"courses": [full.pk, few.pk, empty.pk, 10**9]}).status_code == 302
    assert course_roster.chosen(campaign) == {full.pk: 6, few.pk: 2}
    assert campaign.roster.filter(strata={}).count() == 8
    assert {item["row"].course for item in client.get(url).context["rows"] if item["ticked"]} == {full, few}


def test_a_student_of_two_groups_is_asked_once_about_each_course(world):
    scenes.students(world, 5)
    first, second = scenes.course(world), scenes.course(world, "TER102")
    campaign = scenes.about_courses(world)
    course_roster.take_courses(campaign, [first.pk, second.pk], world.asb)
    assert [sorted(row.courses) for row in campaign.roster.all()] == [sorted([first.pk, second.pk])] * 5
    course_roster.take_courses(campaign, [second.pk], world.asb)
    assert course_roster.chosen(campaign) == {second.pk: 5}


def test_courses_by_the_hundred_cost_few_queries(world, django_assert_max_num_queries):
    scenes.students(world, 20)
    made = [scenes.course(world, f"C{n}") for n in range(30)]
    campaign = scenes.about_courses(world)
    with django_assert_max_num_queries(5):
        assert len(course_roster.offered(campaign)) == 30
    with django_assert_max_num_queries(25):
        course_roster.take_courses(campaign, [course.pk for course in made], world.asb)


def test_a_committee_runs_the_courses_of_its_school_and_the_manager_reviews(world, signed_in):
    scenes.committee(world)
    scenes.students(world, 6)
    course = scenes.course(world)
    manager = scenes.manager(world)
    campaign = scenes.about_courses(world, by="head2")
    assert signed_in("head2").get(f"/surveys/campaigns/{campaign.pk}/roster/").status_code == 200
    assert signed_in("staff2").get(f"/surveys/campaigns/{campaign.pk}/").status_code == 200  # a member sees
    assert signed_in("staff2").get(f"/surveys/campaigns/{campaign.pk}/roster/").status_code == 403
    assert signed_in("head").get(f"/surveys/campaigns/{campaign.pk}/").status_code == 404
    course_roster.take_courses(campaign, [course.pk], world.head2)
    steps.submit(campaign, by=world.head2)
    with pytest.raises(Refused):
        steps.check(campaign, by=world.asb)  # an officer of the quality office is not the quality manager
    assert steps.check(campaign, by=manager).state == "ready"
    with pytest.raises(Refused):  # of another school, or of the whole university
        scenes.about_courses(world, by="head2", unit=world.far_school)
    with pytest.raises(Refused):
        scenes.draft(world, by="head2")
