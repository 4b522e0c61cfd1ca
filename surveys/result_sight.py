"""Which groups of a release one reader may read: page, API, export and paper ask here and nowhere else.

What passed the release rules inside is the same for everybody inside, with one exception: results of single courses and
teachers (domain.md §10) are read by the teacher, the leadership of the school, its committee, the quality office and the
Board. An aggregate that would tell somebody outside this circle the result of one single course is not shown to them
either, nor one from which it follows by subtraction. Anybody without signing in reads public groups only, and never a
course or a teacher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404

from qa_portal.people.models import Unit

from .designers import committees_of
from .models import Release, ReleaseNode, Survey
from .querysets.releases import keeps_results


@dataclass(frozen=True)
class Circle:
    """What of the results of courses somebody may read: everything, some units, own courses and own figures."""

    everything: bool = False
    units: tuple[str, ...] = ()
    courses: frozenset[int] = frozenset()
    person: int | None = None


EVERYTHING = Circle(everything=True)


def is_single(node: ReleaseNode) -> bool:
    """The result of one course or one teacher."""
    return node.teacher_id is not None or node.survey_id is not None


def own_courses(person: Any, campaigns: list[int] | None = None) -> frozenset[int]:
    """Numbers of the surveys about courses that this person taught, as frozen at launch."""
    rows = Survey.objects.filter(Q(course__teachers=person) | Q(nodes__teacher=person), course__isnull=False)
    if campaigns is not None:
        rows = rows.filter(campaign__in=campaigns)
    found = rows.order_by().distinct().values_list("pk", "teachers")
    return frozenset(pk for pk, teachers in found if any(teacher["id"] == person.pk for teacher in teachers))


def number(text: Any) -> int | None:
    """The number of a row as an address or a request names it."""
    words = str(text or "")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else None


def answerable_node(person: Any, asked: Any) -> ReleaseNode:
    """The results that this teacher may answer: own figures, or those of an own course, in a report that is sent."""
    rows = ReleaseNode.objects.inside().light().filter(release__state__in=Release.SHOWN)
    node = rows.select_related("release__campaign").filter(pk=number(asked)).first() if number(asked) else None
    if node is None:
        raise Http404
    if node.teacher_id == person.pk:
        return node
    of_course = node.teacher_id is None and node.survey_id is not None
    if not of_course or node.survey_id not in own_courses(person, [node.release.campaign_id]):
        raise Http404
    return node


def committee_units(person: Any) -> tuple[str, ...]:
    """Paths of the schools in whose committee this person sits today."""
    schools = set(committees_of(person).values())
    return tuple(Unit.objects.filter(pk__in=schools).order_by("pk").values_list("path", flat=True)) if schools else ()


def circle_of(person: Any, release: Release) -> Circle:
    """No queries for whoever reads everything, and for surveys that are not about courses."""
    if keeps_results(person) or not release.about_courses:
        return EVERYTHING
    units = (*person.standing.led_paths, *committee_units(person))
    return Circle(False, units, own_courses(person, [release.campaign_id]), person.pk)


def reads_single(circle: Circle, node: ReleaseNode, paths: dict[int, str]) -> bool:
    """Whether the result of one course or teacher may be read."""
    if circle.everything or (node.teacher_id is not None and node.teacher_id == circle.person):
        return True
    if node.teacher_id is None and node.survey_id in circle.courses:
        return True
    path = paths.get(node.unit_id or 0, "")
    return bool(path) and any(path.startswith(led) for led in circle.units)


def readable(nodes: list[ReleaseNode], circle: Circle, paths: dict[int, str]) -> tuple[set[int], bool]:
    """Numbers of the groups of one tree that may be read, and whether the whole may be. `nodes` are all of the tree."""
    if circle.everything or not any(is_single(node) for node in nodes):
        return {node.pk for node in nodes}, True
    return _Sight(nodes, circle, paths).chosen()


def open_groups(nodes: Iterable[ReleaseNode]) -> set[tuple[str, str]]:
    """(tree, path) of the groups of a report about courses that tell nobody the result of one single course.

    What somebody inside without any course reads, and the most that the public, indicators, chapters and signals may say.
    `nodes` are all those inside.
    """
    nodes, found, whole = list(nodes), set(), True
    for tree in sorted({node.tree for node in nodes} - {""}):
        of_tree = [node for node in nodes if node.tree == tree]
        chosen, total = readable(of_tree, Circle(), {})
        found |= {(tree, node.path) for node in of_tree if node.pk in chosen}
        whole = whole and total
    return found | ({("", "")} if whole else set())


class _Sight:
    """One tree: what is foreign to the reader stays behind sums of at least two."""

    def __init__(self, nodes: list[ReleaseNode], circle: Circle, paths: dict[int, str]):
        self.nodes = {node.path: node for node in nodes}
        self.below: dict[str, list[str]] = defaultdict(list)
        for path in self.nodes:
            self.below[self._above(path)].append(path)
        own = {path for path, node in self.nodes.items() if is_single(node) and reads_single(circle, node, paths)}
        self.seen = set(own)
        self.foreign: dict[str, int] = {}
        for path in sorted(self.nodes, key=lambda path: -path.count("/")):
            self.foreign[path] = self._count(path, own)
        for path, node in self.nodes.items():
            if not is_single(node) and self.foreign[path] != 1:
                self.seen.add(path)

    def _above(self, path: str) -> str:
        """The nearest group above that is there; "" is the whole."""
        while path:
            path = path.rpartition("/")[0]
            if path in self.nodes:
                return path
        return ""

    def _count(self, path: str, own: set[str]) -> int:
        """How many single results that the reader may not read stand in it."""
        children = [child for child in self.below[path] if child != path]
        if is_single(self.nodes[path]) and not children:
            return 0 if path in own else 1
        itself = 1 if is_single(self.nodes[path]) and path not in own and not children else 0
        return itself + sum(self.foreign[child] for child in children)

    def chosen(self) -> tuple[set[int], bool]:
        top = [path for path in self.below[""] if path]
        whole = sum(self.foreign[path] for path in top) != 1
        for path in ["", *sorted(self.nodes, key=lambda path: (path.count("/"), path))]:
            if path in self.seen or (path == "" and whole):
                self._keep_apart(path)
        return {node.pk for path, node in self.nodes.items() if path in self.seen}, whole

    def _keep_apart(self, path: str) -> None:
        """Of the parts of a shown whole those not shown are none or at least two together."""
        children = [child for child in self.below[path] if child != path]
        rest = self._rest(children)
        if rest != 1:
            return
        sums = [child for child in children if child in self.seen and self.foreign[child]]
        if sums:
            self._hide(min(sums, key=lambda child: (self.foreign[child], child)))

    def _rest(self, children: list[str]) -> int:
        return sum(self.foreign[child] for child in children if child not in self.seen)

    def _hide(self, path: str) -> None:
        """A group and the sums inside it; what is the reader's own stays."""
        for other, node in self.nodes.items():
            if (other == path or other.startswith(f"{path}/")) and not is_single(node):
                self.seen.discard(other)
