"""The library: drafting documents and versions in forms, their files, and who sees what."""

from __future__ import annotations

import datetime
import io
import zipfile
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from qa_portal.documents.models import Agreement, Document, Version
from qa_portal.documents.workflow import version as version_steps
from qa_portal.people import grants
from qa_portal.permissions import NotNow, Refused

from . import scenes

pytestmark = pytest.mark.django_db


# -- drafting ------------------------------------------------------------------------------
def test_a_department_drafts_a_regulation_in_one_form(world, signed_in, pdf):
    answer = signed_in("coordinator").post("/documents/documents/add/", scenes.typed(world, file=pdf("Емтихан.pdf")))
    document = Document.objects.get()
    assert answer.status_code == 302 and answer.url == f"/documents/documents/{document.pk}/"
    version = document.versions.get()
    assert (version.label, version.state, version.file_name) == ("1.0", "draft", "Емтихан.pdf")
    assert (len(version.checksum), version.authors) == (64, [world.coordinator.pk])
    assert (document.languages, document.number, document.state) == (["kk", "ru"], "", "preparing")


def test_without_a_file_the_document_waits_for_its_text(world, signed_in):
    client = signed_in("head")
    client.post("/documents/documents/add/", scenes.typed(world))
    document = Document.objects.get()
    assert not document.versions.exists()
    page = client.get(f"/documents/documents/{document.pk}/").content.decode()
    assert f"/documents/versions/add/?document={document.pk}" in page


@pytest.mark.parametrize(
    ("rule", "expected"), [("everybody", "university"), ("unit", "department")], ids=["everybody", "unit"]
)
def test_an_empty_audience_is_filled_by_the_rule_of_the_kind(world, signed_in, rule, expected):
    kind = scenes.kind("policy", audience=rule, mark="СС")
    signed_in("head").post("/documents/documents/add/", scenes.typed(world, kind=kind.pk))
    assert Document.objects.get().audience_units == [str(getattr(world, expected).pk)]


def test_a_kind_that_leaves_the_choice_asks_for_it(world, signed_in):
    kind = scenes.kind("note", audience="chosen", mark="ЖН")
    client = signed_in("head")
    answer = client.post("/documents/documents/add/", scenes.typed(world, kind=kind.pk))
    assert answer.status_code == 400 and "audience_units" in answer.context["form"].errors
    client.post("/documents/documents/add/", scenes.typed(world, kind=kind.pk, audience_roles=["unit_head"]))
    assert Document.objects.get().audience_roles == ["unit_head"]


def test_a_unit_drafts_for_itself_only(world, signed_in):
    answer = signed_in("head").post("/documents/documents/add/", scenes.typed(world, unit=world.far_school.pk))
    assert answer.status_code == 400 and "unit" in answer.context["form"].errors
    assert (
        signed_in("asb").post("/documents/documents/add/", scenes.typed(world, unit=world.far_school.pk)).status_code
        == 302
    )


def test_an_expert_drafts_nothing(world, signed_in):
    assert signed_in("expert").get("/documents/documents/add/").status_code == 403
    with pytest.raises(Refused):
        scenes.document(world, by="expert")


def test_an_empty_russian_title_stays_empty(world):
    with translation.override("ru"):
        document = scenes.document(world)
    document.refresh_from_db()
    assert not document.title_ru


def test_a_document_is_edited_by_its_unit_and_history_names_units(world, signed_in):
    document = scenes.document(world)
    client = signed_in("head")
    data = scenes.typed(
        world, kind=None, title_ru="Положение", audience_units=[world.other.pk], revision=document.revision
    )
    assert client.post(f"/documents/documents/{document.pk}/edit/", data).status_code == 302
    document.refresh_from_db()
    assert (document.title_ru, document.audience_units) == ("Положение", [str(world.other.pk)])
    assert "surgery" in client.get(f"/documents/documents/{document.pk}/history/").content.decode()
    assert signed_in("staff").get(f"/documents/documents/{document.pk}/edit/").status_code == 200
    assert signed_in("board").get(f"/documents/documents/{document.pk}/edit/").status_code == 403


def test_the_number_of_a_document_is_not_edited(world):
    document = scenes.live(world)
    document.number = "ЕР-1"
    with pytest.raises(Exception, match="ереже|number|нөмір"):
        document.save_changes(by=world.asb)


