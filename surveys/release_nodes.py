"""What is decided of the two worlds, as rows of a release: names, order, counts and cells of every node. Pure but for names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa_portal.programmes.models import Programme

from . import strata
from .models import Release, ReleaseNode, Survey
from .release_cells import SCOPES, Decided, World, apart_of, cell
from .release_worlds import TEACHER

Shown = Mapping[str, frozenset[int]]
#: {(scope, tree, path): (invited, answered)}
Counted = Mapping[tuple[str, str, str], tuple[int, int]]
_LEVELS = {value: place for place, value in enumerate(Programme.Level.values)}


class Nodes:
    """Makes the rows of one release."""

    def __init__(self, release: Release, surveys: Mapping[int, Survey], counted: Counted):
        self.release, self.surveys, self.counted = release, surveys, counted
        self.places = strata.Places()

    def rows(self, worlds: list[tuple[World, dict[str, Decided]]]) -> list[ReleaseNode]:
        found: list[ReleaseNode] = []
        for scope in SCOPES:
            whole = self._whole(scope, worlds)
            found.append(whole)
            for world, decided in worlds:
                found.extend(self._of_world(scope, world, decided[scope]))
        return found

    def _whole(self, scope: str, worlds: list[tuple[World, dict[str, Decided]]]) -> ReleaseNode:
        cells: dict[str, Any] = {}
        for world, decided in worlds:
            cells |= self._cells(world, decided[scope], 0, scope, "", "")
        return self._row(
            scope, "", "", 0, 0, self.release.campaign.words("name"), 0 in worlds[0][1][scope].nodes, cells
        )

    def _of_world(self, scope: str, world: World, decided: Decided) -> list[ReleaseNode]:
        found = []
        for place, (node, depth) in enumerate(self._ordered(world), 1):
            if scope == "public" and node in world.singles:
                continue
            at = world.forest.places[node]
            shown = node in decided.nodes
            cells = self._cells(world, decided, node, scope, at.tree, at.path) if shown else {}
            label = self.label(at.tree, at.path)
            found.append(self._row(scope, at.tree, at.path, depth, place, label, shown, cells))
        return found

    def _cells(
        self, world: World, decided: Decided, node: int, scope: str, tree: str, path: str
    ) -> dict[str, dict[str, Any]]:
        # Who was asked goes into an interval only where it is said anyway.
        told = self.counted.get((scope, *_counted_at(tree, path))) is not None
        found = {}
        for code, column in world.columns.items():
            layers = decided.columns[code]
            said = cell(column, world.groups[node], node, layers, world.invited[node] if told else None)
            if said is not None:
                apart = apart_of(column, world.groups[node], node, layers)
                found[code] = said | ({"apart": apart} if apart else {})
        return found

    def _row(
        self, scope: str, tree: str, path: str, depth: int, place: int, label: Any, shown: bool, cells: Any
    ) -> ReleaseNode:
        last = path.rpartition("/")[2]
        survey = next((int(part[1:]) for part in path.split("/") if part[:1] == "c" and part[1:].isdigit()), None)
        single = survey is not None and tree in ("course", TEACHER)
        invited, answered = self.counted.get((scope, *_counted_at(tree, path))) or (None, None)
        return ReleaseNode(
            release=self.release,
            scope=scope,
            tree=tree,
            path=path,
            depth=depth,
            place=place,
            label=label,
            unit_id=self._unit(tree, path),
            survey_id=survey if single else None,
            teacher_id=int(last[1:]) if single and last[:1] == "t" else None,
            hidden=not shown,
            invited=invited if shown else None,
            answered=answered if shown else None,
            cells=cells,
        )

    def _unit(self, tree: str, path: str) -> int | None:
        """The deepest unit that the node stands by."""
        keys = strata.PLACE if tree in ("course", TEACHER) else tree.split("/")
        found = None
        for key, value in zip(keys, path.split("/"), strict=False):
            if key in strata.PLACE and value.isdigit() and self.places.of(int(value)):
                found = int(value)
        return found

    # -- names and order ------------------------------------------------------------------------------------------
    def label(self, tree: str, path: str) -> dict[str, str]:
        *_above, last = path.split("/")
        if tree not in ("course", TEACHER):
            return strata.labelled(tree, path, self.places)
        if last[:1] == "c" and last[1:].isdigit():
            return dict(self.surveys[int(last[1:])].title)
        if last[:1] == "t" and last[1:].isdigit():
            survey = self.surveys[int(path.split("/")[-2][1:])]
            name = next((row["name"] for row in survey.teachers if row["id"] == int(last[1:])), {})
            return {code: f"{title} · {name.get(code, '')}" for code, title in survey.title.items()}
        return self.places.words(int(last))

    def _ordered(self, world: World) -> list[tuple[int, int]]:
        """(node, depth), tree by tree, each node before those below it."""
        found: list[tuple[int, int]] = []

        def walk(node: int, depth: int, tree: str) -> None:
            children = world.forest.below[node].get(tree, [])
            for child in sorted(children, key=lambda at: self._sorting(world, at)):
                found.append((child, depth + 1))
                walk(child, depth + 1, tree)

        for tree in world.forest.trees:
            walk(0, 0, tree)
        return found

    def _sorting(self, world: World, node: int) -> tuple[Any, ...]:
        at = world.forest.places[node]
        last = at.path.rpartition("/")[2]
        if last in _LEVELS:
            return (0, _LEVELS[last], "")
        if last.isdigit():
            return (0, int(last), "")
        return (1, 0, self.label(at.tree, at.path).get("kk", "") + last)


def _counted_at(tree: str, path: str) -> tuple[str, str]:
    """Groups about teachers have the counts of their course and unit."""
    if tree != TEACHER:
        return tree, path
    parts = path.split("/")
    return "course", "/".join(part for part in parts if not (part[:1] == "t" and part[1:].isdigit()))
