"""Reading a release: one way for the page, the API, the export and the papers. Ballots are not within reach here.

A `Reading` is a release as one reader sees it. The tree of groups is read without cells; cells only of the groups at hand.
However many answers there were, a page costs the same few queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qa_portal.people.models import Unit

from .models import Release, ReleaseNode
from .result_sight import EVERYTHING, Circle, circle_of, is_single, open_groups, readable

#: a page compares so many groups at once; the others are chosen
MOST_COMPARED = 12
_RELATED = ("campaign__questionnaire", "campaign__unit", "campaign__term")


def with_campaign(rows: Any) -> Any:
    """The release with what its pages say of the campaign; the frozen questionnaire stands in the release's own facts."""
    return rows.select_related(*_RELATED).defer("campaign__content")


@dataclass(frozen=True)
class Question:
    """A question as it was asked, in all three languages."""

    code: str
    kind: str
    scale: str
    reverse: bool
    wording: int
    text: dict[str, str]
    options: tuple[tuple[str, dict[str, str]], ...]
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A section of the questionnaire."""

    code: str
    name: dict[str, str]
    areas: tuple[str, ...]
    per_teacher: bool
    questions: tuple[Question, ...]


def parts_of(release: Release) -> list[Part]:
    """What was asked, without the free texts: their answers are read by theme."""
    found = []
    for section in release.facts.get("sections", ()):
        questions = tuple(_question(item) for item in section["items"] if item["kind"] != "text")
        if questions:
            areas = tuple(section.get("areas", ()))
            found.append(Part(section["code"], section["name"], areas, bool(section.get("per_teacher")), questions))
    return found


def _question(item: dict[str, Any]) -> Question:
    options = tuple((option["code"], option["text"]) for option in item.get("options") or ())
    return Question(
        item["code"],
        item["kind"],
        item.get("scale", ""),
        bool(item.get("reverse")),
        item.get("wording", 1),
        item["text"],
        options,
        tuple(item.get("areas") or ()),
    )


class Reading:
    """A release as one reader sees it. Without a person: as everybody may, in the public scope."""

    def __init__(self, release: Release, person: Any = None):
        self.release = release
        self.person = person
        self.public = person is None
        self.scope = ReleaseNode.Scope.PUBLIC if self.public else ReleaseNode.Scope.INSIDE

    @cached_property
    def parts(self) -> list[Part]:
        return parts_of(self.release)

    @cached_property
    def circle(self) -> Circle:
        return EVERYTHING if self.public else circle_of(self.person, self.release)

    @cached_property
    def groups(self) -> list[ReleaseNode]:
        """Every group that this reader may read, without cells, in the order of the trees."""
        rows = list(self.release.nodes.filter(scope=self.scope).light().order_by("tree", "place", "pk"))
        for node in rows:
            node.release = self.release
        if self.public and self.release.about_courses:
            # A school with one course alone would tell that course: sums of at least two, as inside.
            told = open_groups(self.release.nodes.inside().light())
            return [node for node in rows if not is_single(node) and (node.tree, node.path) in told]
        if self.public:
            return [node for node in rows if not _of_teacher(node)]
        if self.circle.everything:
            return rows
        return self._within_circle(rows)

    def _within_circle(self, rows: list[ReleaseNode]) -> list[ReleaseNode]:
        paths = dict(Unit.objects.filter(pk__in={node.unit_id for node in rows}).values_list("pk", "path"))
        seen, whole = set(), True
        for tree in {node.tree for node in rows} - {""}:
            chosen, total = readable([node for node in rows if node.tree == tree], self.circle, paths)
            seen |= chosen
            whole = whole and total
        return [node for node in rows if node.pk in seen or (whole and node.tree == "")]

    @cached_property
    def root(self) -> ReleaseNode | None:
        """The whole of those asked."""
        return next((node for node in self.groups if not node.path), None)

    @cached_property
    def trees(self) -> list[str]:
        """The breakdowns declared before launch, of which this reader may read something."""
        return list(dict.fromkeys(node.tree for node in self.groups if node.tree))

    def of_tree(self, tree: str) -> list[ReleaseNode]:
        """The groups of a tree, each under the one it is part of."""
        rows = [node for node in self.groups if node.tree == tree and node.path]
        by_path = {node.path: node for node in rows}
        return sorted(rows, key=lambda node: _line(node, by_path))

    def find(self, pk: int | None) -> ReleaseNode | None:
        return next((node for node in self.groups if node.pk == pk), None) if pk else None

    def above(self, node: ReleaseNode) -> list[ReleaseNode]:
        """The groups that hold this one, the whole first."""
        parents = [
            other
            for other in self.groups
            if other.tree == node.tree and other.path and node.path.startswith(f"{other.path}/")
        ]
        whole = [self.root] if self.root is not None and self.root.pk != node.pk else []
        return [*whole, *sorted(parents, key=lambda other: len(other.path))]

    def below(self, node: ReleaseNode | None, tree: str) -> list[ReleaseNode]:
        """The groups right under this one."""
        rows = self.of_tree(tree)
        inside = [other for other in rows if node is None or not node.path or other.path.startswith(f"{node.path}/")]
        inside = [other for other in inside if node is None or other.pk != node.pk]
        nearest = min((other.depth for other in inside), default=0)
        return [other for other in inside if other.depth == nearest]

    def with_cells(self, nodes: Iterable[ReleaseNode]) -> dict[int, dict[str, Any]]:
        """{group: its cells}, of groups that this reader may read and of no others. One query."""
        readable_ids = {node.pk for node in self.groups}
        wanted = [node.pk for node in nodes if node.pk in readable_ids and not node.hidden]
        rows = ReleaseNode.objects.filter(pk__in=wanted, release=self.release, scope=self.scope)
        return dict(rows.order_by().values_list("pk", "cells"))

    # -- what stands beside the cells -------------------------------------------------------------
    @property
    def response(self) -> dict[str, Any]:
        return dict(self.release.facts.get("response") or {})

    @property
    def strata(self) -> list[dict[str, Any]]:
        """Share of those asked against share of those who answered, of the groups that may be read; never of one course."""
        single = is_single if self.release.about_courses else _of_teacher
        shown = {(node.tree, node.path) for node in self.groups if not single(node)}
        rows = self.release.facts.get("strata") or ()
        return [row for row in rows if (row["tree"], row["path"]) in shown and (row.get("public") or not self.public)]

    @property
    def reliability(self) -> list[dict[str, Any]]:
        if self.root is None:
            return []
        return [row for row in self.release.facts.get("reliability") or () if row.get("public") or not self.public]

    def trend(self, code: str, cells: dict[str, Any] | None) -> list[dict[str, Any]]:
        """A question over the years, in the whole: only where its own cell is shown; in public what was public each time."""
        if not cells or code not in cells:
            return []
        points = list((self.release.facts.get("trend") or {}).get(code) or ())
        if not self.public:
            return points
        found: list[dict[str, Any]] = []
        for point in (point for point in points if point.get("public")):
            broken = bool(found) and found[-1].get("wording") != point.get("wording")
            found.append({**point, "break": broken})
        return found


def _of_teacher(node: ReleaseNode) -> bool:
    return node.teacher_id is not None


def _line(node: ReleaseNode, by_path: dict[str, ReleaseNode]) -> list[tuple[int, int]]:
    """Where a group stands in its tree: the places of those above it, then its own."""
    parts = node.path.split("/")
    chain = ["/".join(parts[: k + 1]) for k in range(len(parts))]
    return [(by_path[path].place, by_path[path].pk) for path in chain if path in by_path]


# -- everything, line by line ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One question in one group; `cell` is None where too few answered for it to be shown."""

    group: ReleaseNode
    part: Part
    question: Question
    cell: dict[str, Any] | None


def lines(reading: Reading, tree: str | None = None) -> Iterator[Line]:
    """Everything that this reader may read, of all trees or of one with the whole: what exports and the API write."""
    nodes = [node for node in reading.groups if tree is None or node.tree in ("", tree)]
    cells = reading.with_cells(nodes)
    for node in nodes:
        for part in reading.parts:
            for question in part.questions:
                if asked_of(node, part):
                    yield Line(node, part, question, cells.get(node.pk, {}).get(question.code))


def asked_of(node: ReleaseNode, part: Part) -> bool:
    """Whether a section speaks of such a group: what was asked for each teacher stands in the tree of teachers."""
    if node.teacher_id is not None or node.tree == "teacher":
        return part.per_teacher
    return not part.per_teacher or not node.path
