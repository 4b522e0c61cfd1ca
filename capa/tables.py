"""Columns of the three registers, for page and export alike."""

from __future__ import annotations

import functools
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table

from .models import Severity


def severity(row: Any) -> Any:
    return _severity(row.severity, get_language())


@functools.lru_cache(maxsize=50)
def _severity(code: str, language: str | None) -> Any:
    return mark_safe(f'<span class="severity severity--{code}">{escape(Severity(code).label)}</span>')


def person(value: Any) -> str:
    return value.get_short_name() if value else ""


def progress(row: Any) -> str:
    """«2 / 3»: actions carried out of those not cancelled."""
    return f"{row.actions_done} / {row.actions_all}" if row.actions_all else "—"


class FindingTable(Table):
    order = ("-pk",)
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "title",
            _("Finding"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "requirement",
            _("Requirement"),
            lambda r: r.requirement.code if r.requirement else "",
            sort=("requirement__code",),
            css="nowrap",
        ),
        Column("severity", _("Severity"), lambda r: r.get_severity_display(), severity),
        Column(
            "found", _("Found"), lambda r: r.found_on, lambda r: cells.date(r.found_on), sort=("found_on",), css="date"
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("description", _("Description"), lambda r: r.description, page=False, width=80),
        Column("source", _("Source"), lambda r: r.get_source_kind_display(), page=False),
        Column("source_note", _("Source in words"), lambda r: r.source_note, page=False),
        Column("reporter", _("Who found it"), lambda r: person(r.reporter), page=False),
        Column("correction", _("Correction at once"), lambda r: r.correction, page=False, width=60),
        Column("cause", _("Cause"), lambda r: r.cause, page=False, width=60),
        Column("closed", _("Closed on"), lambda r: r.closed_on, page=False),
    )


class PlanTable(Table):
    order = ("-pk",)
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "finding",
            _("CAPA plan"),
            lambda r: r.finding.title,
            lambda r: cells.link(r.get_absolute_url(), r.finding.title, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("finding_number", _("Finding"), lambda r: r.finding.number, page=False),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column("progress", _("Actions done"), progress, css="num"),
        Column(
            "submitted",
            _("Submitted on"),
            lambda r: r.submitted_on,
            lambda r: cells.date(r.submitted_on),
            sort=("submitted_on",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("edition", _("Edition"), lambda r: r.edition, page=False),
        Column("cause", _("Cause"), lambda r: r.cause, page=False, width=80),
        Column("approved", _("Approved on"), lambda r: r.approved_on, page=False),
        Column("implemented", _("Carried out on"), lambda r: r.implemented_on, page=False),
        Column("verified", _("Verified on"), lambda r: r.verified_on, page=False),
        Column("check_on", _("Effect is checked on"), lambda r: r.check_on, page=False),
        Column("checked", _("Effect checked on"), lambda r: r.checked_on, page=False),
        Column("effect", _("Conclusion about the effect"), lambda r: r.effect_note, page=False, width=60),
    )


class ActionTable(Table):
    order = ("due", "pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "text",
            _("Action"),
            lambda r: r.text,
            lambda r: cells.link(r.get_absolute_url(), r.text, r.number),
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
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "due",
            _("Deadline"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.deadline_counts),
            sort=("due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), page=False),
        Column("first_due", _("First deadline"), lambda r: r.first_due, page=False),
        Column("proof", _("What will prove it"), lambda r: r.expected_proof, page=False, width=40),
        Column("done", _("What was done"), lambda r: r.done_note, page=False, width=60),
        Column("done_on", _("Carried out on"), lambda r: r.done_on, page=False),
        Column("finding", _("Finding"), lambda r: r.plan.finding.number, page=False),
    )


def served(record: Any) -> str:
    """Kind and number of what an action serves: its words stand on its own page, for those who see it."""
    return f"{capfirst(record._meta.verbose_name)} {getattr(record, 'number', record.pk)}" if record else ""


class LinkTable(Table):
    columns = (
        Column(
            "action",
            _("Action"),
            lambda r: r.action.text,
            lambda r: cells.link(r.get_absolute_url(), r.action.text[:200], r.action.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("number", _("No."), lambda r: r.action.number, page=False),
        Column("serves", _("It serves"), lambda r: served(r.record), width=40),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
    )
