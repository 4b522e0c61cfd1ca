"""The facts of a release beside its cells: response and representativeness from the ledger, reliability, what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import statistics
from .models import ReleaseNode
from .release_cells import INSIDE, PUBLIC, SCOPES, Column, Decided, Numbers, World, reliability, steps_of
from .release_rules import choose
from .release_worlds import Ledger

#: {(scope, tree, path): (invited, answered)}
Counted = Mapping[tuple[str, str, str], tuple[int, int]]
Worlds = Sequence[tuple[World, Mapping[str, Decided]]]


def counted(
    world: World,
    ledger: Ledger,
    numbers: Numbers,
    decided: Mapping[str, Decided],
    former: Sequence[Mapping[str, Any]] = (),
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Of which groups it is told how many were asked and took part: the rules hold for these counts as for answers.

    Whoever was asked in a group told, and in what follows from groups told, are k at least; who took part, none or k.
    """
    if ledger.by_link:
        return {}
    groups = ledger.groups(world.forest)
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    among = frozenset(range(len(groups)))
    for scope in SCOPES:  # the public ones among those inside
        among &= decided[scope].nodes
        among = frozenset(node for node in among if all(_key(world, scope, node) in version for version in former))
        among = _told(world, groups, ledger.took, numbers.k(scope), among)
        for node in among:
            pair = groups[node].bit_count(), (groups[node] & ledger.took).bit_count()
            found[_key(world, scope, node)] = pair
    return found


def _told(world: World, groups: Sequence[int], took: int, k: int, among: frozenset[int]) -> frozenset[int]:
    """Both counts obey the rules, those asked and those who took part."""

    def enough(bits: int) -> bool:
        return bits.bit_count() >= k

    def may(bits: int, place: int | None) -> bool:
        return enough(bits)

    while True:
        asked = choose(world.forest, groups, may, among, enough=enough, sure=k)
        both = choose(world.forest, [bits & took for bits in groups], may, asked, enough=enough, sure=k)
        if both == among:
            return both
        among = both


def _key(world: World, scope: str, node: int) -> tuple[str, str, str]:
    place = world.forest.places[node]
    return scope, place.tree, place.path


def response_of(ledger: Ledger, told: Counted, k: int) -> dict[str, Any]:
    if ledger.by_link:
        invited, answered = ledger.population, ledger.took_total if ledger.took_total >= k else None
        # Who came by an open link is known to have answered; how many could have is what the office typed.
        rate = answered / invited if answered and invited and invited >= answered else None
        return _response(invited, answered, rate)
    pair = told.get((INSIDE, "", ""))
    if pair is None:
        return _response(ledger.total or None, None, None)
    return _response(pair[0], pair[1], pair[1] / pair[0])


def _response(invited: int | None, answered: int | None, rate: float | None) -> dict[str, Any]:
    margin = statistics.margin_of_error(answered, invited) if answered else None
    return {
        "invited": invited,
        "answered": answered,
        "rate": None if rate is None else round(rate, 4),
        "margin": None if margin is None else round(margin, 4),
    }


def strata_of(nodes: Sequence[ReleaseNode], told: Counted) -> list[dict[str, Any]]:
    """How well each group told is represented among those who answered."""
    whole = told.get((INSIDE, "", ""))
    if whole is None:
        return []
    found = []
    for node in nodes:
        if node.scope != INSIDE or not node.path or node.tree == "teacher" or node.invited is None:
            continue
        of = statistics.stratum(node.invited, node.answered or 0, *whole)
        found.append(
            {
                "tree": node.tree,
                "path": node.path,
                "label": node.label,
                "invited": node.invited,
                "answered": node.answered,
                "share_invited": round(of.share_invited, 4),
                "share_answered": round(of.share_answered, 4),
                "apart": of.apart,
                "public": (PUBLIC, node.tree, node.path) in told and (PUBLIC, "", "") in told,
            }
        )
    return found


# -- what was asked -------------------------------------------------------------------------------------------------------
_ASKED = ("code", "kind", "scale", "reverse", "wording", "text", "options", "areas")


def sections_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "code": section["code"],
            "name": section["name"],
            "areas": section["areas"],
            "per_teacher": section["per_teacher"],
            "items": [{name: item[name] for name in _ASKED} for item in section["items"]],
        }
        for section in content.get("sections", ())
    ]


# -- reliability ------------------------------------------------------------------------------------------------------------
def reliability_of(content: Mapping[str, Any], worlds: Worlds) -> list[dict[str, Any]]:
    """Of each section whose items are shown of the whole; an item that is not shown has no part in it."""
    found = []
    for section in content.get("sections", ()):
        world, decided = worlds[1 if section["per_teacher"] else 0]
        columns = [world.columns[item["code"]] for item in section["items"] if item["code"] in world.columns]
        shown = [column for column in steps_of(columns) if 0 in decided[INSIDE].columns[column.code].exact]
        of = reliability(shown)
        if of is not None:
            found.append(_said(section, shown, of, decided))
    return found


def _said(
    section: Mapping[str, Any], columns: Sequence[Column], of: statistics.Reliability, decided: Mapping[str, Decided]
) -> dict[str, Any]:
    return {
        "section": section["code"],
        "name": section["name"],
        "n": of.n,
        "alpha": round(of.alpha, 3),
        "items": [
            {
                "code": column.code,
                "rest": None if item.rest is None else round(item.rest, 3),
                "without": None if item.without is None else round(item.without, 3),
            }
            for column, item in zip(columns, of.items, strict=True)
        ],
        "warning": of.warning,
        "public": all(0 in decided[PUBLIC].columns[column.code].exact for column in columns),
    }
