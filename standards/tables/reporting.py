"""Columns of the register of reports, for page and export alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table


class ReportTable(Table):
    order = ("-year", "-pk")
    columns = (
        Column("number", _("No."), lambda r: r.number, page=False),
        Column(
            "title",
            _("Report"),
            lambda r: r.heading,
            lambda r: cells.link(r.get_absolute_url(), r.heading, r.number),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("kind", _("Kind"), lambda r: str(r.kind), sort=("kind__place",), width=40),
        Column("unit", _("Unit"), lambda r: str(r.unit) if r.unit else "", sort=("unit__path",), width=30),
        Column("year", _("Year"), lambda r: r.year, lambda r: str(r.year), sort=("year", "pk"), css="number"),
        Column(
            "published",
            _("Published on"),
            lambda r: r.published_on,
            lambda r: cells.date(r.published_on),
            ("published_on",),
            "date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("since", _("From"), lambda r: r.since, page=False),
        Column("until", _("To"), lambda r: r.until, page=False),
        Column("basis", _("Decision"), lambda r: r.basis, page=False, width=40),
        Column("approved_on", _("Approved on"), lambda r: r.approved_on, page=False),
    )
