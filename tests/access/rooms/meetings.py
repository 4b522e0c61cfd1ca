"""Rows and cases of meetings, agenda items and decisions."""

from __future__ import annotations

from typing import Any

from qa_portal.bodies.models import AgendaItem, Decision, Meeting
from qa_portal.bodies.workflow import items as item_steps
from tests.bodies import scenes

from ..cases import REASON, Case
from ..rows import Row, api, page, step_api, with_step

#: members of the council and those who see everything
MEMBERS = {"expert": 404, "stranger": 404}
#: of them only the chair and the secretary
RUN = {**MEMBERS, "staff": 403, "head": 403, "asb": 403, "board": 403, "admin": 403}


def meeting(made: Any) -> tuple[Any, ...]:
    return (made.meeting.pk,)


def item(made: Any) -> tuple[Any, ...]:
    return (made.item.pk,)


def decision(made: Any) -> tuple[Any, ...]:
    return (made.decision.pk,)


def pages(records: str, of: Any) -> list[Row]:
    return [
        page(f"bodies/{records}/"),
        page(f"bodies/{records}/<int:pk>/", of, **MEMBERS),
        page(f"bodies/{records}/<int:pk>/history/", of, **MEMBERS),
    ]


def endpoints(records: str, of: Any, *steps: str) -> list[Row]:
    return [
        api(f"api/v1/bodies/{records}/"),
        api(f"api/v1/bodies/{records}/<pk>/", of, **MEMBERS),
        api(f"api/v1/bodies/{records}/<pk>/history/", of, **MEMBERS),
        *[step_api(f"api/v1/bodies/{records}/<pk>/{step}/", of) for step in steps],
    ]


ROWS: list[Row] = [
    *pages("meetings", meeting),
    # the board's own chair calls its meetings
    page(
        "bodies/meetings/add/", board=200, **dict.fromkeys(("expert", "stranger", "staff", "head", "asb", "admin"), 403)
    ),
    page("bodies/meetings/<int:pk>/edit/", meeting, **RUN),
    page("bodies/meetings/<int:pk>/ics/", meeting, **MEMBERS),
    page("bodies/meetings/<int:pk>/agenda/", meeting, **MEMBERS),
    page("bodies/meetings/<int:pk>/print/", meeting, **MEMBERS),
    page("bodies/decisions/<int:pk>/print/", decision, **MEMBERS),
    page("bodies/meetings/many/<slug:step>/", lambda made: ("invite",), rest=405),
    page("bodies/meetings/<int:pk>/<slug:step>/", with_step(meeting, "cancel"), **RUN),
    *pages("items", item),
    page("bodies/items/add/", expert=403, stranger=403, board=200, admin=403),
    page("bodies/items/<int:pk>/edit/", item, **{**RUN, "staff": 200}),
    page("bodies/items/many/<slug:step>/", lambda made: ("put-on-agenda",), rest=405),
    page("bodies/items/<int:pk>/<slug:step>/", with_step(item, "put-on-agenda"), **RUN),
    *pages("decisions", decision),
    page("bodies/decisions/many/<slug:step>/", lambda made: ("uphold",), rest=405),
    page("bodies/decisions/<int:pk>/<slug:step>/", with_step(decision, "annul"), **RUN),
    *endpoints("meetings", meeting, "begin", "invite", "record-attendance", "close", "sign", "cancel"),
    *endpoints(
        "items",
        item,
        "put-on-agenda",
        "move-item",
        "decline",
        "withdraw",
        "postpone",
        "take-note",
        "open-vote",
        "vote",
        "record-vote",
        "close-vote",
    ),
    *endpoints("decisions", decision, "uphold", "change", "annul"),
]


def _begin(w: Any, record: Meeting) -> dict[str, Any]:
    return {"present": scenes.seats(record.body, *scenes.EVERYBODY), "chaired_by": w.dean.pk, "kept_by": w.council.pk}


def _attendance(w: Any, record: Meeting) -> dict[str, Any]:
    return {"present": scenes.seats(record.body, "dean", "council", "head")}


def _clear(w: Any) -> Meeting:
    """Everything was dealt with; it may close."""
    return scenes.decided(w).meeting


def _second(w: Any) -> AgendaItem:
    first = scenes.on_agenda(w)
    return scenes.on_agenda(w, first.meeting, title="Екінші мәселе")


def _withdrawn(w: Any) -> AgendaItem:
    return item_steps.withdraw(scenes.proposed(w), by=w.staff)


def _declined(w: Any) -> AgendaItem:
    return item_steps.decline(scenes.proposed(w), by=w.dean, reason="Өкілеттікте жоқ")


