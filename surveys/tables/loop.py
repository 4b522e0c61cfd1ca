"""Columns of the register of “you said — we did”."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..models import LoopEntry


def source_words(entry: LoopEntry) -> str:
    """Where it was said, for everybody: a survey by its name, a petition by its kind and never by its number."""
    if entry.release is not None:
        return str(entry.release.campaign)
    if entry.petition is not None:
        return str(entry.petition.get_kind_display())
    return str(entry.get_origin_display())


class LoopTable(Table):
    order = ("-pk",)
    columns = (
        Column(
            "said",
            _("What was said"),
            lambda r: r.said,
            lambda r: cells.link(r.get_absolute_url(), r.said),
            sort=("said",),
            css="main",
            width=60,
        ),
        Column("did", _("What was done"), lambda r: r.did, width=60),
        Column("source", _("Where it was said"), source_words, width=30),
        Column("audience", _("Who said it"), lambda r: str(r.get_audience_display()), sort=("audience",)),
        Column("finding", _("Finding"), lambda r: r.finding_number, sort=("finding_number",)),
        Column("areas", _("Standards and areas"), lambda r: ", ".join(r.areas), page=False),
        Column(
            "published",
            _("Published on"),
            lambda r: r.published_on,
            lambda r: cells.date(r.published_on),
            sort=("published_on",),
            css="date",
        ),
        Column("told", _("People told"), lambda r: r.told or "", sort=("told",), css="num"),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
    )
