"""Registers of students and courses, and the tables by which they are entered."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from qa_portal.programmes.course_sheet import CourseSheet
from qa_portal.programmes.importing import ADD, CHANGE, SAME, Expired
from qa_portal.programmes.models import AcademicYear, Course, Discipline, Programme, Student, Term
from qa_portal.programmes.student_sheet import StudentSheet

pytestmark = pytest.mark.django_db
HEAD = ["number", "name", "email", "programme", "group", "year", "language", "active", "graduated_on"]
ANA = ["S1", "Ана Серік", "ana@example.org", "6B1", "101", "2", "kk", "", ""]
BEK = ["S2", "Бек Омар", "bek@example.org", "6B1", "101", "2", "ru", "", ""]
IMPORT = "/programmes/students/import/"


@pytest.fixture
def programme(world) -> Programme:
    return Programme.objects.create(
        code="6B1", name_kk="Жалпы медицина", name_ru="Общая медицина", name_en="Medicine", level="bachelor",
        unit=world.school,
    )  # fmt: skip


@pytest.fixture
def term(world) -> Term:
    year = AcademicYear.objects.create(
        name="2026/2027", since=datetime.date(2026, 9, 1), until=datetime.date(2027, 6, 30)
    )
    for number, season in ((1, "spring"), (2, "autumn")):
        made = Term.objects.create(
            year=year, season=season, since=year.since, until=year.since + datetime.timedelta(days=number)
        )
        Discipline.objects.create(
            code=f"ISH{number}", name_kk=f"Пән {number}", name_ru=f"Предмет {number}", unit=world.department, credits=5
        )
    return made


def csv(*rows: list[Any], head: list[str] | None = None) -> SimpleUploadedFile:
    lines = [head or HEAD, *rows]
    return SimpleUploadedFile("t.csv", "\n".join("\t".join(map(str, row)) for row in lines).encode())


def judge(*rows: list[Any], head: list[str] | None = None) -> Any:
    return StudentSheet().read(csv(*rows, head=head), "t.csv")


def put_in(world, *rows: list[Any], head: list[str] | None = None) -> Any:
    sheet = StudentSheet()
    plan = judge(*rows, head=head)
    assert plan.wrong == []
    return sheet.apply(sheet.carried(plan, world.asb), world.asb)


def at(world, who: str) -> Client:
    client = Client()
    client.force_login(getattr(world, who))
    return client


def mistakes(plan: Any) -> list[tuple[int, str]]:
    return [(wrong.row, str(wrong.column)) for wrong in plan.wrong]


def label(key: str, sheet: Any = StudentSheet) -> str:
    return str(sheet().label(key))


# -- students ---------------------------------------------------------------------------------------------------------
def test_new_students_are_added_with_usual_values_for_what_is_not_said(world, programme):
    plan = put_in(world, ANA, ["S2", "Бек Омар", "", "6b1", "", "", "", "", ""])
    assert [one.kind for one in plan.planned] == [ADD, ADD]
    ana, bek = Student.objects.order_by("number")
    assert (ana.name, ana.email, ana.programme, ana.group, ana.year) == ("Ана Серік", ANA[2], programme, "101", 2)
    assert (bek.email, bek.group, bek.year, bek.language, bek.active) == ("", "", 1, "kk", True)


def test_the_same_table_again_changes_nothing(world, programme):
    put_in(world, ANA, BEK)
    plan = judge(ANA, BEK)
    assert [one.kind for one in plan.planned] == [SAME, SAME]
    assert not plan.may_be_applied


def test_what_changes_is_named_with_its_old_and_new_value(world, programme):
    put_in(world, ANA)
    plan = judge(["S1", "Ана Серік", "ana@example.org", "6B1", "102", "3", "", "", ""])
    assert [(one.kind, [(old, new) for _name, old, new in one.changes]) for one in plan.planned] == [
        (CHANGE, [("101", "102"), ("2", "3")])
    ]


def test_a_column_that_is_not_there_and_an_empty_year_leave_things_as_they_are(world, programme):
    put_in(world, ANA)
    put_in(world, ["S1", "Ана Серікқызы", "6B1", ""], head=["number", "name", "programme", "year"])
    ana = Student.objects.get()
    assert (ana.name, ana.email, ana.group, ana.year) == ("Ана Серікқызы", "ana@example.org", "101", 2)


def test_two_students_may_exchange_their_addresses(world, programme):
    put_in(world, ANA, BEK)
    put_in(world, [*ANA[:2], BEK[2], *ANA[3:]], [*BEK[:2], ANA[2], *BEK[3:]])
    assert dict(Student.objects.values_list("number", "email")) == {"S1": BEK[2], "S2": ANA[2]}


def test_a_graduate_no_longer_studies_unless_the_table_says_so(world, programme):
    put_in(world, [*ANA[:8], "30.06.2026"], [*BEK[:7], "иә", "2026-06-30"])
    assert list(Student.objects.order_by("number").values_list("active", "graduated_on")) == [
        (False, datetime.date(2026, 6, 30)),
        (True, datetime.date(2026, 6, 30)),
    ]


def test_an_account_with_the_same_address_is_linked(world, programme):
    put_in(world, [*ANA[:2], "Staff@example.org", *ANA[3:]])
    assert Student.objects.get().person == world.staff
    plan = judge([*BEK[:2], "staff@example.org", *BEK[3:]])
    assert mistakes(plan) == [(2, label("email"))]


def test_each_mistake_is_named_with_row_and_column_and_nothing_is_written(world, programme):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    plan = judge(
        ["", "Аты бар", "", "6B1", "", "", "", "", ""],
        ["S1", "", "", "6B1", "", "", "", "", ""],
        ["S2", "Бек", "емес", "6B1", "", "", "", "", ""],
        ["S3", "Бек", "", "7M", "", "", "", "", ""],
        ["S4", "Бек", "", "6B1", "", "9", "", "", ""],
        ["S5", "Бек", "", "6B1", "", "", "de", "", ""],
        ["S6", "Бек", "", "6B1", "", "", "", "мүмкін", ""],
        ["S7", "Бек", "", "6B1", "", "", "", "", "31.02.2026"],
        ["S8", "Бек", "", "6B1", "", "", "", "", tomorrow],
        ["S9", "Бек", "x@example.org", "6B1", "", "", "", "", ""],
        ["S9", "Бек", "", "6B1", "", "", "", "", ""],
        ["S10", "Бек", "X@example.org", "6B1", "", "", "", "", ""],
        ["S" * 41, "Бек", "", "6B1", "", "", "", "", ""],
    )
    columns = (
        "number", "name", "email", "programme", "year", "language", "active", "graduated_on", "graduated_on",
    )  # fmt: skip
    assert mistakes(plan) == [
        *((row, label(name)) for row, name in enumerate(columns, 2)),
        (12, label("number")),
        (13, label("email")),
        (14, label("number")),
    ]
    assert all(wrong.wrong and wrong.to_do for wrong in plan.wrong)
    assert not plan.may_be_applied


def test_an_address_of_somebody_outside_the_table_is_taken(world, programme):
    put_in(world, ANA)
    assert mistakes(judge([*BEK[:2], ANA[2], *BEK[3:]])) == [(2, label("email"))]


def test_tables_without_needed_columns_rows_or_sense_are_refused(world, programme):
    assert mistakes(judge(["S1"], head=["number"])) == [(1, label("name")), (1, label("programme"))]
    assert mistakes(judge()) == [(2, "")]
    assert mistakes(StudentSheet().read(SimpleUploadedFile("t.xlsx", b"no zip"), "t.xlsx")) == [(1, "")]


def test_columns_may_be_called_as_in_any_language_and_numbers_come_from_a_spreadsheet(world, programme):
    book = Workbook()
    names = {"number": "Student's number", "name": "Full name", "programme": "Code of the programme"}
    book.active.append([*names.values(), "Year of study", "Graduated on"])
    book.active.append([20260017, "Ана", "6B1", 2.0, datetime.datetime(2026, 6, 30)])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    plan = StudentSheet().read(stream, "t.XLSX")
    assert plan.wrong == []
    values = plan.planned[0].values
    assert (values["number"], values["year"]) == ("20260017", 2)
    assert values["graduated_on"] == datetime.date(2026, 6, 30)


def test_queries_do_not_grow_with_the_rows(world, programme):
    with CaptureQueriesContext(
        connection,
    ) as few:
        judge(ANA)
    with CaptureQueriesContext(connection) as many:
        judge(*([f"N{number}", "Аты", f"n{number}@example.org", "6B1", "", "", "", "", ""] for number in range(60)))
    assert len(few) == len(many)


# -- the page -------------------------------------------------------------------------------------------------------------
def test_a_table_is_looked_through_first_and_applied_by_a_second_press(world, programme, no_second_factor):
    client = at(world, "asb")
    shown = client.post(IMPORT, {"file": csv(ANA, BEK)})
    assert shown.status_code == 200
    assert "Ана Серік" in shown.text
    assert Student.objects.count() == 0
    done = client.post(IMPORT, {"table": shown.context["carried"]})
    assert done.status_code == 302
    assert done.url == reverse("programmes:students")
    assert Student.objects.count() == 2
    page = client.get(done.url)
    assert "Бек Омар" in page.text


def test_a_table_with_a_mistake_is_shown_and_cannot_be_applied(world, programme, no_second_factor):
    shown = at(world, "hr").post(IMPORT, {"file": csv(ANA, [*BEK[:3], "XX", *BEK[4:]])})
    assert shown.status_code == 400
    assert shown.context["carried"] == ""
    assert "XX" in shown.text
    assert Student.objects.count() == 0


def test_what_changed_meanwhile_is_shown_again_instead_of_written(world, programme, no_second_factor):
    client = at(world, "asb")
    carried = client.post(IMPORT, {"file": csv(ANA)}).context["carried"]
    put_in(world, [*ANA[:4], "109", *ANA[5:]])
    again = client.post(IMPORT, {"table": carried})
    assert again.status_code == 409
    assert Student.objects.get().group == "109"
    assert client.post(IMPORT, {"table": again.context["carried"]}).status_code == 302
    assert Student.objects.get().group == "101"


def test_rows_that_the_portal_did_not_give_or_gave_to_another_are_refused(world, programme, no_second_factor):
    sheet, client = StudentSheet(), at(world, "asb")
    carried = sheet.carried(judge(ANA), world.hr)
    for sent in (carried, "нәрсе", carried[:-3], signing.dumps([world.asb.pk, "", []], salt="other")):
        assert client.post(IMPORT, {"table": sent}).status_code == 409, sent[:20]
    assert Student.objects.count() == 0
    with pytest.raises(Expired):
        CourseSheet().apply(carried, world.hr)


def test_a_file_of_another_kind_gets_a_sentence(world, no_second_factor):
    answer = at(world, "asb").post(IMPORT, {"file": SimpleUploadedFile("t.pdf", b"%PDF-1.4 hello")})
    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]


@pytest.mark.parametrize("who", ["staff", "head", "board", "stranger"])
def test_students_are_hidden_from_others(world, programme, who, no_second_factor):
    put_in(world, ANA)
    client = at(world, who)
    assert client.get("/programmes/students/").status_code == 403
    assert client.post(IMPORT, {"file": csv(BEK)}).status_code == 403
    assert client.get("/programmes/students/?export=csv").status_code == 403
    assert list(Student.objects.visible_to(getattr(world, who))) == []


def test_the_register_filters_searches_and_exports(world, programme, no_second_factor):
    put_in(world, ANA, [*BEK[:2], "", *BEK[3:7], "жоқ", ""])
    client = at(world, "asb")
    for query, there, gone in (
        ("?q=ана", "Ана Серік", "Бек Омар"),
        ("?studies=true", "Ана Серік", "Бек Омар"),
        ("?unreached=true", "Бек Омар", "Ана Серік"),
        (f"?programme={programme.pk}&language=ru", "Бек Омар", "Ана Серік"),
    ):
        page = client.get(f"/programmes/students/{query}").text
        assert there in page, query
        assert gone not in page, query
    exported = client.get("/programmes/students/?export=csv")
    text = b"".join(exported).decode() if exported.streaming else exported.text
    assert "ana@example.org" in text


def test_the_template_has_all_columns_and_is_understood(world, programme, no_second_factor):
    for sheet, slug in ((StudentSheet(), "students"), (CourseSheet(), "courses")):
        answer = at(world, "asb").get(f"/programmes/{slug}/template/")
        head = [cell.value for cell in load_workbook(io.BytesIO(answer.content)).worksheets[0][1]]
        assert len(head) == len(sheet.columns)
        assert mistakes(sheet.read(io.BytesIO(answer.content), "t.xlsx")) == [(2, "")]  # only its rows are missing


@pytest.mark.parametrize("slug", ["students", "courses"])
def test_registers_ask_the_same_number_of_queries_for_one_row_and_for_thirty(
    world, programme, term, slug, no_second_factor
):
    client = at(world, "asb")

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            Student.objects.create(number=f"N{number}", name=f"Аты {number}", programme=programme)
            discipline = Discipline.objects.create(code=f"D{number}", name_kk="Пән", unit=world.department, credits=3)
            Course.objects.create(discipline=discipline, term=term, groups=["1"]).teachers.set([world.staff])

    fill(0, 1)
    client.get(f"/programmes/{slug}/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/programmes/{slug}/")
    fill(1, 30)
    with CaptureQueriesContext(connection) as thirty:
        client.get(f"/programmes/{slug}/")
    assert len(one) == len(thirty)


# -- courses ------------------------------------------------------------------------------------------------------------
COURSE_HEAD = ["discipline", "term", "teachers", "groups"]


def courses(*rows: list[Any]) -> Any:
    return CourseSheet().read(csv(*rows, head=COURSE_HEAD), "t.csv")


def teach(world, *rows: list[Any]) -> Any:
    plan = courses(*rows)
    assert plan.wrong == []
    return CourseSheet().apply(CourseSheet().carried(plan, world.asb), world.asb)


def test_rows_of_one_course_are_put_together(world, term):
    teach(
        world,
        ["ISH1", "2026/2027-1", "staff", "101; 102"],
        ["ish1", "2026/2027-1", "staff2@example.org", "102; 103"],
        ["ISH1", "2026/2027-2", "staff; staff2", ""],
    )
    autumn, spring = Course.objects.order_by("term__season")
    assert (autumn.term.season, spring.term.season) == ("autumn", "spring")
    assert autumn.groups == ["101", "102", "103"]
    assert sorted(person.username for person in autumn.teachers.all()) == ["staff", "staff2"]
    assert spring.groups == []


def test_a_course_gets_the_teachers_and_groups_of_the_table_and_others_stay(world, term):
    teach(world, ["ISH1", "2026/2027-1", "staff; staff2", "101"], ["ISH2", "2026/2027-1", "staff", "201"])
    plan = teach(world, ["ISH1", "2026/2027-1", "staff2", "101"])
    assert [(one.kind, len(one.changes)) for one in plan.planned] == [(CHANGE, 1)]
    assert {
        course.discipline.code: sorted(p.username for p in course.teachers.all()) for course in Course.objects.all()
    } == {
        "ISH1": ["staff2"],
        "ISH2": ["staff"],
    }
    again = courses(["ISH1", "2026/2027-1", "staff2", ""])
    assert [one.kind for one in again.planned] == [SAME]


def test_mistakes_of_courses_are_named(world, term):
    plan = courses(
        ["XX", "2026/2027-1", "staff", ""],
        ["ISH1", "2026/2027-3", "staff", ""],
        ["ISH1", "2026/2027-1", "", ""],
        ["ISH1", "2026/2027-1", "nobody", ""],
        ["ISH1", "2026/2027-1", "staff", "1" * 41],
    )
    wanted = ("discipline", "term", "teachers", "teachers", "groups")
    assert mistakes(plan) == [(row, label(name, CourseSheet)) for row, name in enumerate(wanted, 2)]


def test_courses_are_read_by_all_inside_and_entered_by_keepers(world, term, no_second_factor):
    teach(world, ["ISH1", "2026/2027-1", "staff", "101"])
    assert "Пән 1" in at(world, "staff").get("/programmes/courses/").text
    assert at(world, "expert").get("/programmes/courses/").status_code == 404
    assert at(world, "staff").get("/programmes/courses/import/").status_code == 403
    shown = at(world, "hr").post("/programmes/courses/import/", {"file": csv(["ISH2", "2026/2027-1", "staff", "1"], head=COURSE_HEAD)})  # fmt: skip
    assert at(world, "hr").post("/programmes/courses/import/", {"table": shown.context["carried"]}).status_code == 302
    assert Course.objects.count() == 2
