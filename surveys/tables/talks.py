"""Columns of the register of talks, for page and export alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table


class TalkTable(Table):
    order = ("-on", "-pk")
    columns = (
        Column(
            "title",
            _("About what"),
            lambda r: r.title,
            lambda r: cells.link(r.get_absolute_url(), r.title, str(r.get_kind_display())),
            sort=("title",),
            css="main",
            width=50,
        ),
        Column("kind", _("Kind"), lambda r: str(r.get_kind_display()), page=False),
        Column("audience", _("With whom"), lambda r: str(r.get_audience_display()), sort=("audience",)),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "moderator",
            _("Who leads it"),
            lambda r: r.moderator.get_short_name(),
            sort=(alphabetical("moderator__last_name_kk"), alphabetical("moderator__first_name_kk")),
        ),
        Column("on", _("Day"), lambda r: r.on, lambda r: cells.date(r.on), sort=("on",), css="date"),
        Column("people", _("People"), lambda r: sum(row["people"] for row in r.groups) or "", css="num"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("place", _("Place"), lambda r: r.place, page=False),
        Column("areas", _("Standards and areas"), lambda r: ", ".join(r.areas), page=False),
        Column("conclusions", _("Conclusions"), lambda r: r.conclusions, page=False, width=60),
        Column("recommendations", _("Recommendations"), lambda r: r.recommendations, page=False, width=60),
    )
