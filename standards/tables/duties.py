"""Columns of the registers of duties and of their rules, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..duty_words import group_name, office_words, phase_badge, phase_word, timing_words


def _person(value: Any) -> str:
    return value.get_short_name() if value else ""


class DutyTable(Table):
    order = ("due_on", "pk")
    columns = (
        Column(
            "name",
            pgettext_lazy("by period", "Duty"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, f"{r.rule.basis} · {r.period_words}"),
            sort=("rule__place",),
            css="main",
            width=60,
        ),
        Column("basis", _("Legal basis"), lambda r: r.rule.basis, page=False),
        Column("period", _("Period"), lambda r: r.period, page=False),
        Column(
            "group",
            pgettext_lazy("of duties", "Group"),
            lambda r: str(group_name(r.rule.group)),
            sort=("rule__group",),
            page=False,
        ),
        Column("office", _("Who answers"), lambda r: office_words(r.rule), width=30),
        Column("unit", _("Unit"), lambda r: str(r.unit) if r.unit else "", sort=("unit__path",), width=30),
        Column(
            "opens",
            pgettext_lazy("date", "From"),
            lambda r: r.opens_on,
            lambda r: cells.date(r.opens_on),
            ("opens_on",),
            "date",
        ),
        Column(
            "due",
            pgettext_lazy("date", "By"),
            lambda r: r.due_on,
            lambda r: cells.due(r.due_on, r.deadline_counts),
            sort=("due_on",),
            css="date",
        ),
        Column("phase", _("State"), phase_word, phase_badge, sort=("state", "due_on")),
        Column("done", _("Done on"), lambda r: r.done_on, page=False),
        Column("done_by", _("Done by"), lambda r: _person(r.done_by), page=False),
        Column("first_due", _("First date"), lambda r: r.first_due, page=False),
        Column("note", _("Note"), lambda r: r.note, page=False, width=60),
    )


class DutyRuleTable(Table):
    order = ("place", "pk")
    columns = (
        Column(
            "name",
            pgettext_lazy("by period", "Duty"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, r.basis),
            sort=("place",),
            css="main",
            width=60,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("basis", _("Legal basis"), lambda r: r.basis, page=False),
        Column("group", pgettext_lazy("of duties", "Group"), lambda r: str(group_name(r.group)), sort=("group",)),
        Column("when", _("When"), timing_words, sort=("timing",), width=40),
        Column("scope", _("For whom"), lambda r: str(r.get_scope_display()), sort=("scope",)),
        Column("office", _("Who answers"), office_words, width=30),
        Column("standard", _("Standard"), lambda r: r.standard, sort=("standard",), css="narrow"),
        Column("paper", _("Paper"), lambda r: r.paper, page=False, width=40),
        Column("text", _("What is to be done"), lambda r: r.text, page=False, width=60),
    )