def _closed_vote(w: Any) -> AgendaItem:
    return scenes.fresh(scenes.decided(w).item)


def _refused(w: Any) -> Decision:
    return scenes.decided(w, {"dean": "against"})


def _overruling(w: Any, record: Decision) -> dict[str, Any]:
    """The decision of the board that speaks; here it was no more than noted, so that the step is still due."""
    about = AgendaItem(body=scenes.board(w), proposer=w.auditor, title="Қарау", draft_decision="Күшін жою.")
    about.subject, about.clause = record, scenes.CLAUSE
    about.add(by=w.auditor)
    upper = scenes.planned(w, scenes.board(w))
    figures = {"seats": 3, "present": 3, "base": 3, "votes_for": 3, "votes_against": 0, "abstained": 0}
    with scenes.door("import"):
        made = Decision(
            item=about, body=about.body, meeting=upper, number="1.1", text="Күшін жою.", passed=True, **figures
        )
        made.save()
    return {"clause": scenes.CLAUSE, "overruling": made.pk, "text": "Қайта қарау."}


#: the board's word, which nobody has by hand
SPEAKS = frozenset({scenes.ABOVE})


def _by_decision(step: str, due: Any = scenes.decided) -> Case:
    return Case(step, due, "", "dean", lambda w: scenes.taken_up(w, scenes.decided(w)), _overruling, SPEAKS)


CASES: list[Case] = [
    Case("meeting.begin", scenes.invited, "council", "head", scenes.ended, _begin),
    Case("meeting.invite", lambda w: scenes.on_agenda(w).meeting, "dean", "head", scenes.in_session),
    Case("meeting.record_attendance", scenes.in_session, "council", "staff", scenes.invited, _attendance),
    Case("meeting.close", _clear, "dean", "asb", lambda w: scenes.planned(w)),
    Case("meeting.sign", scenes.ended, "dean", "head", scenes.in_session),
    Case("meeting.cancel", scenes.invited, "council", "head", scenes.in_session, lambda w, r: REASON),
    Case(
        "item.put_on_agenda",
        scenes.proposed,
        "council",
        "staff",
        _declined,
        lambda w, r: {"meeting": scenes.planned(w).pk},
    ),
    Case("item.move_item", _second, "dean", "council", scenes.proposed, lambda w, r: {"place": 1}),
    Case("item.decline", scenes.proposed, "dean", "council", lambda w: scenes.on_agenda(w), lambda w, r: REASON),
    Case("item.withdraw", scenes.proposed, "staff", "dean", scenes.voting),
    Case("item.postpone", lambda w: scenes.on_agenda(w), "council", "staff", scenes.proposed, lambda w, r: REASON),
    Case("item.take_note", scenes.discussed, "council", "staff", scenes.voting, lambda w, r: {"note": "Тыңдалды"}),
    Case("item.open_vote", scenes.discussed, "dean", "head", lambda w: scenes.on_agenda(w)),
    Case(
        "item.vote",
        scenes.voting,
        "head2",
        "coordinator",
        _closed_vote,
        lambda w, r: {"choice": "aside", "reason": "Менің жұмысым"},
    ),
    Case(
        "item.record_vote",
        scenes.voting,
        "council",
        "head",
        _closed_vote,
        lambda w, r: {"seat": scenes.seat(r.body, "staff").pk, "choice": "for", "reason": "Дауыстап айтты"},
    ),
    Case("item.close_vote", scenes.voting, "council", "staff", scenes.discussed),
    _by_decision("decision.uphold"),
    _by_decision("decision.change"),
    _by_decision("decision.annul"),
]
STATES: list[Any] = [
    lambda w: scenes.planned(w),
    scenes.invited,
    scenes.in_session,
    scenes.written,
    scenes.ended,
    scenes.signed,
    scenes.cancelled,
    scenes.proposed,
    _declined,
    _withdrawn,
    lambda w: scenes.on_agenda(w),
    scenes.voting,
    lambda w: scenes.written(w).items.get(),
    _closed_vote,
    scenes.decided,
    _refused,
    lambda w: scenes.taken_up(w, scenes.decided(w)),
]
PLACES: dict[type, str] = {Meeting: "meetings", AgendaItem: "items", Decision: "decisions"}


def make(made: Any, world: Any) -> None:
    """A meeting to come with an agenda, an item waiting, a decision."""
    made.decision = scenes.decided(world)
    made.meeting = scenes.invited(world)
    made.item = scenes.proposed(world, title="Күтіп тұрған мәселе")
