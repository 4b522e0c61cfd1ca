"""The library: registers and records, reviews, ends, external acts, what waits for whom, the API, and the pace of it."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.dates.days import add_months
from qa_portal.documents import clock
from qa_portal.documents.models import ChangeLine, Document, DocumentKind, Version
from qa_portal.documents.workflow import document as steps
from qa_portal.documents.workflow import version as version_steps
from qa_portal.notices.models import Notice
from qa_portal.notices.sweep import sweep
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door

from . import scenes

pytestmark = pytest.mark.django_db


# -- record ------------------------------------------------------------------------------------
def test_the_record_opens_with_what_is_in_force_then_what_is_coming_then_what_was(world, signed_in):
    document = scenes.live(world)
    scenes.in_force(world, of=document, content=scenes.PDF + b"% 2")
    scenes.draft(world, of=Document.objects.get(pk=document.pk))
    page = signed_in("head").get(f"/documents/documents/{document.pk}/")
    assert [s["id"] for s in page.context["sections"]][:3] == ["in-force", "in-preparation", "old"]
    assert page.context["sections"][0]["version"].label == "2.0"
    stranger = signed_in("stranger").get(f"/documents/documents/{document.pk}/")
    assert [s["id"] for s in stranger.context["sections"]][:3] != ["in-force", "in-preparation", "old"] or not (
        stranger.context["sections"][1]["rows"]
    )


def test_it_says_what_it_rests_on_and_what_rests_on_it(world, signed_in):
    act = scenes.act(world)
    document = scenes.live(world)
    document.refresh_from_db()
    document.basis = [str(act.pk)]
    document.save_changes(by=world.head)
    client = signed_in("stranger")
    assert "Білім туралы" in client.get(f"/documents/documents/{document.pk}/").content.decode()
    assert document.number in client.get(f"/documents/documents/{act.pk}/").content.decode()
    found = client.get(f"/documents/documents/?on={act.pk}")
    assert len(found.context["rows"]) == 1


def test_the_version_page_shows_paper_route_sheet_and_changes(world, signed_in):
    version = scenes.in_force(world, summary="Жаңа кесте")
    page = signed_in("stranger").get(f"/documents/versions/{version.pk}/")
    assert [s["id"] for s in page.context["sections"]] == ["text", "route", "summary", "sheet", "changes"]
    html = page.content.decode()
    assert f'src="/documents/versions/{version.pk}/file/#navpanes=0&amp;view=FitH"' in html
    assert version.checksum in html and "12-Ө" in html


def test_the_register_narrowed_to_what_is_in_force_shows_chips_that_can_be_removed(world, signed_in):
    scenes.live(world)
    scenes.document(world)
    client = signed_in("asb")
    page = client.get("/documents/documents/?state=in_force&state=due_for_review")
    assert len(page.context["rows"]) == 1 and page.context["chips"][0]["remove_url"]
    assert len(client.get("/documents/documents/").context["rows"]) == 2


def test_the_register_is_filtered_by_what_it_shows(world, signed_in, monkeypatch):
    monkeypatch.setattr(registry, "catalogue_choices", lambda: [("S1", "Стандарт 1"), ("S1.R1", "R1"), ("S2", "2")])
    document = scenes.live(world)
    document.refresh_from_db()
    document.supports = ["S1.R1"]
    document.save_changes(by=world.head)
    scenes.act(world)
    client = signed_in("asb")
    for query, found in (
        ("level=regulatory", 2),
        ("origin=external", 1),
        (f"kind={document.kind_id}", 1),
        ("standard=S1", 1),
        ("standard=S2", 0),
        ("supports=s1.r1", 1),
        (f"unit={world.school.pk}", 1),
        ("language=kk", 1),
        ("language=en", 0),
        ("published=true", 0),
        ("overdue=true", 0),
        ("state=in_force", 2),
        ("q=кесте", 1),
    ):
        assert len(client.get(f"/documents/documents/?{query}").context["rows"]) == found, query
    assert client.get("/documents/documents/?kind=999").status_code == 400


def test_the_export_has_all_columns(world, signed_in):
    scenes.published(world)
    scenes.act(world)
    answer = signed_in("asb").get("/documents/documents/?export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert len(text.splitlines()[0].split(";" if ";" in text.splitlines()[0] else ",")) >= 26
    assert "319-III" in text


# -- review, end, archive --------------------------------------------------------------------------
def test_a_review_without_change_enters_the_change_sheet_and_renews_from_today(world):
    document = scenes.live(world)
    with door("import"):
        Document.objects.filter(pk=document.pk).update(
            last_review=datetime.date(2020, 1, 15), review_due=datetime.date(2023, 1, 15)
        )
    assert clock.call_due_reviews() == 1
    assert clock.call_due_reviews() == 0
    document.refresh_from_db()
    assert document.state == "due_for_review"
    with pytest.raises(Refused):
        steps.confirm_review(document, by=world.staff, note="x")
    steps.confirm_review(document, by=world.head, note="Заң өзгерген жоқ")
    today = timezone.localdate()
    assert (document.state, document.last_review) == ("in_force", today)
    assert document.review_due.year == today.year + 3
    line = ChangeLine.objects.get(version=document.current)
    assert (line.change, line.description, line.entered_by) == ("review", "Заң өзгерген жоқ", world.head)


def test_a_review_is_called_before_its_time_with_a_reason(world):
    document = scenes.live(world)
    steps.call_review(document, by=world.asb, reason="Стратегия өзгерді")
    assert (document.state, document.review_reason) == ("due_for_review", "Стратегия өзгерді")
    assert document.review_due <= timezone.localdate() + datetime.timedelta(days=31)


def test_the_owner_is_reminded_of_a_review(world):
    document = scenes.live(world)
    sweep(document.review_due + datetime.timedelta(days=1))
    told = set(Notice.objects.filter(verb="documents.review_due").values_list("person__username", flat=True))
    assert told == {"head"}


def test_an_annulled_document_goes_to_the_archive_and_its_versions_stay(world):
    document = scenes.live(world)
    version = document.current
    draft = scenes.draft(world, of=document)
    today = timezone.localdate()
    steps.annul(document, by=world.asb, basis="№ 7 бұйрық", on=today, reason="Жаңа ереже бар")
    version.refresh_from_db()
    draft.refresh_from_db()
    assert (document.state, version.state, version.ended_on, draft.state) == (
        "annulled",
        "annulled",
        today,
        "cancelled",
    )
    steps.archive(document, by=world.asb, index="01-05", years=5)
    assert (document.state, document.keep_until.year) == ("archived", today.year + 5)
    steps.destroy_original(document, by=world.asb, on=today, act="№ 2 акт")
    assert (document.state, document.destruction_act) == ("archived", "№ 2 акт")
    assert Version.objects.visible_to(world.stranger).filter(pk=version.pk).exists()
    with pytest.raises(NotNow):
        Version(document=document).add(by=world.coordinator)


def test_the_body_that_approved_annuls_by_its_decision(world, monkeypatch):
    monkeypatch.setattr(registry, "body_for", lambda code, unit: code)
    version = scenes.approving(world, of=scenes.document(world, of=scenes.kind("policy", ("board",), mark="СС")))
    version_steps.approve(version, by=scenes.body(world.board, "board"), basis="№ 1")
    document = Document.objects.get(pk=version.document_id)
    fields = {"basis": "№ 2", "on": timezone.localdate(), "reason": "Күші жойылды"}
    for who in (world.board, scenes.body(world.council, "academic_council")):
        with pytest.raises(Refused):
            steps.annul(document, by=who, **fields)
    assert steps.annul(document, by=scenes.body(world.board, "board"), **fields).state == "annulled"


def test_publication_follows_the_rule_of_the_kind(world):
    always = scenes.kind("public", public="always", mark="ЖҚ")
    document = scenes.live(world, of=scenes.document(world, of=always))
    assert list(Document.objects.unpublished()) == [document]
    steps.publish(document, by=world.pr)
    assert not Document.objects.unpublished().exists()
    with pytest.raises(NotNow):
        steps.unpublish(document, by=world.pr, reason="x")
    never = scenes.live(world, of=scenes.document(world, of=scenes.kind("secret", public="never", mark="ҚП")))
    with pytest.raises(NotNow):
        steps.publish(never, by=world.asb)


# -- external acts ------------------------------------------------------------------------------------
def test_an_external_act_is_entered_by_legal_and_is_in_force_at_once(world, signed_in):
    scenes.people(world)
    data = {
        "kind": scenes.acts_kind().pk,
        "number": "№ 595",
        "title_kk": "Үлгілік қағидалар",
        "adopted_on": "2018-10-30",
        "issued_by_kk": "ҚР БҒМ",
        "link": "https://adilet.zan.kz/kaz/docs/V1800017657",
    }
    client = signed_in("legal")
    assert client.get("/documents/documents/add/?origin=external").status_code == 200
    client.post("/documents/documents/add/?origin=external", data)
    act = Document.objects.get()
    assert (act.state, act.number, act.origin) == ("in_force", "№ 595", "external")
    assert act.in_force_on == datetime.date(2018, 10, 30)
    again = client.post("/documents/documents/add/?origin=external", data)
    assert again.status_code == 400 and "number" in again.context["form"].errors
    assert signed_in("head").get("/documents/documents/add/?origin=external").status_code == 403
    edited = {**data, "number": "№ 595 (2018)", "revision": act.revision}
    assert client.post(f"/documents/documents/{act.pk}/edit/", edited).status_code == 302
    act.refresh_from_db()
    assert act.number == "№ 595 (2018)"
    with pytest.raises(NotNow):
        Version(document=act).add(by=world.asb)


def test_a_new_edition_of_an_act_is_noted_and_told(world):
    act = scenes.act(world)
    steps.note_edition(act, by=world.legal, edition="01.09.2026", adopted_on=datetime.date(2026, 8, 20), note="3-бап")
    assert (act.edition, act.state, act.check_edition) == ("01.09.2026", "in_force", False)
    assert act.edition_on == datetime.date(2026, 8, 20)
    assert act.adopted_on != act.edition_on  # the act itself was adopted when it was adopted
    assert Notice.objects.filter(verb="note_edition", person=world.asb).exists()
    with pytest.raises(Refused):
        steps.lose_force(act, by=world.head, on=timezone.localdate(), reason="x")
    steps.lose_force(act, by=world.asb, on=timezone.localdate(), reason="Жаңа заң")
    assert act.state == "annulled"


# -- desk, figures, search, evidence ---------------------------------------------------------------------
def test_everybody_finds_their_next_step_on_their_page(world, signed_in):
    check, answer, order = scenes.submitted(world), scenes.sheet(world), scenes.approving(world)
    returned = scenes.agreed(world)
    due = steps.call_review(scenes.live(world), by=world.asb, reason="x")
    for username, record in (
        ("asb", check),
        ("legal", answer),
        ("rector", order),
        ("coordinator", returned),
        ("head", due),
    ):
        assert record.get_absolute_url() in signed_in(username).get("/").content.decode(), (username, record)


def test_the_library_is_found_by_number_and_title(world, signed_in):
    document = scenes.live(world)
    client = signed_in("stranger")
    for text in (document.number, "кестесі"):
        assert document.get_absolute_url() in client.get("/search/", {"q": text}).content.decode()


def test_evidence_may_be_attached_to_documents_and_versions(world, signed_in):
    version = scenes.draft(world)
    client = signed_in("head")
    for key, record in (
        (f"documents.document:{version.document_id}", version.document),
        (f"documents.version:{version.pk}", version),
    ):
        data = {"to": key, "title": "Хаттама", "link": "https://example.org/h", "speaks_of": "2026-01-10"}
        assert client.post("/documents/evidence/add/", data).status_code == 302
        assert record.proofs.count() == 1


# -- API ----------------------------------------------------------------------------------------------------
def test_the_api_drafts_edits_and_submits(world):
    client = scenes.api(world, "coordinator")
    scenes.people(world)
    file = io.BytesIO(scenes.PDF)
    file.name = "Ереже.pdf"
    made = client.post("/api/v1/documents/documents/", scenes.typed(world, file=file), format="multipart")
    assert made.status_code == 201, made.content
    assert made.json()["title"]["kk"] == "Емтихан ережесі" and made.json()["languages"] == ["kk", "ru"]
    version = Version.objects.get()
    address = f"/api/v1/documents/versions/{version.pk}/"
    assert client.patch(address, {"summary": "Алғашқы мәтін"}, format="json").json()["summary"] == "Алғашқы мәтін"
    version.refresh_from_db()
    assert version.file_name == "Ереже.pdf"
    other = io.BytesIO(scenes.PDF + b"% 2")
    other.name = "Ереже-2.pdf"
    assert client.patch(address, {"file": other}, format="multipart").json()["file_name"] == "Ереже-2.pdf"
    assert client.post(f"{address}submit/").json()["state"] == "form_check"
    assert client.patch(address, {"summary": "x"}, format="json").status_code == 409
    edited = client.patch(
        f"/api/v1/documents/documents/{version.document_id}/", {"title_ru": "Правила экзамена"}, format="json"
    )
    assert edited.json()["title"]["ru"] == "Правила экзамена" and edited.json()["languages"] == ["kk", "ru"]


def test_the_api_adds_a_version_to_a_document_that_is_seen(world):
    document = scenes.live(world)
    answer = scenes.api(world, "head").post(
        "/api/v1/documents/versions/", {"document": document.pk, "minor_change": True}
    )
    assert (answer.status_code, answer.json()["number"]) == (201, "1.1")
    assert (
        scenes.api(world, "stranger").post("/api/v1/documents/versions/", {"document": document.pk}).status_code == 403
    )
    assert scenes.api(world, "head").post("/api/v1/documents/versions/", {}).status_code == 400
    hidden = scenes.document(world)
    assert scenes.api(world, "stranger").post("/api/v1/documents/versions/", {"document": hidden.pk}).status_code == 404


def test_kinds_are_read_with_route_and_provisions(world):
    scenes.kind(provisions=2)
    rows = scenes.api(world, "staff").get("/api/v1/documents/kinds/").json()["results"]
    assert rows[0]["route"] == ["role:rector"] and rows[0]["provisions"][0]["text"]["kk"] == "1-талап"
    assert scenes.api(world, "admin").post("/api/v1/documents/kinds/", {}).status_code == 405


def test_kinds_are_kept_by_administrators_in_admin(world, signed_in):
    made = scenes.kind(provisions=1)
    client = signed_in("admin")
    page = client.get(f"/admin/documents/documentkind/{made.pk}/change/")
    assert page.status_code == 200 and "1-талап" in page.content.decode()
    for name in ("document", "version", "changeline", "agreement"):
        assert client.get(f"/admin/documents/{name}/").status_code == 200
    Office.objects.create(
        person=world.staff, role=Role.ASB_OFFICER, unit=world.university, since=datetime.date(2020, 1, 1)
    )
    type(world.staff).objects.filter(username="staff").update(is_staff=True)
    assert signed_in("staff").get(f"/admin/documents/documentkind/{made.pk}/change/").status_code in (302, 403)


# -- pace ---------------------------------------------------------------------------------------------------
LISTS = ("documents", "versions", "changes", "agreements")


def _count(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code == 200
    return len(captured)


def _fill(world, rows: int) -> None:
    for n in range(rows):
        scenes.draft(world, of=scenes.live(world))
        scenes.in_agreement(world, units=[world.other, world.far_school])
        if n % 10 == 0:
            scenes.act(world, number=f"{DocumentKind.objects.count()}-{Document.objects.count()}")
            scenes.approving(world)


@pytest.mark.parametrize("username", ["asb", "head2"])
def test_registers_and_api_lists_hold_their_query_count(world, signed_in, username):
    pages, rest = signed_in(username), scenes.api(world, username)
    addresses = [*(f"/documents/{name}/" for name in LISTS), *(f"/api/v1/documents/{name}/" for name in LISTS)]

    def counts() -> dict[str, int]:
        return {a: _count(lambda a=a: (rest if a.startswith("/api") else pages).get(a)) for a in addresses}

    _fill(world, 1)
    before = counts()
    _fill(world, 29)
    assert counts() == before
    assert max(before.values()) <= 16, before


# -- ends and reviews at the edges -------------------------------------------------------------------------
def ended(document, by, **fields):
    values = {"basis": "№ 7 бұйрық", "on": timezone.localdate(), "reason": "Қате бекітілген", **fields}
    return steps.annul(document, by=by, **values)


def test_a_first_version_that_waits_for_its_day_is_annulled_with_its_document(world):
    version = scenes.approved_for_later(world)
    document = Document.objects.get(pk=version.document_id)
    with pytest.raises(NotNow):
        steps.cancel(document, by=world.coordinator, reason="Қажет емес")
    ended(document, world.asb)
    version.refresh_from_db()
    assert (document.state, version.state, version.ended_on) == ("annulled", "annulled", None)
    assert not version.acquaintances.filter(state="waiting").exists()
    assert clock.bring_into_force() == 0


def test_what_was_approved_for_later_stays_to_be_read_when_the_document_ends(world):
    document = scenes.live(world)
    later = scenes.in_force(world, of=document, content=scenes.PDF + b"% 2", effective_from=scenes.tomorrow(10))
    ended(Document.objects.get(pk=document.pk), world.asb)
    later.refresh_from_db()
    assert later.state == "annulled"
    assert Version.objects.visible_to(world.stranger).filter(pk=later.pk).exists()


def test_a_document_of_which_nothing_was_approved_is_not_annulled(world, signed_in):
    document = scenes.document(world)
    with pytest.raises(NotNow):
        ended(document, world.asb)
    page = signed_in("asb").get(document.get_absolute_url())
    assert "annul" not in {button["name"] for button in page.context["steps"]}


def test_the_term_of_keeping_runs_from_the_day_on_which_it_ended(world):
    document = scenes.live(world)
    day = timezone.localdate() - datetime.timedelta(days=400)
    steps.archive(ended(document, world.asb, on=day), by=world.asb, index="01-05", years=5)
    assert document.keep_until == add_months(day, 60)


def test_a_noted_edition_counts_as_the_review_of_an_act(world):
    act = scenes.act(world)
    with door("import"):
        Document.objects.filter(pk=act.pk).update(review_due=timezone.localdate())
    assert clock.call_due_reviews() == 1
    steps.note_edition(act, by=world.legal, edition="2", adopted_on=timezone.localdate(), note="3-бап")
    assert act.review_due == act.next_review(timezone.localdate())
    assert clock.call_due_reviews() == 0


def test_an_act_does_not_lose_its_force_in_advance(world):
    with pytest.raises(InputProblem):
        steps.lose_force(scenes.act(world), by=world.asb, on=scenes.tomorrow(), reason="Жаңа заң")


def test_the_permission_to_pass_it_outside_says_to_whom_what_for_and_until_when(world):
    document = scenes.live(world)
    until = datetime.date(2027, 1, 31)
    steps.permit_outside(document, by=world.asb, to_whom="Министрлік", purpose="Тексеру", until=until)
    why = document.history.get(verb="permit_outside").why
    assert why.startswith("Министрлік · Тексеру") and "2027" in why


def test_without_a_head_the_head_above_hears_of_a_review(world):
    document = scenes.live(world)
    Office.objects.filter(person=world.head, role=Role.UNIT_HEAD).update(until=datetime.date(2021, 1, 1))
    steps.call_review(document, by=world.asb, reason="Заң өзгерді")
    assert Notice.objects.filter(verb="call_review", person=world.dean).exists()


def test_a_number_that_is_taken_already_is_passed_over(world):
    scenes.live(world)
    other = scenes.kind("other", mark="БҚ", number_pattern="ЕР-{number:02d}/{year}")
    first = scenes.live(world, of=scenes.document(world, of=other))
    with door("import"):
        Document.objects.filter(pk=first.pk).update(number=first.number.replace("-01/", "-02/"))
    second = scenes.live(world, of=scenes.document(world, of=other))
    assert second.number.startswith("ЕР-03/")


def test_a_pattern_without_a_running_number_is_refused(world):
    with pytest.raises(ValidationError):
        DocumentKind(code="x", level="regulatory", name_kk="x", number_pattern="{mark}-{year}").full_clean()
    kind = scenes.kind("same", mark="ТҚ", number_pattern="{mark}-{year}")
    scenes.live(world, of=scenes.document(world, of=kind))
    with pytest.raises(NotNow):
        scenes.live(world, of=scenes.document(world, of=kind))
