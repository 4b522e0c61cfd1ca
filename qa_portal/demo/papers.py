"""Small real files: what proves the demo's actions (a PDF, a DOCX, an XLSX or a link, by turns), and its documents."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from qa_portal.web.files import KINDS

from . import typeset

_DOCX_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def proof(title: str, number: str, text: str, day: datetime.date) -> dict[str, Any]:
    """The inputs of `carry_out` that attach one piece of evidence called `title`."""
    inputs: dict[str, Any] = {"evidence_title": title, "speaks_of": day}
    turn = crc32(f"{number}{title}".encode())
    if turn % 5 == 0:
        return {**inputs, "link": f"https://docs.temirqazyq.example/{day.year}/{turn:08x}"}
    kind, make = (("pdf", _pdf), ("docx", _docx), ("xlsx", _xlsx), ("pdf", _pdf))[turn % 4]
    name = re.sub(r"[^\w -]", "", title)[:60].strip() or "paper"
    return {**inputs, "file": SimpleUploadedFile(f"{name}.{kind}", make(title, number, text, day))}


def spoken(data: dict[str, Any], kind: Any, paragraphs: list[str] | None) -> str:
    """The words of a document of documents.yaml: its paragraphs, and the sections with what its kind must contain."""
    sections = [f"{n}-бөлім. {provision.text_kk}" for n, provision in enumerate(kind.provisions.all(), 1)]
    contents = ["Құжаттың мазмұны", *sections] if sections else []
    return "\n".join([data["title"]["kk"], *(paragraphs or data["text"]), *contents])


def text_of_document(data: dict[str, Any], kind: Any, paragraphs: list[str] | None, number: str) -> SimpleUploadedFile:
    """The file of a version: a PDF, or a DOCX where the data says so."""
    title, *body = spoken(data, kind, paragraphs).splitlines()
    heading = f"«Темірқазық» университеті. {kind.name_kk}. {number} нұсқа"
    name = re.sub(r"[^\w -]", "", title)[:80].strip()
    wanted = data.get("file", "pdf")
    if wanted == "docx":
        made = _word([heading, title, *body])
    else:
        made = typeset.pdf([(heading, 9), (title, 17), *((line, 11) for line in body)])
    file = SimpleUploadedFile(f"{name}.{wanted}", made)
    file.found_type = KINDS[wanted][0]  # type: ignore[attr-defined]  # as the form's field would have found
    return file


def _pdf(title: str, number: str, text: str, day: datetime.date) -> bytes:
    return typeset.pdf([(title, 16), (f"{number}, {day:%d.%m.%Y}", 11), (text, 11)])


def _docx(title: str, number: str, text: str, day: datetime.date) -> bytes:
    return _word([title, f"{number}, {day:%d.%m.%Y}", text])


def _word(lines: Iterable[str]) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _DOCX_TYPES)
        archive.writestr("_rels/.rels", _DOCX_RELS)
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def _xlsx(title: str, number: str, text: str, day: datetime.date) -> bytes:
    return sheet([[title], [number, day], [text]])


def sheet(rows: Iterable[list[Any]]) -> bytes:
    """A small XLSX of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
