"""Files that people send: size limit while they arrive, type judged by content, private store, checksum."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import filetype
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare, policy

declare(
    "files.largest_mb",
    25,
    label=_("Largest file that may be attached"),
    unit=_("MB"),
    low=1,
    high=200,
    clause="portal",
)

#: extension → content types that `filetype` may find in such a file
KINDS: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    "odt": ("application/vnd.oasis.opendocument.text",),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "webp": ("image/webp",),
    "mp4": ("video/mp4",),
    "mp3": ("audio/mpeg",),
    "zip": ("application/zip",),
    "csv": (),
    "txt": (),
}
SAFE_INLINE = {"application/pdf", "image/jpeg", "image/png", "image/webp"}


class TooLargeFile(UploadedFile):
    """Stands for a file that was not kept: the form says how large it was, and keeps everything else that was typed."""


class LimitedUploadHandler(FileUploadHandler):
    """Lets go of a too large file while it arrives, before it fills the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.limit = policy("files.largest_mb") * 1024 * 1024
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen += len(raw_data)
        return raw_data if self.seen <= self.limit else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.seen <= self.limit:
            return None
        return TooLargeFile(io.BytesIO(), self.file_name, self.content_type, self.seen)


class DocumentField(forms.FileField):
    """A file of a known kind, judged by its content, not by its name."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("File"))
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in KINDS)

    @property
    def max_size(self) -> int:
        return policy("files.largest_mb") * 1024 * 1024

    @property
    def accept_hint(self) -> str:
        return "PDF, DOCX, XLSX, PPTX, JPG, PNG, ZIP"

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file is not initial:
            check_size(file, self.max_size)
            file.found_type = check_kind(file)
        return file


def check_size(file: Any, most: int) -> None:
    if file.size > most:
        raise ValidationError(
            _("The file is %(size)s; the most is %(most)s. Compress it or give a link instead.")
            % {"size": filesizeformat(file.size), "most": filesizeformat(most)},
            code="too_large",
        )


def check_kind(file: Any) -> str:
    """The content type found in the file; ValidationError when it is not what the name says or not allowed."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    if extension not in KINDS:
        raise ValidationError(
            _("Files of the kind “%(kind)s” are not taken. Send PDF, DOCX, XLSX, PPTX, JPG, PNG or ZIP.")
            % {"kind": extension or "?"},
            code="kind",
        )
    file.seek(0)
    head = file.read(8192)
    guess = filetype.guess(head)
    if guess is not None and guess.mime == "application/zip":
        # Office files are ZIPs whose kind shows only further in: 262 bytes are not enough for `filetype`.
        file.seek(0)
        guess = filetype.guess(file.read(1024 * 1024)) or guess
    file.seek(0)
    found = guess.mime if guess else ""
    allowed = KINDS[extension]
    if not allowed:
        if found or b"\x00" in head:
            raise ValidationError(
                _("The file is called “.%(kind)s” but holds something else.") % {"kind": extension}, code="kind"
            )
        return "text/plain; charset=utf-8"
    if found not in allowed and not (
        found == "application/zip" and extension in {"docx", "xlsx", "pptx", "odt", "ods"} and _office(file, extension)
    ):
        raise ValidationError(
            _("The file is called “.%(kind)s” but holds something else.") % {"kind": extension}, code="kind"
        )
    return allowed[0]


def _office(file: Any, extension: str) -> bool:
    """An office file whose parts are in an order that `filetype` does not know: look at the names of its parts."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    finally:
        file.seek(0)
    part = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}.get(extension)
    return "[Content_Types].xml" in names and any(n.startswith(part) for n in names) if part else "mimetype" in names


def checksum(file: Any) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def private_path(folder: str, name: str) -> str:
    """Where a file lies in the private store: a random name, so that a path tells nothing and cannot be guessed."""
    key = uuid.uuid4().hex
    return f"{folder}/{key[:2]}/{key}{PurePath(name).suffix.lower()}"


def send_file(file: Any, name: str, content_type: str) -> FileResponse:
    """A file out of the private store, under its own name in any alphabet, never as something a browser would run."""
    inline = content_type in SAFE_INLINE
    response = FileResponse(file.open("rb"), content_type=content_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    # Not for PDF: in a sandbox the browser's own reader, which lets nothing of the file run, shows an empty page.
    sandbox = "" if content_type == "application/pdf" else "; sandbox"
    response["Content-Security-Policy"] = f"default-src 'none'; object-src 'self'; style-src 'unsafe-inline'{sandbox}"
    response["Cache-Control"] = "private, no-store"
    return response