# -- versions ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Ереже.pdf", b"not a pdf at all"),
        ("Ереже.exe", b"MZ\x90\x00"),
        ("Ереже.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("Ереже.docx", b"%PDF-1.7\n"),
    ],
)
def test_a_wrong_file_is_a_sentence_and_nothing_typed_is_lost(world, signed_in, name, content):
    file = SimpleUploadedFile(name, content)
    answer = signed_in("head").post("/documents/documents/add/", scenes.typed(world, file=file))
    assert answer.status_code == 400 and "file" in answer.context["form"].errors
    assert "Емтихан ережесі" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_docx_is_taken_and_opened_by_a_link(world, signed_in):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    file = SimpleUploadedFile("Ереже.docx", box.getvalue())
    client = signed_in("head")
    assert client.post("/documents/documents/add/", scenes.typed(world, file=file)).status_code == 302
    version = Version.objects.get()
    page = client.get(f"/documents/versions/{version.pk}/").content.decode()
    assert f'href="/documents/versions/{version.pk}/file/"' in page and "<iframe" not in page


def test_a_text_is_submitted_when_file_and_provisions_are_there(world):
    document = scenes.document(world, of=scenes.kind("charter", provisions=2, mark="ЖР"))
    version = Version(document=document).add(by=world.coordinator)
    with pytest.raises(NotNow):
        version_steps.submit(version, by=world.coordinator)
    scenes.put_file(version).save_changes(by=world.coordinator)
    with pytest.raises(NotNow, match="1-талап"):
        version_steps.submit(version, by=world.coordinator)
    wanted = [str(p.pk) for p in document.kind.provisions.all()]
    version.provisions = {wanted[0]: "2.1", wanted[1]: "4"}
    version.save_changes(by=world.coordinator)
    assert version_steps.submit(version, by=world.coordinator).state == "form_check"


def test_provisions_are_ticked_in_the_form_with_their_sections(world, signed_in):
    document = scenes.document(world, of=scenes.kind("charter", provisions=2, mark="ЖР"))
    version = scenes.draft(world, of=document)
    first, second = document.kind.provisions.all()
    client, address = signed_in("head"), f"/documents/versions/{version.pk}/edit/"
    assert "1-талап" in client.get(address).content.decode()
    client.post(address, {f"provision_{first.pk}": "§ 3", f"provision_{second.pk}": "", "revision": version.revision})
    version.refresh_from_db()
    assert version.provisions == {str(first.pk): "§ 3"}
    assert version.file_name == "Ереже.pdf"


def test_a_second_version_needs_its_change_sheet(world):
    document = scenes.live(world)
    version = scenes.put_file(Version(document=document)).add(by=world.coordinator)
    with pytest.raises(NotNow):
        version_steps.submit(version, by=world.coordinator)
    line = scenes.line(world, version)
    assert version_steps.submit(version, by=world.coordinator).state == "form_check"
    line.description = "Кейін жазылды"
    with pytest.raises(NotNow):
        line.save_changes(by=world.coordinator)
    with pytest.raises(NotNow):
        scenes.line(world, version)


def test_a_minor_change_is_renumbered_while_it_is_a_draft(world, signed_in):
    version = scenes.draft(world, of=scenes.live(world))
    assert version.label == "2.0"
    client = signed_in("head")
    client.post(f"/documents/versions/{version.pk}/edit/", {"minor_change": "on", "revision": version.revision})
    version.refresh_from_db()
    assert (version.label, version.minor_change) == ("1.1", True)


def test_the_same_file_sent_again_changes_nothing(world, signed_in, pdf):
    version = scenes.draft(world)
    signed_in("head").post(
        f"/documents/versions/{version.pk}/edit/", {"file": pdf("Ереже.pdf"), "revision": version.revision}
    )
    version.refresh_from_db()
    assert (version.revision, version.authors) == (1, [world.coordinator.pk])


def test_change_lines_show_the_columns_of_their_kind_and_the_api_takes_all(world, signed_in):
    kind = scenes.kind("plan", change_form="sheets", mark="ЖС")
    version = scenes.draft(world, of=scenes.document(world, of=kind))
    page = signed_in("head").get(f"/documents/changes/add/?version={version.pk}")
    assert "sheets_new" in page.context["form"].fields and "section" not in page.context["form"].fields
    data = {"version": version.pk, "section": "2", "change": "add", "description": "Жаңа тармақ"}
    made = scenes.api(world, "head").post("/api/v1/documents/changes/", data)
    assert (made.status_code, made.json()["place"], made.json()["entered_by"]) == (201, 1, world.head.pk)
    empty = signed_in("head").post(
        f"/documents/changes/add/?version={version.pk}", {"change": "add", "description": "x"}
    )
    assert empty.status_code == 400


