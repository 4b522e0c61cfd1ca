"""Blocks set out as HTML: numbered headings with a table of contents, tables, charts. For the page and for the PDF alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qa_portal.web.charting import has_values, svg

from .blocks import Block, Heading, Picture, Table, Text

#: deeper headings are not in the table of contents
IN_CONTENTS = 2
LIGHTS = {"green": "●", "amber": "▲", "red": "■"}


@dataclass(frozen=True)
class Entry:
    """One line of the table of contents."""

    number: str
    text: str
    anchor: str
    level: int


def numbered(blocks: list[Block]) -> list[tuple[Block, str]]:
    """Each block with its number: «3», «3.2» for headings of the first two levels, "" for everything else."""
    counts, found = [0, 0], []
    for block in blocks:
        number = ""
        if isinstance(block, Heading) and block.level == 1:
            counts = [counts[0] + 1, 0]
            number = str(counts[0])
        elif isinstance(block, Heading) and block.level == IN_CONTENTS:
            counts[1] += 1
            number = f"{counts[0]}.{counts[1]}" if counts[0] else str(counts[1])
        found.append((block, number))
    return found


def contents(blocks: list[Block]) -> list[Entry]:
    return [
        Entry(number, block.text, anchor(number), block.level)
        for block, number in numbered(blocks)
        if isinstance(block, Heading) and number
    ]


def anchor(number: str) -> str:
    return f"part-{number.replace('.', '-')}" if number else ""


def as_html(blocks: list[Block], *, for_paper: bool = False, top: int = 2) -> SafeString:
    """The blocks as HTML. `top` is the level of heading that the first level becomes on the page around it."""
    rows = [_row(block, number, top, for_paper) for block, number in numbered(blocks)]
    # A chapter of several sections begins a page on paper; a short one runs on where the last has ended.
    for row, following in zip(rows, [*blocks[1:], None], strict=False):
        row["long"] = isinstance(following, Heading) and following.level == IN_CONTENTS
    return SafeString(render_to_string("reports/blocks/blocks.html", {"rows": rows}))


def _row(block: Block, number: str, top: int, for_paper: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": type(block).__name__.lower(), "block": block}
    if isinstance(block, Heading):
        row |= {"tag": f"h{min(6, block.level + top - 1)}", "number": number, "anchor": anchor(number)}
    elif isinstance(block, Text):
        row["paragraphs"] = [part.strip() for part in block.text.split("\n\n") if part.strip()]
    elif isinstance(block, Table):
        row |= {"rows": _cells(block), "head": [(name, i in block.numeric) for i, name in enumerate(block.head)]}
    elif isinstance(block, Picture) and for_paper:
        row["drawn"] = SafeString(svg(block.chart, for_paper=True)) if has_values(block.chart) else ""
    return row


def _cells(table: Table) -> list[dict[str, Any]]:
    lights = table.lights or ("",) * len(table.rows)
    return [
        {
            "first": cells[0] if cells else "",
            "cells": [(text, place in table.numeric) for place, text in enumerate(cells) if place],
            "light": light,
            "mark": LIGHTS.get(light, ""),
        }
        for cells, light in zip(table.rows, lights, strict=True)
    ]
