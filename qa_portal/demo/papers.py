"""Small real files that prove the demo's actions: a PDF, a DOCX, an XLSX or a link, by turns."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

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


def _pdf(title: str, number: str, text: str, day: datetime.date) -> bytes:
    """One page with the number and the day: a PDF's own fonts know no Kazakh, so it stands for a scan."""
    page = f"BT /F1 18 Tf 60 760 Td (Scan of a signed paper) Tj 0 -30 Td ({number}) Tj 0 -30 Td ({day:%d.%m.%Y}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for index, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(out)


def _docx(title: str, number: str, text: str, day: datetime.date) -> bytes:
    lines = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (title, f"{number}, {day:%d.%m.%Y}", text)
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{lines}</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _DOCX_TYPES)
        archive.writestr("_rels/.rels", _DOCX_RELS)
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def _xlsx(title: str, number: str, text: str, day: datetime.date) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append([number, day])
    sheet.append([text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
