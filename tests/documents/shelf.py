"""Documents for the tests of search: put on the shelf through the import door, with a text as if it had been read."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile
from django.utils import timezone

from qa_portal.documents.forms.library import DOCX, PDF
from qa_portal.documents.models import Document, DocumentKind, Version, VersionText
from qa_portal.documents.words import each_once
from qa_portal.workflow.writing import door

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def kind(code: str = "regulation", **fields: Any) -> DocumentKind:
    values = {"level": "regulatory", "mark": "", "name_kk": "Ереже", "name_ru": "Положение", "name_en": "Regulation"}
    return DocumentKind.objects.get_or_create(code=code, defaults={**values, **fields})[0]


def document(world: Any, title: str = "Сапа туралы ереже", text: str | None = None, **fields: Any) -> Document:
    """In force with version 1.0 unless told otherwise; `text` is what was read from its file."""
    values = {
        "kind": kind(),
        "title_kk": title,
        "unit": world.department,
        "state": Document.IN_FORCE,
        "languages": ["kk"],
        "in_force_on": timezone.localdate(),
        **fields,
    }
    with door("import"):
        made = Document.objects.create(**values)
    if made.state != Document.PREPARING:
        version(made, text, state=Version.IN_FORCE if made.is_live else Version.ANNULLED)
    return made


def version(of: Document, text: str | None = None, content: bytes = b"", **fields: Any) -> Version:
    values = {"state": Version.IN_FORCE, "file_name": "f.pdf", "content_type": PDF, "checksum": "0" * 64, **fields}
    with door("import"):
        made = Version(document=of, **values)
        made.file.save("f.pdf", ContentFile(content or b"%PDF-1.7 " + made.state.encode()), save=False)
        made.save(force_insert=True)
        if made.state in (Version.IN_FORCE, Version.ANNULLED):
            of.current = made
            of.save()
    if text is not None:
        VersionText.objects.create(version=made, checksum=made.checksum, text=text, sought=each_once(text))
    return made


def docx(*paragraphs: str, raw: str = "", before: str = "") -> bytes:
    body = raw or "".join(f"<w:p><w:r><w:t>{escape(p)}</w:t></w:r></w:p>" for p in paragraphs)
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return box.getvalue()


__all__ = ["DOCX", "PDF", "W", "document", "docx", "kind", "version", "zipped"]
