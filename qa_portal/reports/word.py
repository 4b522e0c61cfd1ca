"""Blocks as DOCX, for councils that edit further: headings with a table of contents, tables with repeated heads, pictures.

Charts become PNG by way of our own PDF: Word shows no SVG of ours with Kazakh letters on every machine.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdfium2
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from qa_portal.web.charting import has_values, svg
from qa_portal.web.charts import Chart

from .blocks import Block, Facts, Heading, Picture, Table, Text
from .layout import LIGHTS, contents, numbered
from .pdf import write_pdf

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Arial"  # stands on every machine and has Kazakh letters; Inter is not embedded into DOCX
ACCENT = RGBColor(0x0B, 0x55, 0x63)
WIDTH = 170  # mm of text on a page
#: charts drawn at once: one PDF of so many pages
AT_ONCE = 12
DPI = 150


def write_docx(
    stream: Any,
    blocks: list[Block],
    *,
    title: str,
    lines: tuple[str, ...] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write the blocks into a binary stream. `lines` stand under the title: university, number, period, decision."""
    document = Document()
    _set_up(document, title)
    _title_page(document, title, lines)
    _contents(document, blocks)
    pictures = _pictures(blocks, progress)
    parts = numbered(blocks)
    for place, (block, number) in enumerate(parts):
        if isinstance(block, Picture):
            if place in pictures:
                _picture(document, block.chart, pictures[place])
        else:
            _WRITERS[type(block)](document, block, number)
        progress(len(parts) + place, 2 * len(parts))
    document.save(stream)


# -- the frame ---------------------------------------------------------------------------------------
def _set_up(document: Any, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), FONT)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
        if name != "Normal":
            style.font.color.rgb = ACCENT
    document.styles["Normal"].font.size = Pt(10)
    document.core_properties.title = title
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(footer, "PAGE", "1")


def _title_page(document: Any, title: str, lines: tuple[str, ...]) -> None:
    document.add_paragraph(title, style="Title")
    for line in lines:
        document.add_paragraph(line)


def _contents(document: Any, blocks: list[Block]) -> None:
    """A field that Word brings up to date; until then it shows the headings as they are now."""
    entries = contents(blocks)
    if not entries:
        return
    heading = document.add_paragraph()
    run = heading.add_run(_("Contents"))
    run.bold = True
    paragraph = document.add_paragraph()
    _field(
        paragraph,
        'TOC \\o "1-2" \\h \\z \\u',
        "\n".join(f"{'    ' * (e.level - 1)}{e.number} {e.text}" for e in entries),
    )
    document.add_page_break()


def _field(paragraph: Any, code: str, shown: str) -> None:
    for kind in ("begin", None, "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)
        elif kind == "shown":
            lines = shown.split("\n")
            for place, line in enumerate(lines):
                run.add_text(line)
                if place < len(lines) - 1:
                    run.add_break()
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


# -- the blocks ----------------------------------------------------------------------------------------
def _heading(document: Any, block: Heading, number: str) -> None:
    paragraph = document.add_heading(f"{number} {block.text}".strip(), level=min(block.level, 3))
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.page_break_before = False


def _text(document: Any, block: Text, number: str) -> None:
    for part in block.text.split("\n\n"):
        if part.strip():
            run = document.add_paragraph().add_run(part.strip())
            run.italic = block.quiet


def _facts(document: Any, block: Facts, number: str) -> None:
    _grid(document, ("", ""), block.rows, numeric=(), with_head=False)


def _table(document: Any, block: Table, number: str) -> None:
    if block.caption:
        run = document.add_paragraph().add_run(block.caption)
        run.bold = True
    marks = [LIGHTS.get(light, "") for light in block.lights] or [""] * len(block.rows)
    rows = [(f"{mark} {cells[0]}".strip(), *cells[1:]) for mark, cells in zip(marks, block.rows, strict=True)]
    _grid(document, block.head, rows, numeric=block.numeric, with_head=True)


def _grid(document: Any, head: Any, rows: Any, *, numeric: tuple[int, ...], with_head: bool) -> None:
    lines = [head, *rows] if with_head else list(rows)
    if not lines:
        return
    table = document.add_table(rows=len(lines), cols=len(head), style="Table Grid")
    table.autofit = True
    # Cells are read once: python-docx looks through the whole table for each `table.cell()`.
    for line, cells in zip(table.rows, lines, strict=True):
        for place, (cell, text) in enumerate(zip(line.cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(str(text))
            run.font.size = Pt(8.5)
            run.bold = with_head and cells is head
            if place in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if with_head:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
    document.add_paragraph()


_WRITERS: dict[type, Callable[[Any, Any, str], None]] = {
    Heading: _heading,
    Text: _text,
    Facts: _facts,
    Table: _table,
}


# -- charts -----------------------------------------------------------------------------------------------
def _picture(document: Any, chart: Chart, png: bytes) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run()
    shape = run.add_picture(io.BytesIO(png), width=Mm(WIDTH))
    # What a screen reader says instead of the picture.
    shape._inline.docPr.set("descr", chart.title)


def _pictures(blocks: list[Block], progress: Callable[[int, int], None]) -> dict[int, bytes]:
    """Every chart as PNG, by the place of its block; drawn a dozen at a time."""
    places = [place for place, block in enumerate(blocks) if isinstance(block, Picture) and has_values(block.chart)]
    found: dict[int, bytes] = {}
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        charts = [blocks[place].chart for place in some]  # type: ignore[union-attr]
        found.update(zip(some, pictures_of(charts), strict=True))
        progress(len(blocks) * (start + len(some)) // max(1, len(places)), 2 * len(blocks))
    return found


def pictures_of(charts: list[Chart]) -> list[bytes]:
    """Charts as PNG: each a page of one PDF of ours, drawn by pdfium."""
    pages = "".join(f"<figure>{svg(chart, for_paper=True)}</figure>" for chart in charts)
    html = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>-</title></head><body>{pages}</body></html>"
    )
    css = (
        "@page{size:180mm 88mm;margin:1mm !important;@top-left{content:none}@bottom-left{content:none}@bottom-right{content:none}}"
        "figure{margin:0;break-after:page}figure:last-child{break-after:auto}figure svg{width:178mm;max-height:85mm}"
    )
    stream = io.BytesIO()
    write_pdf(html, stream, css)
    document = pypdfium2.PdfDocument(stream.getvalue())
    try:
        return [_png(document[place]) for place in range(len(charts))]
    finally:
        document.close()


def _png(page: Any) -> bytes:
    picture = page.render(scale=DPI / 72).to_pil()
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    page.close()
    return out.getvalue()
