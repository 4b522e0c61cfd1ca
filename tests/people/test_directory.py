"""The directory: pages and API show the same people; e-mail addresses not to everybody; costs do not grow with rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.people.models import Deputy, Office, Unit
from qa_portal.people.roles import Role

pytestmark = pytest.mark.django_db

API = "/api/v1/people"


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def thirty_more(world, day):
    for number in range(30):
        unit = world.unit(f"unit-{number}", world.school, Unit.Kind.DEPARTMENT)
        world.person(f"head-{number}", world.school, Role.UNIT_HEAD, unit)
        Office.objects.create(person=world.dean, role=Role.MENTOR, unit=unit, since=day())
        Office.objects.create(person=world.head, role=Role.MENTOR, unit=world.school, since=day())
        Deputy.objects.create(principal=world.dean, deputy=world.head, since=day(), until=day(number), reason="демалыс")


@pytest.mark.parametrize("username", ["asb", "staff"])
def test_pages_cost_the_same_for_one_row_and_for_thirty(world, signed_in, day, username):
    client = signed_in(username)
    addresses = ["/people/", f"/people/units/{world.school.pk}/", f"/people/people/{world.dean.pk}/"]
    addresses += [f"{API}/units/", f"{API}/people/", f"{API}/offices/"]
    client.get("/people/")
    before = {address: queries(client, address) for address in addresses}
    thirty_more(world, day)
    assert {address: queries(client, address) for address in addresses} == before


def test_tree_names_each_unit_with_its_head(world, signed_in):
    page = signed_in("staff").get("/people/")
    assert page.status_code == 200
    shown = {row["unit"]: row["head"] for row in page.context["rows"]}
    assert shown == {
        world.university: None, world.school: world.dean, world.department: world.head, world.other: world.head2,
        world.far_school: None, world.asb_unit: None,
    }  # fmt: skip
    in_blocks = [row["unit"] for group in page.context["groups"] for row in group["rows"]]
    tops = [group["top"]["unit"] for group in page.context["groups"]]
    assert sorted(u.pk for u in [*in_blocks, *tops]) == sorted(u.pk for u in shown)


def test_closed_unit_leaves_the_tree_but_keeps_its_page(world, signed_in, day):
    Unit.objects.filter(pk=world.other.pk).update(closed_on=day())
    client = signed_in("staff")
    assert world.other not in [row["unit"] for row in client.get("/people/").context["rows"]]
    assert client.get(world.other.get_absolute_url()).status_code == 200


def test_unit_page_shows_offices_people_units_below_and_the_way_to_its_findings(world, signed_in):
    page = signed_in("staff").get(world.school.get_absolute_url())
    words = page.content.decode()
    assert f"/capa/findings/?unit={world.school.pk}" in words
    for shown in (world.dean.get_full_name(), world.department.name, world.head.get_short_name()):
        assert shown in words
    assert world.far_school.name not in words


def test_office_that_ended_yesterday_is_not_shown(world, signed_in, day):
    Office.objects.filter(person=world.head).update(until=day(-1))
    client = signed_in("staff")
    assert list(client.get(world.head.get_absolute_url()).context["offices"]) == []
    assert client.get(f"{API}/offices/?on={day()}&person={world.head.pk}").json()["count"] == 0
    assert client.get(f"{API}/offices/?on={day(-1)}&person={world.head.pk}").json()["count"] == 1


@pytest.mark.parametrize(
    ("username", "reads"),
    [("asb", True), ("admin", True), ("hr", True), ("staff", False), ("board", False), ("head", False)],
)
def test_email_is_read_by_quality_office_hr_and_administrators(world, signed_in, username, reads):
    client = signed_in(username)
    address = "staff2@example.org"
    body = client.get(f"{API}/people/{world.staff2.pk}/").json()
    assert (body["email"] == address) is reads
    assert (address in client.get(world.staff2.get_absolute_url()).content.decode()) is reads
    assert (address in client.get(world.department.get_absolute_url()).content.decode()) is reads
    assert ("staff2@" in client.get(f"{API}/people/").content.decode()) is reads
    own = client.get(f"{API}/people/{getattr(world, username).pk}/").json()
    assert own["email"] == f"{username}@example.org"


def test_list_cannot_be_sorted_or_filtered_by_what_is_hidden(world, signed_in):
    client = signed_in("staff")
    usual = [p["id"] for p in client.get(f"{API}/people/").json()["results"]]
    for hidden in ("email", "password", "-email", "last_login"):
        assert [p["id"] for p in client.get(f"{API}/people/?ordering={hidden}").json()["results"]] == usual
    assert client.get(f"{API}/people/?email=asb@example.org").json()["count"] == len(usual)


def test_expert_sees_only_themselves(world, signed_in):
    client = signed_in("expert")
    assert [p["id"] for p in client.get(f"{API}/people/").json()["results"]] == [world.expert.pk]
    assert client.get(f"{API}/people/{world.head.pk}/").status_code == 404
    assert client.get(world.head.get_absolute_url()).status_code == 404
    assert client.get(f"{API}/offices/").json()["count"] == 0
    assert world.head.get_full_name() not in client.get(world.department.get_absolute_url()).content.decode()
    assert all(unit["head"] is None for unit in client.get(f"{API}/units/").json()["results"])


def test_person_who_left_is_not_found(world, signed_in):
    gone = world.person("gone", world.department)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    client = signed_in("staff")
    assert client.get(gone.get_absolute_url()).status_code == 404
    assert client.get(f"{API}/people/{gone.pk}/").status_code == 404


def test_names_have_three_languages_and_filters_work(world, signed_in):
    client = signed_in("staff")
    unit = client.get(f"{API}/units/{world.department.pk}/").json()
    assert unit["name"] == {"kk": "therapy бөлімі", "ru": "отдел therapy", "en": "unit therapy"}
    assert unit["head"] == {"id": world.head.pk, "name": world.head.get_full_name()}

    def found(query):
        return {row["id"] for row in client.get(f"{API}/{query}").json()["results"]}

    assert found(f"units/?within={world.school.pk}") == {world.school.pk, world.department.pk, world.other.pk}
    assert found("units/?search=ОТДЕЛ THERAPY") == {world.department.pk}
    assert found(f"people/?role={Role.BOARD}") == {world.board.pk}
    assert found(f"people/?unit={world.other.pk}") == {world.head2.pk}
    assert world.staff.pk in found(f"people/?within={world.school.pk}")
    assert world.stranger.pk not in found(f"people/?within={world.school.pk}")
    assert found("people/?search=әсел staff2") == {world.staff2.pk}
    assert found(f"offices/?role={Role.UNIT_HEAD}&unit={world.school.pk}") == set(
        Office.objects.filter(role=Role.UNIT_HEAD, unit=world.school).values_list("pk", flat=True)
    )


def test_directory_is_read_only_in_the_api_and_closed_without_sign_in(world, signed_in, client):
    signed = signed_in("admin")
    for address in (f"{API}/units/", f"{API}/people/", f"{API}/offices/"):
        assert signed.post(address, {}).status_code == 405
        assert client.get(address).status_code == 401
    assert signed.patch(f"{API}/units/{world.school.pk}/", {}, content_type="application/json").status_code == 405
    assert client.get("/people/").status_code == 302
