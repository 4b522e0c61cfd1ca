"""What follows from published groups of several trees by adding and subtracting, however many it takes. Pure.

Each tree cuts the whole into parts; the answers that stand in the same part of every tree are an atom. An attacker reaches a
group when its atoms' marks (1 in the group, 0 outside) are a combination of those of the parts. So the space of combinations
is brought to row echelon form, largest atoms first: rows led by an atom with enough people cannot have part in a group that
has not enough. Among the few rows that are left every sum that is 0 and 1 only is looked for; a row's leading atom stands in
no other row, so the leading atoms of a small group's rows are people of it, and there are fewer than k of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

#: how many sums are looked at before the answer is "unclear", which counts as a leak
PATIENCE = 4000

Number = int | Fraction
Row = dict[int, Number]


class Unclear(Exception):
    """Too many sums to look at."""


def derivable(cuts: Sequence[Sequence[int]], enough: Callable[[int], bool], patience: int = PATIENCE) -> int:
    """Answers of a group that follows from the parts and has not enough people; 0 when there is none."""
    atoms = _atoms(cuts)
    atoms.sort(key=lambda atom: (-atom[0].bit_count(), atom[1]))
    bits = [atom[0] for atom in atoms]
    large = [enough(answers) for answers in bits]
    if all(large):
        return 0
    rows = _rows(atoms)
    _drop(rows, [atom for atom, is_large in enumerate(large) if is_large])
    reduced = _reduced(rows, [atom for atom, is_large in enumerate(large) if not is_large])
    return _Search(reduced, bits, enough, patience).run()


def _atoms(cuts: Sequence[Sequence[int]]) -> list[tuple[int, tuple[int, ...]]]:
    """(answers, the part of each tree in which they stand)."""
    found: list[tuple[int, tuple[int, ...]]] = [(part, (at,)) for at, part in enumerate(cuts[0])]
    for parts in cuts[1:]:
        finer = []
        for answers, place in found:
            left = answers
            for at, part in enumerate(parts):
                both = left & part
                if both:
                    finer.append((both, (*place, at)))
                    left ^= both
                    if not left:
                        break
        found = finer
    return found


def _rows(atoms: Sequence[tuple[int, tuple[int, ...]]]) -> list[Row]:
    rows: dict[tuple[int, int], Row] = defaultdict(dict)
    for atom, (_answers, place) in enumerate(atoms):
        for tree, at in enumerate(place):
            rows[tree, at][atom] = 1
    return list(rows.values())


class _Columns:
    """In which rows each atom stands, kept while rows are subtracted."""

    def __init__(self, rows: Sequence[Row]):
        self.rows = rows
        self.of: dict[int, set[int]] = defaultdict(set)
        for at, row in enumerate(rows):
            for atom in row:
                self.of[atom].add(at)

    def subtract(self, lead: Row, atom: int, at: int) -> None:
        """Take `atom` out of row `at` by means of `lead`."""
        row = self.rows[at]
        times = _ratio(row[atom], lead[atom])
        for other, number in lead.items():
            left = row.get(other, 0) - times * number
            if left:
                row[other] = left
                self.of[other].add(at)
            elif other in row:
                del row[other]
                self.of[other].discard(at)

    def empty(self, at: int) -> None:
        for atom in self.rows[at]:
            self.of[atom].discard(at)
        self.rows[at].clear()


def _ratio(above: Number, below: Number) -> Number:
    if below in (1, -1):
        return above * below
    found = Fraction(above) / below
    return found.numerator if found.denominator == 1 else found


def _drop(rows: list[Row], large: Sequence[int]) -> None:
    """Take out the rows that lead with a large atom."""
    columns = _Columns(rows)
    for atom in large:
        there = columns.of[atom]
        if not there:
            continue
        first = min(there, key=lambda at: (len(rows[at]), at))
        lead = rows[first]
        for at in [at for at in there if at != first]:
            columns.subtract(lead, atom, at)
        columns.empty(first)


def _reduced(rows: list[Row], small: Sequence[int]) -> list[tuple[int, Row]]:
    """(leading atom, row): reduced row echelon form of what is left."""
    rows = [row for row in rows if row]
    columns, leads = _Columns(rows), {}
    for atom in small:
        free = [at for at in columns.of[atom] if at not in leads]
        if not free:
            continue
        first = min(free, key=lambda at: (len(rows[at]), at))
        lead = rows[first]
        if lead[atom] != 1:
            times = _ratio(1, lead[atom])
            for other in lead:
                lead[other] = lead[other] * times
        for at in [at for at in columns.of[atom] if at != first]:
            columns.subtract(lead, atom, at)
        leads[first] = atom
    return [(atom, rows[at]) for at, atom in leads.items()]


class _Search:
    """Looks for a sum of rows that is 0 and 1 only and holds too few people."""

    def __init__(
        self, rows: Sequence[tuple[int, Row]], bits: Sequence[int], enough: Callable[[int], bool], patience: int
    ):
        self.rows, self.bits, self.enough, self.patience = rows, bits, enough, patience
        self.above: dict[int, list[int]] = defaultdict(list)
        self.below: dict[int, list[int]] = defaultdict(list)
        for at, (_lead, row) in enumerate(rows):
            for atom, number in row.items():
                (self.above if number > 0 else self.below)[atom].append(at)

    def run(self) -> int:
        for first, (_lead, row) in enumerate(self.rows):
            found = self._from(dict(row), frozenset((first,)), frozenset(range(first)))
            if found:
                return found
        return 0

    def _from(self, total: Row, used: frozenset[int], barred: frozenset[int]) -> int:
        self.patience -= 1
        if self.patience < 0:
            raise Unclear
        leads = 0
        for at in used:
            leads |= self.bits[self.rows[at][0]]
        if self.enough(leads):
            return 0
        more = self._must(total)
        if more is None:
            return self._together(total)
        for at in more:
            if at in used or at in barred:
                continue
            found = self._from(self._plus(total, at), used | {at}, barred)
            if found:
                return found
            barred = barred | {at}
        return 0

    def _must(self, total: Row) -> list[int] | None:
        """Rows of which at least one belongs to any small group that has these; None when it is one already."""
        for atom, number in total.items():
            if number < 0:
                return self.above[atom]
            if number not in (0, 1):
                # a fraction may be mended upward or downward
                return self.below[atom] + (self.above[atom] if number < 1 else [])
        if not self.enough(self._together(total)):
            return None
        heavy, more = 0, []
        for atom in sorted(total, key=lambda atom: (-self.bits[atom].bit_count(), atom)):
            heavy |= self.bits[atom]
            more.extend(self.below[atom])
            if self.enough(heavy):
                break
        return list(dict.fromkeys(more))

    def _plus(self, total: Row, at: int) -> Row:
        found = dict(total)
        for atom, number in self.rows[at][1].items():
            left = found.get(atom, 0) + number
            if left:
                found[atom] = left
            else:
                found.pop(atom, None)
        return found

    def _together(self, total: Row) -> int:
        found = 0
        for atom in total:
            found |= self.bits[atom]
        return found
