"""Bad input gets a clear sentence and loses nothing of what was typed; no 500."""

from __future__ import annotations

import datetime
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from capa.models import CapaAction, Finding
from qa_portal.documents.models import Evidence
from qa_portal.policy.models import PolicyValue

pytestmark = pytest.mark.django_db
TYPED = "Жоғалмайтын мәтін"


def said(response, status):
    """The page came back with this status; returns its text."""
    text = response.content.decode()
    assert response.status_code == status, text[:2000]
    return text


def finding_data(world, **changes):
    return {
        "title": "Тақырып",
        "description": TYPED,
        "unit": world.department.pk,
        "severity": "minor",
        "source_kind": "daily_work",
        "found_on": timezone.localdate().isoformat(),
        **changes,
    }


def test_deadline_in_the_past(world, signed_in):
    plan = world.plan(items=0)
    data = {
        "kind": "corrective",
        "text": TYPED,
        "owner": world.staff.pk,
        "due": "2020-02-29",
        "expected_proof": "Хаттама",
    }
    text = said(signed_in("coordinator").post(f"/capa/actions/add/?plan={plan.pk}", data), 400)
    assert TYPED in text
    assert 'id="id_due_error"' in text
    assert CapaAction.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-02-30", "31.31.2026", "abc", "0001-01-01", "99999-01-01", "2026-11-20T10:00"])
def test_impossible_dates(world, signed_in, day):
    plan = world.plan(items=0)
    data = {"kind": "corrective", "text": TYPED, "owner": world.staff.pk, "due": day, "expected_proof": "Хаттама"}
    assert TYPED in said(signed_in("coordinator").post(f"/capa/actions/add/?plan={plan.pk}", data), 400)


def test_text_of_a_megabyte(world, signed_in):
    text = said(
        signed_in("staff").post("/capa/findings/add/", finding_data(world, description="ә" * 1_000_000, title=TYPED)),
        400,
    )
    assert TYPED in text
    assert Finding.objects.count() == 0


def test_title_longer_than_the_line(world, signed_in):
    assert TYPED in said(signed_in("staff").post("/capa/findings/add/", finding_data(world, title="а" * 161)), 400)


def test_null_bytes_and_empty_forms(world, signed_in):
    client = signed_in("staff")
    said(client.post("/capa/findings/add/", finding_data(world, title="a\x00b")), 400)
    said(client.post("/capa/findings/add/", {}), 400)
    said(client.get("/capa/findings/?q=%00%25"), 200)


def test_unknown_and_foreign_numbers_in_forms(world, signed_in):
    plan = world.plan(items=0)
    for owner in (999999, world.stranger.pk, "x"):
        data = {"kind": "corrective", "text": TYPED, "owner": owner, "due": "2030-01-01", "expected_proof": "Хаттама"}
        assert TYPED in said(signed_in("coordinator").post(f"/capa/actions/add/?plan={plan.pk}", data), 400)
    assert TYPED in said(signed_in("staff").post("/capa/findings/add/", finding_data(world, unit=999999)), 400)
    assert TYPED in said(signed_in("staff").post("/capa/findings/add/", finding_data(world, requirement="abc")), 400)


@pytest.mark.parametrize(
    "path",
    [
        "/capa/findings/999999/",
        "/capa/findings/99999999999999999999999999/",
        "/capa/actions/add/?plan=999999",
        "/capa/actions/add/?plan=abc",
        "/capa/plans/add/?finding=٣",
        "/documents/evidence/add/?to=capa.action:999999",
        "/documents/evidence/add/?to=people.person:1",
        "/capa/findings/1/nothing/",
    ],
)
def test_unknown_addresses_are_404(world, signed_in, path):
    world.finding()
    assert signed_in("asb").get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "sort=nothing",
        "sort=-",
        "nothing=1",
    ],
)
def test_strange_paging_and_sorting_do_not_break_the_register(world, signed_in, query):
    world.finding()
    assert signed_in("asb").get(f"/capa/findings/?{query}", follow=True).status_code == 200


@pytest.mark.parametrize("query", ["state=none", "unit=x", "found_after=x", "severity=1", "standard=S99"])
def test_filter_that_is_not_understood_is_said_and_shows_no_row(world, signed_in, query):
    finding = world.finding()
    assert finding.number not in said(signed_in("asb").get(f"/capa/findings/?{query}"), 400)


def test_plan_of_a_foreign_units_finding_cannot_be_drafted(world, signed_in):
    finding = world.finding(unit=world.far_school, reporter="stranger")
    assert signed_in("staff").post(f"/capa/plans/add/?finding={finding.pk}", {"cause": TYPED}).status_code == 404
    own = world.finding(unit=world.far_school, reporter="staff")
    text = said(signed_in("staff").post(f"/capa/plans/add/?finding={own.pk}", {"cause": TYPED}), 403)
    assert TYPED in text


