"""Columns of the registers of releases and of teachers' answers, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.sqlite import alphabetical
from qa_portal.web.tables import Column, Table

from ..content import say

_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))


def _day(key: str, label: Any, get: Any, *sort: str) -> Column:
    return Column(key, label, get, lambda r: cells.date(get(r)), sort=sort, css="date")


class ReleaseTable(Table):
    order = ("-pk",)
    columns = (
        Column(
            "survey",
            _("Report on a survey"),
            str,
            lambda r: cells.link(
                r.get_absolute_url(), r.campaign, f"{_('version')} {r.version}" if r.version > 1 else ""
            ),
            sort=("pk",),
            css="main",
            width=50,
        ),
        Column(
            "audience",
            _("Who was asked"),
            lambda r: r.campaign.questionnaire.get_audience_display(),
            sort=("campaign__questionnaire__audience",),
        ),
        Column("year", _("Year"), lambda r: r.campaign.year, sort=("campaign__year",), css="num"),
        Column(
            "due",
            _("Report due on"),
            lambda r: r.campaign.report_due,
            lambda r: cells.due(r.campaign.report_due, r.state in (r.MAKING, r.MADE)),
            sort=("campaign__report_due",),
            css="date",
        ),
        _day("sent", _("Sent on"), lambda r: r.sent_on, "sent_on"),
        _day("published", _("Published on"), lambda r: r.published_on, "published_on"),
        _STATE,
        Column("version", _("Version"), lambda r: r.version, page=False),
        Column("indicative", _("Indicative only"), lambda r: _("yes") if r.indicative else "", page=False),
        Column("digest", _("Digest of the figures"), lambda r: r.digest, page=False, width=70),
    )


class ReplyTable(Table):
    order = ("-pk",)
    columns = (
        Column(
            "text",
            _("Answer to the students"),
            lambda r: r.text,
            lambda r: cells.link(r.get_absolute_url(), r, say(r.node.label)),
            sort=("pk",),
            css="main",
            width=60,
        ),
        Column("course", _("Course"), lambda r: say(r.node.label), page=False, width=40),
        Column(
            "teacher",
            _("Teacher"),
            lambda r: r.teacher.get_short_name(),
            sort=(alphabetical("teacher__last_name_kk"), alphabetical("teacher__first_name_kk")),
        ),
        Column(
            "survey",
            _("Report on a survey"),
            lambda r: str(r.node.release),
            lambda r: cells.link(r.node.get_absolute_url(), r.node.release),
            sort=("node__release",),
            width=40,
        ),
        _STATE,
    )
