"""Pages and API lists ask the database as often for 30 rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

MOST = 14  # of a register page, sign-in and menu included
PAGES = ("/capa/findings/", "/capa/plans/", "/capa/actions/", "/documents/evidence/", "/notices/", "/papers/", "/")
LISTS = ("/api/v1/capa/findings/", "/api/v1/capa/plans/", "/api/v1/capa/actions/", "/api/v1/documents/evidence/")


def count(call) -> int:
    call()  # fills caches of content types and templates
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code == 200
    return len(captured)


def fill(world, rows):
    for n in range(rows):
        world.implemented(finding=world.finding(title=f"Сәйкессіздік {n}"))
        world.submitted(finding=world.finding(title=f"Жіберілген {n}"))


@pytest.mark.parametrize("username", ["asb", "head"])
def test_pages_hold_their_query_count(world, signed_in, username):
    client = signed_in(username)
    fill(world, 1)
    before = {path: count(lambda p=path: client.get(p)) for path in PAGES}
    fill(world, 30)
    after = {path: count(lambda p=path: client.get(p)) for path in PAGES}
    # The desk shows up to six rows a kind and counts the rest: one more query a kind at most.
    kinds = 8
    assert {p: n for p, n in after.items() if p != "/"} == {p: n for p, n in before.items() if p != "/"}
    assert after["/"] <= before["/"] + kinds
    assert max(n for path, n in after.items() if path != "/") <= MOST, after


@pytest.mark.parametrize("username", ["asb", "head"])
def test_api_lists_hold_their_query_count(world, username):
    client = APIClient()
    client.force_authenticate(getattr(world, username))
    fill(world, 1)
    before = {path: count(lambda p=path: client.get(p)) for path in LISTS}
    fill(world, 30)
    assert {path: count(lambda p=path: client.get(p)) for path in LISTS} == before


def test_a_record_page_holds_its_query_count_with_more_items(world, signed_in):
    client = signed_in("head")
    small, large = world.submitted(items=1), world.submitted(items=12, finding=world.finding())
    assert (
        count(lambda: client.get(f"/capa/plans/{large.pk}/"))
        <= count(lambda: client.get(f"/capa/plans/{small.pk}/")) + 1
    )
