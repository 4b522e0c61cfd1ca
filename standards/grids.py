"""The grid: values of one indicator typed in a table of units × periods of a year. All that was changed is taken, or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from qa_portal.people.models import Unit

from .measuring import Book, Entered, Ready, Typed, enter, said
from .mistakes import Mistake, Mistakes
from .models import Indicator, Measurement
from .periods import Span
from .series import Point, table

VALUE, CASES = "v", "c"


def name(kind: str, unit_id: int | None, label: str) -> str:
    """The name of an input: `v:12:2026-03`, 0 for the university."""
    return f"{kind}:{unit_id or 0}:{label}"


@dataclass
class Cell:
    """One unit in one period: what stands there, and what somebody has typed instead."""

    unit_id: int | None
    span: Span
    there: Point | None
    typed: dict[str, str] = field(default_factory=dict)
    wrong: list[Mistake] = field(default_factory=list)

    def stored(self, kind: str) -> str:
        if self.there is None or self.there.parts:
            return ""
        # With the comma of the reader's language, as it is typed and as the other pages show it.
        return said(self.there.value if kind == VALUE else self.there.weight).replace(
            ".", get_format("DECIMAL_SEPARATOR")
        )

    def text(self, kind: str) -> str:
        return self.typed.get(kind, self.stored(kind))

    @property
    def is_changed(self) -> bool:
        return any(text.strip() != self.stored(kind) for kind, text in self.typed.items())


@dataclass
class Row:
    unit_id: int | None
    label: str
    cells: list[Cell]


class Grid:
    """The units that report and whose values the person may give, the periods of the year that have begun."""

    def __init__(self, indicator: Indicator, year: int, book: Book):
        self.indicator, self.year, self.book = indicator, year, book
        self.spans = [span for span in book.periods.of_year(indicator.period, year) if span.since <= book.day]
        self.weighted = indicator.roll_up == Indicator.RollUp.WEIGHTED
        mine = [unit for unit in book.reporters[indicator.pk] if book.may(indicator, unit)]
        names = dict(Unit.objects.filter(pk__in=[unit for unit in mine if unit]).labels())
        ordered = sorted(mine, key=lambda unit: book.path_of.get(unit or 0, ""))
        values = table(indicator, self.spans, mine) if self.spans and mine else {}
        self.rows = [
            Row(
                unit,
                names.get(unit or 0) or _("The university"),
                [Cell(unit, span, values.get((unit, span.label))) for span in self.spans],
            )
            for unit in ordered
        ]

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row.cells

    def read(self, data: Any) -> None:
        """What was typed; a cell that was not sent stays as it is."""
        for cell in self.cells():
            for kind in (VALUE, CASES):
                text = data.get(name(kind, cell.unit_id, cell.span.label))
                if text is not None:
                    cell.typed[kind] = text[:40]

    def save(self, by: Any, reason: str, seen: str) -> Entered:
        """Write what was changed. With mistakes nothing is written, and each stands at its cell: raises Mistakes."""
        changed = [cell for cell in self.cells() if cell.is_changed]
        code_of = {unit: code for code, unit in self.book.unit_by_code.items()}
        ready: list[Ready] = []
        for place, cell in enumerate(changed):
            unit = code_of[cell.unit_id] if cell.unit_id else ""
            found = self.book.judge(
                Typed(place, self.indicator.code, unit, cell.span.label, cell.text(VALUE), cell.text(CASES))
            )
            if isinstance(found, Ready):
                ready.append(found)
            else:
                cell.wrong = found
        wrong = [mistake for cell in changed for mistake in cell.wrong]
        if wrong:
            raise Mistakes(wrong)
        try:
            return enter(ready, by=by, origin=Measurement.Origin.HAND, reason=reason, seen=_moment(seen))
        except Mistakes as mistakes:
            for mistake in mistakes.found:
                changed[mistake.place].wrong.append(mistake)
            raise


def _moment(text: str) -> datetime.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
