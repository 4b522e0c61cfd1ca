"""The release rules (anonymity.md): of which groups figures may be known. Pure: groups are bits, one for each answer.

The first rule is about one group: behind it stand at least k people, and no answer rules a small one (`may`). The others are
about groups together, because what is published is added and subtracted:

- in a tree the groups of a node that are not shown are none, or at least two that together may be known; else the next
  smallest is not shown either, and with a group its subtree goes;
- between trees nothing follows by adding and subtracting, however many groups it takes, that holds fewer than k people
  (derivable.py); where something does, groups of the tree declared last go, smallest first.

Whoever knows less must not see other groups: what is public is chosen among what is shown inside, what a later version shows
among what an earlier one did (`among`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from .derivable import Unclear, derivable

RULES_VERSION = "1"

#: `may(bits, place)`: whether this group may be known; `place` is None for what follows by subtraction
May = Callable[[int, int | None], bool]
Enough = Callable[[int], bool]


# -- trees ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """A node of a tree. The whole stands once, as tree "" and path "", above the first nodes of every tree."""

    tree: str
    path: str
    parent: int | None


@dataclass
class Forest:
    """All declared trees, the whole first, each node after the one above it."""

    places: list[Place] = field(default_factory=lambda: [Place("", "", None)])
    at: dict[tuple[str, str], int] = field(default_factory=lambda: {("", ""): 0})
    below: dict[int, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    trees: list[str] = field(default_factory=list)

    def add(self, tree: str, path: str, above: str | None = None) -> int:
        """The node's number; nodes above it are made with it. `above` is the path of its node where that is no prefix."""
        if not path:
            return 0
        key = (tree, path)
        if key not in self.at:
            parent = self.add(tree, path.rpartition("/")[0] if above is None else above)
            if tree not in self.trees:
                self.trees.append(tree)
            self.at[key] = len(self.places)
            self.below[parent][tree].append(len(self.places))
            self.places.append(Place(tree, path, parent))
        return self.at[key]

    def in_order(self, nodes: Iterable[int]) -> list[int]:
        """By tree and path: what is chosen must not hang on the order in which answers were read."""
        rank = {tree: at for at, tree in enumerate(self.trees)}
        return sorted(nodes, key=lambda node: (rank.get(self.places[node].tree, -1), self.places[node].path))

    def smallest_first(self, nodes: Iterable[int], groups: Sequence[int]) -> list[int]:
        return sorted(self.in_order(nodes), key=lambda node: groups[node].bit_count())

    def summed(self, own: dict[int, int], whole: int) -> list[int]:
        """The bits of each node from those of the answers that stand at it and not below."""
        found = [own.get(place, 0) for place in range(len(self.places))]
        for place in range(len(self.places) - 1, 0, -1):
            parent = self.places[place].parent
            if parent:
                found[parent] |= found[place]
        found[0] = whole
        return found


# -- people behind answers --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Crowd:
    """How many people stand behind a set of answers, at least.

    In surveys about courses one person answers about many: nobody answers twice in one `home` (the survey, or survey and
    teacher), nor more than `most_each` times. A pool of small courses is no such home. Without homes an answer is a person.
    """

    most_each: int = 1
    homes: Sequence[int] = ()
    pools: frozenset[int] = frozenset()

    def at_least(self, answers: int, k: int) -> bool:
        number = answers.bit_count()
        if number < k:
            return False
        if self.most_each == 1 or number >= self.sure(k):
            return True
        return max(self._by_home(answers).values(), default=0) >= k

    def sure(self, k: int) -> int:
        """So many answers come from k people at least, wherever they stand."""
        return (k - 1) * self.most_each + 1

    def _by_home(self, answers: int) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        for place in places_of(answers):
            if self.homes[place] not in self.pools:
                found[self.homes[place]] += 1
        return found


def places_of(answers: int) -> Iterable[int]:
    while answers:
        lowest = answers & -answers
        yield lowest.bit_length() - 1
        answers ^= lowest


# -- choosing -----------------------------------------------------------------------------------------------------------
def choose(
    forest: Forest,
    groups: Sequence[int],
    may: May,
    among: Collection[int] | None = None,
    *,
    enough: Enough | None = None,
    sure: int = 0,
) -> frozenset[int]:
    """The nodes that are shown. `groups` are the answers at each node, `among` the nodes that may be looked at.

    `enough(bits)` is what must hold of everything that follows from several trees together (None: nested groups are
    compared by `may` only); of `sure` answers and more any group may be known.
    """
    allowed = set(range(len(groups)) if among is None else among)
    while True:
        shown = _within(forest, groups, may, allowed)
        gone = _across(forest, groups, shown, may, enough, sure)
        if gone is None:
            return frozenset(shown)
        allowed.discard(gone)


