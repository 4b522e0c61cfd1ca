"""Files sent with a petition lose what tells who made them and when, before anything of them touches the disk.

Pictures are drawn anew (turned as the camera said, then without its notes). Of a PDF the pages are copied, without facts
about the document, names of annotations, attachments and older revisions. Office files are packed anew: properties, names
of authors and reviewers, times, numbers of saved sessions, printers, paths and previews go. What a person wrote or drew
into the content itself stays: the page says so. Kinds that cannot be cleaned are not taken without a name.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import pypdf
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from qa_portal.policy.registry import policy
from qa_portal.web.files import TooLargeFile, check_kind

from .office_files import OFFICE, CannotClean, clean_office

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
#: taken from everybody; other kinds (sound, video, archives, tables of text) only by name, and as they are
CLEANED = ("pdf", *OFFICE, *PICTURES, "txt")
#: more points than a large camera has: what says so is made to fill the memory
MOST_POINTS = 80_000_000
MOST_PAGES = 1000
_PDF_FACTS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/CreationDate", "/ModDate", "/Producer", "/Creator", "/Author",
    "/AF", "/EmbeddedFiles", "/EF", "/OpenAction", "/AA", "/JS", "/JavaScript", "/Thumb", "/SpiderInfo",
)  # fmt: skip
_ANNOTATION_FACTS = ("/T", "/M", "/NM", "/RC", "/Subj")

_UNREADABLE = _("The file “%(name)s” could not be read and cleaned. Save it anew, or send it as PDF or as a picture.")
_LARGE = _("The file is %(size)s; the most is %(most)s. Compress it or give a link instead.")


@dataclass(frozen=True)
class Cleaned:
    """What is kept of a file: its bytes and the ending of its name; the name itself may tell who sent it."""

    content: bytes
    extension: str


def most_bytes() -> int:
    return policy("surveys.petition_file_mb") * 1024 * 1024


def clean(file: Any, *, anonymous: bool) -> Cleaned:
    """The file without what tells who made it; ValidationError with a sentence when it is not taken."""
    name = PurePath(file.name).name
    if isinstance(file, TooLargeFile) or file.size > most_bytes():
        raise ValidationError(
            _LARGE % {"size": filesizeformat(file.size), "most": filesizeformat(most_bytes())}, code="too_large"
        )
    check_kind(file)
    extension = PurePath(name).suffix.lower().lstrip(".")
    file.seek(0)
    data = file.read()
    if extension not in CLEANED:
        if anonymous:
            raise ValidationError(
                _("“%(name)s”: without a name only PDF, DOCX, XLSX, PPTX, ODT, ODS, JPG, PNG, WEBP and TXT are taken.")
                % {"name": name},
                code="kind",
            )
        return Cleaned(data, extension)
    try:
        return Cleaned(_cleaned(data, extension), extension)
    except CannotClean as reason:
        if not anonymous and reason.signed:
            return Cleaned(data, extension)  # a signature holds for the bytes as they are, and its owner gave a name
        raise ValidationError(f"{name}: {reason}", code="clean") from reason
    except ValidationError:
        raise
    except Exception as error:
        # Whatever is in the file: broken, locked or made to harm. Nothing of it is kept, nor said in a log.
        raise ValidationError(_UNREADABLE % {"name": name}, code="unreadable") from error


def _cleaned(data: bytes, extension: str) -> bytes:
    if extension in PICTURES:
        return clean_picture(data, PICTURES[extension])
    if extension == "pdf":
        return clean_pdf(data)
    if extension == "txt":
        return data
    return clean_office(data, extension, clean_picture)


# -- pictures ------------------------------------------------------------------------------------
def clean_picture(data: bytes, kind: str) -> bytes:
    """The points of a picture and nothing else: place, time, camera, owner and remarks stay behind."""
    with Image.open(io.BytesIO(data), formats=[kind]) as opened:
        if opened.width * opened.height > MOST_POINTS:
            raise CannotClean(_("The picture is too large. Make it smaller."))
        picture = ImageOps.exif_transpose(opened)
        mode = picture.mode if picture.mode in ("L", "RGB", "RGBA") else "RGBA" if "A" in picture.mode else "RGB"
        if picture.mode == "P" and "transparency" in picture.info:
            mode = "RGBA"
        if kind == "JPEG" and mode == "RGBA":
            mode = "RGB"
        drawn = picture.convert(mode)
    bare = Image.frombytes(mode, drawn.size, drawn.tobytes())  # a new one: nothing of `info` comes along
    stream = io.BytesIO()
    bare.save(stream, kind, **({"quality": 90} if kind != "PNG" else {}))
    return stream.getvalue()


# -- PDF -------------------------------------------------------------------------------------------
def clean_pdf(data: bytes) -> bytes:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise CannotClean(_("The file is locked by a password. Send it unlocked."))
    if b"/ByteRange" in data:
        raise CannotClean(_("The file bears an electronic signature, which names its owner."), signed=True)
    if len(reader.pages) > MOST_PAGES:
        raise CannotClean(_("The file has too many pages."))
    writer = pypdf.PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    for each in list(writer._objects):  # every object that the copied pages lead to
        _forget(each)
    writer.metadata = None
    writer._ID = None
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _forget(each: Any, depth: int = 0) -> None:
    """Drop what tells of people and times from one object and from those written inside it."""
    if depth > 20:
        return
    if isinstance(each, DictionaryObject):
        annotation = "/Subtype" in each and "/Rect" in each
        if annotation and each.get("/Subtype") == "/FileAttachment":
            each.pop("/FS", None)
        for name in _PDF_FACTS + (_ANNOTATION_FACTS if annotation and each.get("/Subtype") != "/Widget" else ()):
            each.pop(name, None)
        if isinstance(each, StreamObject) and _filters(each) == ["/DCTDecode"]:
            each._data = bare_jpeg(each._data)
        for value in each.values():
            _forget(value, depth + 1)
    elif isinstance(each, ArrayObject):
        for value in each:
            _forget(value, depth + 1)


def _filters(stream: StreamObject) -> list[str]:
    found = stream.get("/Filter")
    return [str(name) for name in found] if isinstance(found, list) else [str(found)]


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG inside a PDF without its notes (APP1…APP15 but Adobe's marker of colours, COM), its points untouched."""
    if data[:2] != b"\xff\xd8":
        return data
    kept, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xDA:  # the picture itself begins
            break
        if marker == 0xFF:
            place += 1
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        notes = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not notes and marker != 0xFE:
            kept.append(data[place:end])
        place = end
    kept.append(data[place:])
    return b"".join(kept)


# -- on the way in ---------------------------------------------------------------------------------
class InMemoryUploads(FileUploadHandler):
    """Keeps what arrives in memory and never in a file of its own: the uncleaned file leaves no trace on a disk."""

    def __init__(self, request: Any = None):
        super().__init__(request)
        self.all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.limit, self.together = most_bytes(), most_bytes() * 2
        self.seen, self.stream = 0, io.BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        self.all += len(raw_data)
        if self.seen <= self.limit and self.all <= self.together:
            self.stream.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.seen > self.limit or self.all > self.together:
            return TooLargeFile(io.BytesIO(), self.file_name, self.content_type, max(self.seen, self.limit + 1))
        self.stream.seek(0)
        return InMemoryUploadedFile(
            self.stream, self.field_name, self.file_name, self.content_type, self.seen, self.charset
        )


def as_file(cleaned: Cleaned) -> ContentFile:
    return ContentFile(cleaned.content)
