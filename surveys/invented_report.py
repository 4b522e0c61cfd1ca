"""The report that invented answers would give: the same rules, cells and words as a release, of rows made in memory.

Nothing here is saved, and no ballot is within reach: the rows come from inventing.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from .content import say
from .inventing import NUMBER, TEACHERS, invent
from .models import Release
from .release_cells import INSIDE, SCOPES, Decided, Numbers, World, apart_of, cell, decide
from .release_facts import sections_of
from .release_worlds import Asked, Ledger, Reading, Row
from .result_words import charts_of, said
from .results import Part, parts_of

#: so many were asked, it is pretended
INVITED = 2 * NUMBER
_SURVEY = 1


def cells_of(content: Mapping[str, Any], seed: int) -> dict[str, dict[str, Any]]:
    """The cells of the whole, as the university would read them."""
    reading = Reading(content, [], {_SURVEY: Asked(teachers=tuple(row["id"] for row in TEACHERS))}, courses=False)
    for answers in invent(content, seed)[1]:
        reading.add(_SURVEY, {}, answers)
    ledger = Ledger.from_rows([Row(_SURVEY, {}, INVITED, NUMBER)], reading)
    ballots, about = reading.worlds(ledger, 1)
    first = decide(ballots, Numbers())
    found = _whole(ballots, first[INSIDE])
    if about.columns:
        hangs = {scope: {code: layers.exact for code, layers in first[scope].columns.items()} for scope in SCOPES}
        found |= _whole(about, decide(about, Numbers(), hangs=hangs)[INSIDE])
    return found


def _whole(world: World, decided: Decided) -> dict[str, dict[str, Any]]:
    found = {}
    for code, column in world.columns.items():
        layers = decided.columns[code]
        shown = cell(column, world.groups[0], 0, layers, world.invited[0])
        if shown is not None:
            apart = apart_of(column, world.groups[0], 0, layers)
            found[code] = shown | ({"apart": apart} if apart else {})
    return found


def report(content: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """The sections with figures and charts, each marked as invented, as the page of results sets them out."""
    cells = cells_of(content, seed)
    return [_part(part, cells) for part in parts_of(Release(facts={"sections": sections_of(content)}))]


def _part(part: Part, cells: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "code": question.code,
            "text": say(question.text),
            "reverse": question.reverse,
            "said": said(question, cells.get(question.code)),
        }
        for question in part.questions
    ]
    charts = [replace(chart, title=_marked(chart.title)) for chart in charts_of(part, cells)]
    return {"code": part.code, "name": _marked(say(part.name)), "charts": charts, "rows": rows}


def _marked(name: str) -> str:
    return _("%(name)s (invented)") % {"name": name}
