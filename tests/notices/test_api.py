"""Notices in the API: one's own only, marked as read one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.notices.models import Notice
from qa_portal.people.models import ApiToken

pytestmark = pytest.mark.django_db

API = "/api/v1/notices/notices/"


def notice(person, number=1):
    return Notice.objects.create(
        person=person, subject=f"Жоспар бекітілді {number}", url="/capa/plans/1/", verb="approve"
    )


def test_list_holds_ones_own_notices_only(world, signed_in):
    own, other = notice(world.staff), notice(world.head)
    client = signed_in("staff")
    body = client.get(API).json()
    assert [row["id"] for row in body["results"]] == [own.pk]
    assert client.get(f"{API}{other.pk}/").status_code == 404
    assert client.post(f"{API}{other.pk}/read/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None
    # not even the administrator reads other people's
    assert signed_in("admin").get(API).json()["count"] == 0


def test_read_marks_once_and_leaves_the_first_time(world, signed_in):
    own = notice(world.staff)
    client = signed_in("staff")
    first = client.post(f"{API}{own.pk}/read/")
    assert first.status_code == 200
    assert first.json()["read_at"]
    assert client.post(f"{API}{own.pk}/read/").json()["read_at"] == first.json()["read_at"]
    assert client.get(f"{API}?unread=true").json()["count"] == 0
    assert client.get(f"{API}?unread=false").json()["count"] == 1


def test_step_tells_and_the_notice_is_there(world, signed_in):
    plan = world.submitted()
    body = signed_in("head").get(f"{API}?unread=true").json()
    assert [row["url"] for row in body["results"]] == [plan.get_absolute_url()]


def test_read_token_reads_and_cannot_mark(world, client):
    own = notice(world.staff)
    _token, secret = ApiToken.objects.create(user=world.staff)
    header = {"Authorization": f"Token {secret}"}
    assert client.get(API, headers=header).status_code == 200
    assert client.post(f"{API}{own.pk}/read/", headers=header).status_code == 403
    own.refresh_from_db()
    assert own.read_at is None


def test_list_costs_the_same_for_one_and_for_thirty(world, signed_in, django_assert_num_queries):
    notice(world.staff)
    client = signed_in("staff")
    client.get(API)
    with CaptureQueriesContext(connection) as found:
        client.get(API)
    for number in range(30):
        notice(world.staff, number)
    with django_assert_num_queries(len(found)):
        assert client.get(API).json()["count"] == 31


def test_notices_are_made_and_deleted_by_nobody_here(world, signed_in, client):
    own = notice(world.staff)
    signed = signed_in("staff")
    assert signed.post(API, {}).status_code == 405
    assert signed.delete(f"{API}{own.pk}/").status_code == 405
    assert client.get(API).status_code == 401
