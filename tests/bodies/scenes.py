"""A council with its seats, meetings at every stage, items and decisions, made through the steps themselves.

The council: dean presides, council keeps the minutes (no vote); head, head2, staff, staff2 are members with a vote,
coordinator an adviser without one. Above it stands a board: board presides, hr keeps the minutes, auditor is a member.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import AgendaItem, Body, BodyKind, Decision, Meeting, Seat
from qa_portal.bodies.workflow import items as item_steps
from qa_portal.bodies.workflow import meetings as meeting_steps
from qa_portal.workflow.writing import door

CODE, ABOVE = "meeting_council", "meeting_board"
SEATS = (
    ("dean", "chair", True),
    ("council", "secretary", False),
    ("head", "member", True),
    ("head2", "member", True),
    ("staff", "member", True),
    ("staff2", "member", True),
    ("coordinator", "adviser", False),
)
SEATS_ABOVE = (("board", "chair", True), ("hr", "secretary", True), ("auditor", "member", True))
VOTERS = ("dean", "head", "head2", "staff", "staff2")
HOUR = datetime.timedelta(hours=1)


def _body(w: Any, code: str, name: str, seats: Any, above: Body | None, **rules: Any) -> Body:
    found = Body.objects.filter(code=code).first()
    if found is not None:
        return found
    kind, _made = BodyKind.objects.get_or_create(code=f"{code}_kind", defaults={"name": name})
    with door("import"):
        found = Body(code=code, kind=kind, unit=w.university, above=above, **rules)
        found.name_kk = found.name_ru = found.name_en = name
        found.save()
        for username, duty, voting in seats:
            since = datetime.date(2020, 1, 1)
            Seat(body=found, person=getattr(w, username), duty=duty, voting=voting, since=since).save()
    return found


def board(w: Any) -> Body:
    return _body(w, ABOVE, "Басқарма", SEATS_ABOVE, None)


def council(w: Any, code: str = CODE, **rules: Any) -> Body:
    """Passes with two thirds of all who came, quorum one third, as the Council of N1 unless told otherwise."""
    values = {"passing": "two_thirds", "base": "present", "quorum": "third", **rules}
    return _body(w, code, "Академиялық кеңес", SEATS, board(w), **values)


def runner(w: Any, body: Body) -> Any:
    return w.board if body.code == ABOVE else w.dean


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def planned(w: Any, body: Body | None = None, by: str = "", **fields: Any) -> Meeting:
    body = body or council(w)
    who = getattr(w, by) if by else runner(w, body)
    values = {"starts_at": timezone.now() + HOUR, "venue": "А-201", **fields}
    return Meeting(body=body, **values).add(by=who)


def proposed(w: Any, body: Body | None = None, by: str = "staff", **fields: Any) -> AgendaItem:
    values = {
        "title": "Академиялық адалдық ережесі",
        "text": "Жобаны кафедра әзірледі.",
        "draft_decision": "Ережені бекіту.",
        **fields,
    }
    who = getattr(w, by)
    return AgendaItem(body=body or council(w), proposer=who, **values).add(by=who)


def on_agenda(w: Any, meeting: Meeting | None = None, item: AgendaItem | None = None, **fields: Any) -> AgendaItem:
    meeting = meeting or planned(w)
    item = item or proposed(w, meeting.body, **fields)
    return item_steps.put_on_agenda(item, by=runner(w, meeting.body), meeting=meeting.pk)


def invited(w: Any, **fields: Any) -> Meeting:
    meeting = planned(w, **fields)
    on_agenda(w, meeting)
    return meeting_steps.invite(meeting, by=w.dean)


def seat(body: Body, username: str) -> Seat:
    return Seat.objects.get(body=body, person__username=username)


def seats(body: Body, *usernames: str) -> list[int]:
    return [seat(body, username).pk for username in usernames]


def end_seat(body: Body, username: str) -> None:
    with door("import"):
        Seat.objects.filter(body=body, person__username=username).update(state="ended")


EVERYBODY = tuple(username for username, _duty, _voting in SEATS)


def about(w: Any, record: Any, verb: str, by: str = "staff", **fields: Any) -> AgendaItem:
    """Proposed to the Academic Council: the decision takes this step on the record ("capa.plan.endorse")."""
    body = council(w, code="academic_council", **fields)
    item = AgendaItem(body=body, proposer=getattr(w, by), title=str(record), draft_decision="Мақұлдау.")
    item.subject, item.verb = record, verb
    return item.add(by=getattr(w, by))


def in_the_vote(w: Any, item: AgendaItem) -> AgendaItem:
    """A proposed item is put on the agenda of a meeting where everybody has come, and voting on it is open."""
    meeting = planned(w, item.body)
    on_agenda(w, meeting, item)
    meeting_steps.invite(fresh(meeting), by=w.dean)
    came = seats(item.body, *EVERYBODY)
    meeting_steps.begin(fresh(meeting), by=w.dean, present=came, chaired_by=w.dean.pk, kept_by=w.council.pk)
    return item_steps.open_vote(fresh(item), by=w.dean)


def in_session(w: Any, *present: str, **fields: Any) -> Meeting:
    """Everybody has come unless it is said who."""
    meeting = invited(w, **fields)
    came = present or EVERYBODY
    return meeting_steps.begin(
        meeting, by=w.dean, present=seats(meeting.body, *came), chaired_by=w.dean.pk, kept_by=w.council.pk
    )


def discussed(w: Any, *present: str, **fields: Any) -> AgendaItem:
    """The first item of a meeting in session."""
    return in_session(w, *present, **fields).items.get(place=1)


def voting(w: Any, *present: str, **fields: Any) -> AgendaItem:
    return item_steps.open_vote(discussed(w, *present, **fields), by=w.dean)


def voted(w: Any, item: AgendaItem, **choices: str) -> AgendaItem:
    """`voted(w, item, head="for", staff="against")`; who steps aside says why."""
    for username, choice in choices.items():
        reason = "Менің жұмысым" if choice == "aside" else ""
        item_steps.vote(fresh(item), by=getattr(w, username), choice=choice, reason=reason)
    return fresh(item)


def all_for(w: Any, item: AgendaItem) -> AgendaItem:
    return voted(w, item, **dict.fromkeys(VOTERS, "for"))


def decided(w: Any, choices: dict[str, str] | None = None, **fields: Any) -> Decision:
    item = voting(w, **fields)
    item = all_for(w, item) if choices is None else voted(w, item, **choices)
    return item_steps.close_vote(item, by=w.dean).decision


def ended(w: Any) -> Meeting:
    meeting = decided(w).meeting
    return meeting_steps.close(fresh(meeting), by=w.dean)


def signed(w: Any) -> Meeting:
    meeting = ended(w)
    meeting_steps.sign(fresh(meeting), by=w.dean)
    return meeting_steps.sign(fresh(meeting), by=w.council)


def cancelled(w: Any) -> Meeting:
    return meeting_steps.cancel(invited(w), by=w.dean, reason="Залда жөндеу")


def written(w: Any, **fields: Any) -> Meeting:
    """A vote in writing whose days run, with one item in the vote."""
    now = timezone.now()
    values = {"in_writing": True, "starts_at": now - HOUR, "closes_at": now + 48 * HOUR, **fields}
    meeting = invited(w, **values)
    item_steps.open_vote(meeting.items.get(place=1), by=w.dean)
    return fresh(meeting)


def over(meeting: Meeting) -> Meeting:
    """The time of the vote in writing has passed."""
    with door("import"):
        Meeting.objects.filter(pk=meeting.pk).update(closes_at=timezone.now() - datetime.timedelta(seconds=1))
    return fresh(meeting)


# -- a body above takes a decision up ---------------------------------------------------------------------
CLAUSE = "Академиялық саясат, 4.2-тармақ"


def taking_up(w: Any, lower: Decision, verb: str = "annul", **fields: Any) -> AgendaItem:
    """The board has an item about the council's decision; the vote on it is open."""
    upper = board(w)
    item = AgendaItem(
        body=upper, proposer=w.auditor, title="Кеңес шешімін қарау", draft_decision="Шешімнің күшін жою.", **fields
    )
    item.subject, item.verb, item.clause = lower, f"bodies.decision.{verb}", CLAUSE
    item.add(by=w.auditor)
    meeting = planned(w, upper)
    on_agenda(w, meeting, item)
    meeting_steps.invite(fresh(meeting), by=w.board)
    came = seats(upper, "board", "hr", "auditor")
    meeting_steps.begin(fresh(meeting), by=w.board, present=came, chaired_by=w.board.pk, kept_by=w.hr.pk)
    return item_steps.open_vote(fresh(item), by=w.board)


def taken_up(w: Any, lower: Decision, verb: str = "annul", **fields: Any) -> Decision:
    """The board has decided so, with all votes; the lower decision is returned."""
    item = taking_up(w, lower, verb, **fields)
    voted(w, item, board="for", hr="for", auditor="for")
    item_steps.close_vote(fresh(item), by=w.board)
    return fresh(lower)
