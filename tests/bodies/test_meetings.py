"""Meetings and agenda items: who proposes, who orders, who is there, who votes when; pages, letters, calendar."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from qa_portal.bodies.calendar import entry
from qa_portal.bodies.models import AgendaItem, Attendance, Meeting
from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.documents.evidence import attach_proof
from qa_portal.documents.models import Evidence
from qa_portal.notices.models import Letter, Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import registry

from . import scenes
from .scenes import fresh

pytestmark = pytest.mark.django_db


# -- proposing -----------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["staff", "coordinator", "council", "asb"])
def test_any_member_with_or_without_a_vote_and_the_quality_office_propose(world, username):
    assert scenes.proposed(world, by=username).state == AgendaItem.PROPOSED


@pytest.mark.parametrize("username", ["stranger", "auditor", "board", "admin"])
def test_nobody_else_proposes(world, username):
    scenes.council(world)
    with pytest.raises(Refused):
        scenes.proposed(world, by=username)


def test_a_member_proposes_on_the_page_and_attaches_papers(world, signed_in):
    body = scenes.council(world)
    client = signed_in("coordinator")
    page = client.get(f"/bodies/items/add/?body={body.pk}")
    assert page.status_code == 200
    values = {"body": body.pk, "title": "Жаңа мәселе", "text": "", "draft_decision": "Қолдау."}
    answer = client.post("/bodies/items/add/", values)
    item = AgendaItem.objects.get(title="Жаңа мәселе")
    assert answer["Location"] == item.get_absolute_url()
    assert item.proposer == world.coordinator
    attach_proof(item, world.coordinator, link="https://example.org/joba")
    assert Evidence.objects.visible_to(world.head).count() == 1  # papers follow membership
    assert not Evidence.objects.visible_to(world.stranger).exists()


def test_an_item_for_a_body_in_which_one_does_not_sit_is_refused(world, signed_in):
    scenes.council(world)
    board = scenes.board(world)
    values = {"body": board.pk, "title": "Мәселе", "draft_decision": "Қолдау."}
    assert signed_in("staff").post("/bodies/items/add/", values).status_code == 400
    assert signed_in("stranger").post("/bodies/items/add/", values).status_code == 403


def test_who_sees_what(world):
    item = scenes.on_agenda(world)
    for username, sees in (("head", True), ("asb", True), ("stranger", False), ("hr", False), ("expert", False)):
        person = getattr(world, username)
        assert AgendaItem.objects.visible_to(person).filter(pk=item.pk).exists() is sees, username
        assert Meeting.objects.visible_to(person).filter(pk=item.meeting_id).exists() is sees, username


# -- the agenda -------------------------------------------------------------------------------------
def places(meeting) -> list[str]:
    return list(meeting.items.order_by("place").values_list("title", flat=True))


def test_the_chair_orders_the_agenda_and_numbers_follow(world):
    meeting = scenes.planned(world)
    items = [scenes.on_agenda(world, meeting, title=title) for title in ("А", "Б", "В")]
    item_steps.move_item(fresh(items[2]), by=world.dean, place=1)
    assert places(meeting) == ["В", "А", "Б"]
    assert list(meeting.items.order_by("place").values_list("place", flat=True)) == [1, 2, 3]
    with pytest.raises(Refused):
        item_steps.move_item(fresh(items[0]), by=world.council, place=1)


def test_what_was_decided_keeps_its_number(world):
    meeting = scenes.invited(world)
    for title in ("Б", "В"):
        scenes.on_agenda(world, meeting, title=title)
    came = scenes.seats(meeting.body, *scenes.EVERYBODY)
    meeting_steps.begin(fresh(meeting), by=world.dean, present=came, chaired_by=world.dean.pk, kept_by=world.council.pk)
    item_steps.take_note(meeting.items.get(place=1), by=world.dean, note="Тыңдалды")
    item_steps.move_item(meeting.items.get(title="В"), by=world.dean, place=1)
    assert dict(meeting.items.values_list("title", "place")) == {"Академиялық адалдық ережесі": 1, "В": 2, "Б": 3}


def test_many_items_are_put_on_the_agenda_at_once(world, signed_in):
    meeting = scenes.planned(world)
    items = [scenes.proposed(world, title=f"Мәселе {n}") for n in range(3)]
    ids = [f"{item.pk}:{item.revision}" for item in items]
    page = signed_in("council").get(meeting.get_absolute_url())
    assert "put-on-agenda" in page.content.decode()
    values = {"ids": ids, "meeting": meeting.pk, "confirmed": "1", "next": meeting.get_absolute_url()}
    answer = signed_in("council").post("/bodies/items/many/put-on-agenda/", values)
    assert answer["Location"] == meeting.get_absolute_url()
    assert places(meeting) == ["Мәселе 0", "Мәселе 1", "Мәселе 2"]


def test_an_item_goes_on_agendas_of_its_own_body_that_are_not_over(world):
    item = scenes.proposed(world)
    upper = scenes.planned(world, scenes.board(world))
    gone = scenes.cancelled(world)
    for meeting in (upper, gone):
        with pytest.raises(InputProblem):
            item_steps.put_on_agenda(fresh(item), by=world.dean, meeting=meeting.pk)


def test_declined_withdrawn_postponed(world):
    first = item_steps.decline(scenes.proposed(world), by=world.dean, reason="Өкілеттікте жоқ")
    assert first.state == AgendaItem.DECLINED
    assert Notice.objects.filter(person__username="staff", verb="decline").count() == 1
    item = scenes.on_agenda(world)
    with pytest.raises(Refused):
        item_steps.withdraw(fresh(item), by=world.dean)
    item = item_steps.postpone(fresh(item), by=world.council, reason="Құжат жоқ")
    assert (item.state, item.meeting, item.place) == (AgendaItem.PROPOSED, None, 0)
    assert item_steps.withdraw(fresh(item), by=world.staff).state == AgendaItem.WITHDRAWN


def test_an_item_is_edited_by_its_proposer_until_it_is_on_an_agenda(world):
    item = scenes.proposed(world)
    item.title = "Түзетілген"
    item.save_changes(by=world.staff)
    item = fresh(scenes.on_agenda(world, item=item))
    item.title = "Тағы"
    with pytest.raises(Refused):
        item.save_changes(by=world.staff)
    item.save_changes(by=world.council)


# -- invitation ------------------------------------------------------------------------------------------
def test_an_invitation_needs_an_agenda(world):
    with pytest.raises(NotNow):
        meeting_steps.invite(scenes.planned(world), by=world.dean)


def test_the_invitation_tells_all_members_place_time_agenda_and_calendar(world):
    meeting = scenes.planned(world)
    item = scenes.on_agenda(world, meeting)
    Letter.objects.all().delete()
    meeting_steps.invite(fresh(meeting), by=world.dean)
    told = set(Letter.objects.values_list("person__username", flat=True))
    assert told == set(scenes.EVERYBODY) - {"dean"}  # not whoever invites
    letter = Letter.objects.get(person__username="coordinator")
    assert "А-201" in letter.text and item.title in letter.text
    assert item.get_absolute_url() in letter.text
    assert f"/bodies/meetings/{meeting.pk}/ics/" in letter.text


def test_an_entry_for_the_calendar_in_its_format(world, signed_in):
    meeting = scenes.invited(
        world, venue="Бас ғимарат, А-201; 2-қабат", note="Кеңес мүшелері, \\ уақытылы келіңіздер\nРақмет"
    )
    answer = signed_in("staff").get(f"/bodies/meetings/{meeting.pk}/ics/")
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "LOCATION:Бас ғимарат\\, А-201\\; 2-қабат" in unfolded
    assert "\\\\ уақытылы келіңіздер\\nРақмет" in unfolded
    start = meeting.starts_at.astimezone(datetime.UTC)
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in unfolded
    assert "STATUS:CONFIRMED" in unfolded
    assert signed_in("stranger").get(f"/bodies/meetings/{meeting.pk}/ics/").status_code == 404


def test_a_cancelled_meeting_leaves_the_calendar_and_its_items_go_back(world):
    meeting = scenes.cancelled(world)
    assert "STATUS:CANCELLED" in entry(meeting)
    assert AgendaItem.objects.get().state == AgendaItem.PROPOSED
    assert Notice.objects.filter(verb="cancel").count() == len(scenes.EVERYBODY) - 1


def test_cancelling_what_nobody_was_invited_to_tells_nobody(world):
    meeting_steps.cancel(scenes.planned(world), by=world.dean, reason="Қате")
    assert not Notice.objects.filter(verb="cancel").exists()


# -- the meeting -----------------------------------------------------------------------------------------
def test_opening_keeps_the_seats_and_votes_of_this_day(world):
    meeting = scenes.in_session(world, "dean", "council", "head", "coordinator")
    assert (meeting.state, meeting.seats_all) == (Meeting.IN_SESSION, 7)
    assert meeting.attendance.filter(present=True).count() == 4
    assert meeting.attendance.filter(voting=True).count() == 5
    scenes.end_seat(meeting.body, "staff")
    assert fresh(meeting).room.seats == 7


def test_whoever_presides_and_keeps_minutes_must_have_come_and_be_two(world):
    meeting = scenes.invited(world)
    came = scenes.seats(meeting.body, "head", "staff")
    for chaired, kept in ((world.dean, world.staff), (world.head, world.council), (world.head, world.head)):
        with pytest.raises(InputProblem):
            meeting_steps.begin(fresh(meeting), by=world.dean, present=came, chaired_by=chaired.pk, kept_by=kept.pk)
    opened = meeting_steps.begin(
        fresh(meeting), by=world.dean, present=came, chaired_by=world.head.pk, kept_by=world.staff.pk
    )
    assert (opened.chaired_by, opened.kept_by) == (world.head, world.staff)


def test_the_secretary_keeps_the_minutes_unless_somebody_else_is_named(world):
    meeting = scenes.invited(world)
    came = scenes.seats(meeting.body, "dean", "council")
    assert meeting_steps.begin(meeting, by=world.dean, present=came, chaired_by=world.dean.pk).kept_by == world.council


def test_a_vote_without_a_quorum_is_refused_with_a_sentence_and_the_item_may_still_be_noted(world):
    item = scenes.discussed(world, "dean", "council")  # 2 of 7 seats
    with pytest.raises(NotNow) as refused:
        item_steps.open_vote(item, by=world.dean)
    assert "2" in str(refused.value) and "7" in str(refused.value) and "3" in str(refused.value)
    assert item_steps.take_note(fresh(item), by=world.dean, note="Тыңдалды").state == AgendaItem.NOTED


def test_exactly_a_third_of_the_seats_is_a_quorum(world):
    body = scenes.council(world)
    scenes.end_seat(body, "coordinator")  # six seats
    item = scenes.discussed(world, "dean", "council")
    assert item_steps.open_vote(item, by=world.dean).state == AgendaItem.VOTING


def test_no_vote_opens_when_only_members_without_a_vote_are_there(world):
    body = scenes.council(world)
    meeting = scenes.invited(world)
    for username in ("head", "head2", "staff", "staff2"):
        scenes.end_seat(body, username)
    came = scenes.seats(body, "council", "coordinator")
    meeting_steps.begin(meeting, by=world.dean, present=came, chaired_by=world.coordinator.pk, kept_by=world.council.pk)
    with pytest.raises(NotNow):
        item_steps.open_vote(meeting.items.get(), by=world.dean)


def test_late_comers_vote_and_whoever_voted_stays_in_the_minutes_after_leaving(world):
    item = scenes.voting(world, "dean", "council", "head", "head2")
    meeting = item.meeting
    with pytest.raises(Refused):
        item_steps.vote(fresh(item), by=world.staff, choice="for")
    came = scenes.seats(meeting.body, "dean", "council", "head", "head2", "staff")
    meeting_steps.record_attendance(fresh(meeting), by=world.council, present=came)
    scenes.voted(world, item, staff="for", head="for")
    with pytest.raises(InputProblem):  # nobody leaves while voting is open
        meeting_steps.record_attendance(fresh(meeting), by=world.council, present=came[:4])
    item_steps.close_vote(fresh(item), by=world.dean)
    meeting_steps.record_attendance(fresh(meeting), by=world.council, present=came[:2])
    rows = {row.seat.person.username: row for row in meeting.attendance.all()}
    assert rows["staff"].present and rows["staff"].left_at
    assert not rows["staff"].is_there
    assert rows["head2"].present  # silent, so counted: the minutes name them as having come
    assert fresh(meeting).room.present == 2


def test_who_did_not_vote_can_be_corrected_to_absent(world):
    meeting = scenes.in_session(world)
    came = scenes.seats(meeting.body, "dean", "council", "head")
    meeting_steps.record_attendance(meeting, by=world.council, present=came)
    assert Attendance.objects.filter(meeting=meeting, present=True).count() == 3


def test_a_meeting_closes_when_no_vote_is_open_and_what_is_left_goes_back(world):
    item = scenes.voting(world)
    left = scenes.on_agenda(world, item.meeting, title="Қалған мәселе")
    with pytest.raises(NotNow):
        meeting_steps.close(fresh(item.meeting), by=world.dean)
    item_steps.close_vote(fresh(item), by=world.dean)
    assert meeting_steps.close(fresh(item.meeting), by=world.dean).state == Meeting.CLOSED
    left = fresh(left)
    assert (left.state, left.meeting, left.place) == (AgendaItem.PROPOSED, None, 0)
    assert left.history.filter(verb="postpone").count() == 1


def test_minutes_are_signed_by_two_people_each_once(world):
    meeting = scenes.ended(world)
    for username in ("head", "asb", "admin"):
        with pytest.raises(Refused):
            meeting_steps.sign(fresh(meeting), by=getattr(world, username))
    assert meeting_steps.sign(fresh(meeting), by=world.dean).state == Meeting.CLOSED
    with pytest.raises(Refused):
        meeting_steps.sign(fresh(meeting), by=world.dean)
    signed = meeting_steps.sign(fresh(meeting), by=world.council)
    assert signed.state == Meeting.SIGNED
    assert (signed.chair_signed_by, signed.secretary_signed_by) == (world.dean, world.council)


def test_when_the_one_who_presided_has_left_the_university_the_chair_of_today_signs(world):
    meeting = scenes.invited(world)
    came = scenes.seats(meeting.body, "dean", "council", "head", "staff")
    meeting_steps.begin(meeting, by=world.dean, present=came, chaired_by=world.head.pk, kept_by=world.council.pk)
    meeting_steps.close(fresh(meeting), by=world.dean)
    with pytest.raises(Refused):
        meeting_steps.sign(fresh(meeting), by=world.dean)
    head = world.head
    head.is_active = False
    head.save()
    assert meeting_steps.sign(fresh(meeting), by=world.dean).chair_signed_by == world.dean


def test_whoever_presided_signs_after_their_seat_has_ended(world, signed_in):
    meeting = scenes.ended(world)
    for username in ("dean", "council"):
        scenes.end_seat(meeting.body, username)
    dean = fresh(world.dean)
    assert list(registry.desk["sign"].rows(dean)) == [meeting]
    client = signed_in("dean")
    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert client.post(f"{meeting.get_absolute_url()}sign/").status_code == 302
    assert fresh(meeting).chair_signed_by == dean
    assert signed_in("head2").get(meeting.get_absolute_url()).status_code == 200
    scenes.end_seat(meeting.body, "head2")  # other former members see nothing any more
    assert signed_in("head2").get(meeting.get_absolute_url()).status_code == 404


def test_minutes_of_somebody_who_has_left_wait_on_the_desk_of_who_signs_instead(world):
    meeting = scenes.invited(world)
    came = scenes.seats(meeting.body, "dean", "council", "head")
    meeting_steps.begin(meeting, by=world.dean, present=came, chaired_by=world.head.pk, kept_by=world.council.pk)
    meeting_steps.close(fresh(meeting), by=world.dean)
    rows = registry.desk["sign"].rows
    assert not rows(world.dean).exists()
    head = world.head
    head.is_active = False
    head.save()
    assert list(rows(world.dean)) == [meeting]
    assert not rows(world.head2).exists()
    meeting_steps.sign(fresh(meeting), by=world.dean)
    assert not rows(world.dean).exists()


def test_a_vote_in_writing_is_not_signed_by_a_chair_who_has_left_the_university(world):
    dean = world.dean
    meeting = scenes.planned(world, in_writing=True, closes_at=timezone.now() + 48 * scenes.HOUR)
    scenes.on_agenda(world, meeting)
    dean.is_active = False
    dean.save()
    with pytest.raises(NotNow):
        meeting_steps.invite(fresh(meeting), by=world.council)


def test_who_has_no_vote_and_was_counted_in_the_base_stays_in_the_minutes(world):
    decision = scenes.decided(world)
    meeting = decision.meeting
    came = scenes.seats(meeting.body, *scenes.VOTERS, "council")
    meeting_steps.record_attendance(fresh(meeting), by=world.council, present=came)
    row = meeting.attendance.get(seat__person=world.coordinator)
    assert row.present and row.left_at
    assert decision.present == meeting.attendance.filter(present=True).count() == 7


def test_one_record_stands_before_a_body_once(world):
    plan = world.submitted(finding=world.finding(source_kind="expert"))
    item = scenes.about(world, plan, "capa.plan.endorse")
    with pytest.raises(NotNow):
        scenes.about(world, plan, "capa.plan.endorse", by="head")
    item_steps.withdraw(item, by=world.staff)
    assert scenes.about(world, plan, "capa.plan.endorse", by="head").pk
