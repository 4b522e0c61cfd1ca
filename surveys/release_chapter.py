"""The chapter of reports on surveys: response, the lowest and highest results of a standard, what was said and done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.reports.blocks import Block, Table, Text
from qa_portal.web import cells
from qa_portal.web.registry import ChapterScope

from .content import say
from .models import LoopEntry, QuestionKind, Release
from .release_figures import telling
from .result_words import DASH, is_around, percent, said
from .results import Part, Question, parts_of

#: so many results from below and from above
LOWEST, HIGHEST = 7, 3


def of_standard(question: Question, part: Part, standard: str) -> bool:
    """A question belongs to a standard by its own areas, else by those of its section."""
    if not standard:
        return True
    codes = question.areas or part.areas
    return any(code == standard or code.startswith(f"{standard}.") for code in codes)


def releases_of(scope: ChapterScope) -> list[Release]:
    """Published in the period. Of a unit: those that name it; the figures in the chapter are then the unit's."""
    rows = Release.objects.public().filter(published_on__range=(scope.since, scope.until))
    return list(rows.select_related("campaign__questionnaire").order_by("published_on", "pk"))


def blocks(scope: ChapterScope) -> list[Block]:
    found = []
    for release in releases_of(scope):
        node = _node(release, scope)
        if node is not None and _asked(release, scope):
            found.append((release, node))
    return [*_response(found), *_results(found, scope), *_loops(scope)]


def _node(release: Release, scope: ChapterScope) -> Any:
    """The group of the release that the chapter speaks of: the whole, or the unit of the report.

    Always of the public edition: a report on quality may be published, and then says no more than the release did.
    """
    nodes = release.nodes.public().filter(hidden=False, teacher=None, survey=None)
    if scope.unit is not None and scope.unit.parent_id:
        node = nodes.filter(unit=scope.unit).order_by("tree", "pk").first()
    else:
        node = nodes.filter(path="").first()
    # Whoever reads the report is not asked for their own courses: nothing in it tells a single one.
    return node if node is not None and telling([release])(node) else None


def _asked(release: Release, scope: ChapterScope) -> bool:
    return any(of_standard(q, part, scope.standard) for part in parts_of(release) for q in part.questions)


def _response(found: list[tuple[Release, Any]]) -> list[Block]:
    if not found:
        return []
    lines = tuple(
        (
            str(release.campaign),
            str(release.campaign.questionnaire.get_audience_display()),
            DASH if node.invited is None else str(node.invited),
            DASH if node.answered is None else str(node.answered),
            percent(node.answered / node.invited) if node.invited and node.answered is not None else DASH,
            cells.date(release.published_on),
        )
        for release, node in found
    )
    head = (_("Survey"), _("Who was asked"), _("Asked"), _("Answered"), _("Response"), _("Published on"))
    return [Table(head, lines, _("Surveys published in the period"), (2, 3, 4))]


def _results(found: list[tuple[Release, Any]], scope: ChapterScope) -> list[Block]:
    ranked = []
    for release, node in found:
        for part in parts_of(release):
            for question in part.questions:
                cell = node.cells.get(question.code)
                wanted = question.kind == QuestionKind.LIKERT and not is_around(question)
                if cell and cell.get("mean") is not None and wanted and of_standard(question, part, scope.standard):
                    ranked.append((cell["mean"], question.code, release, question, cell))
    ranked.sort(key=lambda row: (row[0], row[1], row[2].pk))
    lowest = ranked[:LOWEST]
    highest = [row for row in ranked[-HIGHEST:] if row not in lowest]
    head = (_("Question"), _("Survey"), _("Mean · two best answers"), _("Band"))
    return [
        Table(head, tuple(_line(*row[2:]) for row in rows), caption, (2,), tuple(_light(row) for row in rows))
        for caption, rows in ((_("Lowest results"), lowest), (_("Highest results"), list(reversed(highest))))
        if rows
    ]


def _line(release: Release, question: Question, cell: dict[str, Any]) -> tuple[str, ...]:
    words = said(question, cell)
    return say(question.text), str(release.campaign), words.short, words.grade or DASH


def _light(row: tuple[Any, ...]) -> str:
    return said(row[3], row[4]).light


def _loops(scope: ChapterScope) -> list[Block]:
    """“You said — we did”, published in the period."""
    rows = LoopEntry.objects.filter(state=LoopEntry.PUBLISHED, published_on__range=(scope.since, scope.until))
    chosen = [
        row
        for row in rows.order_by("published_on", "pk")
        if not scope.standard or any(c == scope.standard or c.startswith(f"{scope.standard}.") for c in row.areas)
    ]
    if scope.unit is not None and scope.unit.parent_id:
        return []  # lines of the loop name no unit
    if not chosen:
        return []
    lines = tuple((row.said, row.did, cells.date(row.published_on)) for row in chosen)
    head = (_("What was said"), _("What was done"), _("Published on"))
    return [Text(_("Answered publicly in the period: %(n)s.") % {"n": len(chosen)}), Table(head, lines)]
