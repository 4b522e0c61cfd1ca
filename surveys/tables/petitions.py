"""Columns of the register of petitions: never a name or an address of an author, on the page or in an export."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


def _person(value: Any) -> str:
    return value.get_short_name() if value else ""


class PetitionTable(Table):
    order = ("-received_on", "-pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "subject",
            _("About what"),
            lambda r: r.subject,
            lambda r: cells.link(r.get_absolute_url(), r.subject, r.number),
            sort=("subject",),
            css="main",
            width=60,
        ),
        Column("kind", _("Kind"), lambda r: str(r.get_kind_display()), sort=("kind",), width=24),
        Column("unit", _("Unit"), lambda r: str(r.unit or ""), sort=("unit__path",), width=30),
        Column(
            "owner",
            _("Who answers"),
            lambda r: _person(r.owner),
            sort=(alphabetical("owner__last_name_kk"), alphabetical("owner__first_name_kk")),
        ),
        Column(
            "received",
            _("Received on"),
            lambda r: r.received_on,
            lambda r: cells.date(r.received_on),
            sort=("received_on",),
            css="date",
        ),
        Column(
            "due",
            _("Answer due on"),
            lambda r: r.due_on,
            lambda r: cells.due(r.due_on, r.deadline_counts),
            sort=("due_on",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("outcome", _("Outcome"), lambda r: str(r.get_outcome_display()), sort=("outcome",)),
        Column("area", _("Standard or area"), lambda r: r.area, sort=("area",), page=False),
        Column("way", _("How it came"), lambda r: str(r.get_way_display()), page=False),
        Column("answered", _("Answered on"), lambda r: r.answered_on, page=False),
        Column("note", _("Why, or what was done"), lambda r: r.outcome_note, page=False, width=60),
        Column("link", _("Link to what was done"), lambda r: r.outcome_link, page=False, width=40),
    )
