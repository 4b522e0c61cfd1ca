"""Columns of the registers of assignments, dispatches, requests and proposals, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


def person(value: Any) -> str:
    return value.get_short_name() if value else ""


def _due(row: Any) -> Any:
    return cells.due(row.due, row.deadline_counts)


_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))
_NUMBER = Column("number", _("No."), lambda r: r.number, page=False)
_UNIT = Column("unit", _("Unit"), lambda r: str(r.unit) if r.unit else "", sort=("unit__path",), width=30)


class AssignmentTable(Table):
    order = ("due", "pk")
    columns = (
        _NUMBER,
        Column(
            "text",
            _("Assignment"),
            lambda r: r.text,
            lambda r: cells.link(r.get_absolute_url(), r.brief, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column(
            "owner",
            _("Who does it"),
            lambda r: person(r.owner),
            sort=(alphabetical("owner__last_name_kk"), alphabetical("owner__first_name_kk")),
        ),
        _UNIT,
        Column("body", _("Body"), lambda r: str(r.decision.body), width=30),
        Column("due", _("Deadline"), lambda r: r.due, _due, sort=("due",), css="date"),
        _STATE,
        Column("decision", _("Decision"), lambda r: r.decision.number, page=False),
        Column("decided", _("Decided on"), lambda r: r.decision.decided_on, page=False),
        Column("first_due", _("First deadline"), lambda r: r.first_due, page=False),
        Column("done", _("What was done"), lambda r: r.done_note, page=False, width=60),
        Column("done_on", _("Carried out on"), lambda r: r.done_on, page=False),
        Column("accepted_on", _("Accepted on"), lambda r: r.accepted_on, page=False),
    )


class DispatchTable(Table):
    order = ("-sent_on", "-pk")
    columns = (
        Column(
            "title",
            _("What is sent"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("body", _("Body"), lambda r: str(r.body), sort=("body",), width=30),
        Column("sender", _("Sent by"), lambda r: person(r.sent_by)),
        Column("sent", _("Sent on"), lambda r: r.sent_on, lambda r: cells.date(r.sent_on), ("sent_on",), "date"),
        Column(
            "received",
            _("Received on"),
            lambda r: r.received_on,
            lambda r: cells.date(r.received_on),
            ("received_on",),
            "date",
        ),
        Column("entry", _("Number of entry"), lambda r: r.entry_number, css="nowrap"),
        _STATE,
        Column("note", _("Note"), lambda r: r.note, page=False, width=60),
    )


class RequestTable(Table):
    columns = (
        _NUMBER,
        Column(
            "what",
            _("What is asked"),
            lambda r: r.what,
            lambda r: cells.link(r.get_absolute_url(), r.brief, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        _UNIT,
        Column("asked_by", _("Asked by"), lambda r: person(r.asked_by)),
        Column("due", _("Answer by"), lambda r: r.due, _due, sort=("due",), css="date"),
        _STATE,
        Column("why", _("What it is for"), lambda r: r.why, page=False, width=40),
        Column("answer", _("Answer"), lambda r: r.answer, page=False, width=60),
        Column("answered_on", _("Answered on"), lambda r: r.answered_on, page=False),
    )


class AdviceTable(Table):
    columns = (
        _NUMBER,
        Column(
            "title",
            _("Proposal"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("to", _("To whom"), lambda r: str(r.body or r.unit), width=30),
        Column("proposer", _("Proposed by"), lambda r: person(r.proposer)),
        Column("due", _("Answer by"), lambda r: r.due, _due, sort=("due",), css="date"),
        _STATE,
        Column("text", _("Grounds and expected result"), lambda r: r.text, page=False, width=60),
        Column("answer", _("Answer"), lambda r: r.answer, page=False, width=60),
        Column("answered_on", _("Answered on"), lambda r: r.answered_on, page=False),
    )
