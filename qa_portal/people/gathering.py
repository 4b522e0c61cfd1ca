"""What was counted unit by unit, gathered for every unit with all below it: the arithmetic of computed indicators."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from qa_portal.web.registry import Figure

from .models import Unit


def gathered(cases: Iterable[tuple[int | None, Any]]) -> dict[int | None, list[Any]]:
    """{unit: cases of it and of all below}; under None those of the whole university, also those of no unit.

    The root of the tree is the university itself and has no line of its own.
    """
    above = {pk: (path, parent) for pk, path, parent in Unit.objects.values_list("pk", "path", "parent_id")}
    found: dict[int | None, list[Any]] = {}
    for unit, case in cases:
        found.setdefault(None, []).append(case)
        if unit not in above:
            continue
        for part in above[unit][0].split("."):
            if part and above[int(part)][1] is not None:
                found.setdefault(int(part), []).append(case)
    return found


def shares(cases: Iterable[tuple[int | None, bool]]) -> dict[int | None, Figure]:
    """Of the cases the percentage of the good ones, with their number, for each unit that has some."""
    return {unit: Figure(100 * sum(found) / len(found), len(found)) for unit, found in gathered(cases).items() if found}


def medians(cases: Iterable[tuple[int | None, int]]) -> dict[int | None, Figure]:
    return {unit: Figure(statistics.median(found), len(found)) for unit, found in gathered(cases).items() if found}
