"""Numbers longer than the database holds, and values no filter knows: never an error page, never more rows than asked."""

import pytest
from django.test import Client
from django.urls import get_resolver
from rest_framework.test import APIClient

from capa.models import CapaAction
from qa_portal.api import router
from qa_portal.web.pages.declaration import declared

pytestmark = pytest.mark.django_db
LONG = "9" * 25
BAD = (LONG, "9" * 4400, "-" + LONG, "1e400", "NaN", "x", "0x1", "1.5")


def test_ids_of_many_that_are_no_numbers_of_records_choose_nothing(world, signed_in):
    action = world.submitted().actions.get()
    client = signed_in("head")
    assert client.post("/capa/actions/many/approve/", {"ids": [LONG, "9" * 5000, "9" * 19]}).status_code == 302
    assert CapaAction.objects.get().state == CapaAction.SUBMITTED
    assert client.post("/capa/actions/many/approve/", {"ids": [LONG, str(action.pk)]}).status_code == 302
    assert CapaAction.objects.get().state != CapaAction.SUBMITTED


@pytest.mark.parametrize("path", ["/capa/plans/?finding=", "/capa/actions/?plan="])
def test_long_number_in_a_filter_of_a_register(world, signed_in, path):
    world.submitted()
    assert signed_in("asb").get(path + LONG).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        f"/capa/plans/add/?finding={LONG}",
        f"/capa/actions/add/?plan={LONG}",
        f"/documents/evidence/add/?to=capa.action:{LONG}",
        f"/notices/{LONG}/",
        f"/papers/{LONG}/",
        f"/people/units/{LONG}/",
        f"/standards/requirements/{LONG}/",
        f"/capa/findings/{LONG}/edit/",
        f"/api/v1/capa/findings/{LONG}/",
        f"/api/v1/people/units/{LONG}/",
    ],
)
def test_long_number_in_an_address_is_no_such_record(world, signed_in, path):
    assert signed_in("asb").get(path).status_code == 404


def test_long_number_of_a_signal_is_no_such_record(world, signed_in):
    assert signed_in("asb").post(f"/capa/signals/people.unit_without_head/{LONG}/raise/").status_code == 404


@pytest.mark.parametrize("key", ["page", "count", "sort", "q"])
def test_long_numbers_beside_the_filters(world, signed_in, key):
    world.finding()
    for value in (LONG, "9" * 4400):
        assert signed_in("asb").get("/capa/findings/", {key: value}, follow=True).status_code == 200


def test_every_filter_of_every_api_list_takes_whatever_is_sent(world):
    world.submitted()
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(world.asb)
    asked, wrong = 0, []
    for prefix, viewset, _basename in router.registry:
        filters = getattr(viewset, "filterset_class", None)
        for name in [*(filters.base_filters if filters else ()), "page", "page_size", "ordering", "search"]:
            for value in BAD:
                asked += 1
                answer = client.get(f"/api/v1/{prefix}/", {name: value})
                if answer.status_code not in (200, 400, 404):
                    wrong.append((prefix, name, value[:30], answer.status_code))
    assert asked > 300
    assert not wrong


def test_every_filter_of_every_register_takes_whatever_is_sent(world, no_second_factor):
    get_resolver().url_patterns  # noqa: B018 - registers are declared when the addresses are read
    world.submitted()
    client = Client(raise_request_exception=False)
    client.force_login(world.asb, backend="django.contrib.auth.backends.ModelBackend")
    asked, wrong = 0, []
    for pages in declared.values():
        for name in pages.filters.base_filters if pages.filters else ():
            for value in BAD:
                asked += 1
                answer = client.get(pages.url("list"), {name: value})
                if answer.status_code not in (200, 400):
                    wrong.append((pages.slug, name, value[:30], answer.status_code))
    assert asked > 100
    assert not wrong
