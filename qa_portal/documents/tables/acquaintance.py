"""Columns of the register of acquaintances, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


def _numbered(row: Any) -> str:
    return f"{row.version.document.number} · {row.version.label}".strip(" ·")


class AcquaintanceTable(Table):
    # What is still to be read stands first, the longest overdue on top; then what was read, newest first.
    order = (Case(When(state="waiting", then=0), default=1), Case(When(state="waiting", then="due")), "-due", "pk")
    columns = (
        Column("number", _("No."), lambda r: r.version.document.number, page=False),
        Column(
            "document",
            _("Document"),
            lambda r: r.version.document.title,
            lambda r: cells.link(r.get_absolute_url(), r.version.document.title, _numbered(r)),
            sort=("version__document__number", "version"),
            css="main",
            width=60,
        ),
        Column("version", _("Version"), lambda r: r.version.label, page=False),
        Column(
            "person",
            _("Who reads"),
            lambda r: r.person.get_short_name(),
            sort=(alphabetical("person__last_name_kk"), alphabetical("person__first_name_kk")),
            width=30,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit) if r.unit else "", sort=("unit__path",), width=30),
        Column(
            "due",
            _("To be read by"),
            lambda r: r.due,
            lambda r: cells.due(r.due, r.state == r.WAITING),
            sort=("due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column(
            "read",
            _("Read on"),
            lambda r: r.confirmed_at,
            lambda r: cells.date(r.confirmed_at),
            sort=("confirmed_at",),
            css="date",
        ),
        Column("asked", _("Asked on"), lambda r: r.opened_on, page=False),
        Column("why", _("Why asked"), lambda r: r.get_why_display(), page=False),
    )
