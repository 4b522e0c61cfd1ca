"""Columns of the register of campaigns, for page and export alike. No counters: while a survey is open they are for nobody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..models import Campaign


def _name(campaign: Campaign) -> str:
    below = " · ".join(str(part) for part in (campaign.questionnaire.get_audience_display(), campaign.unit) if part)
    return cells.link(campaign.get_absolute_url(), campaign.name, below)


class CampaignTable(Table):
    order = ("-opens_on", "-pk")
    columns = (
        Column("name", _("Survey"), lambda r: r.name, _name, sort=("name",), css="main", width=60),
        Column("way", _("Who is asked"), lambda r: str(r.get_way_display()), sort=("way",)),
        Column(
            "opens",
            _("Opens on"),
            lambda r: r.opens_on,
            lambda r: cells.date(r.opens_on),
            sort=("opens_on",),
            css="date",
        ),
        Column(
            "closes",
            _("Last day"),
            lambda r: r.closes_on,
            lambda r: cells.due(r.closes_on, r.is_open),
            sort=("closes_on",),
            css="date",
        ),
        Column(
            "report",
            _("Report due"),
            lambda r: r.report_due,
            lambda r: cells.date(r.report_due),
            sort=("report_due",),
            css="date",
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("audience", _("Audience"), lambda r: str(r.questionnaire.get_audience_display()), page=False),
        Column("instrument", _("Code of the questionnaire"), lambda r: r.questionnaire.code, page=False),
        Column("unit", _("Unit"), lambda r: str(r.unit) if r.unit else "", page=False, width=30),
        Column("term", _("Term"), lambda r: str(r.term) if r.term else "", page=False),
        Column("year", _("Year"), lambda r: r.year, page=False),
    )
