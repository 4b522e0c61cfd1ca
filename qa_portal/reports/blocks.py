"""What long reports are made of: headings, paragraphs, facts, tables, charts. The same blocks become HTML, PDF and DOCX.

Blocks hold words and numbers already written in the report's language, and go to JSON and back: an issue that was frozen
prints the same for ever.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from qa_portal.web.charts import Chart


@dataclass(frozen=True)
class Heading:
    """`level` 1 is a chapter, 2 a section, 3 a part of it; 1 and 2 stand in the table of contents."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """Paragraphs; an empty line parts them."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Facts:
    """Name and value, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """`numeric` are the columns set to the right; `lights` one light a row ("green", "amber", "red" or "") if there are any."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numeric: tuple[int, ...] = ()
    lights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    chart: Chart


Block = Heading | Text | Facts | Table | Picture
_KINDS: dict[str, Any] = {kind.__name__.lower(): kind for kind in (Heading, Text, Facts, Table, Picture)}


def to_json(blocks: list[Block]) -> list[dict[str, Any]]:
    return [{"kind": type(block).__name__.lower(), **asdict(block)} for block in blocks]


def from_json(rows: list[dict[str, Any]]) -> list[Block]:
    return [_read(dict(row)) for row in rows]


def _read(row: dict[str, Any]) -> Block:
    kind = _KINDS[row.pop("kind")]
    if kind is Picture:
        return Picture(Chart.from_json(row["chart"]))
    if kind is Facts:
        return Facts(tuple((name, value) for name, value in row["rows"]))
    if kind is Table:
        cells = tuple(tuple(cells) for cells in row["rows"])
        return Table(tuple(row["head"]), cells, row["caption"], tuple(row["numeric"]), tuple(row["lights"]))
    return kind(**row)