def _within(forest: Forest, groups: Sequence[int], may: May, allowed: Collection[int]) -> set[int]:
    if 0 not in allowed or not may(groups[0], 0):
        return set()
    shown, open_ = {0}, [0]
    while open_:
        node = open_.pop()
        for children in forest.below[node].values():
            there = forest.smallest_first((child for child in children if groups[child]), groups)
            kept = _children(groups, node, there, may, allowed)
            shown |= kept
            open_.extend(kept)
    return shown


def _children(groups: Sequence[int], node: int, there: Sequence[int], may: May, allowed: Collection[int]) -> set[int]:
    """Rule 2 for the groups of one node, smallest first: which of them are shown."""
    shown = [child for child in there if child in allowed and may(groups[child], child)]
    rest = groups[node]
    for child in shown:
        rest &= ~groups[child]
    beside = groups[node]
    for child in there:
        beside &= ~groups[child]
    hidden = len(there) - len(shown)
    # One group alone would follow exactly; together with those who stand beside all groups it does not.
    while rest and shown and not ((hidden != 1 or beside) and may(rest, None)):
        rest |= groups[shown.pop(0)]
        hidden += 1
    return set(shown)


# -- between trees --------------------------------------------------------------------------------------------------------
def rests(forest: Forest, groups: Sequence[int], shown: Collection[int]) -> dict[str, list[tuple[int, int]]]:
    """For each tree what its shown groups cut the whole into: (shown node, what of it is in no shown group below)."""
    found: dict[str, list[tuple[int, int]]] = {}
    for tree in forest.trees:
        parts = []
        for node in forest.in_order(shown):
            if node and forest.places[node].tree != tree:
                continue
            rest = groups[node]
            for child in forest.below[node].get(tree, ()):
                if child in shown:
                    rest &= ~groups[child]
            if rest:
                parts.append((node, rest))
        found[tree] = parts
    return found


def _across(
    forest: Forest, groups: Sequence[int], shown: Collection[int], may: May, enough: Enough | None, sure: int
) -> int | None:
    """A node that has to go because of other trees; None: nothing follows."""
    trees = [tree for tree in forest.trees if any(forest.places[node].tree == tree for node in shown)]
    if len(trees) < 2:
        return None
    cut = rests(forest, groups, shown)
    sides = {
        tree: [groups[node] for node in forest.in_order(shown) if node and forest.places[node].tree == tree]
        + [rest for _node, rest in cut[tree]]
        for tree in trees
    }
    nested = _nested(sides, trees, may, sure)
    if nested is not None:
        leak, tree = nested
        return _victim(forest, groups, shown, [tree], leak)
    if enough is None:
        return None
    try:
        leak = derivable([[rest for _node, rest in cut[tree]] for tree in trees], enough)
    except Unclear:
        leak = groups[0]
    return _victim(forest, groups, shown, trees[1:], leak) if leak else None


def _nested(sides: dict[str, list[int]], trees: Sequence[str], may: May, sure: int) -> tuple[int, str] | None:
    """What one group has more than another inside it, when that may not be known; and the tree declared later."""
    sized = {
        tree: sorted(((bits.bit_count(), bits) for bits in dict.fromkeys(sides[tree])), key=itemgetter(0))
        for tree in trees
    }
    for at, first in enumerate(trees):
        for second in trees[at + 1 :]:
            for size, bits in sized[first]:
                for other_size, other_bits in sized[second]:
                    if size == other_size or abs(size - other_size) >= sure:
                        continue
                    small, large = (bits, other_bits) if size < other_size else (other_bits, bits)
                    if small & large == small and not may(large ^ small, None):
                        return large ^ small, second
    return None


def _victim(forest: Forest, groups: Sequence[int], shown: Collection[int], trees: Sequence[str], leak: int) -> int:
    """The smallest shown group that has part in what leaks, of the last of these trees. The first tree never loses one."""
    for touching in (True, False):
        for tree in reversed(trees):
            nodes = [node for node in shown if node and forest.places[node].tree == tree]
            above = {forest.places[node].parent for node in nodes}
            hit = [node for node in nodes if node not in above and (not touching or groups[node] & leak)]
            if hit:
                return forest.smallest_first(hit, groups)[0]
    raise AssertionError("a tree alone leaks nothing")
