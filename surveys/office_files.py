"""Office files packed anew without names of people, times, printers, paths and previews (see stripping.py).

OOXML (DOCX, XLSX, PPTX) and OpenDocument (ODT, ODS) are ZIPs of XML. Parts that exist only to tell about the document are
left out with everything that leads to them; of the others the telling attributes and elements go.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

OOXML, OPEN = ("docx", "xlsx", "pptx"), ("odt", "ods")
OFFICE = (*OOXML, *OPEN)
MOST_PARTS, MOST_UNPACKED = 5000, 200 * 1024 * 1024
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".bmp": "BMP"}
_FONTS = {".fntdata", ".odttf", ".ttf"}

#: parts that only tell about the document, its machine or its readers
_DROPPED = re.compile(
    r"^(docProps/|customXml/|_xmlsignatures/|xl/printerSettings/|xl/revisions/|xl/persons/|xl/threadedComments/|xl/connections\.xml|"
    r"word/people\.xml|word/commentsIds\.xml|word/commentsExtensible\.xml|ppt/printerSettings|ppt/authors\.xml|ppt/comments/modernComment|"
    r"ppt/changesInfos/|ppt/revisionInfo\.xml|docMetadata/|userCustomization/|"
    r"meta\.xml$|Thumbnails/|Configurations2?/|layout-cache$|META-INF/(documentsignatures|macrosignatures)\.xml)"
)
_INSIDE = re.compile(r"/(embeddings|activeX|ctrlProps|externalLinks)/|vbaProject\.bin$|\.ole$|^Basic/|^Scripts/")
_SIGNED = re.compile(r"^(_xmlsignatures/|META-INF/documentsignatures\.xml)")

#: attributes by their local name: these go
_GONE = {
    "initials", "dateUtc", "dT", "dt", "userId", "userName", "providerId", "rsidR", "rsidRDefault", "rsidRPr", "rsidP",
    "rsidTr", "rsidSect", "rsidDel", "lastEdited", "lowestEdited", "rupBuild", "saltData", "personId",
}  # fmt: skip
#: these must be there: they say nothing
_BLANKED = {"author"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: elements by their local name: these go with all inside
_ELEMENTS_GONE = {"rsids", "rsid", "attachedTemplate", "absPath", "fileSharing", "mailMerge", "docVars", "presenceInfo"}
#: of these the words go: names and times of OpenDocument, authors of notes in tables
_SILENT = {"creator", "creator-initials", "initial-creator", "author-name", "author-initials", "printed-by", "author"}
_NOBODY = "—"


class CannotClean(Exception):
    """Why a file cannot be cleaned; `signed`: it bears somebody's signature, which cleaning would break."""

    def __init__(self, sentence: Any, *, signed: bool = False):
        super().__init__(str(sentence))
        self.signed = signed


def clean_office(data: bytes, extension: str, picture: Callable[[bytes, str], bytes]) -> bytes:
    """The file packed anew. `picture` cleans a picture inside it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise CannotClean(_("The file is too large after unpacking."))
        names = [part.filename for part in parts if not part.is_dir()]
        if any(_SIGNED.search(name) for name in names):
            raise CannotClean(_("The file bears an electronic signature, which names its owner."), signed=True)
        if any(_INSIDE.search(f"/{name}" if extension in OOXML else name) for name in names):
            raise CannotClean(_("There is another file or a macro inside this file. Send it without, or as PDF."))
        gone = {name for name in names if _DROPPED.search(name)}
        if extension in OPEN:
            gone |= {name for name in names if posixpath.basename(name) == "meta.xml"}
        kept = [name for name in names if name not in gone]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in kept:
                way = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                part = zipfile.ZipInfo(name, _LONG_AGO)
                part.compress_type = way
                packed.writestr(part, _part(name, archive.read(name), gone, picture))
    return stream.getvalue()


def _part(name: str, data: bytes, gone: set[str], picture: Callable[[bytes, str], bytes]) -> bytes:
    suffix = posixpath.splitext(f"x{posixpath.basename(name)}")[1].lower()  # of ".rels" too
    if name == "mimetype":
        return data
    if suffix in _PICTURES:
        return picture(data, _PICTURES[suffix])
    if suffix in (".xml", ".rels", ".rdf", ".vml", ".svg"):
        return _xml(name, data, gone)
    if suffix in _FONTS:
        return data
    raise CannotClean(_("There is something inside this file that cannot be cleaned. Send it as PDF."))


def _xml(name: str, data: bytes, gone: set[str]) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise CannotClean(_("There is something inside this file that cannot be cleaned. Send it as PDF."))
    if name == "[Content_Types].xml":
        _without(root, lambda each: each.get("PartName", "").lstrip("/") in gone)
    elif name.endswith(".rels"):
        folder = posixpath.dirname(posixpath.dirname(name))
        _without(root, lambda each: _leads_to(each, folder) in gone)
        for each in root:
            if each.get("TargetMode") == "External" and not each.get("Target", "").startswith(("http", "mailto:", "#")):
                each.set("Target", "about:blank")  # a path on somebody's machine
    elif name == "META-INF/manifest.xml":
        _without(root, lambda each: any(value in gone for value in each.attrib.values()))
    elif name == "settings.xml":
        for each in list(root):
            root.remove(each)  # OpenDocument keeps the printer, its user and the place of the cursor here
    _silence(root, name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _without(root: Any, unwanted: Callable[[Any], bool]) -> None:
    for each in list(root):
        if unwanted(each):
            root.remove(each)


def _leads_to(relation: Any, folder: str) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _silence(root: Any, name: str) -> None:
    authors = {(each.text or "").strip() for each in root.iter() if _local(each.tag) == "author"} - {""}
    notes = "comments" in name
    for each in list(root.iter()):
        local = _local(each.tag)
        if local in _ELEMENTS_GONE or (local == "date" and each.getparent() is not None and _is_dc(each.tag)):
            parent = each.getparent()
            if parent is not None:
                parent.remove(each)
            continue
        if local in _SILENT and len(each) == 0:
            each.text = _NOBODY
        elif local == "cmAuthor":
            each.set("name", _NOBODY)
        elif notes and each.text and each.text.strip().rstrip(":") in authors:
            each.text = ""  # a note in a table begins with the name of who wrote it
        _attributes(each)


def _attributes(each: Any) -> None:
    for key in list(each.attrib):
        local = _local(key)
        if local in _GONE or (local == "date" and key.startswith(_WORD)):
            del each.attrib[key]
        elif local in _BLANKED:
            each.set(key, _NOBODY)


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _is_dc(tag: str) -> bool:
    return tag.startswith("{http://purl.org/dc/elements/1.1/}")
