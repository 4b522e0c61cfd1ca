"""What an earlier version of a release has shown, read from its own nodes: a later one shows no group beyond it (rule 3).

With the same ballots nothing more has to hold. New ballots would follow from the difference of the versions: in every group
and in what was left of it they must be none or enough, else there is no new version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from .models import Release, ReleaseNode
from .release_cells import APART, SCOPES, Decided, Layers, Numbers, World


class TooFewNew(Exception):
    """`lost`: answers of the earlier version are not there any more."""

    def __init__(self, k: int, *, lost: bool = False):
        super().__init__(k)
        self.k, self.lost = k, lost


class Earlier:
    """One earlier version."""

    def __init__(self, release: Release, nodes: Sequence[ReleaseNode]):
        self.ballots: Mapping[str, Any] = release.facts.get("ballots", {})
        self.nodes = {(node.scope, node.tree, node.path): node for node in nodes}
        self.counted = {key: True for key, node in self.nodes.items() if node.invited is not None}

    def decided(self, worlds: Sequence[World], numbers: Numbers, known: Mapping[str, Any]) -> list[dict[str, Decided]]:
        """For each world what was shown then; raises TooFewNew."""
        same = self.ballots.get("digest") == known["digest"]
        if not same and 0 <= known["n"] - self.ballots.get("n", 0) < numbers.k_inside:
            raise TooFewNew(numbers.k_inside)
        return [{scope: self._scope(world, scope, numbers, same) for scope in SCOPES} for world in worlds]

    def _scope(self, world: World, scope: str, numbers: Numbers, same: bool) -> Decided:
        there = {
            place: self.nodes[scope, at.tree, at.path]
            for place, at in enumerate(world.forest.places)
            if (scope, at.tree, at.path) in self.nodes
        }
        columns = {}
        for code in world.columns:
            cells = {place: node.cells[code] for place, node in there.items() if code in node.cells}
            if not same:
                cells = self._compared(world, code, cells, scope, numbers)
            columns[code] = _layers(cells)
        return Decided(frozenset(place for place, node in there.items() if not node.hidden), columns)

    # -- new ballots ---------------------------------------------------------------------------------------------
    def _compared(
        self, world: World, code: str, cells: dict[int, dict[str, Any]], scope: str, numbers: Numbers
    ) -> dict[int, dict[str, Any]]:
        """The cells as they may be shown again: exactly only where the new answers are none, or no small group."""
        groups = [group & world.columns[code].given for group in world.groups]
        sure = world.crowd.sure(numbers.k(scope))
        new = {place: groups[place].bit_count() - cell["n"] for place, cell in cells.items()}
        for number in (*new.values(), *_left(world, groups, cells), *_between(world, new)):
            if number < 0:
                raise TooFewNew(numbers.k(scope), lost=True)
            if 0 < number < sure:
                raise TooFewNew(numbers.k(scope))
        return {
            place: {**cell, "exact": False, "apart": {}} if 0 < new[place] < numbers.small_group else cell
            for place, cell in cells.items()
        }


def _left(world: World, groups: Sequence[int], cells: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    """How many are new in what is left of each group beside the shown ones below it."""
    for node, cell in cells.items():
        for children in world.forest.below[node].values():
            shown = [child for child in children if child in cells]
            left = groups[node]
            for child in shown:
                left &= ~groups[child]
            yield left.bit_count() - (cell["n"] - sum(cells[child]["n"] for child in shown))


def _between(world: World, new: Mapping[int, int]) -> Iterator[int]:
    """Differences of new answers between groups of two trees, whichever may lie inside the other."""
    for one, other in combinations([place for place, number in new.items() if number], 2):
        if one and other and world.forest.places[one].tree != world.forest.places[other].tree:
            yield abs(new[one] - new[other])


def _layers(cells: Mapping[int, Mapping[str, Any]]) -> Layers:
    return Layers(
        frozenset(cells),
        frozenset(place for place, cell in cells.items() if not cell.get("band_only")),
        frozenset(place for place, cell in cells.items() if cell["exact"]),
        {name: frozenset(place for place, cell in cells.items() if name in cell.get("apart", {})) for name in APART},
    )
