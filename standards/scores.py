"""Every average of self-assessment: heat map, areas of one standard, change against another year, trend.

One function for each figure: page, picture, export, API and report read these and nothing else (decision 0013).

An average is the sum of points (not met 0, partly 1, largely 2, fully 3) of the answers that count, divided by their number.
Totals are worked out over the answers, never as a mean of means. "Not applicable" and "not yet looked at" are no score: they
are counted beside it. Answers count once submitted; of an approved cycle only those that were accepted. What was taken out
does not exist here. Until the Council has approved the cycle its figures are provisional.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme
from qa_portal.web.charting import written

from .models import AreaAnswer, Cycle, EvaluationArea, Score, Standard
from .querysets.cycles import insider

#: the steps of the scale, by their points
STEPS = (Score.NOT_MET, Score.PARTLY, Score.LARGELY, Score.FULLY)
#: key of the line of the whole university, of the person's own units together, and of the column of all standards
WHOLE, OWN, ALL = 0, -1, ""
YEARS = 5
#: cycles that have figures; a draft has none, a cancelled one none any more
WITH_FIGURES = (Cycle.OPEN, Cycle.SUBMITTED, Cycle.APPROVED)

Key = tuple[int, str]


class Cell(NamedTuple):
    """What some answers come to. `areas` are all that were asked; those neither scored nor set aside wait to be submitted."""

    points: int = 0
    scored: int = 0
    not_applicable: int = 0
    not_looked: int = 0
    areas: int = 0

    @property
    def mean(self) -> float | None:
        """0 to 3; None where nothing was scored."""
        return self.points / self.scored if self.scored else None

    @property
    def tenths(self) -> int:
        """The mean to one decimal, half up, as a whole number: 25 is 2.5."""
        return (20 * self.points + self.scored) // (2 * self.scored)

    @property
    def shown(self) -> str:
        return written(self.tenths / 10, 1) if self.scored else "—"

    @property
    def step(self) -> int | None:
        """The step of the scale nearest to the figure that is shown; half a step goes up: 1.5 to 2.4 is 2."""
        return (self.tenths + 5) // 10 if self.scored else None

    @property
    def word(self) -> str:
        return "" if self.step is None else str(STEPS[self.step].label)

    @property
    def waiting(self) -> int:
        return self.areas - self.scored - self.not_applicable - self.not_looked


NOTHING = Cell()


def total(cells: Iterable[Cell]) -> Cell:
    """Over the answers: points and numbers are added, so nobody takes the mean of means."""
    return Cell(*map(sum, zip(*cells, strict=True)))


@dataclass(frozen=True)
class Head:
    """A line or a column: its key, its short name and its full one."""

    key: Any
    label: str
    name: str = ""


@dataclass
class HeatMap:
    """Lines are units (or programmes), columns standards (or the areas of one). `cells` holds totals too: by WHOLE, OWN, ALL."""

    cycle: Cycle
    lines: list[Head]
    columns: list[Head]
    cells: dict[Key, Cell]
    programmes: bool = False
    standard: str = ""

    @property
    def provisional(self) -> bool:
        return self.cycle.state != Cycle.APPROVED

    def cell(self, line: int, column: str = ALL) -> Cell:
        return self.cells.get((line, column), NOTHING)

    @property
    def total_lines(self) -> list[int]:
        """Which totals this person reads."""
        return [key for key in (WHOLE, OWN) if (key, ALL) in self.cells]


class Change(NamedTuple):
    """One figure in two cycles, both with an average; `by` is the exact difference, `tenths` it to one decimal."""

    line: Any
    column: str
    before: Cell
    now: Cell
    by: float
    tenths: int

    @property
    def shown(self) -> str:
        """With its sign: «+0,3», «−0,2», «0,0»."""
        return signed(self.tenths)


def changed(line: Any, column: str, before: Cell, now: Cell) -> Change:
    """In whole numbers, so that half a tenth goes away from zero and nothing is lost on the way."""
    over = now.points * before.scored - before.points * now.scored
    under = now.scored * before.scored
    tenths = (20 * abs(over) + under) // (2 * under)
    return Change(line, column, before, now, over / under, tenths if over > 0 else -tenths)


def signed(tenths: int) -> str:
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return sign + written(abs(tenths) / 10, 1)


@dataclass
class Trend:
    """Years side by side, the oldest first; `cells` by (line, number of the cycle), the total under WHOLE."""

    cycles: list[Cycle]
    lines: list[Head]
    cells: dict[tuple[Any, int], Cell] = field(default_factory=dict)

    def cell(self, line: Any, cycle: Cycle) -> Cell:
        return self.cells.get((line, cycle.pk), NOTHING)

    def change(self, line: Any) -> Change | None:
        """The last year against the one before it."""
        if len(self.cycles) < 2:
            return None
        before, now = (self.cell(line, cycle) for cycle in self.cycles[-2:])
        return changed(line, ALL, before, now) if before.scored and now.scored else None


# -- who sees what -----------------------------------------------------------------------------------------------------
def sees_all(person: Any) -> bool:
    """None stands for the university itself: a report that says the same to everybody."""
    return person is None or person.standing.sees_everything


def cycles_for(person: Any) -> QuerySet:
    """The cycles with figures that a person may ask for, the newest first."""
    seen = Cycle.objects.all() if person is None else Cycle.objects.visible_to(person)
    return seen.filter(state__in=WITH_FIGURES).order_by("-year", "-pk")


def earlier_than(cycle: Cycle) -> Cycle | None:
    """The cycle of the year before, or the last one before that."""
    return Cycle.objects.filter(state__in=WITH_FIGURES, year__lt=cycle.year).order_by("-year").first()


def sees_unit(person: Any, unit: Unit) -> bool:
    return sees_all(person) or (insider(person) and own_units(person).filter(pk=unit.pk).exists())


# -- the one sum -----------------------------------------------------------------------------------------------------------
def counting(cycles: Iterable[Cycle]) -> Q:
    """Which answers enter an average: accepted ones, and while a cycle is not approved those submitted too."""
    running = [cycle.pk for cycle in cycles if cycle.state != Cycle.APPROVED]
    accepted = Q(state=AreaAnswer.ACCEPTED)
    return accepted | Q(state=AreaAnswer.SUBMITTED, cycle__in=running) if running else accepted


def answers_of(cycles: Iterable[Cycle], programmes: bool = False) -> Any:
    """The answers behind the figures of these cycles: of live self-assessments, not taken out."""
    # "IN (false)", because "NOT of_programme" keeps SQLite from the index.
    rows = AreaAnswer.objects.filter(cycle__in=[cycle.pk for cycle in cycles], of_programme__in=[programmes])
    return rows.exclude(state=AreaAnswer.CANCELLED).exclude(assessment__state="cancelled")


def _sums(rows: Any, cycles: list[Cycle], *by: str) -> list[tuple[tuple[Any, ...], Cell]]:
    """One query: what the answers come to, in groups. Scores are asked before states: most rows fail there at once."""
    counted = counting(cycles)
    summed = (
        rows.order_by()
        .values_list(*by)
        .annotate(
            all_points=Sum("points", filter=counted),
            scored=Count("points", filter=counted),
            not_applicable=Count("pk", filter=Q(score=Score.NOT_APPLICABLE) & counted),
            not_looked=Count("pk", filter=Q(score=Score.NOT_LOOKED) & counted),
            asked=Count("pk"),
        )
    )
    n = len(by)
    return [(row[:n], Cell(row[n] or 0, *row[n + 1 :])) for row in summed]


def enters(answer: AreaAnswer, cycle: Cycle) -> bool:
    """The same rule as `counting`, about one answer."""
    not_yet = answer.state == AreaAnswer.SUBMITTED and cycle.state != Cycle.APPROVED
    return not_yet or answer.state == AreaAnswer.ACCEPTED


def cell_of(rows: Any, cycle: Cycle) -> Cell:
    """What these answers of one cycle come to."""
    return total([NOTHING, *(cell for _key, cell in _sums(rows, [cycle], "cycle"))])


def own_ids(person: Any) -> set[int]:
    return set(own_units(person).values_list("pk", flat=True)) if insider(person) else set()


# -- heat map -------------------------------------------------------------------------------------------------------------
def heat_map(cycle: Cycle, person: Any, programmes: bool = False, standard: str = "") -> HeatMap:
    """Units (or programmes) × standards, or × the areas of one standard, as far as this person sees them."""
    cells = cells_of(cycle, person, programmes, standard)
    lines = {line for line, _column in cells if line > 0}
    return HeatMap(
        cycle,
        _programme_heads(lines) if programmes else unit_heads(lines),
        _area_heads(cycle, standard) if standard else standard_heads(cycle, {column for _line, column in cells}),
        cells,
        programmes,
        standard,
    )


def cells_of(cycle: Cycle, person: Any, programmes: bool = False, standard: str = "") -> dict[Key, Cell]:
    """The figures of a heat map, one query beside the person's units.

    The line of the university is for those who see everything, and for everybody once the Council has approved the cycle.
    """
    rows = answers_of([cycle], programmes)
    if standard:
        rows = rows.filter(standard=standard)
    own = None if sees_all(person) else own_ids(person)
    to_all = own is None or cycle.state == Cycle.APPROVED
    led = (
        set(Programme.objects.filter(head=person).values_list("pk", flat=True))
        if programmes and own is not None
        else ()
    )
    if not to_all:
        mine = Q(unit__in=own)
        rows = rows.filter(mine | Q(assessment__programme__in=led) if programmes else mine)
    by = ("assessment__programme", "unit") if programmes else ("unit",)
    cells: dict[Key, Cell] = {}
    of_all: dict[str, list[Cell]] = defaultdict(list)
    of_mine: dict[str, list[Cell]] = defaultdict(list)
    of_line: dict[int, list[Cell]] = defaultdict(list)
    for (line, *more, column), cell in _sums(rows, [cycle], *by, "code" if standard else "standard"):
        if to_all:
            of_all[column].append(cell)
        if own is None or (more[0] if more else line) in own or line in led:
            cells[line, column] = cell
            of_line[line].append(cell)
            if own is not None:
                of_mine[column].append(cell)
    cells.update({(line, ALL): total(found) for line, found in of_line.items()})
    for key, columns in ((WHOLE, of_all), (OWN, of_mine)):
        if columns:
            totals = {column: total(found) for column, found in columns.items()}
            cells.update({(key, column): cell for column, cell in totals.items()})
            cells[key, ALL] = total(totals.values())
    return cells


def areas_map(cycle: Cycle, standard: str, person: Any, programmes: bool = False) -> HeatMap:
    """Units × the areas of one standard."""
    return heat_map(cycle, person, programmes, standard)


def unit_heads(ids: Iterable[int]) -> list[Head]:
    """Units in the order of the tree: by the chain of numbers, not by their letters."""
    rows = Unit.objects.filter(pk__in=ids)
    chains = {pk: [int(part) for part in path.split(".") if part] for pk, path in rows.values_list("pk", "path")}
    return sorted((Head(pk, name) for pk, name in rows.order_by().labels()), key=lambda head: chains[head.key])


def _programme_heads(ids: Iterable[int]) -> list[Head]:
    return [Head(row.pk, row.code, row.name) for row in Programme.objects.filter(pk__in=ids)]


def standard_heads(cycle: Cycle, codes: Iterable[str] = ()) -> list[Head]:
    """The standards of the cycle in their order, named as in its edition."""
    names = dict(Standard.objects.filter(edition=cycle.edition_id).values_list("code", "name"))
    wanted = {code for code in (*cycle.standards, *codes) if code}
    return [Head(code, code, names.get(code, "")) for code in sorted(wanted, key=in_order)]


@functools.lru_cache(maxsize=1000)
def in_order(code: str) -> tuple[int, ...]:
    """S2 before S10, S1.A2 before S1.A10."""
    return tuple(int("0" + "".join(filter(str.isdigit, part))) for part in code.split("."))


def _area_heads(cycle: Cycle, standard: str) -> list[Head]:
    areas = EvaluationArea.objects.filter(standard__edition=cycle.edition_id, standard__code=standard)
    return [Head(code, code, text) for code, text in areas.values_list("code", "text")]


def change(now: HeatMap, earlier: Cycle, person: Any) -> dict[Key, Change]:
    """How each average moved since an earlier cycle: the same unit and the same code, totals too, where both have one.

    Codes hold over editions of the catalogue; what one edition does not have has no change.
    """
    before = cells_of(earlier, person, now.programmes, now.standard)
    return {
        key: changed(*key, before[key], cell)
        for key, cell in now.cells.items()
        if cell.scored and key in before and before[key].scored
    }


def moved(found: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """What rose and what fell, the largest first."""
    rows = [row for row in found if row.tenths]
    rose = sorted((row for row in rows if row.tenths > 0), key=lambda row: (-row.by, row.line, in_order(row.column)))
    fell = sorted((row for row in rows if row.tenths < 0), key=lambda row: (row.by, row.line, in_order(row.column)))
    return rose, fell


# -- trend -----------------------------------------------------------------------------------------------------------------
def trend(
    person: Any,
    standard: str = "",
    unit: Unit | None = None,
    *,
    by_unit: bool = False,
    years: int = YEARS,
    until: int | None = None,
) -> Trend:
    """The last years by standard, or by unit; narrowed to one standard or one unit where asked.

    Those who do not see everything read the university's figures of approved cycles, and those of their own units.
    """
    found = Trend(_years(person, unit, years, until), [])
    if not found.cycles:
        return found
    own = own_ids(person) if by_unit and not sees_all(person) else None
    cells, of_all = found.cells, defaultdict(list)
    rows = _narrowed(found.cycles, standard, unit)
    for (cycle, key), cell in _sums(rows, found.cycles, "cycle", "unit" if by_unit else "standard"):
        if own is None or key in own:
            cells[key, cycle] = cell
        of_all[cycle].append(cell)
    cells.update({(WHOLE, cycle): total(parts) for cycle, parts in of_all.items()})
    keys = {key for key, _cycle in cells if key != WHOLE}
    found.lines = unit_heads(keys) if by_unit else standard_heads(found.cycles[-1], keys)
    return found


def last_two(person: Any, standard: str = "", unit: Unit | None = None) -> Trend:
    """The end of a trend without its lines: what a standard, or a unit, came to in the last two cycles."""
    found = Trend(_years(person, unit, 2), [])
    if found.cycles:
        sums = _sums(_narrowed(found.cycles, standard, unit), found.cycles, "cycle")
        found.cells = {(WHOLE, cycle): cell for (cycle,), cell in sums}
    return found


def _years(person: Any, unit: Unit | None, years: int, until: int | None = None) -> list[Cycle]:
    """The last cycles of which this person may read: of a unit that they do not see none."""
    asked = cycles_for(person)
    if until is not None:
        asked = asked.filter(year__lte=until)
    if unit is None and not sees_all(person):
        asked = asked.filter(state=Cycle.APPROVED)
    elif unit is not None and not sees_unit(person, unit):
        return []
    return sorted(asked.select_related("edition")[:years], key=lambda cycle: (cycle.year, cycle.pk))


def _narrowed(cycles: list[Cycle], standard: str, unit: Unit | None) -> Any:
    rows = answers_of(cycles)
    if standard:
        rows = rows.filter(standard=standard)
    return rows if unit is None else rows.filter(unit=unit)
