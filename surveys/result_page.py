"""What the page of results shows: one group, section by section, beside the groups above and below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .content import say
from .models import ReleaseNode
from .result_pictures import picture
from .result_words import charts_of, group_label, said, trend_chart, trend_words
from .results import MOST_COMPARED, Part, Reading, asked_of


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: a group, the tree it is looked at in, the question whose years are drawn."""

    group: ReleaseNode | None
    tree: str = ""
    trend: str = ""


def page_of(reading: Reading, chosen: Chosen) -> dict[str, Any]:
    """Groups side by side and the sections with their figures. One query for all cells."""
    beside, more = _beside(reading, chosen)
    root = reading.root
    wanted = [node for node in (chosen.group, root, *beside) if node is not None]
    cells = reading.with_cells(wanted)
    own = cells.get(chosen.group.pk, {}) if chosen.group else {}
    whole = cells.get(root.pk, {}) if root else {}
    parts = [
        _part(reading, part, own, [(node, cells.get(node.pk, {})) for node in beside], whole, chosen)
        for part in reading.parts
        if chosen.group is None or asked_of(chosen.group, part)
    ]
    return {
        "group": chosen.group,
        "pk": str(chosen.group.pk) if chosen.group else "",
        "label": group_label(chosen.group) if chosen.group else "",
        "is_root": chosen.group is not None and root is not None and chosen.group.pk == root.pk,
        "hidden": chosen.group is None or chosen.group.hidden,
        "invited": chosen.group.invited if chosen.group else None,
        "answered": chosen.group.answered if chosen.group else None,
        "beside": [group_label(node) for node in beside],
        "more": more,
        "parts": parts,
    }


def _beside(reading: Reading, chosen: Chosen) -> tuple[list[ReleaseNode], int]:
    """Groups to compare with: those that hold it, then its parts; how many more there are."""
    if chosen.group is None:
        return [], 0
    above = reading.above(chosen.group)
    below = reading.below(chosen.group, chosen.tree) if chosen.tree else []
    room = max(MOST_COMPARED - len(above), 0)
    return [*above, *below[:room]], max(len(below) - room, 0)


def _part(
    reading: Reading, part: Part, own: dict, beside: list[tuple[ReleaseNode, dict]], whole: dict, chosen: Chosen
) -> dict[str, Any]:
    charts, rows = charts_of(part, own), []
    for question in part.questions:
        points = reading.trend(question.code, whole)
        rows.append(
            {
                "code": question.code,
                "text": say(question.text),
                "reverse": question.reverse,
                "said": said(question, own.get(question.code)),
                "beside": [said(question, other.get(question.code)) for _node, other in beside],
                "trend": trend_words(points) if len(points) > 1 else "",
                "chart": trend_chart(question, points) if chosen.trend == question.code else None,
            }
        )
    return {
        "code": part.code,
        "name": say(part.name),
        "charts": charts,
        "pictures": [picture(chart) for chart in charts],
        "rows": rows,
        "compared": bool(beside),
        "trends": any(row["trend"] for row in rows),
    }
