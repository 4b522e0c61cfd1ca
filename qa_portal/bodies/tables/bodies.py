"""Columns of the registers of bodies, seats and elections, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


def chair(body: Any) -> str:
    return body.chairs[0].person.get_short_name() if body.chairs else ""


def _seats(body: Any) -> str:
    """«12 · 9»: seats held, of them with a vote."""
    return f"{body.seats_held} · {body.seats_voting}"


class BodyTable(Table):
    order = ("kind__place", "unit__path", "pk")
    columns = (
        Column(
            "name",
            _("Body"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name),
            sort=(alphabetical("name_kk"),),
            css="main",
            width=60,
        ),
        Column("kind", _("Kind"), lambda r: r.kind.name, sort=("kind__place",), width=40),
        Column("unit", _("Belongs to"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column("chair", _("Chair"), chair, width=30),
        Column("held", _("Seats · with a vote"), _seats, css="num", sort=("seats_held",)),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("voting", _("Seats with a vote"), lambda r: r.seats_voting, page=False),
        Column("above", _("Body above"), lambda r: str(r.above) if r.above else "", page=False, width=40),
        Column("founding", _("Founding decision"), lambda r: r.founding_decision, page=False, width=40),
        Column("founded", _("Founded on"), lambda r: r.founded_on, page=False),
        Column("passing", _("Passes with"), lambda r: r.get_passing_display(), page=False, width=30),
        Column("base", _("Base"), lambda r: r.get_base_display(), page=False, width=30),
        Column("quorum", _("Quorum"), lambda r: r.get_quorum_display(), page=False, width=30),
        Column("clause", _("Source clause of the rule"), lambda r: r.rule_clause, page=False),
        Column("remit", _("Remit"), lambda r: r.remit, page=False, width=80),
    )


class SeatTable(Table):
    order = ("body__kind__place", "body__unit__path", "pk")
    columns = (
        Column(
            "person",
            _("Who sits"),
            lambda r: r.person.get_full_name(),
            lambda r: cells.link(r.get_absolute_url(), r.person.get_full_name(), str(r.body)),
            sort=(alphabetical("person__last_name_kk"), alphabetical("person__first_name_kk")),
            css="main",
            width=40,
        ),
        Column("body", _("Body"), lambda r: str(r.body), page=False, width=50),
        Column("duty", _("Duty"), lambda r: r.get_duty_display(), sort=("duty",)),
        Column("group", _("Group"), lambda r: r.get_group_display(), sort=("group",)),
        Column("voting", _("Vote"), lambda r: str(vote_word(r)), sort=("voting",)),
        Column("since", _("From"), lambda r: r.since, lambda r: cells.date(r.since), sort=("since",), css="date"),
        Column("until", _("To"), lambda r: r.until, lambda r: cells.date(r.until), sort=("until",), css="date"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("basis", _("Basis"), lambda r: r.basis, page=False, width=40),
    )


def vote_word(seat: Any) -> Any:
    return _("with a vote") if seat.voting else _("without a vote")


class ElectionTable(Table):
    order = ("-closes_on", "-pk")
    columns = (
        Column(
            "title",
            _("Election"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, str(r.body)),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("body", _("Body"), lambda r: str(r.body), page=False, width=50),
        Column("electorate", _("Who elects"), lambda r: str(r.electorate), sort=("electorate__path",), width=30),
        Column("seats", _("Seats"), lambda r: r.seats, css="num"),
        Column(
            "closes",
            _("Voting closes"),
            lambda r: r.closes_on,
            lambda r: cells.due(r.closes_on, r.state == r.OPEN),
            sort=("closes_on",),
            css="date",
        ),
        Column("turnout", _("Voted"), lambda r: f"{r.turnout} / {r.voters}" if r.voters else "—", css="num"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("group", _("Group"), lambda r: r.get_group_display(), page=False),
        Column("from", _("Term from"), lambda r: r.term_from, page=False),
        Column("until", _("Term to"), lambda r: r.term_until, page=False),
        Column("counted", _("Counted on"), lambda r: r.counted_on, page=False),
    )
