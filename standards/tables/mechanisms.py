"""Columns of the registers of mechanisms and their years, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..aims import tally
from ..models import Effect


def _standards(row: Any) -> str:
    return ", ".join(row.standards)


def _state_words(row: Any) -> str:
    """How this year's records stand: «Medicine: Check»."""
    return "; ".join(
        f"{year.unit}: {year.state_label}" if year.unit_id else str(year.state_label) for year in row.this_year
    )


def _states(row: Any) -> Any:
    lines = ((year.get_absolute_url(), year.unit or year.year, cells.state(year)) for year in row.this_year)
    found = format_html_join("", '<div class="row-line"><a href="{}">{}</a> {}</div>', lines)
    return format_html("<div>{}</div>", found) if found else "—"


def judgement(row: Any) -> str:
    """The newest conclusion of a quality unit, with its day."""
    return f"{Effect(row.last_effect).label} · {cells.date(row.last_judged_on)}" if row.last_effect else ""


class MechanismTable(Table):
    order = ("place", "pk")
    columns = (
        Column(
            "name",
            _("Mechanism"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, r.code),
            sort=("place",),
            css="main",
            width=50,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), sort=("kind",)),
        Column("doer", _("Who carries it out"), lambda r: r.doer, width=40),
        Column("state", _("This year"), _state_words, _states),
        Column("judged", _("Last judgement"), judgement, sort=("last_judged_on",)),
        Column("standards", _("Standards"), _standards),
        Column("text", _("What it is"), lambda r: r.text, page=False, width=60),
        Column("governing", _("What governs it"), lambda r: r.governing, page=False, width=40),
        Column("clause", _("Source"), lambda r: r.clause, page=False),
    )


def _conclusions(row: Any) -> str:
    return "; ".join(f"{found.speaker}: {found.get_effect_display()}" for found in row.conclusions.all())


class MechanismYearTable(Table):
    order = ("-year", "mechanism__place", "pk")
    columns = (
        Column(
            "mechanism",
            _("Mechanism"),
            lambda r: r.mechanism.name,
            lambda r: cells.link(r.get_absolute_url(), r.mechanism.name, f"{r.mechanism.code} · {r.year}"),
            sort=("mechanism__place",),
            css="main",
            width=50,
        ),
        Column("code", _("Code"), lambda r: r.mechanism.code, page=False),
        Column("year", _("Year"), lambda r: r.year, sort=("year",), css="num"),
        Column("unit", pgettext_lazy("place", "Where"), lambda r: r.where, sort=("unit__path",), width=30),
        Column("doer", _("Who carries it out"), lambda r: str(r.doer or ""), width=30),
        Column(
            "due",
            _("Deadline"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.deadline_counts),
            sort=("due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("aims", _("Aims"), lambda r: tally(r).words),
        Column("conclusions", _("Conclusions"), _conclusions, width=40),
        Column("planned", _("Plan"), lambda r: r.planned, page=False, width=60),
        Column("done", _("What was done"), lambda r: r.done, page=False, width=60),
        Column("acted", _("What is changed"), lambda r: r.acted, page=False, width=60),
        Column("done_on", _("Carried out on"), lambda r: r.done_on, page=False),
        Column("closed_on", _("Closed on"), lambda r: r.closed_on, page=False),
    )
