"""Averages on paper: the heat map for the Council, the trend as a chart, and the chapter of reports."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qa_portal.reports.base import CannotMake, report
from qa_portal.reports.blocks import Block, Facts, Picture, Table, Text
from qa_portal.reports.printed import Printed
from qa_portal.web.charts import Chart, Point, Series
from qa_portal.web.registry import ChapterScope

from .. import score_tables as tables
from .. import scores
from ..models import Cycle
from ..scores import ALL, WHOLE, Trend

#: steps told apart without colour too
HEAT_CSS = """
.grid.heat th:first-child { width: 24%; }
.grid.heat td, .grid.heat thead th + th { text-align: center; vertical-align: middle; padding: 0.8mm 0.5mm; }
.grid.heat tbody th { padding: 0.8mm 1.6mm; }
.grid.heat tr.heat-total th, .grid.heat tr.heat-total td, .grid.heat .heat-all { font-weight: 700; }
.draft { margin: 3mm 0; }
.heat-0 { background: #f6c9c2 repeating-linear-gradient(45deg, #d98d84 0, #d98d84 0.3mm, transparent 0.3mm, transparent 1.6mm); }
.heat-1 { background: #fbe3b4 repeating-linear-gradient(-45deg, #dfba72 0, #dfba72 0.2mm, transparent 0.2mm, transparent 2.4mm); }
.heat-2 { background: #dbeee2; }
.heat-3 { background: #9ed0b2; }
.heat-key { display: inline-block; min-width: 16mm; padding: 0.6mm 1.5mm; margin-right: 1.5mm; text-align: center; }
.heat-keys p { display: inline-block; margin: 0 5mm 1mm 0; }
"""


@report
class HeatMapPaper(Printed):
    """Units × standards of one cycle, as the person sees it."""

    key = "standards.heat_map"
    kind = gettext_lazy("Heat map of self-assessment")
    template = "standards/scores/paper.html"
    landscape = True

    def rows(self) -> Any:
        return scores.cycles_for(self.person)

    def number(self) -> str:
        return str(self.record.year)

    def subject(self) -> str:
        return str(self.record)

    def date(self) -> datetime.date:
        return self.record.approved_on or timezone.localdate()

    def version(self) -> str:
        return ""  # answers change without the cycle

    def unit(self) -> Any:
        return None

    def css(self) -> str:
        return super().css() + HEAT_CSS

    def content(self) -> dict[str, Any]:
        found = scores.heat_map(self.record, self.person)
        if not found.cells:
            raise CannotMake(_("There are no answers in this cycle yet."))
        grid = tables.Grid(found, {})
        return {
            "map": found,
            "columns": grid.columns,
            "first": grid.first,
            "legend": tables.legend(),
            "lines": [
                {
                    "label": tables.named(line),
                    "total": line.key <= WHOLE,
                    "cells": [
                        {
                            "text": tables.words(found.cell(line.key, column.key)),
                            "css": tables.css(found.cell(line.key, column.key)),
                            "all": column.key == ALL,
                        }
                        for column in grid.columns
                    ],
                }
                for line in grid.lines
            ],
        }


# -- charts --------------------------------------------------------------------------------------------------------------
def trend_chart(trend: Trend, whole: str, picked: Any = None, name: str = "", title: str = "") -> Chart:
    """The line of the whole, and one picked standard or unit beside it."""
    keys = [(WHOLE, whole)] + ([(picked, name)] if picked is not None and picked != WHOLE and name else [])
    provisional = any(cycle.state != Cycle.APPROVED for cycle in trend.cycles)
    return Chart(
        title or _("Average of self-assessment, 0 to 3"),
        tuple(
            Series(
                label,
                tuple(
                    Point(tables.year_label(cycle), cell.tenths / 10 if cell.scored else None, note=cell.word)
                    for cycle, cell in ((cycle, trend.cell(key, cycle)) for cycle in trend.cycles)
                ),
            )
            for key, label in keys
        ),
        decimals=1,
        low=0,
        high=3,
        note=_("* not approved yet: the figures are provisional") if provisional else "",
    )


# -- chapter of reports ------------------------------------------------------------------------------------------------------
def chapter(scope: ChapterScope) -> list[Block]:
    """For a standard: its units with average and change, its trend, and what was not scored; without one, all standards."""
    cycle = scores.cycles_for(scope.person).filter(year=scope.year).first()
    if cycle is None or (scope.standard and scope.standard not in cycle.standards):
        return []
    found = scores.heat_map(cycle, scope.person)
    if not found.cells:
        return []
    earlier = scores.earlier_than(cycle)
    changes = scores.change(found, earlier, scope.person) if earlier else {}
    lines = _lines_of(found, scope)
    blocks: list[Block] = []
    if found.provisional:
        blocks.append(Text(_("The Council has not approved this cycle yet: the figures are provisional."), quiet=True))
    blocks += _by_unit(found, changes, lines, scope) if scope.standard else _by_standard(found, changes, lines)
    if scope.unit is None:
        trend = scores.trend(scope.person, standard=scope.standard, until=scope.year)
        if len(trend.cycles) > 1:
            blocks.append(Picture(trend_chart(trend, scope.standard or _("The university"))))
    return blocks


def _lines_of(found: scores.HeatMap, scope: ChapterScope) -> list[Any]:
    if scope.unit is None:
        return found.lines
    below = set(type(scope.unit).objects.below(scope.unit.path).values_list("pk", flat=True))
    return [line for line in found.lines if line.key in below]


def _facts(cell: scores.Cell, change: scores.Change | None) -> Facts:
    average = f"{cell.shown} · {cell.word}" if cell.scored else "—"
    rows = [(_("Average, 0 to 3"), average)]
    if change:
        before = {"by": change.shown, "before": change.before.shown}
        rows.append((_("Change against the cycle before"), _("%(by)s (it was %(before)s)") % before))
    rows += [
        (_("Answers scored"), str(cell.scored)),
        (_("Not applicable"), str(cell.not_applicable)),
        (_("Not yet looked at"), str(cell.not_looked)),
        (_("Not submitted or not accepted"), str(cell.waiting)),
    ]
    return Facts(tuple((str(name), value) for name, value in rows))


_NUMERIC = (1, 3, 4, 5, 6)
#: units in the table of one standard; the heat map holds all of them
MOST_LINES = 15


def _head(first: str) -> tuple[str, ...]:
    rest = (
        _("Average"),
        _("Step"),
        pgettext("difference between two years", "Change"),
        _("Scored"),
        _("Not applicable"),
        _("Not yet looked at"),
    )
    return (first, *map(str, rest))


def _row(label: str, cell: scores.Cell, change: scores.Change | None) -> tuple[str, ...]:
    return (
        label,
        tables.words(cell),
        cell.word,
        change.shown if change else "",
        str(cell.scored),
        str(cell.not_applicable),
        str(cell.not_looked),
    )


def _by_unit(found: scores.HeatMap, changes: Any, lines: list[Any], scope: ChapterScope) -> list[Block]:
    code = scope.standard
    asked = [line for line in lines if (line.key, code) in found.cells]
    if scope.unit is None and (WHOLE, code) in found.cells:
        blocks: list[Block] = [_facts(found.cell(WHOLE, code), changes.get((WHOLE, code)))]
    else:
        blocks = [_facts(scores.total([scores.NOTHING, *(found.cell(line.key, code) for line in asked)]), None)]
    shown = lowest(asked, lambda line: found.cell(line.key, code))
    rows = tuple(_row(line.label, found.cell(line.key, code), changes.get((line.key, code))) for line in shown)
    if rows:
        blocks.append(Table(_head(_("Unit")), rows, _("Self-assessment of the units"), _NUMERIC))
    if len(shown) < len(asked):
        words = {"n": len(shown), "all": len(asked)}
        blocks.append(
            Text(_("The %(n)s lowest of %(all)s units; all of them stand in the heat map.") % words, quiet=True)
        )
    return blocks


def lowest(lines: list[Any], cell: Any) -> list[Any]:
    """All of a few lines as they stand; of many those with the lowest averages, for that is where something is to be done."""
    if len(lines) <= MOST_LINES:
        return lines
    scored = [line for line in lines if cell(line).scored]
    return sorted(scored, key=lambda line: cell(line).mean)[:MOST_LINES]


def overview(scope: ChapterScope) -> list[Block]:
    """The heat map as one table: every unit by every standard, as the page shows it."""
    cycle = scores.cycles_for(scope.person).filter(year=scope.year).first()
    if cycle is None:
        return []
    found = scores.heat_map(cycle, scope.person)
    if not found.cells:
        return []
    inside = {line.key for line in _lines_of(found, scope)}
    grid = tables.Grid(found, {})
    rows = tuple(
        (tables.named(line), *(tables.words(found.cell(line.key, column.key)) for column in grid.columns))
        for line in grid.lines
        if line.key in inside or (scope.unit is None and line.key not in {row.key for row in found.lines})
    )
    head = (grid.first, *(column.label for column in grid.columns))
    return [Table(head, rows, str(cycle), tuple(range(1, len(head)))), *_explained(found)]


def _explained(found: scores.HeatMap) -> list[Block]:
    words = [_("An average counts all scored answers alike, from 0 (not met) to 3 (fully met).")]
    if found.provisional:
        words.append(_("The Council has not approved this cycle yet: the figures are provisional."))
    return [Text(" ".join(words), quiet=True)]


def _by_standard(found: scores.HeatMap, changes: Any, lines: list[Any]) -> list[Block]:
    """All standards: the whole where it is seen, else what the lines at hand come to."""
    rows = []
    for column in (*found.columns, scores.Head(ALL, _("All"))):
        whole = (WHOLE, column.key) in found.cells and lines is found.lines
        cell = (
            found.cell(WHOLE, column.key)
            if whole
            else scores.total([scores.NOTHING, *(found.cell(line.key, column.key) for line in lines)])
        )
        rows.append(_row(tables.named(column), cell, changes.get((WHOLE, column.key)) if whole else None))
    return [Table(_head(_("Standard")), tuple(rows), _("Self-assessment by standard"), _NUMERIC)]
