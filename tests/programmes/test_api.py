"""Programmes, disciplines, courses and terms in the API."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.programmes.models import AcademicYear, Course, Discipline, Programme, Term

pytestmark = pytest.mark.django_db

API = "/api/v1/programmes"
LISTS = [f"{API}/{name}/" for name in ("programmes", "disciplines", "courses", "terms")]


@pytest.fixture
def autumn(world):
    year = AcademicYear.objects.create(
        name="2026/2027", since=datetime.date(2026, 9, 1), until=datetime.date(2027, 6, 30)
    )
    return Term.objects.create(year=year, season="autumn", since=year.since, until=datetime.date(2027, 1, 15))


@pytest.fixture
def course(world, autumn):
    return teach(world, autumn, 1)


def teach(world, term, number):
    Programme.objects.create(
        code=f"6B1010{number}", name_kk=f"Жалпы медицина {number}", name_ru="Общая медицина", name_en="General medicine",
        level="bachelor", unit=world.school, head=world.head,
    )  # fmt: skip
    discipline = Discipline.objects.create(
        code=f"ISH{number}", name_kk="Ішкі аурулар", name_ru="Внутренние болезни", unit=world.department, credits=5
    )
    made = Course.objects.create(discipline=discipline, term=term, groups=["201", "202"])
    made.teachers.set([world.staff, world.staff2])
    return made


def test_rows_carry_three_languages_and_their_places(world, signed_in, course, autumn):
    client = signed_in("staff")
    programme = client.get(LISTS[0]).json()["results"][0]
    assert programme["name"] == {"kk": "Жалпы медицина 1", "ru": "Общая медицина", "en": "General medicine"}
    assert (programme["unit"], programme["head"]) == (world.school.pk, world.head.pk)
    taught = client.get(f"{LISTS[2]}{course.pk}/").json()
    assert taught["groups"] == ["201", "202"]
    assert set(taught["teachers"]) == {world.staff.pk, world.staff2.pk}
    assert client.get(LISTS[3]).json()["results"][0]["year_name"] == "2026/2027"


def test_lists_are_filtered_searched_and_sorted(world, signed_in, course, autumn):
    teach(world, autumn, 2)
    client = signed_in("staff")

    def codes(query):
        return [row["code"] for row in client.get(f"{API}/{query}").json()["results"]]

    assert codes("programmes/?search=МЕДИЦИНА 2") == ["6B10102"]
    assert codes("programmes/?ordering=-code") == ["6B10102", "6B10101"]
    assert codes("disciplines/?code=ISH2") == ["ISH2"]
    assert codes(f"programmes/?unit={world.department.pk}") == []
    assert client.get(f"{API}/courses/?teachers={world.staff.pk}").json()["count"] == 2
    assert client.get(f"{API}/terms/?season=spring").json()["count"] == 0


@pytest.mark.parametrize("address", LISTS)
def test_lists_are_read_only_for_insiders_and_closed_to_others(signed_in, client, course, address):
    assert client.get(address).status_code == 401
    expert = signed_in("expert").get(address)
    assert (expert.status_code, expert.json()["count"]) == (200, 0)
    insider = signed_in("admin")
    assert insider.get(address).json()["count"] == 1
    assert insider.post(address, {}).status_code == 405


def test_lists_cost_the_same_for_one_and_for_thirty(world, signed_in, course, autumn):
    def cost():
        found = []
        for address in LISTS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    client = signed_in("staff")
    cost()
    before = cost()
    for number in range(2, 32):
        teach(world, autumn, number)
    assert cost() == before


def test_year_and_term_end_after_they_begin():
    with pytest.raises(ValidationError):
        AcademicYear(name="2026/2027", since=datetime.date(2026, 9, 1), until=datetime.date(2026, 9, 1)).full_clean()
