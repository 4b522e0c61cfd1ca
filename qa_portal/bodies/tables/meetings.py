"""Columns of the registers of meetings, agenda items and decisions, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..models import Decision


def _name(person: Any) -> str:
    return person.get_short_name() if person else ""


def _local(moment: Any) -> Any:
    """Spreadsheets know no time zones: the university's time, without its name."""
    return timezone.localtime(moment).replace(tzinfo=None) if moment else None


def result(decision: Decision) -> Any:
    return cells.badge(decision.result, *(("done", "check") if decision.passed else ("draft", "x")))


def figures(decision: Decision) -> str:
    """«7 · 2 · 1»: for, against, abstained."""
    return f"{decision.votes_for} · {decision.votes_against} · {decision.abstained}"


class MeetingTable(Table):
    order = ("-starts_at", "-pk")
    columns = (
        Column(
            "starts",
            _("When"),
            lambda r: _local(r.starts_at),
            lambda r: cells.link(r.get_absolute_url(), cells.date(r.starts_at), f"№ {r.number}"),
            sort=("starts_at",),
            css="main",
        ),
        Column("number", _("No."), lambda r: r.number, page=False),
        Column("body", _("Body"), lambda r: str(r.body), sort=("body__kind__place", "body_id"), width=40),
        Column(
            "venue",
            pgettext_lazy("of a meeting", "Place"),
            lambda r: _("vote in writing") if r.in_writing else r.venue,
            width=30,
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("closes", _("Voting closes"), lambda r: _local(r.closes_at), page=False),
        Column("seats", _("Seats"), lambda r: r.seats_all or None, page=False),
        Column("chaired", _("Chaired by"), lambda r: _name(r.chaired_by), page=False),
        Column("kept", _("Minutes by"), lambda r: _name(r.kept_by), page=False),
    )


class ItemTable(Table):
    order = ("-pk",)
    columns = (
        Column(
            "title",
            _("Question"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("body", _("Body"), lambda r: str(r.body), sort=("body__kind__place", "body_id"), width=40),
        Column(
            "meeting",
            _("Meeting"),
            lambda r: f"№ {r.meeting.number}, {cells.date(r.meeting.starts_at)}" if r.meeting else "",
            sort=("meeting__starts_at",),
        ),
        Column("place", _("No."), lambda r: r.place or None, css="num"),
        Column("proposer", _("Proposed by"), lambda r: _name(r.proposer)),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("decides", _("What it decides"), lambda r: str(r.decides), page=False, width=40),
        Column("draft", _("Proposed decision"), lambda r: r.draft_decision, page=False, width=60),
    )


class DecisionTable(Table):
    order = ("-decided_on", "-pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "title",
            _("Decision"),
            lambda r: r.item.title,
            lambda r: cells.link(r.get_absolute_url(), r.item.title, f"№ {r.number}"),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("body", _("Body"), lambda r: str(r.body), sort=("body__kind__place", "body_id"), width=40),
        Column(
            "decided",
            _("Decided on"),
            lambda r: r.decided_on,
            lambda r: cells.date(r.decided_on),
            sort=("decided_on",),
            css="date",
        ),
        Column("passed", _("Result"), lambda r: str(r.result), result, sort=("passed",)),
        Column("votes", _("For · against · abstained"), figures, css="nowrap"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, css="wraps", sort=("state",)),
        Column("seats", _("Seats"), lambda r: r.seats, page=False),
        Column("present", _("Present"), lambda r: r.present, page=False),
        Column("base", _("Base"), lambda r: r.base, page=False),
        Column("for", _("For"), lambda r: r.votes_for, page=False),
        Column("against", _("Against"), lambda r: r.votes_against, page=False),
        Column("abstained", _("Abstained"), lambda r: r.abstained, page=False),
        Column("aside", _("Stepped aside"), lambda r: r.aside, page=False),
        Column("text", _("Text of the decision"), lambda r: r.text, page=False, width=80),
        Column("clause", _("Breached clause"), lambda r: r.clause, page=False, width=40),
    )