def test_second_sending_of_the_same_form_leads_to_the_same_record(world, signed_in):
    client, key = signed_in("staff"), str(uuid.uuid4())
    first = client.post("/capa/findings/add/", finding_data(world, submission=key))
    second = client.post("/capa/findings/add/", finding_data(world, submission=key))
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Finding.objects.count() == 1


def test_second_press_of_a_step_says_what_happened(world, signed_in):
    plan = world.submitted()
    client = signed_in("head")
    assert client.post(f"/capa/plans/{plan.pk}/approve/").status_code == 302
    said(client.post(f"/capa/plans/{plan.pk}/approve/"), 409)


def test_wrong_file_type_and_a_false_name(world, signed_in):
    action = world.in_progress().actions.get()
    client = signed_in("staff")
    for name, content in (
        ("virus.exe", b"MZ\x90\x00" * 50),
        ("report.pdf", b"PK\x03\x04" + b"0" * 200),
        ("табель.docx", b"%PDF-1.4 x"),
    ):
        data = {"note": TYPED, "file": SimpleUploadedFile(name, content)}
        text = said(client.post(f"/capa/actions/{action.pk}/carry-out/", data), 400)
        assert TYPED in text
    assert Evidence.objects.count() == 0


def test_two_hundred_megabytes(world, signed_in):
    """The real size, streamed as a browser sends it: refused with a sentence, the text kept, nothing stored."""
    action = world.in_progress().actions.get()
    size = 200 * 1024 * 1024

    class Huge(io.RawIOBase):
        name = "үлкен.pdf"
        left = size

        def readable(self):
            return True

        def read(self, count=-1):
            count = self.left if count < 0 else min(count, self.left)
            self.left -= count
            return b"%PDF" + b"0" * (count - 4) if count >= 4 else b"0" * count

    text = said(signed_in("staff").post(f"/capa/actions/{action.pk}/carry-out/", {"note": TYPED, "file": Huge()}), 400)
    assert TYPED in text
    assert "200" in text
    assert Evidence.objects.count() == 0


def test_largest_file_is_policy(world, signed_in):
    PolicyValue.objects.create(
        key="files.largest_mb", value=1, valid_from="2020-01-01", reason="сынақ", author=world.admin
    )
    action = world.in_progress().actions.get()
    data = {"note": TYPED, "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4" + b"0" * 1_100_000)}
    assert TYPED in said(signed_in("staff").post(f"/capa/actions/{action.pk}/carry-out/", data), 400)


def test_lost_session_leads_to_sign_in_and_back_to_the_form(world):
    answer = Client().post("/capa/findings/add/", finding_data(world))
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/capa/findings/add/"


def test_page_open_too_long_gets_a_sentence_not_an_error(world, no_second_factor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.staff, backend="django.contrib.auth.backends.ModelBackend")
    said(client.post("/capa/findings/add/", finding_data(world)), 403)


def test_api_says_the_field_and_the_sentence(world):
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(world.staff)
    answer = client.post("/api/v1/capa/findings/", {"title": "x" * 200, "unit": "abc"})
    assert answer.status_code == 400
    found = {error["attr"] for error in answer.json()["errors"]}
    assert {"title", "description", "unit"} <= found
    assert answer.json()["type"] == "validation_error"
    for body, kind in (("[1, 2]", "application/json"), ("{", "application/json"), ("x", "text/plain")):
        assert client.generic("POST", "/api/v1/capa/findings/", body, kind).status_code in (400, 415)
    assert client.put(f"/api/v1/capa/findings/{world.finding().pk}/", {}).status_code == 405
    assert client.delete(f"/api/v1/capa/findings/{world.finding().pk}/").status_code == 405


def test_refusals_of_the_api_come_in_their_order(world):
    action = world.submitted().actions.get()
    address = f"/api/v1/capa/actions/{action.pk}/send-back/"
    anonymous = APIClient()
    assert anonymous.post(address).status_code == 401
    for username, status in (("stranger", 404), ("asb", 403), ("head", 400)):
        client = APIClient()
        client.force_authenticate(getattr(world, username))
        assert client.post(address, {}).status_code == status, username
    approve = f"/api/v1/capa/actions/{action.pk}/approve/"
    assert [client.post(approve).status_code, client.post(approve).status_code] == [200, 409]


def test_edit_by_api_keeps_what_is_not_sent(world):
    finding = world.finding(found_on=timezone.localdate() - datetime.timedelta(days=3))
    client = APIClient()
    client.force_authenticate(world.asb)
    answer = client.patch(f"/api/v1/capa/findings/{finding.pk}/", {"severity": "critical"})
    assert answer.status_code == 200, answer.content
    fresh = Finding.objects.get(pk=finding.pk)
    assert (fresh.severity, fresh.title, fresh.found_on, fresh.requirement) == (
        "critical",
        finding.title,
        finding.found_on,
        finding.requirement,
    )
