"""A report put together: introduction, chapters filled from records with the author's comments, conclusions, plan.

One function for the page, the paper and the frozen issue: what a reader sees in the portal is what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa_portal.reports.blocks import Block, Heading, Table, Text
from qa_portal.web.registry import Chapter, ChapterScope, registry

from .models import QualityReport, Standard

Told = Callable[[int, int], None]


def nothing(done: int, total: int) -> None:
    """Nobody asks how far it is."""


def chapters_of(kind: Any) -> list[Chapter]:
    """The chapters of a kind in its order; one that no app declares yet is left out (its room is still to come)."""
    return [registry.chapters[key] for key in kind.chapters if key in registry.chapters]


def missing_chapters(kind: Any) -> list[str]:
    return [key for key in kind.chapters if key not in registry.chapters]


def standards_of(report: QualityReport) -> list[Standard]:
    """The standards that the report goes through, in the edition in force."""
    rows = Standard.objects.in_force().order_by("number")
    return list(rows.filter(code=report.covers) if report.covers else rows)


def sections(report: QualityReport) -> list[tuple[str, Standard | None, Chapter]]:
    """(key of the comment, standard or None, chapter) in the order of the paper: what is about the whole comes first."""
    chosen = chapters_of(report.kind)
    whole = [(chapter.key, None, chapter) for chapter in chosen if not chapter.by_standard]
    by_standard = [
        (f"{chapter.key}:{standard.code}", standard, chapter)
        for standard in standards_of(report)
        for chapter in chosen
        if chapter.by_standard
    ]
    return [*whole, *by_standard]


def scope_of(report: QualityReport, standard: Standard | None, person: Any) -> ChapterScope:
    code = standard.code if standard else report.covers
    return ChapterScope(report.since, report.until, report.year, code, report.unit, person)


def of_section(
    report: QualityReport, key: str, standard: Standard | None, chapter: Chapter, person: Any
) -> list[Block]:
    """One chapter with the author's comment under it; it says so when there is nothing to tell."""
    blocks: list[Block] = list(chapter.make(scope_of(report, standard, person)))
    if not blocks:
        blocks = [Text(_("No records for this period."), quiet=True)]
    comment = str(report.comments.get(key, "")).strip()
    return [*blocks, Text(comment)] if comment else blocks


def blocks_of(report: QualityReport, person: Any = None, told: Told = nothing) -> list[Block]:
    """The whole report in the language at hand. `person` None: the sight of the whole university (a frozen issue)."""
    parts = sections(report)
    found: list[Block] = []
    if report.intro.strip():
        found += [Heading(_("Introduction"), 1), Text(report.intro)]
    last: Standard | None = None
    for place, (key, standard, chapter) in enumerate(parts):
        if standard is None or report.covers:
            found.append(Heading(str(chapter.title), 1))
        else:
            if last is None or standard.pk != last.pk:
                found.append(Heading(f"{standard.code}. {standard.name}", 1))
                last = standard
            found.append(Heading(str(chapter.title), 2))
        found += of_section(report, key, standard, chapter, person)
        told(place + 1, len(parts))
    if report.conclusion.strip():
        found += [Heading(_("Conclusions"), 1), Text(report.conclusion)]
    return [*found, *_plan(report)]


def _plan(report: QualityReport) -> Iterable[Block]:
    rows = list(report.measures.select_related("unit"))
    if not rows:
        return []
    lines = tuple(
        (
            row.text,
            str(row.unit) if row.unit else "",
            date_format(row.due, "SHORT_DATE_FORMAT") if row.due else "",
            row.result,
        )
        for row in rows
    )
    head = (_("Measure"), _("Unit"), _("Deadline"), _("Expected result"))
    return [Heading(_("Plan of improvement"), 1), Table(head, lines)]