# -- files ---------------------------------------------------------------------------------
def test_the_file_goes_out_through_one_door_and_says_its_state(world, signed_in):
    version = scenes.draft(world)
    address = f"/documents/versions/{version.pk}/file/"
    answer = signed_in("head").get(address)
    with translation.override("kk"):
        state = str(version.state_label)
    assert b"".join(answer.streaming_content) == scenes.PDF
    assert unquote(answer["Content-Disposition"]).endswith(f"{state} - Ереже.pdf")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    for username in ("stranger", "head2", "expert"):
        assert signed_in(username).get(address).status_code == 404


def test_the_file_in_force_keeps_its_name_and_everybody_inside_reads_it(world, signed_in):
    version = scenes.in_force(world)
    answer = signed_in("stranger").get(f"/documents/versions/{version.pk}/file/")
    assert answer.status_code == 200 and " - " not in answer["Content-Disposition"]
    assert signed_in("expert").get(f"/documents/versions/{version.pk}/file/").status_code == 404


# -- who sees what -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("username", "sees"),
    [("head", True), ("staff", True), ("dean", True), ("asb", True), ("legal", True), ("board", True)]
    + [("head2", False), ("stranger", False), ("expert", False), ("hr", False)],
)
def test_what_is_being_prepared_is_seen_by_those_who_prepare_and_decide(world, username, sees):
    version = scenes.draft(world)
    person = getattr(world, username)
    assert Version.objects.visible_to(person).exists() is sees
    assert Document.objects.visible_to(person).filter(pk=version.document_id).exists() is sees


def test_whoever_is_asked_to_agree_or_to_give_an_order_sees_the_text(world):
    version = scenes.in_agreement(world, units=[world.other])
    assert Version.objects.visible_to(world.head2).filter(pk=version.pk).exists()
    assert not Version.objects.visible_to(world.stranger).exists()
    kind = scenes.kind("pr_rule", ("role:pr",), mark="ПР")
    waiting = scenes.approving(world, of=scenes.document(world, of=kind))
    assert list(Version.objects.visible_to(world.pr)) == [waiting]
    assert Document.objects.visible_to(world.pr).filter(pk=waiting.document_id).exists()


def test_an_expert_reads_what_is_published_as_anybody_does_without_its_history_and_objections(world, signed_in):
    document = scenes.published(world)
    assert not Document.objects.visible_to(world.expert).exists()
    assert not Version.objects.visible_to(world.expert).exists()
    assert not Agreement.objects.visible_to(world.expert).exists()
    client = signed_in("expert")
    assert f'href="/public/documents/{document.pk}/"' in client.get("/documents/").content.decode()
    assert client.get(f"/public/documents/{document.pk}/").status_code == 200
    for address in (document.get_absolute_url(), document.current.get_absolute_url()):
        assert client.get(address).status_code == 404


def test_an_expert_sees_a_document_given_to_them(world, signed_in):
    document = scenes.published(world)
    until = timezone.localdate() + datetime.timedelta(days=5)
    grants.give(world.expert, "view", document, by=world.asb, until=until, why="сараптама")
    client = signed_in("expert")
    assert f'href="{document.get_absolute_url()}"' in client.get("/documents/").content.decode()
    assert client.get(document.current.get_absolute_url()).status_code == 200


def test_whoever_is_asked_to_read_before_the_day_sees_the_document(world, signed_in):
    version = scenes.approved_for_later(world)
    assert signed_in("stranger").get(version.document.get_absolute_url()).status_code == 200


def test_what_the_register_says_of_an_approved_document_is_edited_by_head_and_quality_office(world, signed_in):
    document = scenes.live(world)
    address = f"/documents/documents/{document.pk}/edit/"
    for username, status in (("staff", 403), ("coordinator", 403), ("head", 200), ("dean", 200), ("asb", 200)):
        assert signed_in(username).get(address).status_code == status, username
    document.audience_units = [str(world.other.pk)]
    with pytest.raises(Refused):
        document.save_changes(by=world.staff)
