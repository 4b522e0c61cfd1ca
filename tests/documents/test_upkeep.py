"""Proposals to change, paper copies, the quality manager's page, panels; lists that hold their query count."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa_portal.documents import upkeep
from qa_portal.documents.models import ChangeProposal, Document, PaperCopy, Version
from qa_portal.documents.workflow import family
from qa_portal.documents.workflow import upkeep as steps
from qa_portal.notices.models import Notice
from qa_portal.people.models import Deputy
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import move
from qa_portal.workflow.writing import door

from . import scenes_upkeep as scenes

pytestmark = pytest.mark.django_db


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=verb).values_list("person__username", flat=True))


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# -- proposals to change -------------------------------------------------------------------
def test_any_unit_proposes_from_the_page_of_the_document(world, signed_in):
    document = scenes.document(world)
    page = signed_in("stranger").get(document.get_absolute_url()).content.decode()
    assert f"/documents/proposals/add/?document={document.pk}" in page
    data = {"text": "3-тармақ", "reason": "Ескірді"}
    response = signed_in("stranger").post(f"/documents/proposals/add/?document={document.pk}", data)
    assert response.status_code == 302, response.content.decode()[:2000]
    proposal = ChangeProposal.objects.get()
    assert (proposal.unit, proposal.proposer.username) == (world.far_school, "stranger")
    assert told("add") == {"head"}


def test_a_proposal_needs_a_unit_to_come_from(world, signed_in):
    document = scenes.document(world)
    assert signed_in("admin").get(f"/documents/proposals/add/?document={document.pk}").status_code == 403


def test_nothing_is_proposed_to_an_act_nor_to_what_ended(world, signed_in):
    for document in (scenes.act(), scenes.document(world, state=Document.ANNULLED)):
        data = {"text": "3-тармақ", "reason": "Ескірді"}
        response = signed_in("staff").post(f"/documents/proposals/add/?document={document.pk}", data)
        assert response.status_code == 400
        assert "3-тармақ" in response.content.decode()
    assert not ChangeProposal.objects.exists()


@pytest.mark.parametrize("username", ["head", "dean", "asb"])
def test_head_of_the_owner_a_head_above_and_the_quality_office_answer(world, username):
    proposal = scenes.proposal(world, by="stranger")
    steps.accept(proposal, by=getattr(world, username), note="Ескереміз")
    assert (proposal.state, proposal.answered_by.username) == ("accepted", username)
    assert "stranger" in told("accept")


@pytest.mark.parametrize("username", ["head2", "board", "coordinator", "admin"])
def test_nobody_else_answers(world, username):
    with pytest.raises(Refused):
        steps.accept(scenes.proposal(world), by=getattr(world, username))


def test_nobody_answers_their_own_nor_their_deputy(world):
    proposal = scenes.proposal(world, by="head")
    today = timezone.localdate()
    Deputy.objects.create(principal=world.head, deputy=world.staff, since=today, until=today)
    for username in ("head", "staff"):
        with pytest.raises(Refused):
            steps.accept(proposal, by=getattr(world, username))
    steps.accept(proposal, by=world.dean)


def test_an_accepted_proposal_is_done_with_the_next_version(world):
    proposal = scenes.accepted(world)
    document = Document.objects.get(pk=proposal.document_id)
    with door("step"):
        new = scenes.version(document, major=2, state=Version.SUPERSEDED)
        family.put_in_force(new, SYSTEM)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version) == ("done", new)
    assert told("finish") == {"staff"}


def test_what_ended_meanwhile_cannot_be_accepted(world):
    proposal = scenes.proposal(world)
    with door("step"):
        move(Document.objects.get(pk=proposal.document_id), Document.ANNULLED, by=SYSTEM, verb="annul")
    with pytest.raises(NotNow):
        steps.accept(ChangeProposal.objects.get(), by=world.head)
    steps.refuse(ChangeProposal.objects.get(), by=world.head, reason="Құжат күшін жойды")


def test_only_the_proposer_edits_and_only_before_the_answer(world, signed_in):
    proposal = scenes.proposal(world)
    url = f"/documents/proposals/{proposal.pk}/edit/"
    data = {"text": "4-тармақ", "reason": "Ескірді", "revision": proposal.revision}
    assert signed_in("head").post(url, data).status_code == 403
    assert signed_in("staff").post(url, data).status_code == 302
    steps.accept(ChangeProposal.objects.get(), by=world.head)
    assert signed_in("staff").post(url, data).status_code == 409


# -- paper copies ------------------------------------------------------------------------------
def test_copies_are_numbered_within_their_version(world, signed_in):
    version = scenes.document(world).current
    for holder in ("staff", "head"):
        data = {"holder": getattr(world, holder).pk, "where": "12-бөлме", "given_on": timezone.localdate().isoformat()}
        response = signed_in("coordinator").post(f"/documents/copies/add/?version={version.pk}", data)
        assert response.status_code == 302, response.content.decode()[:2000]
    assert list(PaperCopy.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    assert scenes.copy(world).number == 1


def test_strangers_to_the_unit_hand_out_nothing(world, signed_in):
    version = scenes.document(world).current
    assert signed_in("stranger").get(f"/documents/copies/add/?version={version.pk}").status_code == 403


def test_a_draft_has_no_numbered_copies(world, signed_in):
    draft = scenes.version(scenes.document(world), major=2, state=Version.DRAFT)
    data = {"holder": world.staff.pk, "given_on": timezone.localdate().isoformat()}
    assert signed_in("asb").post(f"/documents/copies/add/?version={draft.pk}", data).status_code == 400


def supersede(version: Version) -> None:
    with door("step"):
        move(version, Version.SUPERSEDED, by=SYSTEM, verb="supersede")


def test_copies_of_what_is_no_longer_in_force_are_to_be_collected(world, signed_in):
    copy = scenes.copy(world)
    back = scenes.copy(world, version=copy.version, holder=world.head)
    steps.give_back(back, by=world.asb, on=timezone.localdate().isoformat())
    assert not PaperCopy.objects.to_collect().exists()
    supersede(copy.version)
    assert list(PaperCopy.objects.to_collect()) == [copy]
    desk = registry.desk["copies"]
    assert list(desk.rows(world.asb)) == [copy]
    assert list(desk.rows(world.staff)) == [copy]
    assert not desk.rows(world.head).exists()
    register = signed_in("asb").get("/documents/copies/?to_collect=true")
    assert [row["id"] for row in register.context["rows"]] == [copy.pk]


def test_a_copy_is_not_given_back_before_it_was_handed_out(world, signed_in):
    copy = scenes.copy(world)
    url = f"/documents/copies/{copy.pk}/give-back/"
    for day in (scenes.days(1), scenes.days(-1)):
        assert signed_in("asb").post(url, {"on": day.isoformat()}).status_code == 400


# -- desk --------------------------------------------------------------------------------------
def test_each_finds_on_their_page_what_waits_for_them(world):
    verdict, proposal = scenes.verdict(world), scenes.proposal(world)
    judge, decide, answer = (registry.desk[key].rows for key in ("judge", "decide_verdicts", "proposals"))
    assert list(judge(world.head)) == list(judge(world.coordinator)) == [verdict]
    assert not judge(world.asb).exists()
    assert list(answer(world.head)) == list(answer(world.asb)) == [proposal]
    assert not answer(world.staff).exists()
    steps.judge(verdict, by=world.head, verdict="in_line", note="Сәйкес")
    assert not judge(world.head).exists()
    assert list(decide(world.asb)) == [verdict]


# -- the quality manager's page --------------------------------------------------------------------
def everything(w) -> None:
    """One row for each of the lists."""
    scenes.document(w, of="public", kind=scenes.kind("public", public="always"))
    scenes.document(w, review_due=scenes.days(-5))
    scenes.document(w, state=Document.DUE_FOR_REVIEW, review_due=scenes.days(5))
    scenes.act(number=str(Document.objects.count()), check_edition=True)
    late = scenes.verdict(w)
    late.review.due = scenes.days(-1)
    late.review.save_changes(by=w.asb)
    scenes.proposal(w)
    supersede(scenes.copy(w).version)
    asked = scenes.version(
        scenes.document(w), major=2, state=Version.IN_AGREEMENT, agree_by=scenes.days(-1), approved_on=None
    )
    family.open_sheet(asked, w.asb, [w.other], scenes.days(-1))


def test_each_list_counts_and_links_to_its_register(world, signed_in):
    everything(world)
    lists = {entry["key"]: entry for entry in signed_in("asb").get("/documents/upkeep/").context["lists"]}
    assert {key: entry["count"] for key, entry in lists.items()} == {
        "unpublished": 1,
        "overdue": 1,
        "due": 1,
        "edition": 1,
        "reviews": 1,
        "verdicts": 1,
        "agreements": 2,
        "proposals": 1,
        "copies": 1,
    }
    for entry in lists.values():
        register = signed_in("asb").get(entry["url"])
        assert register.status_code == 200, entry["url"]
        if entry["key"] != "due":
            assert len(register.context["rows"]) == entry["count"], entry["url"]


@pytest.mark.parametrize(
    ("username", "status"),
    [("asb", 200), ("board", 200), ("quality", 200), ("head", 403), ("staff", 403), ("admin", 403)],
)
def test_who_sees_it(world, signed_in, username, status):
    assert signed_in(username).get("/documents/upkeep/").status_code == status


def test_its_query_count_does_not_grow(world, signed_in):
    client = signed_in("asb")
    everything(world)
    few = queries(client, "/documents/upkeep/")
    for _round in range(4):
        everything(world)
    assert queries(client, "/documents/upkeep/") == few
    assert few <= 32


def test_more_than_ten_are_counted_and_not_listed(world):
    for _number in range(12):
        scenes.document(world, review_due=scenes.days(-5))
    found = next(entry for entry in upkeep.lists(world.asb) if entry["key"] == "overdue")
    assert (found["count"], len(found["rows"]), found["more"]) == (12, 10, 2)


REGISTERS = ("reviews", "verdicts", "proposals", "copies")


@pytest.mark.parametrize("address", [f"/documents/{name}/" for name in REGISTERS])
def test_registers_hold_their_query_count(world, signed_in, address):
    client = signed_in("head")
    everything(world)
    few = queries(client, address)
    for _round in range(3):
        everything(world)
    assert queries(client, address) == few


@pytest.mark.parametrize("name", REGISTERS)
def test_lists_of_the_api_hold_their_query_count(world, signed_in, name):
    client, address = signed_in("asb"), f"/api/v1/documents/{name}/"
    everything(world)
    few = queries(client, address)
    for _round in range(3):
        everything(world)
    assert queries(client, address) == few


# -- panels ----------------------------------------------------------------------------------------
def test_the_page_of_a_document_shows_its_proposals_and_reviews(world, signed_in):
    proposal = scenes.proposal(world)
    page = signed_in("head").get(proposal.document.get_absolute_url()).content.decode()
    assert proposal.number in page
    verdict = scenes.verdict(world)
    assert verdict.review.number in signed_in("head").get(verdict.document.get_absolute_url()).content.decode()
    assert verdict.review.number in signed_in("head").get(verdict.review.act.get_absolute_url()).content.decode()


def test_the_page_of_a_version_shows_its_copies(world, signed_in):
    copy = scenes.copy(world)
    page = signed_in("head").get(copy.version.get_absolute_url()).content.decode()
    assert copy.get_absolute_url() in page
    assert f"/documents/copies/add/?version={copy.version_id}" in page


# -- REST ---------------------------------------------------------------------------------------------
def test_the_api_files_a_proposal_and_hands_out_a_copy(world, signed_in):
    document = scenes.document(world)
    client = signed_in("staff")
    filed = client.post(
        "/api/v1/documents/proposals/", {"document": document.pk, "text": "3-тармақ", "reason": "Ескірді"}
    )
    assert filed.status_code == 201, filed.content.decode()
    assert filed.json()["unit"] == world.department.pk
    copy = {"version": document.current_id, "holder": world.staff.pk, "given_on": timezone.localdate().isoformat()}
    assert client.post("/api/v1/documents/copies/", copy).status_code == 201
    assert client.post("/api/v1/documents/copies/", {"holder": world.staff.pk}).status_code == 400


def test_the_api_opens_a_review(world, signed_in):
    law, rule = scenes.resting(world)
    data = {"cause": "new_edition", "act": law.pk, "title": "Заң", "due": scenes.days(9).isoformat()}
    assert signed_in("head").post("/api/v1/documents/reviews/", data).status_code == 403
    made = signed_in("asb").post("/api/v1/documents/reviews/", data)
    assert made.status_code == 201, made.content.decode()
    listed = signed_in("asb").get(f"/api/v1/documents/verdicts/?review={made.json()['id']}").json()
    assert [row["document"] for row in listed["results"]] == [rule.pk]


def test_a_copy_of_a_version_whose_approval_was_undone_is_collected(world):
    held = scenes.copy(world)
    with door("import"):
        Version.objects.filter(pk=held.version_id).update(state=Version.RETURNED)
    assert list(PaperCopy.objects.to_collect()) == [held]
