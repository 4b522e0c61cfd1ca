"""Cells of a release from counted answers: which may be known how exactly, and what they say. Pure.

What is known of a question goes by three layers, each chosen by the release rules among the one before it:

- **known**: groups of k people and more; their size and a band;
- **means**: those that no answer rules (rule 5): the mean to one decimal;
- **exact**: those of `small` answers and more: mean, shares and counts with intervals.

So nothing that a layer keeps back follows from its neighbours in the layer below. A question that is asked because of an
earlier answer is known only where the earlier one is exact: its size alone would count that answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from . import statistics
from .release_rules import Crowd, Forest, choose

INSIDE, PUBLIC = "inside", "public"
SCOPES = (INSIDE, PUBLIC)
APART = ("na", "refused")
STEPS = {"likert": (1, 5), "rating": (0, 10)}
IDEAL = 3


@dataclass(frozen=True)
class Numbers:
    """The policy numbers that a release is made by; kept in its facts."""

    k_inside: int = 5
    k_public: int = 10
    k_texts: int = 10
    public_response: int = 50
    small_group: int = 20
    dominance: int = 90

    def k(self, scope: str) -> int:
        return self.k_inside if scope == INSIDE else self.k_public


@dataclass
class Column:
    """One question: who gave which answer, as bits. `marks` is {answer: answers}, of several choices they overlap."""

    code: str
    kind: str
    scale: str = ""
    wording: int = 1
    reverse: bool = False
    options: tuple[str, ...] = ()
    #: the question on whose answer it hangs
    parent: str = ""
    marks: dict[Any, int] = field(default_factory=dict)
    given: int = 0
    apart: dict[str, int] = field(default_factory=dict)

    @property
    def bipolar(self) -> bool:
        return self.scale == "bipolar"

    def counts(self, answers: int) -> dict[Any, int]:
        return {value: (bits & answers).bit_count() for value, bits in self.marks.items() if bits & answers}

    def strongest(self, answers: int) -> int:
        return max((bits & answers).bit_count() for bits in self.marks.values())


@dataclass
class World:
    """Answers of one kind (of ballots, or of a ballot about one teacher) in their trees.

    `groups` are the answers at each node, `invited` how many could have answered there (None: unknown), `singles` nodes
    about one course or one teacher, which are never public.
    """

    forest: Forest
    groups: list[int]
    crowd: Crowd
    invited: list[int | None]
    columns: dict[str, Column]
    singles: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Layers:
    known: frozenset[int] = frozenset()
    means: frozenset[int] = frozenset()
    exact: frozenset[int] = frozenset()
    apart: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def within(self, other: Layers) -> bool:
        return self.known <= other.known and self.means <= other.means and self.exact <= other.exact


@dataclass(frozen=True)
class Decided:
    """For one scope: the groups that are shown at all, and the layers of each question."""

    nodes: frozenset[int]
    columns: Mapping[str, Layers]


Former = Mapping[str, Decided]
Outside = Mapping[str, frozenset[int]]


# -- deciding -----------------------------------------------------------------------------------------------------------
def decide(
    world: World, numbers: Numbers, former: Sequence[Former] = (), hangs: Mapping[str, Outside] | None = None
) -> dict[str, Decided]:
    """Inside first, then the public among it; `former` are earlier versions, beyond which nothing is shown.

    `hangs` is, for each scope, where questions of the other world are exact on which some of this world hang.
    """
    found: dict[str, Decided] = {}
    for scope in SCOPES:
        wider = [*(version[scope] for version in former), *([found[INSIDE]] if scope == PUBLIC else [])]
        found[scope] = _scope(world, numbers, scope, wider, (hangs or {}).get(scope, {}))
    return found


def _scope(world: World, numbers: Numbers, scope: str, wider: Sequence[Decided], hangs: Outside) -> Decided:
    k = numbers.k(scope)
    among: set[int] = set(range(len(world.groups)))
    if scope == PUBLIC:
        among -= world.singles
    for other in wider:
        among &= other.nodes
    nodes = _known(world, world.groups, k, among)
    columns: dict[str, Layers] = {}
    for code, column in world.columns.items():
        above = [other.columns.get(code, Layers()) for other in wider]
        allowed = set(nodes)
        if column.parent:
            own = columns.get(column.parent)
            allowed &= own.exact if own else hangs.get(column.parent, frozenset())
        columns[code] = _column(world, column, numbers, k, allowed, above)
    return Decided(nodes, columns)


def _known(world: World, groups: Sequence[int], k: int, among: Collection[int]) -> frozenset[int]:
    enough = partial(world.crowd.at_least, k=k)
    return choose(
        world.forest, groups, lambda bits, place: enough(bits), among, enough=enough, sure=world.crowd.sure(k)
    )


def _column(world: World, column: Column, numbers: Numbers, k: int, among: set[int], wider: Sequence[Layers]) -> Layers:
    groups = [bits & column.given for bits in world.groups]
    small, ruling = numbers.small_group, numbers.dominance
    sure = max(small, world.crowd.sure(k))

    def even(bits: int, place: int | None) -> bool:
        """No answer rules it: a small group, or one where everybody asked has said the same."""
        number, most = bits.bit_count(), column.strongest(bits)
        if number < small:
            return 100 * most < ruling * number
        # What follows by subtraction is not compared with who was asked: all alike is too much.
        everybody = place is None or (world.invited[place] or 0) <= number
        return most < number or not everybody

    def may_mean(bits: int, place: int | None) -> bool:
        return world.crowd.at_least(bits, k) and even(bits, place)

    def may_exact(bits: int, place: int | None) -> bool:
        return bits.bit_count() >= small and may_mean(bits, place)

    known = _known(world, groups, k, among.intersection(*(other.known for other in wider)))
    means = choose(world.forest, groups, may_mean, known.intersection(*(o.means for o in wider)), sure=sure)
    exact = choose(world.forest, groups, may_exact, means.intersection(*(o.exact for o in wider)), sure=sure)
    return Layers(known, means, exact, _apart(world, column, k, exact, wider))


def _apart(
    world: World, column: Column, k: int, exact: frozenset[int], wider: Sequence[Layers]
) -> dict[str, frozenset[int]]:
    """Where the number of those who stood apart may be told: it is a group as any other, and nobody where there is none."""
    found = {}
    for name in APART:
        bits = column.apart.get(name, 0)
        groups = [group & bits for group in world.groups]
        among = exact.intersection(*(other.apart.get(name, frozenset()) for other in wider))
        told = set(_known(world, groups, k, among))
        for node in sorted(among):
            parent = world.forest.places[node].parent
            if not groups[node] and (not groups[0] or parent in told):
                told.add(node)
        found[name] = frozenset(told)
    return found


# -- saying -------------------------------------------------------------------------------------------------------------
def cell(column: Column, answers: int, place: int, layers: Layers, invited: int | None) -> dict[str, Any] | None:
    """What is said of a question at a node (the shape is described in release.py); None: nothing."""
    if place not in layers.known:
        return None
    answers &= column.given
    number = answers.bit_count()
    exact, mean = place in layers.exact, place in layers.means
    found: dict[str, Any] = {"kind": column.kind, "wording": column.wording, "n": number, "exact": exact}
    if not mean:
        found["band_only"] = True
    asked = invited if invited is not None and invited >= number else None
    say = {"likert": _steps, "rating": _steps, "number": _number}.get(column.kind, _choice)
    found |= say(column, column.counts(answers), number, exact, mean, asked)
    return found


def apart_of(column: Column, answers: int, place: int, layers: Layers) -> dict[str, int]:
    return {
        name: (answers & column.apart.get(name, 0)).bit_count()
        for name in APART
        if place in layers.apart.get(name, frozenset())
    }


def _steps(
    column: Column, counts: dict[Any, int], number: int, exact: bool, mean: bool, asked: int | None
) -> dict[str, Any]:
    low, high = STEPS[column.kind]
    best = statistics.turned(counts, low, high) if column.reverse else counts
    middle = statistics.mean(best)
    found: dict[str, Any] = {} if column.bipolar else {"grade": statistics.grade(middle, low, high)}
    if mean:
        found["mean"] = round(middle, 2 if exact else 1)
    if exact:
        found["mean_low"], found["mean_high"] = (
            round(min(max(end, low), high), 2) for end in statistics.mean_interval(best, asked)
        )
        found["counts"] = {str(value): counts.get(value, 0) for value in range(low, high + 1)}
    for name, good in _shares(column, best, high).items():
        share = good / number
        if exact:
            found[name] = round(share, 4)
            if name in ("top2", "ideal"):
                found[f"{name}_low"], found[f"{name}_high"] = _interval(good, number, asked)
        elif mean and name in ("top2", "ideal"):
            found[f"{name}_band"] = statistics.band_of_share(share)
    return found


def _shares(column: Column, best: Mapping[Any, int], high: int) -> dict[str, int]:
    if not column.bipolar:
        return {"top2": best.get(high, 0) + best.get(high - 1, 0)}
    return {
        "ideal": best.get(IDEAL, 0),
        "too_little": sum(number for value, number in best.items() if value < IDEAL),
        "too_much": sum(number for value, number in best.items() if value > IDEAL),
    }


def _interval(good: int, number: int, asked: int | None) -> tuple[float, float]:
    low, high = statistics.wilson(good, number, asked)
    return round(low, 4), round(high, 4)


def _choice(
    column: Column, counts: dict[Any, int], number: int, exact: bool, mean: bool, asked: int | None
) -> dict[str, Any]:
    if not exact:
        return {}
    return {
        "counts": {code: counts.get(code, 0) for code in column.options},
        "shares": {
            code: [round(counts.get(code, 0) / number, 4), *_interval(counts.get(code, 0), number, asked)]
            for code in column.options
        },
    }


def _number(
    column: Column, counts: dict[Any, int], number: int, exact: bool, mean: bool, asked: int | None
) -> dict[str, Any]:
    """Rounded: a median and quartiles are what single people typed."""
    if not mean:
        return {}
    found = {"mean": rounded(statistics.mean(counts), 3 if exact else 2)}
    if exact:
        for name, part in (("low", 0.25), ("median", 0.5), ("high", 0.75)):
            found[name] = rounded(statistics.quantile(counts, part), 2)
    return found


def rounded(value: float, digits: int) -> float:
    """To so many digits that count."""
    return float(f"{value:.{digits}g}")


# -- reliability --------------------------------------------------------------------------------------------------------
def reliability(columns: Sequence[Column]) -> statistics.Reliability | None:
    """Of items with steps, from complete answers; those where agreeing is bad are turned round first."""
    if len(columns) < statistics.LEAST_ITEMS:
        return None
    complete = columns[0].given
    for column in columns[1:]:
        complete &= column.given
    low, high = STEPS["likert"]
    sides = [
        {(low + high - value if column.reverse else value): bits & complete for value, bits in column.marks.items()}
        for column in columns
    ]
    sums = [sum(value * bits.bit_count() for value, bits in side.items()) for side in sides]
    products = [
        [
            sum(
                one * other * (bits & other_bits).bit_count()
                for one, bits in first.items()
                for other, other_bits in second.items()
            )
            for second in sides
        ]
        for first in sides
    ]
    return statistics.reliability(complete.bit_count(), sums, products)


def steps_of(columns: Sequence[Column]) -> list[Column]:
    """Of a section the items that measure one thing: steps of one length, asked of everybody, without an ideal middle."""
    return [column for column in columns if column.kind == "likert" and not column.bipolar and not column.parent]
