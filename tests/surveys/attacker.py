"""The reader who adds and subtracts: what follows from published groups. Shares no code with the release rules.

`published_groups(release)` gives what a release says; `Truth` who really stands where, from the ballots (only a test may);
`leaks(...)` the groups of 1…k−1 people that follow. Whoever has other tables of groups and sizes (a page, an export, the API)
puts them in as {(tree, path): n} and gets the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from surveys.models import Campaign, Release
from surveys.models.ballots import Ballot

Key = tuple[str, str]
Table = Mapping[Key, int]


# -- what is said -----------------------------------------------------------------------------------------------------
def published_groups(release: Release, scope: str = "inside", layer: str = "known") -> dict[str, dict[Key, int]]:
    """{question: {(tree, path): n}}. `layer`: "known" (all that is said), "means", "exact" (counts of answers)."""
    found: dict[str, dict[Key, int]] = defaultdict(dict)
    for node in release.nodes.filter(scope=scope):
        for code, cell in node.cells.items():
            if layer == "exact" and not cell["exact"] or layer == "means" and cell.get("band_only"):
                continue
            found[code][node.tree, node.path] = cell["n"]
    return dict(found)


# -- who stands where -------------------------------------------------------------------------------------------------
class Truth:
    """Of each question who answered it at each node. People are (ballot, teacher) where teachers are asked about."""

    def __init__(self, campaign: Campaign):
        self.answers: dict[str, dict[Key, set[Any]]] = defaultdict(lambda: defaultdict(set))
        self.values: dict[str, dict[Any, Any]] = defaultdict(dict)
        courses = campaign.way == Campaign.Way.COURSES
        for ballot in Ballot.objects.filter(survey__campaign=campaign).select_related("survey"):
            survey = ballot.survey
            for key, value in ballot.answers.items():
                code, _at, teacher = key.partition("@")
                person = (ballot.pk, teacher)
                name = code if value not in ("na", "refused") else f"{code}:{value}"
                self.values[name][person] = value
                unit = [str(part) for part in self._unit(survey, ballot)]
                own = [f"c{survey.pk}"] if survey.course_id else []
                paths: dict[str, list[str]] = {}
                if courses:
                    last = [f"{own[0]}/t{teacher}"] if own and teacher else ([] if teacher else own)
                    paths["teacher" if teacher else "course"] = [*unit, *last]
                if not teacher:
                    for tree in campaign.trees:
                        values = []
                        for stratum in tree:
                            if ballot.strata.get(stratum) in (None, ""):
                                break
                            values.append(str(ballot.strata[stratum]))
                        paths["/".join(tree)] = values
                self.answers[name]["", ""].add(person)
                for tree, parts in paths.items():
                    for depth in range(1, len(parts) + 1):
                        self.answers[name][tree, "/".join(parts[:depth])].add(person)

    def _unit(self, survey: Any, ballot: Ballot) -> list[Any]:
        strata = survey.strata if survey.course_id else ballot.strata
        return [strata[name] for name in ("school", "department") if strata.get(name)]

    def groups(self, code: str, table: Table) -> list[frozenset[Any]]:
        """The people of each group in a table; its numbers must be true."""
        found = []
        for key, number in table.items():
            people = self.answers[code][key]
            assert len(people) == number, (code, key, number, len(people))
            found.append(frozenset(people))
        return found


# -- what follows -----------------------------------------------------------------------------------------------------
def derived(groups: Iterable[frozenset[Any]], k: int) -> frozenset[Any] | None:
    """Some group of fewer than k that is a sum of published ones, each times any number; None: there is none.

    For small worlds: every set of atoms with fewer than k people is tried against the null space, in exact arithmetic.
    """
    groups = [group for group in set(groups) if group]
    marks: dict[Any, list[int]] = defaultdict(lambda: [0] * len(groups))
    for at, group in enumerate(groups):
        for person in group:
            marks[person][at] = 1
    by_mark: dict[tuple[int, ...], list[Any]] = defaultdict(list)
    for person, mark in marks.items():
        by_mark[tuple(mark)].append(person)
    atoms = sorted(by_mark.items(), key=lambda atom: (len(atom[1]), atom[0]))
    null = _null_space([[mark[at] for mark, _people in atoms] for at in range(len(groups))], len(atoms))
    sizes = [len(people) for _mark, people in atoms]

    def search(start: int, size: int, sums: list[Fraction], chosen: tuple[int, ...]) -> tuple[int, ...] | None:
        if chosen and not any(sums):
            return chosen
        for at in range(start, len(atoms)):
            if size + sizes[at] >= k:
                break
            found = search(at + 1, size + sizes[at], [sums[i] + null[i][at] for i in range(len(null))], (*chosen, at))
            if found:
                return found
        return None

    found = search(0, 0, [Fraction(0)] * len(null), ())
    return frozenset(person for at in found for person in atoms[at][1]) if found else None


def _null_space(rows: list[list[int]], width: int) -> list[list[Fraction]]:
    matrix = [[Fraction(value) for value in row] for row in rows]
    leads: list[int] = []
    for column in range(width):
        at = next((i for i in range(len(leads), len(matrix)) if matrix[i][column]), None)
        if at is None:
            continue
        place = len(leads)
        matrix[place], matrix[at] = matrix[at], matrix[place]
        lead = matrix[place][column]
        matrix[place] = [value / lead for value in matrix[place]]
        for i, row in enumerate(matrix):
            if i != place and row[column]:
                times = row[column]
                matrix[i] = [value - times * own for value, own in zip(row, matrix[place], strict=True)]
        leads.append(column)
    found = []
    for free in (column for column in range(width) if column not in leads):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for i, lead in enumerate(leads):
            vector[lead] = -matrix[i][free]
        found.append(vector)
    return found


def nested(groups: Iterable[frozenset[Any]], k: int) -> frozenset[Any] | None:
    """A difference of 1…k−1 between two groups, one inside the other; for large worlds."""
    ordered = sorted({group for group in groups if group}, key=len)
    for at, small in enumerate(ordered):
        if len(small) < k:
            return small
        for large in ordered[at + 1 :]:
            if 0 < len(large) - len(small) < k and small < large:
                return large - small
    return None


def leaks(tables: Iterable[tuple[str, Table]], truth: Truth, k: int, *, every: bool = True) -> list[str]:
    """Of which questions something follows from these tables together (several versions, scopes, exports)."""
    groups: dict[str, list[frozenset[Any]]] = defaultdict(list)
    for code, table in tables:
        groups[code].extend(truth.groups(code, table))
    attack = derived if every else nested
    return sorted(code for code, found in groups.items() if attack(found, k) is not None)
