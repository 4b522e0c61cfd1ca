"""Columns of the codebook, for page and export alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table


class ThemeTable(Table):
    order = ("code",)
    columns = (
        Column(
            "name",
            _("Theme"),
            lambda r: r.name,
            lambda r: cells.link(r.get_absolute_url(), r.name, r.code),
            sort=("code",),
            css="main",
            width=40,
        ),
        Column("code", _("Code"), lambda r: r.code, page=False),
        Column("parent", _("Part of"), lambda r: str(r.parent or ""), sort=("parent__code",), width=30),
        Column("description", _("What belongs here"), lambda r: r.description, width=60),
        Column("areas", _("Standards and areas"), lambda r: ", ".join(r.areas)),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("kk", _("In Kazakh"), lambda r: r.name_kk or "", page=False, width=40),
        Column("ru", _("In Russian"), lambda r: r.name_ru or "", page=False, width=40),
        Column("en", _("In English"), lambda r: r.name_en or "", page=False, width=40),
    )
