"""Averages of self-assessment as tables: the same lines and figures for page, file and paper."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from .models import Cycle
from .scores import ALL, NOTHING, OWN, STEPS, WHOLE, Cell, Change, Head, HeatMap, Key, Trend, signed


# -- one cell ----------------------------------------------------------------------------------------------------------
def words(cell: Cell) -> str:
    """What stands in a cell: the average, or in a sign why there is none; nothing where nothing was asked."""
    return _said(cell, get_language())[0]


def css(cell: Cell) -> str:
    return _said(cell, get_language())[2]


@functools.lru_cache(maxsize=10000)
def _said(cell: Cell, language: str | None) -> tuple[str, str, str]:
    """Figure, word and class of a cell, drawn once: a map has hundreds of cells of few kinds."""
    if cell.scored:
        return cell.shown, cell.word, f"heat-{cell.step}"
    if not cell.areas:
        return "", _("not asked"), "heat-none"
    if cell.waiting:
        return "…", _("not submitted yet"), "heat-none"
    if cell.not_looked:
        return "?", _("not yet looked at"), "heat-none"
    return pgettext("short: not applicable", "n/a"), _("not applicable"), "heat-none"


@functools.lru_cache(maxsize=500)
def _signed(tenths: int, language: str | None) -> str:
    return signed(tenths)


def legend() -> list[dict[str, str]]:
    """The steps with the figures that belong to them, then the signs."""
    ends = ((0, 4), (5, 14), (15, 24), (25, 30))
    steps = [
        {"css": f"heat-{k}", "sign": f"{Cell(low, 10).shown} – {Cell(high, 10).shown}", "text": str(STEPS[k].label)}
        for k, (low, high) in enumerate(ends)
    ]
    return [
        *steps,
        {"css": "heat-none", "sign": pgettext("short: not applicable", "n/a"), "text": _("not applicable")},
        {"css": "heat-none", "sign": "?", "text": _("not yet looked at")},
        {"css": "heat-none", "sign": "…", "text": _("not submitted yet")},
    ]


# -- heat map ------------------------------------------------------------------------------------------------------------
@dataclass
class Grid:
    """A heat map laid out: totals first, then lines; each cell with the change since another cycle where one is asked."""

    map: HeatMap
    changes: dict[Key, Change]
    compared: Cycle | None = None

    @property
    def lines(self) -> list[Head]:
        """The totals that the person reads, then units or programmes."""
        return [*(Head(key, total_label(key, self.map.programmes)) for key in self.map.total_lines), *self.map.lines]

    @property
    def columns(self) -> list[Head]:
        return [*self.map.columns, Head(ALL, _("All"), _("All together"))]

    @property
    def first(self) -> str:
        return _("Programme") if self.map.programmes else _("Unit")

    # -- the file ------------------------------------------------------------------------------------------------------
    def sheet_head(self) -> list[tuple[str, int]]:
        head: list[tuple[str, int]] = [(self.first, 44)]
        for column in self.columns:
            head.append((column.label, 10))
            if self.compared:
                head.append((_("%(code)s, change") % {"code": column.label}, 12))
        return head

    def sheet_rows(self) -> Iterator[list[Any]]:
        for line in self.lines:
            row: list[Any] = [named(line)]
            for column in self.columns:
                cell = self.map.cell(line.key, column.key)
                row.append(cell.tenths / 10 if cell.scored else words(cell))
                if self.compared:
                    found = self.changes.get((line.key, column.key))
                    row.append(found.tenths / 10 if found else "")
            yield row

    # -- the page ------------------------------------------------------------------------------------------------------
    def body(self) -> SafeString:
        """The rows as HTML, made here: hundreds of cells by the template engine would take longer than all the rest."""
        return mark_safe("".join(self._row(line) for line in self.lines))

    def _row(self, line: Head) -> str:
        cells = "".join(self._cell(line.key, column.key) for column in self.columns)
        kind = ' class="heat-total"' if line.key in (WHOLE, OWN) else ""
        return f'<tr{kind}><th scope="row">{self._line_label(line)}</th>{cells}</tr>'

    def _line_label(self, line: Head) -> str:
        below = f'<span class="sub">{escape(line.name)}</span>' if line.name else ""
        if line.key in (WHOLE, OWN) or self.map.programmes:
            return f"{escape(line.label)}{below}"
        return f'<a href="{self._trend}?unit={line.key}">{escape(line.label)}</a>'

    def _cell(self, line: int, column: str) -> str:
        cell = self.map.cells.get((line, column), NOTHING)
        figure, word, tone = _said(cell, self.language)
        inside = f'{figure}<span class="sr-only"> {word}</span>'
        if self.compared and (found := self.changes.get((line, column))):
            inside += f'<span class="heat-change">{_signed(found.tenths, self.language)}</span>'
        address = self._address(line, column) if cell.areas else ""
        if address:
            inside = f'<a href="{address}">{inside}</a>'
        return f'<td class="{tone}{" heat-all" if column == ALL else ""}">{inside}</td>'

    def _address(self, line: int, column: str) -> str:
        """Behind a cell its answers; behind a standard's total its areas; behind a line's total nothing of its own."""
        if column == ALL:
            return ""
        if line in (WHOLE, OWN):
            return "" if self.map.standard else f"{self._here}&amp;standard={column}"
        standard = self.map.standard or column
        place = f"#{column}" if self.map.standard else ""
        return f"{self._behind}{line}&amp;standard={standard}{place}"

    @functools.cached_property
    def language(self) -> str | None:
        return get_language()

    @functools.cached_property
    def _trend(self) -> str:
        return reverse("standards:trend")

    @functools.cached_property
    def _here(self) -> str:
        asked = {"cycle": self.map.cycle.pk, **({"of": "programmes"} if self.map.programmes else {})}
        asked |= {"compare": self.compared.pk} if self.compared else {}
        return f"{reverse('standards:heat-map')}?{escape(urlencode(asked))}"

    @functools.cached_property
    def _behind(self) -> str:
        kind = "programme" if self.map.programmes else "unit"
        return f"{reverse('standards:heat-map-cell')}?cycle={self.map.cycle.pk}&amp;{kind}="


def total_label(key: int, programmes: bool = False) -> str:
    if key == WHOLE:
        return _("All programmes") if programmes else _("The university")
    return _("Your programmes together") if programmes else _("Your units together")


def named(line: Head) -> str:
    return f"{line.label} {line.name}".strip()


# -- what rose, what fell ---------------------------------------------------------------------------------------------
def told(changes: list[Change], names: dict[Any, str], columns: dict[Any, str]) -> list[dict[str, str]]:
    """Changes in words: whose, on what, from what to what."""
    return [
        {
            "line": names[change.line],
            "column": columns.get(change.column, ""),
            "before": change.before.shown,
            "now": change.now.shown,
            "by": change.shown,
        }
        for change in changes
    ]


# -- trend ------------------------------------------------------------------------------------------------------------
@dataclass
class Years:
    """A trend laid out: a line a standard or unit, a column a year, the change of the last year."""

    trend: Trend
    by_unit: bool
    whole: str

    @property
    def lines(self) -> list[Head]:
        return [Head(WHOLE, self.whole), *self.trend.lines]

    @property
    def first(self) -> str:
        return _("Unit") if self.by_unit else _("Standard")

    def body(self, address: str) -> SafeString:
        """The rows as HTML; a name leads to the same page with its line in the picture (`address` and its key)."""
        return mark_safe("".join(self._row(line, address, get_language()) for line in self.lines))

    def _row(self, line: Head, address: str, language: str | None) -> str:
        is_whole = line.key == WHOLE
        label = escape(line.label) if is_whole else f'<a href="{escape(address)}{line.key}">{escape(line.label)}</a>'
        below = f'<span class="sub">{escape(line.name)}</span>' if line.name else ""
        cells = ""
        for cycle in self.trend.cycles:
            figure, word, tone = _said(self.trend.cell(line.key, cycle), language)
            cells += f'<td class="{tone}">{figure}<span class="sr-only"> {word}</span></td>'
        change = self.trend.change(line.key)
        moved = _signed(change.tenths, language) if change else ""
        kind = ' class="heat-total"' if is_whole else ""
        return f'<tr{kind}><th scope="row">{label}{below}</th>{cells}<td class="heat-none">{moved}</td></tr>'

    def sheet_head(self) -> list[tuple[str, int]]:
        years = [(year_label(cycle), 12) for cycle in self.trend.cycles]
        return [(self.first, 44), *years, (pgettext("difference between two years", "Change"), 10)]

    def sheet_rows(self) -> Iterator[list[Any]]:
        for line in self.lines:
            cells = [self.trend.cell(line.key, cycle) for cycle in self.trend.cycles]
            change = self.trend.change(line.key)
            values = [cell.tenths / 10 if cell.scored else words(cell) for cell in cells]
            yield [named(line), *values, change.tenths / 10 if change else ""]


def year_label(cycle: Cycle) -> str:
    """The year; a cycle that is not approved yet is marked."""
    return str(cycle.year) if cycle.state == Cycle.APPROVED else f"{cycle.year}*"
