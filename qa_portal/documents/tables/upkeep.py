"""Columns of the registers of upkeep, for page and export alike."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


def name(value: Any) -> str:
    return value.get_short_name() if value else ""


def verdict_due(row: Any) -> datetime.date | None:
    """The day that counts now: of the verdict, later of what was decided."""
    return row.review.due if row.state in ("waiting", "judged") else row.until


def _dated(key: str, label: Any, get: Any, sort: tuple[Any, ...] = (), page: bool = True) -> Column:
    return Column(key, label, get, lambda r: cells.date(get(r)), sort=sort, css="date", page=page)


class ReviewTable(Table):
    order = ("-pk",)
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "title",
            _("Conformity review"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("cause", _("Cause"), lambda r: r.get_cause_display(), sort=("cause",), width=30),
        _dated("opened", _("Opened on"), lambda r: r.opened_on, ("opened_on",)),
        Column(
            "due",
            _("Verdicts by"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.state == r.OPEN),
            sort=("due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("note", _("What changed and from when"), lambda r: r.note, page=False, width=60),
        Column("closed", _("Closed on"), lambda r: r.closed_on, page=False),
    )


class VerdictTable(Table):
    order = ("-pk",)
    columns = (
        Column("document_number", _("Number of the document"), lambda r: r.document.number, page=False),
        Column(
            "document",
            _("Document"),
            lambda r: r.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.document.title, r.document.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("review", _("Conformity review"), lambda r: r.review.number, sort=("review__number",), css="nowrap"),
        Column("unit", _("Owner unit"), lambda r: str(r.document.unit or ""), sort=("document__unit__path",), width=30),
        Column("verdict", _("Verdict"), lambda r: r.get_verdict_display(), sort=("verdict",)),
        Column(
            "due",
            _("Deadline"),
            verdict_due,
            lambda r: cells.due(verdict_due(r), r.state in ("waiting", "decided")),
            sort=("until",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("why", _("Why it is listed"), lambda r: r.why_listed, page=False, width=40),
        Column("note", _("Grounds"), lambda r: r.note, page=False, width=60),
        Column("judged", _("Verdict on"), lambda r: r.judged_on, page=False),
        Column("decision", _("Decision"), lambda r: r.decision, page=False, width=60),
        Column("decided", _("Decided on"), lambda r: r.decided_on, page=False),
        Column("done", _("Done on"), lambda r: r.done_on, page=False),
    )


class ProposalTable(Table):
    order = ("-pk",)
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "document",
            _("Proposal to change"),
            lambda r: r.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.document.title, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("section", _("Section or clause"), lambda r: r.section),
        Column("unit", _("Unit that proposes"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "proposer",
            _("Proposed by"),
            lambda r: name(r.proposer),
            sort=(alphabetical("proposer__last_name_kk"), alphabetical("proposer__first_name_kk")),
        ),
        _dated("filed", _("Filed on"), lambda r: r.created_at, ("created_at",)),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("text", _("What should be changed"), lambda r: r.text, page=False, width=60),
        Column("reason", pgettext_lazy("grounds", "Why"), lambda r: r.reason, page=False, width=60),
        Column("answer", _("Answer"), lambda r: r.answer, page=False, width=60),
        Column("answered", _("Answered on"), lambda r: r.answered_on, page=False),
    )


class CopyTable(Table):
    order = ("-pk",)
    columns = (
        Column(
            "document",
            _("Document"),
            lambda r: r.version.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.version.document.title, r.version.document.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column(
            "version",
            _("Version"),
            lambda r: f"{r.version.label} · {r.version.state_label}",
            sort=("version__major", "version__minor"),
        ),
        Column("number", _("Copy No."), lambda r: r.number, sort=("number",), css="num"),
        Column(
            "holder",
            pgettext_lazy("of a paper copy", "Holder"),
            lambda r: name(r.holder),
            sort=(alphabetical("holder__last_name_kk"), alphabetical("holder__first_name_kk")),
        ),
        Column("where", _("Where it is kept"), lambda r: r.where),
        _dated("given", _("Handed out on"), lambda r: r.given_on, ("given_on",)),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        _dated("ended", _("Given back or lost on"), lambda r: r.ended_on, page=False),
    )
