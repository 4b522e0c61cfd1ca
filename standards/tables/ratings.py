"""Columns of the registers of rating formulas and ratings: page and export."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from .indicators import STATE


class RatingFormulaTable(Table):
    order = ("-version",)
    columns = (
        Column(
            "title",
            _("Rating formula"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title),
            sort=("title",),
            css="main",
            width=50,
        ),
        Column("version", _("Version"), lambda r: r.version, sort=("version",), css="number"),
        Column("unit_kind", _("Which units are compared"), lambda r: str(r.get_unit_kind_display())),
        Column("weights", _("Indicators"), lambda r: len(r.weights), css="number"),
        Column(
            "approved_on", _("Approved on"), lambda r: r.approved_on, lambda r: cells.date(r.approved_on), css="date"
        ),
        STATE,
        Column("basis", _("Decision"), lambda r: r.basis, page=False, width=40),
        Column("note", _("Note"), lambda r: r.note, page=False, width=60),
    )


class RatingTable(Table):
    order = ("-year", "-pk")
    columns = (
        Column(
            "title",
            _("Rating"),
            lambda r: r.formula.title,
            lambda r: cells.link(r.get_absolute_url(), r.formula.title),
            sort=("formula__title",),
            css="main",
            width=50,
        ),
        Column("year", _("Year"), lambda r: r.year, sort=("year",), css="number"),
        Column("kind", _("Which units are compared"), lambda r: str(r.formula.get_unit_kind_display())),
        Column("version", _("Version of the formula"), lambda r: r.formula.version, css="number"),
        Column("units", _("Units"), lambda r: len(r.rows), css="number"),
        Column(
            "published_on",
            _("Published on"),
            lambda r: r.published_on,
            lambda r: cells.date(r.published_on),
            css="date",
        ),
        STATE,
    )
