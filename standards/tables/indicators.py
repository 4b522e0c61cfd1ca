"""Columns of the registers of sets and indicators: page and export."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

#: "S10" stands after "S9"
BY_STANDARD = Length("standard")
STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",), css="wraps")


def _place(row: Any) -> str:
    return row.area or row.standard


class IndicatorSetTable(Table):
    order = ("-version",)
    columns = (
        Column(
            "title",
            _("Set of indicators"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title),
            sort=("title",),
            css="main",
            width=50,
        ),
        Column("version", _("Version"), lambda r: r.version, sort=("version",), css="number"),
        Column("indicators", _("Indicators"), lambda r: r.size, css="number"),
        Column(
            "valid_from", _("In force from"), lambda r: r.valid_from, lambda r: cells.date(r.valid_from), css="date"
        ),
        Column(
            "approved_on", _("Approved on"), lambda r: r.approved_on, lambda r: cells.date(r.approved_on), css="date"
        ),
        STATE,
        Column("basis", _("Decision"), lambda r: r.basis, page=False, width=40),
        Column("note", _("What is new in it"), lambda r: r.note, page=False, width=60),
    )


class IndicatorTable(Table):
    order = (BY_STANDARD, "standard", "code")
    columns = (
        Column(
            "name",
            _("Indicator"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, r.code),
            sort=("code",),
            css="main",
            width=60,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column(
            "standard",
            _("Standard"),
            lambda r: r.standard,
            _place,
            sort=(BY_STANDARD, "standard", "area", "code"),
            css="nowrap",
        ),
        Column("area", _("Evaluation area"), lambda r: r.area, page=False),
        Column("measure", _("Unit of measure"), lambda r: str(r.get_measure_display())),
        Column("direction", _("Direction"), lambda r: str(r.get_direction_display())),
        Column("period", _("Period"), lambda r: str(r.get_period_display()), sort=("period",)),
        Column(
            "responsible", _("Responsible unit"), lambda r: str(r.responsible), sort=("responsible__path",), width=30
        ),
        Column("computed", _("Computed by the portal"), lambda r: _("yes") if r.formula else "", page=False),
        STATE,
        Column("text", _("Definition"), lambda r: r.text, page=False, width=60),
        Column("source", _("Source of data"), lambda r: r.source, page=False, width=40),
        Column("roll_up", _("Roll-up"), lambda r: str(r.get_roll_up_display()), page=False, width=30),
        Column("set", _("Set"), lambda r: str(r.set), page=False, width=30),
        Column("validation", _("Validation record"), lambda r: r.validation, page=False, width=60),
        Column("validated_on", _("Validated on"), lambda r: r.validated_on, page=False),
    )
