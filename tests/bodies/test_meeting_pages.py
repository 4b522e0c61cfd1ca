"""Pages, REST and lists of meetings, items and decisions: one press to vote, figures closed until the count."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.web.registry import registry

from . import scenes
from .scenes import fresh

pytestmark = pytest.mark.django_db


def api(person) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(person)
    return client


# -- pages -------------------------------------------------------------------------------------------------------
def test_a_member_votes_with_one_press_and_reads_that_the_vote_is_cast(world, signed_in):
    item = scenes.voting(world)
    page = item.meeting.get_absolute_url()
    client = signed_in("head")
    text = client.get(page).content.decode()
    assert 'name="choice" value="for"' in text and 'value="aside"' in text
    answer = client.post(f"{item.get_absolute_url()}vote/", {"choice": "for", "next": page})
    assert answer["Location"] == page
    assert 'value="for"' not in client.get(page).content.decode()
    again = client.post(f"{item.get_absolute_url()}vote/", {"choice": "against"})
    assert again.status_code == 403


def test_no_figures_while_voting_is_open_only_how_many_have_voted(world, signed_in):
    item = scenes.voted(world, scenes.voting(world), head="for", staff="against")
    for username in ("dean", "council", "head2"):
        ballots = signed_in(username).get(item.get_absolute_url()).context["sections"][0]["ballots"]
        assert (ballots[0]["voted"], ballots[0]["all"]) == (2, 5)
    listed = api(world.dean).get(f"/api/v1/bodies/items/{item.pk}/").json()
    assert (listed["voted"], listed["votes"], listed["decision"]) == (2, [], None)


def test_members_read_who_voted_how_after_the_count_and_a_proposer_from_outside_does_not(world):
    item = scenes.voted(world, scenes.voting(world), head="for", staff="against")
    item_steps.close_vote(fresh(item), by=world.dean)
    votes = api(world.coordinator).get(f"/api/v1/bodies/items/{item.pk}/").json()["votes"]
    by_person = {vote["person"]: (vote["choice"], vote["silent"]) for vote in votes}
    assert by_person[world.head.pk] == ("for", False)
    assert by_person[world.head2.pk] == ("abstained", True)
    scenes.end_seat(item.body, "staff")  # proposed it, sits there no longer
    assert api(world.staff).get(f"/api/v1/bodies/items/{item.pk}/").json()["votes"] == []


def test_a_meeting_is_called_and_edited_by_those_who_run_the_body(world):
    body = scenes.council(world)
    starts = (timezone.now() + scenes.HOUR).isoformat()
    made = api(world.council).post("/api/v1/bodies/meetings/", {"body": body.pk, "starts_at": starts, "venue": "А-1"})
    assert made.status_code == 201, made.content
    assert made.json()["number"] == 1
    changed = api(world.dean).patch(f"/api/v1/bodies/meetings/{made.json()['id']}/", {"venue": "А-2"})
    assert (changed.status_code, changed.json()["venue"]) == (200, "А-2")
    assert api(world.head).patch(f"/api/v1/bodies/meetings/{made.json()['id']}/", {"venue": "А-3"}).status_code == 403
    assert api(world.stranger).get(f"/api/v1/bodies/meetings/{made.json()['id']}/").status_code == 404


def test_the_chair_moves_items_up_and_down_past_what_is_settled(world, signed_in):
    meeting = scenes.in_session(world)
    for title in ("Б", "В"):
        scenes.on_agenda(world, meeting, title=title)
    item_steps.take_note(meeting.items.get(title="Б"), by=world.dean)
    client = signed_in("dean")
    sections = client.get(meeting.get_absolute_url()).context["sections"]
    agenda = next(section for section in sections if section["id"] == "agenda")["rows"]
    assert [(row["up"], row["down"]) for row in agenda] == [(None, 3), (None, None), (1, None)]
    client.post(agenda[2]["move_url"], {"place": agenda[2]["up"]})
    assert list(meeting.items.order_by("place").values_list("title", flat=True)) == [
        "В",
        "Б",
        "Академиялық адалдық ережесі",
    ]


def test_the_desk_shows_votes_minutes_and_proposals(world, signed_in):
    item = scenes.voting(world)
    scenes.proposed(world, title="Күтіп тұрған")
    keys = {group["key"] for group in signed_in("dean").get("/").context["waits"]}
    assert {"vote", "order"} <= keys
    assert "vote" not in {group["key"] for group in signed_in("council").get("/").context["waits"]}
    item_steps.close_vote(fresh(item), by=world.dean)
    meeting_steps.close(fresh(item.meeting), by=world.dean)
    assert "sign" in {group["key"] for group in signed_in("council").get("/").context["waits"]}


def test_registers_filter_and_export(world, signed_in):
    decision = scenes.decided(world)
    client = signed_in("head")
    for path in (
        f"/bodies/meetings/?body={decision.body_id}&mine=true&year={decision.meeting.year}&ahead=true",
        "/bodies/items/?state=decided&mine=",
        "/bodies/decisions/?passed=true&mine=true",
        "/bodies/meetings/?q=кеңес",
        "/bodies/items/?q=адалдық",
        "/bodies/decisions/?q=бекіту",
    ):
        page = client.get(path)
        assert (page.status_code, len(page.context["rows"])) == (200, 1), path
        assert client.get(f"{path}&export=csv").status_code in (200, 303), path
    assert len(client.get("/bodies/items/?waits_for_me=true").context["rows"]) == 0
    assert client.get("/search/?q=адалдық").status_code == 200
    assert registry.search["decisions"].find(world.head, "адалдық")
    assert not registry.search["decisions"].find(world.stranger, "адалдық")


def count(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def more(world, rows: int) -> None:
    for number in range(rows):
        item = scenes.on_agenda(world, title=f"Мәселе {number}")
        meeting = meeting_steps.invite(fresh(item.meeting), by=world.dean)
        scenes.proposed(world, title=f"Ұсыныс {number}")
        came = scenes.seats(meeting.body, *scenes.EVERYBODY)
        meeting_steps.begin(
            fresh(meeting), by=world.dean, present=came, chaired_by=world.dean.pk, kept_by=world.council.pk
        )
        item_steps.open_vote(fresh(item), by=world.dean)
        if number % 2:
            scenes.voted(world, item, head="for")
            item_steps.close_vote(fresh(item), by=world.dean)


LISTS = [f"{before}/bodies/{records}/" for before in ("", "/api/v1") for records in ("meetings", "items", "decisions")]


@pytest.mark.parametrize("username", ["dean", "asb"])
def test_lists_hold_their_query_count(world, signed_in, username):
    client, rest = signed_in(username), api(getattr(world, username))
    more(world, 2)
    ask = {path: (rest if path.startswith("/api") else client) for path in LISTS}
    before = {path: count(lambda p=path: ask[p].get(p)) for path in LISTS}
    more(world, 8)
    assert {path: count(lambda p=path: ask[p].get(p)) for path in LISTS} == before


@pytest.mark.parametrize("username", ["dean", "head", "asb"])
def test_the_page_of_a_meeting_holds_its_query_count_with_many_items(world, signed_in, username):
    client = signed_in(username)
    small, large = scenes.in_session(world), scenes.in_session(world)
    for number in range(12):
        scenes.on_agenda(world, large, title=f"Мәселе {number}")
    decided = large.items.get(place=2)
    item_steps.open_vote(decided, by=world.dean)
    item_steps.close_vote(fresh(decided), by=world.dean)
    pages = [meeting.get_absolute_url() for meeting in (small, large)]
    assert count(lambda: client.get(pages[1])) <= count(lambda: client.get(pages[0])) + 1
