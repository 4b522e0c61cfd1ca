"""What the tests of assignments, dispatches, requests and proposals live in: one body with seats and one decision.

The body has a kind and a code of its own, so that it stands beside whatever bodies other scenes make in the same world.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from qa_portal.bodies.models import (
    AgendaItem,
    Assignment,
    Body,
    BodyKind,
    Decision,
    Dispatch,
    InformationRequest,
    Meeting,
    QualityProposal,
    Seat,
)
from qa_portal.bodies.workflow import advice as advice_steps
from qa_portal.bodies.workflow import assignment as assignment_steps
from qa_portal.bodies.workflow import dispatch as dispatch_steps
from qa_portal.bodies.workflow import request as request_steps
from qa_portal.workflow.writing import door

CODE = "work_body"
SEATS = (("dean", "chair"), ("council", "secretary"), ("hr", "member"))

#: the rule as a decision keeps it
RULE = {
    "passing": "majority",
    "base": "voting",
    "quorum": "half",
    "aside_counts": True,
    "remote_base": "seats",
    "in_writing": False,
    "clause": "",
}


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def body(w: Any, code: str = CODE, seats: tuple[tuple[str, str], ...] = SEATS) -> Body:
    """The body with its chair (dean), secretary (council) and a member (hr); made once."""
    found = Body.objects.filter(code=code).first()
    if found is not None:
        return found
    kind, _made = BodyKind.objects.get_or_create(code=f"{code}_kind", defaults={"name": "Әдістемелік кеңес"})
    with door("import"):
        found = Body(code=code, kind=kind, unit=w.university)
        found.name_kk, found.name_ru, found.name_en = "Әдістемелік кеңес", "Методический совет", "Methods council"
        found.save()
        for username, duty in seats:
            Seat(body=found, person=getattr(w, username), duty=duty, since=datetime.date(2020, 1, 1)).save()
    return found


def decision(w: Any, of: Body | None = None, **fields: Any) -> Decision:
    of = of or body(w)
    with door("import"):
        number = Meeting.objects.filter(body=of).count() + 1
        starts = timezone.now() - datetime.timedelta(hours=2)
        meeting = Meeting(body=of, number=number, year=starts.year, starts_at=starts)
        meeting.save()
        item = AgendaItem(
            body=of,
            meeting=meeting,
            place=1,
            title="Есеп",
            draft_decision="Бекітілсін",
            proposer=w.hr,
            state=AgendaItem.DECIDED,
        )
        item.save()
        values = {
            "number": f"{number}.1",
            "text": "Есеп бекітілсін",
            "passed": True,
            "seats": 3,
            "present": 3,
            "base": 3,
            "votes_for": 3,
            "votes_against": 0,
            "abstained": 0,
            "rule": RULE,
            **fields,
        }
        found = Decision(item=item, body=of, meeting=meeting, **values)
        found.save()
    return found


# -- assignments ------------------------------------------------------------------------------
def assignment(
    w: Any, owner: str = "staff", by: str = "council", of: Decision | None = None, **fields: Any
) -> Assignment:
    values = {"text": "Силлабустарды тексеру", "due": in_days(20), **fields}
    return Assignment(decision=of or decision(w), owner=getattr(w, owner), **values).add(by=getattr(w, by))


def carried_out(w: Any, **options: Any) -> Assignment:
    found = assignment(w, **options)
    assignment_steps.carry_out(found, by=found.owner, note="Тексерілді")
    return found


def accepted(w: Any) -> Assignment:
    found = carried_out(w)
    assignment_steps.accept(found, by=w.council)
    return found


# -- dispatches --------------------------------------------------------------------------------
def dispatch(w: Any, by: str = "staff", **fields: Any) -> Dispatch:
    who = getattr(w, by)
    return Dispatch(body=body(w), title="Кафедраның жылдық есебі", sent_by=who, **fields).add(by=who)


def received(w: Any) -> Dispatch:
    found = dispatch(w)
    dispatch_steps.acknowledge(found, by=w.council, entry_number="12-07")
    return found


# -- requests ------------------------------------------------------------------------------------
def request(w: Any, unit: Any = None, by: str = "asb", **fields: Any) -> InformationRequest:
    who = getattr(w, by)
    values = {"what": "Жүктеме туралы мәлімет", "due": in_days(10), **fields}
    return InformationRequest(unit=unit or w.department, asked_by=who, **values).add(by=who)


def answered(w: Any, **options: Any) -> InformationRequest:
    found = request(w, **options)
    request_steps.answer(found, by=w.head, note="Мәлімет тіркелді", link="https://example.org/table")
    return found


def closed_request(w: Any) -> InformationRequest:
    found = answered(w)
    request_steps.accept(found, by=w.asb)
    return found


# -- proposals --------------------------------------------------------------------------------------
def proposal(w: Any, by: str = "asb", to_body: bool = False, **fields: Any) -> QualityProposal:
    who = getattr(w, by)
    to = {"body": body(w)} if to_body else {"unit": w.department}
    values = {"title": "Сауалнаманы жаңарту", "text": "Сұрақтар ескірген", "due": in_days(10), **to, **fields}
    return QualityProposal(proposer=who, **values).add(by=who)


def taken_up(w: Any) -> QualityProposal:
    found = proposal(w)
    advice_steps.accept(found, by=w.head, note="Келісеміз")
    return found


def declined(w: Any) -> QualityProposal:
    found = proposal(w)
    advice_steps.decline(found, by=w.head, reason="Биыл жаңартылған")
    return found
