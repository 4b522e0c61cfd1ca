"""What releases say to the rooms around: which results are low, how many answered, how satisfied people are (N1 §4.1.7)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import policy
from qa_portal.web.registry import Figure, Formula, formula

from .content import say
from .models import Audience, QuestionKind, Release, ReleaseNode
from .result_sight import open_groups
from .result_words import is_around, said
from .results import Question, parts_of

#: results of older releases no longer wait to become findings
YEARS = 2
_LEARNERS = (Audience.STUDENTS, Audience.INTERNS, Audience.RESIDENTS, Audience.DOCTORAL)


# -- low results ----------------------------------------------------------------------------------------
def is_low(question: Question, cell: dict[str, Any]) -> bool:
    """Fewer than the policy's share chose one of the two best answers, or the mean is below the policy's."""
    if question.kind != QuestionKind.LIKERT or is_around(question):
        return False
    top, mean = cell.get("top2"), cell.get("mean")
    if top is not None and 100 * top < policy("surveys.low_top2"):
        return True
    return mean is not None and 10 * mean < policy("surveys.low_mean")


def low_questions(node: ReleaseNode) -> list[tuple[Question, dict[str, Any]]]:
    """The questions of a group whose result is low."""
    return [
        (question, node.cells[question.code])
        for part in parts_of(node.release)
        for question in part.questions
        if question.code in node.cells and is_low(question, node.cells[question.code])
    ]


def _large() -> Any:
    """The whole and the schools; never a course or a teacher."""
    return ReleaseNode.objects.inside().filter(hidden=False, teacher=None, survey=None, depth__lte=1)


def telling(releases: Iterable[Release]) -> Callable[[ReleaseNode], bool]:
    """Whether a group's figures may stand where everybody inside reads: of courses, those that tell no single one.

    One query for all releases, whose campaigns must be at hand.
    """
    courses = {release.pk: release for release in releases if release.about_courses}
    nodes: dict[int, list[ReleaseNode]] = {pk: [] for pk in courses}
    for node in ReleaseNode.objects.inside().light().filter(release__in=courses).order_by("pk"):
        nodes[node.release_id].append(node)
    told = {pk: open_groups(rows) for pk, rows in nodes.items()}
    return lambda node: node.release_id not in told or (node.tree, node.path) in told[node.release_id]


def low_groups(since_year: int) -> Any:
    """Groups with at least one low result, for the list of waiting signals."""
    rows = Release.objects.shown().filter(campaign__year__gt=since_year - YEARS)
    recent = {release.pk: release for release in rows.select_related("campaign")}
    tells = telling(recent.values())
    low = []
    for node in _large().filter(release__in=recent).order_by("pk"):
        node.release = recent[node.release_id]
        if (node.unit_id or not node.path) and tells(node) and low_questions(node):
            low.append(node.pk)
    rows = ReleaseNode.objects.filter(pk__in=low).select_related("release__campaign__unit", "unit")
    return rows.order_by("-release", "tree", "place", "pk")


def low_lines(node: ReleaseNode) -> str:
    """Each low result in words."""
    lines = []
    for question, cell in low_questions(node):
        words = said(question, cell)
        lines.append(f"— {say(question.text)}: {words.short} (n = {words.n})")
    return "\n".join(lines)


# -- indicators --------------------------------------------------------------------------------------------
def _wholes(since: datetime.date, until: datetime.date, *audiences: str) -> Iterator[tuple[Release, list[ReleaseNode]]]:
    """Releases published in these days with their largest groups: the whole and what has a unit of its own."""
    rows = Release.objects.public().filter(published_on__range=(since, until))
    if audiences:
        rows = rows.filter(campaign__questionnaire__audience__in=audiences)
    releases = list(rows.select_related("campaign").order_by("pk"))
    tells = telling(releases)
    for release in releases:
        nodes = list(release.nodes.inside().filter(hidden=False, teacher=None, survey=None).order_by("pk"))
        yield release, [node for node in nodes if (not node.path or node.unit_id) and tells(node)]


def _joined(found: dict[int | None, list[tuple[float, float]]]) -> dict[int | None, Figure]:
    """Means weighted by how many stand behind each."""
    figures = {}
    for unit, pairs in found.items():
        weight = sum(n for _value, n in pairs)
        if weight:
            figures[unit] = Figure(sum(value * n for value, n in pairs) / weight, weight)
    return figures


def response_rate(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Of those asked in surveys whose results were published in these days, the share that answered."""
    found: dict[int | None, list[tuple[float, float]]] = {}
    for _release, nodes in _wholes(since, until):
        for node in nodes:
            if node.invited and node.answered is not None:
                found.setdefault(node.unit_id if node.path else None, []).append(
                    (100 * node.answered / node.invited, node.invited)
                )
    return _joined(found)


def satisfaction(since: datetime.date, until: datetime.date) -> dict[int | None, Figure]:
    """Over all ratings of learners in surveys published in these days, the share of the two best answers."""
    found: dict[int | None, list[tuple[float, float]]] = {}
    for release, nodes in _wholes(since, until, *_LEARNERS):
        codes = [q.code for part in parts_of(release) for q in part.questions if q.kind == QuestionKind.LIKERT]
        for node in nodes:
            for code in codes:
                cell = node.cells.get(code) or {}
                if cell.get("top2") is not None:
                    found.setdefault(node.unit_id if node.path else None, []).append((100 * cell["top2"], cell["n"]))
    return _joined(found)


formula(
    Formula(
        "surveys.response_rate",
        _("Share of those asked who answered surveys"),
        "percent",
        "up",
        response_rate,
    )
)
formula(
    Formula(
        "surveys.satisfaction",
        _("Share of learners' ratings that are one of the two best answers"),
        "percent",
        "up",
        satisfaction,
    )
)
