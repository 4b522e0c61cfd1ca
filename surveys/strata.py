"""Strata: which groups a campaign's results may be broken down by, declared before launch (anonymity.md, rule 4).

A **tree** is a list of keys, coarse to fine: ["school", "department"]. Somebody's strata are {key: value} over all trees of
the campaign; a key that is left out means that the person stands with the node above and is in no group below it. Special
needs are never a stratum, and there are no crossings.

`recoded` is what launching writes into invitations: small groups are merged upward, so that within a tree each group, and
what is left of a node beside its groups, is empty or has at least k people. What a ballot may say about all trees at once
is decided when the urn is opened, by those who answered (recoding.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.policy.registry import policy
from qa_portal.programmes.models import Programme

from .models import Audience

Strata = dict[str, Any]
Tree = Sequence[str]

SCHOOL, DEPARTMENT, LEVEL, YEAR, GRADUATED = "school", "department", "level", "year", "graduated"
PLACE = (SCHOOL, DEPARTMENT)
STUDY = (LEVEL, YEAR)
GRADUATION = (LEVEL, GRADUATED)
TITLES: dict[str, Any] = {
    SCHOOL: _("school"),
    DEPARTMENT: _("department"),
    LEVEL: _("level"),
    YEAR: _("year of study"),
    GRADUATED: _("year of graduation"),
}
#: audience → the trees that its campaigns may declare
CATALOGUE: dict[str, tuple[tuple[str, ...], ...]] = {
    Audience.STUDENTS: (PLACE, STUDY),
    Audience.INTERNS: (PLACE, STUDY),
    Audience.RESIDENTS: (PLACE, STUDY),
    Audience.DOCTORAL: (PLACE, STUDY),
    Audience.APPLICANTS: ((LEVEL,),),
    Audience.GRADUATES: (PLACE, GRADUATION),
    Audience.TEACHERS: (PLACE,),
    Audience.MENTORS: (PLACE,),
    Audience.STAFF: (PLACE,),
    Audience.IS_USERS: (PLACE,),
    Audience.COURSE_PARTICIPANTS: (PLACE,),
}


def smallest_group() -> int:
    """k inside the university: the number of releases."""
    return int(policy("surveys.k_inside"))


# -- trees -------------------------------------------------------------------------------------------------------
def name_of(tree: Tree) -> str:
    """How a tree is named in forms, releases and counts: "school/department"."""
    return "/".join(tree)


def trees_for(campaign: Any) -> list[tuple[str, ...]]:
    """The trees that this campaign may declare. Courses have trees of their own; by an open link nothing is known."""
    if campaign.about_courses or campaign.by_link or not campaign.questionnaire_id:
        return []
    return list(CATALOGUE.get(campaign.questionnaire.audience, ()))


def title(tree: Tree) -> str:
    """«мектеп → кафедра»."""
    return " → ".join(str(TITLES.get(key, key)) for key in tree)


def choices(campaign: Any) -> list[tuple[str, str]]:
    return [(name_of(tree), title(tree)) for tree in trees_for(campaign)]


# -- where somebody stands --------------------------------------------------------------------------------------------
class Places:
    """School and department of a unit, from memory: the two units below the university on the way to it."""

    def __init__(self) -> None:
        self._units = {unit.pk: unit for unit in Unit.objects.all()}

    def of(self, unit_id: int | None) -> Strata:
        unit = self._units.get(unit_id) if unit_id else None
        if unit is None:
            return {}
        chain = unit.chain_ids
        if chain and self._units[chain[0]].kind == Unit.Kind.UNIVERSITY:
            chain = chain[1:]
        return dict(zip(PLACE, chain, strict=False))

    def words(self, unit_id: int) -> dict[str, str]:
        """The name in three languages."""
        unit = self._units.get(unit_id)
        if unit is None:
            return {code: str(unit_id) for code, _name in settings.LANGUAGES}
        found = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[code] = unit.short_name()
        return found


def words(key: str, value: Any, places: Places) -> dict[str, str]:
    """A group's name in three languages."""
    if key in PLACE:
        return places.words(int(value))
    found = {}
    levels = dict(Programme.Level.choices)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if key == LEVEL:
                found[code] = str(levels.get(value, value))
            elif key == YEAR:
                found[code] = translation.gettext("year %(n)s") % {"n": value}
            else:
                found[code] = str(value)
    return found


def path_in(strata: Mapping[str, Any], tree: Tree) -> str:
    """The node where somebody with these strata stands: "3/7"; "" is the top."""
    return "/".join(_values(strata, tree))


def paths_in(strata: Mapping[str, Any], tree: Tree) -> list[str]:
    """That node and those above it, without the top."""
    values = _values(strata, tree)
    return ["/".join(values[: depth + 1]) for depth in range(len(values))]


def _values(strata: Mapping[str, Any], tree: Tree) -> list[str]:
    found = []
    for key in tree:
        if strata.get(key) in (None, ""):
            break
        found.append(str(strata[key]))
    return found


# -- recoding -----------------------------------------------------------------------------------------------------
def recoded(rows: Sequence[Mapping[str, Any]], trees: Iterable[Tree], k: int) -> list[Strata]:
    """The strata of all rows, in the same order, with small groups merged upward. Pure; see the module's first lines."""
    found: list[Strata] = [{} for _row in rows]
    for tree in trees:
        kept = _merged([tuple(_values(row, tree)) for row in rows], k)
        for place, values in enumerate(kept):
            for key in tree[: len(values)]:
                found[place][key] = rows[place][key]
    return found


def _merged(paths: list[tuple[str, ...]], k: int) -> list[tuple[str, ...]]:
    """Each path cut back so far that every group below a node, and what is left of the node, is empty or has k people."""
    found = list(paths)
    for depth in range(max(map(len, paths), default=0), 0, -1):
        # From the leaves up: what is cut at a depth joins its node before the node's own size is looked at.
        below: dict[tuple[str, ...], Counter] = defaultdict(Counter)
        for path in found:
            if len(path) >= depth:
                below[path[: depth - 1]][path[depth - 1]] += 1
        at_node = Counter(path for path in found if len(path) == depth - 1)
        cut = {
            (*node, value)
            for node, groups in below.items()
            for value in _too_small(groups, at_node[node], k)
        }  # fmt: skip
        found = [path[: depth - 1] if path[:depth] in cut and len(path) >= depth else path for path in found]
    return found


def _too_small(groups: Mapping[str, int], beside: int, k: int) -> set[str]:
    """Which groups of a node go into its rest: those below k, then the next smallest until the rest is none or k.

    `beside` are people of the node who were in no group from the beginning.
    """
    ordered = sorted(groups, key=lambda value: (groups[value], value))
    taken = {value for value in ordered if groups[value] < k}
    rest = beside + sum(groups[value] for value in taken)
    for value in ordered:
        if rest == 0 or rest >= k:
            break
        if value not in taken:
            taken.add(value)
            rest += groups[value]
    return taken


# -- counting -------------------------------------------------------------------------------------------------------
def counted(rows: Iterable[Mapping[str, Any]], trees: Iterable[Tree]) -> dict[tuple[str, str], int]:
    """{(tree, path): how many}, the top of each tree left out."""
    found: Counter = Counter()
    trees = [tuple(tree) for tree in trees]
    for row in rows:
        for tree in trees:
            name = name_of(tree)
            for path in paths_in(row, tree):
                found[name, path] += 1
    return dict(found)


def labelled(tree_name: str, path: str, places: Places) -> dict[str, str]:
    """A node's own name in three languages."""
    keys, values = tree_name.split("/"), path.split("/")
    return words(keys[len(values) - 1], values[-1], places)
