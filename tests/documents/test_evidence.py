"""Evidence: who attaches it, who sees it, what it proves, which files are taken."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capa.models import CapaAction
from capa.workflow import action as action_steps
from qa_portal.documents.evidence import use_evidence
from qa_portal.documents.models import Evidence, EvidenceUse
from qa_portal.documents.workflow.evidence import withdraw
from qa_portal.permissions import Refused, rights
from qa_portal.policy.models import PolicyValue
from qa_portal.web.files import LimitedUploadHandler, TooLargeFile
from qa_portal.web.forms import InputProblem

from .conftest import PDF

pytestmark = pytest.mark.django_db

ADD = "/documents/evidence/add/"


def at_most_one_megabyte(author):
    PolicyValue.objects.create(key="files.largest_mb", value=1, valid_from="2020-01-01", reason="tests", author=author)


@pytest.fixture
def action(world):
    return world.in_progress().actions.get()


@pytest.fixture
def attached(world, action):
    """A link that proves the action, entered by its doer."""
    evidence = Evidence(title="Кафедра хаттамасы", link="https://example.org/h").add(by=world.staff)
    use_evidence(evidence, action, world.staff)
    return evidence


# -- attaching ---------------------------------------------------------------------------------
def test_file_attached_on_the_page_proves_the_action(world, signed_in, action, pdf):
    answer = signed_in("staff").post(ADD, {"to": f"capa.action:{action.pk}", "file": pdf(), "speaks_of": "2026-03-01"})
    assert answer.status_code == 302
    assert answer.url == action.get_absolute_url()
    evidence = Evidence.objects.get()
    assert evidence.title == evidence.file_name == "Хаттама № 3.pdf"
    assert evidence.content_type == "application/pdf"
    assert evidence.checksum == hashlib.sha256(PDF).hexdigest()
    assert evidence.size == len(PDF)
    assert [use.record for use in evidence.uses.all()] == [action]
    assert action.history.filter(verb="prove", by=world.staff, why=evidence.title).count() == 1


def test_one_evidence_proves_two_records_and_is_not_made_twice(world, signed_in, action, attached):
    finding = action.plan.finding
    answer = signed_in("staff").post(
        ADD, {"to": f"capa.finding:{finding.pk}", "existing": attached.pk, "speaks_of": ""}
    )
    assert answer.status_code == 302
    assert answer.url == finding.get_absolute_url()
    assert Evidence.objects.count() == 1
    assert {use.record for use in attached.uses.all()} == {action, finding}


def test_attaching_the_same_piece_again_is_the_same_as_once(world, action, attached):
    use_evidence(attached, action, world.staff)
    assert EvidenceUse.objects.count() == 1
    assert action.history.filter(verb="prove").count() == 1


def test_existing_and_a_new_link_together_are_asked_about(world, signed_in, action, attached):
    data = {"to": f"capa.finding:{action.plan.finding_id}", "existing": attached.pk, "link": "https://example.org/new"}
    answer = signed_in("staff").post(ADD, data)
    assert answer.status_code == 400
    assert EvidenceUse.objects.count() == 1
    assert "https://example.org/new" in answer.content.decode()


def test_record_not_visible_is_not_found(world, signed_in, action):
    to = f"capa.action:{action.pk}"
    client = signed_in("stranger")
    assert client.get(f"{ADD}?to={to}").status_code == 404
    assert client.post(ADD, {"to": to, "link": "https://example.org/"}).status_code == 404
    assert client.post("/api/v1/documents/evidence/", {"to": to, "link": "https://example.org/"}).status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "key", ["capa.action:99999", "capa.action:x", "capa.plan:1", "people.person:1", "capa.action:" + "9" * 30]
)
def test_key_of_no_record_is_not_found(signed_in, key):
    assert signed_in("asb").get(ADD, {"to": key}).status_code == 404


def test_person_who_may_not_prove_reads_the_sentence_and_keeps_the_text(world, signed_in, action):
    client = signed_in("board")  # sees everything, attaches nothing
    to = f"capa.action:{action.pk}"
    assert client.get(f"{ADD}?to={to}").status_code == 403
    answer = client.post(ADD, {"to": to, "title": "Менің хаттамам", "link": "https://example.org/"})
    assert answer.status_code == 403
    assert answer.context["refusal"] == action_sentence()
    assert "Менің хаттамам" in answer.content.decode()
    by_api = client.post("/api/v1/documents/evidence/", {"to": to, "link": "https://example.org/"})
    assert by_api.status_code == 403
    assert by_api.json()["errors"][0]["detail"] == str(action_sentence())
    with pytest.raises(Refused):
        use_evidence(Evidence(title="x", link="https://example.org/").add(by=world.board), action, world.board)
    assert not EvidenceUse.objects.exists()


def action_sentence():
    return rights()["capa.prove_action"].why_not


def test_panel_shows_proof_and_offers_to_attach(world, signed_in, action, attached):
    page = signed_in("staff").get(action.get_absolute_url()).content.decode()
    assert attached.title in page
    assert f"{ADD}?to=capa.action%3A{action.pk}" in page
    assert f"{ADD}?to=" not in signed_in("board").get(action.get_absolute_url()).content.decode()


def test_double_click_makes_one_evidence(signed_in, action):
    client = signed_in("staff")
    key = client.get(f"{ADD}?to=capa.action:{action.pk}").context["form"]["submission"].value()
    data = {
        "to": f"capa.action:{action.pk}",
        "link": "https://example.org/",
        "speaks_of": "2026-03-01",
        "submission": str(key),
    }
    assert client.post(ADD, data).url == client.post(ADD, data).url == action.get_absolute_url()
    assert Evidence.objects.count() == 1


# -- what it proves ----------------------------------------------------------------------------------
def test_withdrawn_evidence_proves_nothing(world, action, attached):
    withdraw(attached, by=world.staff, reason="Басқа кафедраның хаттамасы")
    with pytest.raises(InputProblem) as problem:
        action_steps.carry_out(action, by=world.staff, note="Орындалды")
    assert "evidence" in [error.code for error in problem.value.form.non_field_errors().as_data()]
    action.refresh_from_db()
    assert action.state == CapaAction.IN_PROGRESS


def test_valid_evidence_lets_the_action_be_carried_out(world, action, attached):
    action_steps.carry_out(action, by=world.staff, note="Орындалды")
    assert action.state == CapaAction.CARRIED_OUT


def test_withdrawn_evidence_stands_struck_on_the_record_and_is_not_offered(world, signed_in, action, attached):
    withdraw(attached, by=world.staff, reason="Қате")
    client = signed_in("staff")
    assert f'<del><a href="{attached.get_absolute_url()}">' in client.get(action.get_absolute_url()).content.decode()
    form = client.get(f"{ADD}?to=capa.finding:{action.plan.finding_id}").context["form"]
    assert attached not in form.fields["existing"].queryset
    answer = client.post(ADD, {"to": f"capa.finding:{action.plan.finding_id}", "existing": attached.pk})
    assert answer.status_code == 400


def test_only_who_entered_it_and_the_quality_office_withdraw(world, attached):
    with pytest.raises(Refused):
        withdraw(attached, by=world.head, reason="Ұнамайды")
    withdraw(attached, by=world.asb, reason="Қате")
    assert attached.state == Evidence.WITHDRAWN


# -- who sees it -----------------------------------------------------------------------------------------
def test_file_goes_only_to_who_sees_what_it_proves(world, signed_in, action, pdf):
    signed_in("staff").post(ADD, {"to": f"capa.action:{action.pk}", "file": pdf(), "speaks_of": "2026-03-01"})
    evidence = Evidence.objects.get()
    file = reverse("documents:evidence-file", args=[evidence.pk])
    for username in ("staff", "head", "asb", "board", "staff2"):
        answer = signed_in(username).get(file)
        assert answer.status_code == 200, username
        assert b"".join(answer.streaming_content) == PDF
    assert "nosniff" in answer["X-Content-Type-Options"]
    assert "%D0%A5%D0%B0%D1%82%D1%82%D0%B0%D0%BC%D0%B0" in answer["Content-Disposition"]
    for username in ("stranger", "head2", "expert"):
        client = signed_in(username)
        assert client.get(file).status_code == 404, username
        assert client.get(evidence.get_absolute_url()).status_code == 404
        assert client.get(f"/api/v1/documents/evidence/{evidence.pk}/").status_code == 404
        assert client.get(f"/api/v1/documents/evidence/{evidence.pk}/file/").status_code == 404
        assert client.get("/api/v1/documents/evidence/").json()["count"] == 0
        assert evidence.title not in client.get("/documents/evidence/").content.decode()


def test_what_it_proves_is_told_only_as_far_as_it_is_seen(world, signed_in, action, attached):
    far = world.finding(reporter="asb", unit=world.far_school)
    use_evidence(attached, far, world.asb)
    own = signed_in("staff").get(f"/api/v1/documents/evidence/{attached.pk}/").json()
    assert own["proves"] == [f"capa.action:{action.pk}"]
    assert far.number not in signed_in("staff").get(attached.get_absolute_url()).content.decode()
    everything = signed_in("asb").get(f"/api/v1/documents/evidence/{attached.pk}/").json()
    assert set(everything["proves"]) == {f"capa.action:{action.pk}", f"capa.finding:{far.pk}"}
    # and whoever sees only the other record sees the evidence too
    assert signed_in("stranger").get(f"/api/v1/documents/evidence/{attached.pk}/").json()["proves"] == [
        f"capa.finding:{far.pk}"
    ]


# -- which files are taken -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00"),
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("nameless", b"%PDF-1.7"),
        ("хаттама.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("хаттама.pdf", b"just words"),
        ("photo.jpg", PDF),
        ("note.txt", PDF),
        ("note.txt", b"word\x00word"),
    ],
)
def test_wrong_kind_is_refused_and_the_title_kept(signed_in, action, name, content):
    data = {"to": f"capa.action:{action.pk}", "title": "Менің хаттамам", "file": SimpleUploadedFile(name, content)}
    answer = signed_in("staff").post(ADD, {**data, "speaks_of": "2026-03-01"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["file"]
    assert "Менің хаттамам" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_zip_called_docx_is_refused(signed_in, action, zipped):
    answer = signed_in("staff").post(
        ADD, {"to": f"capa.action:{action.pk}", "file": zipped("есеп.docx"), "speaks_of": "2026-03-01"}
    )
    assert answer.status_code == 400
    assert not Evidence.objects.exists()


def test_zip_called_zip_is_taken(signed_in, action, zipped):
    answer = signed_in("staff").post(
        ADD, {"to": f"capa.action:{action.pk}", "file": zipped("есеп.zip"), "speaks_of": "2026-03-01"}
    )
    assert answer.status_code == 302


def test_too_large_file_gets_a_sentence_and_the_typed_text_stays(world, signed_in, action, pdf):
    at_most_one_megabyte(world.admin)
    big = pdf("үлкен.pdf", PDF + b"\x00" * (2 * 1024 * 1024))
    data = {"to": f"capa.action:{action.pk}", "title": "Менің хаттамам", "file": big, "speaks_of": "2026-03-01"}
    client = signed_in("staff")
    answer = client.post(ADD, data)
    assert answer.status_code == 400
    assert answer.context["form"].errors.as_data()["file"][0].code == "too_large"
    assert "Менің хаттамам" in answer.content.decode()
    big.seek(0)
    by_api = client.post("/api/v1/documents/evidence/", {**data, "file": big})
    assert by_api.status_code == 400
    assert by_api.json()["errors"][0]["attr"] == "file"
    assert not Evidence.objects.exists()


def test_200_megabytes_are_let_go_while_they_arrive(world):
    """The handler keeps nothing beyond the limit: what it lets through stops at 1 MB of the 200 that are sent."""
    at_most_one_megabyte(world.admin)
    handler, kept = LimitedUploadHandler(), 0
    handler.new_file("file", "video.mp4", "video/mp4", None)
    chunk = b"\x00" * (64 * 1024)
    for start in range(0, 200 * 1024 * 1024, len(chunk)):
        kept += len(handler.receive_data_chunk(chunk, start) or b"")
    file = handler.file_complete(200 * 1024 * 1024)
    assert kept == 1024 * 1024
    assert isinstance(file, TooLargeFile)
    assert file.size == 200 * 1024 * 1024
    assert file.read() == b""


def test_evidence_cannot_speak_of_the_future(signed_in, action):
    answer = signed_in("staff").post(
        ADD, {"to": f"capa.action:{action.pk}", "link": "https://example.org/", "speaks_of": "2999-01-01"}
    )
    assert answer.status_code == 400
    assert "speaks_of" in answer.context["form"].errors


def test_script_as_a_link_is_refused(signed_in, action):
    answer = signed_in("staff").post(
        ADD, {"to": f"capa.action:{action.pk}", "link": "javascript:alert(1)", "speaks_of": "2026-03-01"}
    )
    assert answer.status_code == 400


# -- API ------------------------------------------------------------------------------------------------------
def test_api_adds_edits_and_withdraws(signed_in, action, pdf):
    client = signed_in("staff")
    made = client.post(
        "/api/v1/documents/evidence/", {"to": f"capa.action:{action.pk}", "file": pdf(), "speaks_of": "2026-03-01"}
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["checksum"] == hashlib.sha256(PDF).hexdigest()
    assert body["proves"] == [f"capa.action:{action.pk}"]
    assert body["steps"] == [{"name": "withdraw", "allowed": True, "why_not": ""}]
    address = f"/api/v1/documents/evidence/{body['id']}/"
    assert b"".join(client.get(f"{address}file/").streaming_content) == PDF
    edited = client.patch(address, {"title": "Жаңа атау"}, content_type="application/json")
    assert (edited.status_code, edited.json()["title"]) == (200, "Жаңа атау")
    assert client.post(f"{address}withdraw/", {}, content_type="application/json").status_code == 400
    gone = client.post(f"{address}withdraw/", {"reason": "Қате"}, content_type="application/json")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert client.post(f"{address}withdraw/", {"reason": "Қате"}, content_type="application/json").status_code == 409
    assert client.delete(address).status_code == 405


def test_api_attaches_what_is_there_already(signed_in, action, attached):
    made = signed_in("staff").post(
        "/api/v1/documents/evidence/",
        {"to": f"capa.finding:{action.plan.finding_id}", "existing": attached.pk},
        content_type="application/json",
    )
    assert made.status_code == 201
    assert made.json()["id"] == attached.pk
    assert len(made.json()["proves"]) == 2
    assert Evidence.objects.count() == 1


def test_list_costs_the_same_for_one_and_for_thirty(world, signed_in, action, attached, django_assert_num_queries):
    client = signed_in("asb")
    for address in ("/api/v1/documents/evidence/", "/documents/evidence/", action.get_absolute_url()):
        client.get(address)
        one = _queries(client, address)
        for number in range(30):
            use_evidence(
                Evidence(title=f"Хаттама {number}", link="https://example.org/").add(by=world.staff),
                action,
                world.staff,
            )
        with django_assert_num_queries(one):
            assert client.get(address).status_code == 200


def _queries(client, address):
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)
