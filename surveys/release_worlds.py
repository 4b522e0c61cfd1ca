"""From rows of answers to the trees and columns that the release rules look at. Pure: rows go in one by one, once.

Two worlds: ballots with the questions asked once, and answers about a teacher (a ballot about two teachers has two) with the
questions asked for each. In surveys about courses the first stands in the tree "course" (school → department → course), the
second in the tree "teacher" (school → department → course and teacher); both by the unit of the course. Answers about small
courses lie in a pool without a course (recoding.py): they count for the unit their strata name.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .release_cells import APART, Column, World
from .release_rules import Crowd, Forest

COURSE, TEACHER = "course", "teacher"
PLACE = ("school", "department")


@dataclass(frozen=True)
class Asked:
    """A survey: whether it is about one course, which unit's, and who is asked about."""

    single: bool = False
    strata: Mapping[str, Any] = field(default_factory=dict)
    teachers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Row:
    """So many of a survey and stratum were invited, so many of them took part."""

    survey: int
    strata: Mapping[str, Any]
    invited: int
    answered: int


def values_in(strata: Mapping[str, Any], tree: Sequence[str]) -> list[str]:
    found = []
    for key in tree:
        if strata.get(key) in (None, ""):
            break
        found.append(str(strata[key]))
    return found


def bits_of(places: Iterable[int], size: int) -> int:
    found = bytearray((size + 7) // 8)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


class _Gathered:
    """Answers of one question: under each value, or `na`, the places of those who gave it."""

    def __init__(self) -> None:
        self.marks: dict[Any, array[int]] = defaultdict(lambda: array("I"))
        self.apart: dict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, place: int, value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                self.marks[one].append(place)
        elif value in APART:
            self.apart[value].append(place)
        else:
            self.marks[value].append(place)

    def into(self, column: Column, size: int) -> Column:
        column.marks = {value: bits_of(places, size) for value, places in sorted(self.marks.items(), key=_order)}
        column.apart = {name: bits_of(places, size) for name, places in self.apart.items()}
        for bits in column.marks.values():
            column.given |= bits
        return column


def _order(pair: tuple[Any, Any]) -> tuple[bool, Any]:
    return isinstance(pair[0], str), pair[0]


def columns_of(content: Mapping[str, Any], *, per_teacher: bool) -> dict[str, Column]:
    """Empty columns of the questions with cells, in the questionnaire's order; texts have none."""
    kinds = {item["code"]: item["kind"] for section in content.get("sections", ()) for item in section["items"]}
    found = {}
    for section in content.get("sections", ()):
        for item in section["items"] if section["per_teacher"] == per_teacher else ():
            if item["kind"] == "text":
                continue
            parent = (item["show_if"] or {}).get("code", "").partition("@")[0]
            found[item["code"]] = Column(
                item["code"],
                item["kind"],
                item["scale"],
                item["wording"],
                item["reverse"],
                tuple(option["code"] for option in item["options"]),
                parent if kinds.get(parent, "text") != "text" else "",
            )
    return found


class Reading:
    """Takes the ballots one by one; `worlds()` when all are in."""

    def __init__(
        self, content: Mapping[str, Any], trees: Sequence[Sequence[str]], surveys: Mapping[int, Asked], courses: bool
    ):
        self.surveys, self.courses = surveys, courses
        #: those of units say nothing beside the tree of courses, which stands by the same units
        self.trees = [tuple(tree) for tree in trees if tree and not (courses and set(tree) & set(PLACE))]
        self.names = ["/".join(tree) for tree in self.trees]
        self.ballots = Forest(trees=[COURSE, *self.names] if courses else list(self.names))
        self.about = Forest(trees=[TEACHER])
        self.columns = columns_of(content, per_teacher=False)
        self.about_columns = columns_of(content, per_teacher=True)
        self.gathered: dict[str, _Gathered] = defaultdict(_Gathered)
        self.about_gathered: dict[str, _Gathered] = defaultdict(_Gathered)
        self.own: dict[int, array[int]] = defaultdict(lambda: array("I"))
        self.about_own: dict[int, array[int]] = defaultdict(lambda: array("I"))
        self.homes, self.about_homes = array("q"), array("q")
        self.singles: set[int] = set()
        self.about_singles: set[int] = set()
        self._nodes: dict[tuple[Any, ...], list[int]] = {}
        self._homes_known: dict[tuple[int, int], int] = {}

    # -- places -----------------------------------------------------------------------------------------------
    def nodes(self, survey: int, strata: Mapping[str, Any]) -> list[int]:
        """Where ballots of a survey and stratum stand: one node of each tree, the deepest."""
        key = (survey, *(strata.get(name) for tree in (*self.trees, PLACE) for name in tree))
        if key not in self._nodes:
            found = []
            if self.courses:
                found.append(self._course_node(survey, strata))
            for name, tree in zip(self.names, self.trees, strict=True):
                found.append(self.ballots.add(name, "/".join(values_in(strata, tree))))
            self._nodes[key] = found
        return self._nodes[key]

    def unit_path(self, survey: int, strata: Mapping[str, Any]) -> list[str]:
        asked = self.surveys[survey]
        return values_in(asked.strata if asked.single else strata, PLACE)

    def _course_node(self, survey: int, strata: Mapping[str, Any]) -> int:
        path = self.unit_path(survey, strata)
        if not self.surveys[survey].single:
            return self.ballots.add(COURSE, "/".join(path))
        node = self.ballots.add(COURSE, "/".join([*path, f"c{survey}"]))
        self.singles.add(node)
        return node

    def teacher_node(self, survey: int, strata: Mapping[str, Any], teacher: int) -> int:
        path = self.unit_path(survey, strata)
        if not self.surveys[survey].single:
            return self.about.add(TEACHER, "/".join(path))
        node = self.about.add(TEACHER, "/".join([*path, f"c{survey}", f"t{teacher}"]), above="/".join(path))
        self.about_singles.add(node)
        return node

    # -- answers --------------------------------------------------------------------------------------------------
    def add(self, survey: int, strata: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        place = len(self.homes)
        self.homes.append(survey)
        for node in self.nodes(survey, strata):
            if node:
                self.own[node].append(place)
        about: dict[int, int] = {}
        for key, value in answers.items():
            if key in self.columns:
                self.gathered[key].add(place, value)
                continue
            code, _at, teacher = key.partition("@")
            if code in self.about_columns and teacher.isdigit():
                number = int(teacher)
                if number not in about:
                    about[number] = self._about(survey, strata, number)
                self.about_gathered[code].add(about[number], value)

    def _about(self, survey: int, strata: Mapping[str, Any], teacher: int) -> int:
        place = len(self.about_homes)
        home = self._homes_known.setdefault((survey, teacher), len(self._homes_known))
        self.about_homes.append(home)
        node = self.teacher_node(survey, strata, teacher)
        if node:
            self.about_own[node].append(place)
        return place

    # -- done -----------------------------------------------------------------------------------------------------
    def worlds(self, ledger: Ledger, most_each: int | None) -> tuple[World, World]:
        """`most_each`: in how many surveys one person took part at most; None where nobody knows any more."""
        size = len(self.homes)
        # Nobody knows: only answers about one course are surely of different people.
        most = size if most_each is None else max(1, most_each)
        pooled = any(not asked.single for asked in self.surveys.values())
        ballots = World(
            self.ballots,
            self._groups(self.ballots, self.own, size),
            self._crowd(most, self.homes, pooled),
            ledger.invited(self.ballots),
            self._filled(self.columns, self.gathered, size),
            frozenset(self.singles),
        )
        about_invited = self._about_invited(ledger)  # adds those about whom nobody answered
        about_size = len(self.about_homes)
        per_survey = max((len(asked.teachers) for asked in self.surveys.values()), default=0)
        about = World(
            self.about,
            self._groups(self.about, self.about_own, about_size),
            self._crowd(most * max(1, per_survey), self.about_homes, pooled),
            about_invited,
            self._filled(self.about_columns, self.about_gathered, about_size),
            frozenset(self.about_singles),
        )
        return ballots, about

    def _crowd(self, most: int, homes: Sequence[int], pooled: bool) -> Crowd:
        if not self.courses:
            return Crowd()
        # In the pool one person may stand with several courses: its answers share no home.
        return Crowd(most, homes, frozenset(self._pool_homes(homes)) if pooled else frozenset())

    def _pool_homes(self, homes: Sequence[int]) -> set[int]:
        pool = {survey for survey, asked in self.surveys.items() if not asked.single}
        if homes is self.homes:
            return pool
        return {home for (survey, _teacher), home in self._homes_known.items() if survey in pool}

    def _groups(self, forest: Forest, own: Mapping[int, Sequence[int]], size: int) -> list[int]:
        return forest.summed({node: bits_of(places, size) for node, places in own.items()}, (1 << size) - 1)

    def _filled(self, columns: dict[str, Column], gathered: dict[str, _Gathered], size: int) -> dict[str, Column]:
        return {code: gathered[code].into(column, size) for code, column in columns.items()}

    def _about_invited(self, ledger: Ledger) -> list[int | None]:
        own: dict[int, int] = defaultdict(int)
        whole = 0
        for survey, invited in ledger.by_survey.items():
            asked = self.surveys.get(survey)
            for teacher in asked.teachers if asked else ():
                own[self.teacher_node(survey, {}, teacher)] += invited
                whole += invited
        found = [own.get(node, 0) for node in range(len(self.about.places))]
        for node in range(len(found) - 1, 0, -1):
            parent = self.about.places[node].parent
            if parent:
                found[parent] += found[node]
        found[0] = whole
        return list(found)


# -- the ledger -----------------------------------------------------------------------------------------------------------
class Ledger:
    """Who was invited and took part, as bits in the trees of the ballots; made before `worlds()`: it adds nodes.

    From rows while the ledger is there. From counts after it ended: then only the first tree is known well enough for the
    rules between trees, and the others show no counts.
    """

    def __init__(self) -> None:
        self.total, self.took_total = 0, 0
        self.by_survey: dict[int, int] = defaultdict(int)
        self.took = 0
        self._own: dict[int, int] = defaultdict(int)
        self._numbers: dict[int, int] = {}
        #: of an open link: how many could have answered
        self.population: int | None = None
        self.by_link = False

    @classmethod
    def from_rows(cls, rows: Iterable[Row], reading: Reading) -> Ledger:
        found = cls()
        for row in rows:
            bits = found._take(row.invited, row.answered)
            found.by_survey[row.survey] += row.invited
            for node in reading.nodes(row.survey, row.strata):
                if node:
                    found._own[node] |= bits
        return found

    @classmethod
    def from_counts(
        cls,
        total: tuple[int, int],
        groups: Mapping[tuple[str, str], tuple[int, int]],
        surveys: Mapping[int, tuple[int, int]],
        reading: Reading,
    ) -> Ledger:
        found = cls()
        rows: dict[int, tuple[int, int]] = {}
        if reading.courses:
            for survey, pair in surveys.items():
                if survey in reading.surveys:
                    rows[reading.nodes(survey, {})[0]] = pair
        else:
            for name in reading.names[:1]:
                rows = _own_counts(reading.ballots, name, groups)
        for node, (invited, answered) in rows.items():
            found._own[node] |= found._take(invited, answered)
        left = (total[0] - found.total, total[1] - found.took_total)
        if left[0] > 0 and 0 <= left[1] <= left[0]:
            found._take(*left)
        for survey, (invited, _answered) in surveys.items():
            found.by_survey[survey] = invited
        shown_by_bits = {reading.ballots.places[node].tree for node in rows}
        for (name, path), (invited, _answered) in groups.items():
            if name in reading.names and name not in shown_by_bits:
                found._numbers[reading.ballots.add(name, path)] = invited
        return found

    def _take(self, invited: int, answered: int) -> int:
        bits = ((1 << invited) - 1) << self.total
        self.took |= ((1 << min(answered, invited)) - 1) << self.total
        self.total += invited
        self.took_total += min(answered, invited)
        return bits

    def groups(self, forest: Forest) -> list[int]:
        return forest.summed(self._own, (1 << self.total) - 1)

    def invited(self, forest: Forest) -> list[int | None]:
        if self.by_link:
            return [self.population, *([None] * (len(forest.places) - 1))]
        bits = self.groups(forest)
        return [self._numbers.get(node, group.bit_count()) or None for node, group in enumerate(bits)]


def _own_counts(
    forest: Forest, name: str, groups: Mapping[tuple[str, str], tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """Those who stand at a node itself: its count less those of the nodes below."""
    found = {
        forest.add(name, path): list(pair) for (tree, path), pair in sorted(groups.items()) if tree == name and path
    }
    for (tree, path), pair in groups.items():
        above = path.rpartition("/")[0]
        if tree == name and above:
            parent = found.get(forest.add(name, above))
            if parent:
                parent[0] -= pair[0]
                parent[1] -= pair[1]
    return {node: (pair[0], pair[1]) for node, pair in found.items() if pair[0] > 0}
