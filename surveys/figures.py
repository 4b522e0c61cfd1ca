"""Indicators that the portal computes from surveys: satisfied, mean, response (domain.md §2). Read from releases only.

For each audience the last survey that closed in the days asked for and whose figures are made; of each unit that it shows
inside. A unit's figure is the average over the questions counted exactly there, so nothing but what is published goes in.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import Figure, Formula, formula

from .models import Audience, Campaign, Release, ReleaseNode

Figures = dict[int | None, Figure]
Of = Callable[[ReleaseNode], Figure | None]

COURSES = "courses"
#: what indicators are kept of; surveys about courses by themselves
ASKED: dict[str, Any] = {
    Audience.STUDENTS: _("students"),
    Audience.TEACHERS: _("teachers"),
    Audience.DOCTORAL: _("doctoral students"),
    Audience.GRADUATES: _("graduates"),
    Audience.EMPLOYERS: _("employers"),
    Audience.COURSE_PARTICIPANTS: _("participants of further education"),
    Audience.IS_USERS: _("users of information systems"),
    COURSES: _("students about their courses"),
}


def latest(asked: str, since: datetime.date, until: datetime.date) -> Release | None:
    """The last version of the last campaign; one campaign of the whole university before those of single units."""
    about_courses = asked == COURSES
    rows = Release.objects.exclude(state__in=(Release.MAKING, Release.WITHDRAWN)).filter(
        campaign__closes_on__range=(since, until),
        campaign__questionnaire__about_courses=about_courses,
        campaign__unit__isnull=True,
    )
    if about_courses:
        rows = rows.filter(campaign__way=Campaign.Way.COURSES)
    else:
        rows = rows.filter(campaign__questionnaire__audience=asked).exclude(campaign__way=Campaign.Way.COURSES)
    return rows.order_by("-campaign__closes_on", "-campaign", "-version").defer("facts").first()


def values(asked: str, of: Of, since: datetime.date, until: datetime.date) -> Figures:
    """Two queries, however many units."""
    release = latest(asked, since, until)
    if release is None:
        return {}
    rows = ReleaseNode.objects.filter(
        release=release, scope=ReleaseNode.Scope.INSIDE, hidden=False, survey__isnull=True, teacher__isnull=True
    ).exclude(tree="teacher")
    found: Figures = {}
    for node in rows.only("tree", "path", "unit", "invited", "answered", "cells"):
        if node.path and node.unit_id is None:
            continue  # a level or a year
        figure = of(node)
        if figure is not None:
            found[node.unit_id if node.path else None] = figure
    return found


# -- of one group -----------------------------------------------------------------------------------------------------
def satisfied(node: ReleaseNode) -> Figure | None:
    """Average share of the two best answers, in percent."""
    cells = _steps(node.cells)
    if not cells:
        return None
    return Figure(100 * sum(cell["top2"] for cell in cells) / len(cells), _behind(cells))


def average(node: ReleaseNode) -> Figure | None:
    """Average mean on the scale from 1 to 5."""
    cells = _steps(node.cells)
    if not cells:
        return None
    return Figure(sum(cell["mean"] for cell in cells) / len(cells), _behind(cells))


def response(node: ReleaseNode) -> Figure | None:
    """Of those asked, the percentage who took part."""
    if not node.invited or node.answered is None:
        return None
    return Figure(100 * node.answered / node.invited, node.invited)


def _steps(cells: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [cell for cell in cells.values() if cell["kind"] == "likert" and cell["exact"] and "top2" in cell]


def _behind(cells: list[Mapping[str, Any]]) -> int:
    return max(cell["n"] for cell in cells)


for _asked, _name in ASKED.items():
    for _key, _title, _measure, _of in (
        ("satisfied", _("Survey: share of the two best answers"), "percent", satisfied),
        ("mean", _("Survey: mean of the answers, 1 to 5"), "number", average),
        ("response", _("Survey: share of those asked who took part"), "percent", response),
    ):
        formula(
            Formula(
                f"surveys.{_asked}_{_key}",
                format_lazy("{title} ({asked})", title=_title, asked=_name),
                _measure,
                "up",
                partial(values, str(_asked), _of),
            )
        )
