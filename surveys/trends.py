"""Trends and comparisons: read from releases only, never from answers (anonymity.md, statistics).

A trend follows a question's code through the releases of one instrument; where the wording differs from the point before,
the line breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from .models import Release, ReleaseNode

#: what of a cell a point of a trend repeats, as it was published then
_REPEATED = ("n", "mean", "top2", "ideal", "grade", "wording")

Cells = Mapping[str, Mapping[str, Any]]


def former(release: Release) -> list[Release]:
    """The last release of each earlier campaign with the same instrument, oldest first."""
    campaign = release.campaign
    rows = (
        Release.objects.filter(campaign__questionnaire__code=campaign.questionnaire.code)
        .filter(
            Q(campaign__year__lt=campaign.year)
            | Q(campaign__year=campaign.year, campaign__opens_on__lt=campaign.opens_on)
        )
        .exclude(campaign=campaign.pk)
        .exclude(state__in=(Release.MAKING, Release.WITHDRAWN))
        # Of different schools' surveys each is compared with its own.
        .filter(campaign__unit=campaign.unit_id, campaign__way=campaign.way)
        .select_related("campaign")
        .defer("facts", "campaign__content")
        .order_by("campaign__year", "campaign__opens_on", "campaign", "version")
    )
    return list({row.campaign_id: row for row in rows}.values())


def trend(release: Release, own: Cells, own_public: Cells) -> dict[str, list[dict[str, Any]]]:
    """For each question of the whole: its points of former releases, and this one's. Two queries."""
    releases = former(release)
    cells: dict[int, dict[str, Cells]] = {}
    nodes = ReleaseNode.objects.filter(release__in=releases, tree="", path="")
    for number, scope, found in nodes.values_list("release", "scope", "cells"):
        cells.setdefault(number, {})[scope] = found
    points: dict[str, list[dict[str, Any]]] = {}
    for row in releases:
        scopes = cells.get(row.pk, {})
        public = set(scopes.get("public", {})) if row.state == Release.PUBLISHED else set()
        _add(points, row, scopes.get("inside", {}), public, own)
    _add(points, release, own, set(own_public), own)
    return {code: found for code, found in points.items() if len(found) > 1}


def _add(
    points: dict[str, list[dict[str, Any]]], release: Release, cells: Cells, public: set[str], wanted: Iterable[str]
) -> None:
    for code in wanted:
        cell = cells.get(code)
        if cell is None or not ({"mean", "top2", "ideal"} & set(cell)):
            continue
        line = points.setdefault(code, [])
        line.append(
            {
                "year": release.campaign.year,
                "release": release.pk,
                **{name: cell[name] for name in _REPEATED if name in cell},
                "break": bool(line) and line[-1]["wording"] != cell.get("wording"),
                "public": code in public,
            }
        )


def beside(node: ReleaseNode) -> list[ReleaseNode]:
    """A group with those above it in its tree and the whole, the whole first: school and university. One query."""
    parts = node.path.split("/") if node.path else []
    paths = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    rows = ReleaseNode.objects.filter(
        Q(tree="", path="") | Q(tree=node.tree, path__in=paths), release=node.release_id, scope=node.scope
    )
    return sorted(rows, key=lambda row: (row.depth, row.pk != node.pk))


def differences(chain: list[ReleaseNode], code: str) -> list[float | None]:
    """How far the last group's mean is above each of the others, where both are shown; of steps and ratings."""
    last = chain[-1].cells.get(code, {}).get("mean") if chain else None
    found: list[float | None] = []
    for node in chain[:-1]:
        mean = node.cells.get(code, {}).get("mean")
        found.append(round(last - mean, 2) if last is not None and mean is not None else None)
    return found
