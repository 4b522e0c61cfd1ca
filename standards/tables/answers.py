"""Columns of the register of answers on evaluation areas, for page and export alike."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.tables import Column, Table

from ..models import Score

_SCORES = {
    Score.NOT_MET: ("overdue", "circle-x"),
    Score.PARTLY: ("waiting", "alert"),
    Score.LARGELY: ("progress", "circle-check"),
    Score.FULLY: ("done", "checks"),
    Score.NOT_APPLICABLE: ("draft", "minus"),
    Score.NOT_LOOKED: ("draft", "question"),
}


def score_badge(score: str) -> Any:
    """A score as icon and word."""
    tone, icon = _SCORES[Score(score)]
    return cells.badge(Score(score).label, tone, icon)


class AnswerTable(Table):
    order = ("-cycle__year", "unit__path", "area__standard__number", "area__place", "pk")
    columns = (
        Column(
            "code",
            _("Evaluation area"),
            lambda r: f"{r.code} {r.area.text}",
            lambda r: cells.link(r.get_absolute_url(), r.area.text, r.code),
            sort=("area__standard__number", "area__place"),
            css="main",
            width=60,
        ),
        Column("unit", _("Unit"), lambda r: str(r.unit), sort=("unit__path",), width=30),
        Column(
            "programme", _("Programme"), lambda r: str(r.assessment.programme or ""), sort=("of_programme",), width=30
        ),
        Column("cycle", _("Year"), lambda r: r.cycle.year, sort=("cycle__year",), css="num"),
        Column(
            "score",
            _("Score"),
            lambda r: str(r.get_score_display()),
            lambda r: score_badge(r.score),
            sort=(F("points").asc(nulls_last=True),),
        ),
        Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",)),
        Column("points", _("Points"), lambda r: r.points, page=False),
        Column("comment", _("Comment"), lambda r: r.comment, page=False, width=60),
        Column("strong", _("Strong points"), lambda r: r.strong, page=False, width=60),
        Column("improve", _("To be improved"), lambda r: r.improve, page=False, width=60),
        Column(
            "assignee",
            _("Who writes it"),
            lambda r: r.assignee.get_short_name() if r.assignee else "",
            page=False,
            width=30,
        ),
        Column("until", _("Written by"), lambda r: r.assigned_until, page=False),
        Column("accepted_on", _("Accepted on"), lambda r: r.accepted_on, page=False),
    )
