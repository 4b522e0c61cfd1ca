"""Reading the words out of a version's file, in the background.

Whatever a file is — broken, locked, pictures only, made to harm — it ends with a text or a sentence why there is none,
and is given up after some tries.
"""

from __future__ import annotations

import datetime
import re
import time
import unicodedata
import zipfile
from typing import IO, Any
from xml.parsers import expat

import pypdf
import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from .forms.library import DOCX, PDF
from .models import Version, VersionText
from .words import each_once

#: by name, because the task imports this module
TASK = "qa_portal.documents.tasks.read_text"
log = structlog.get_logger(__name__)
Problem = VersionText.Problem

MOST_PAGES, MOST_LETTERS, MOST_SECONDS = 500, 2_000_000, 90
#: of one part of a DOCX after unpacking; a text of two million letters with all its marks has room in it
MOST_UNPACKED, PIECE = 80 * 1024 * 1024, 64 * 1024
MOST_TRIES = 3
#: what was begun and has not ended for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=15)
BATCH, BATCH_SECONDS = 50, 300
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
#: what an office file locked by a password begins with
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")


# -- ordering ------------------------------------------------------------------------------------
def order_reading(version: Version) -> None:
    """Have the worker read the file after this transaction; asked again it is read only if the file is another."""
    if not version.file:
        return
    pk = version.pk
    # robust: with the queue away the version waits for read_waiting_texts.
    transaction.on_commit(lambda: _send(pk), robust=True)


def _send(pk: int) -> None:
    if current_app.conf.task_always_eager:  # no worker: tests, and a portal run for a look
        read_version(pk)
    else:
        current_app.send_task(TASK, args=[pk])


def waiting() -> Any:
    """Versions whose file nobody has read yet, or not to its end; those in force first."""
    settled = ~Q(problem=Problem.UNFINISHED) | Q(tries__gte=MOST_TRIES) | Q(read_at__gt=timezone.now() - STALE)
    read = VersionText.objects.filter(settled, version=OuterRef("pk"), checksum=OuterRef("checksum"))
    rows = Version.objects.exclude(file="").exclude(state=Version.CANCELLED).filter(~Exists(read))
    return rows.order_by(Case(When(state=Version.IN_FORCE, then=Value(0)), default=Value(1)), "pk")


def read_waiting_texts() -> int:
    """Read what waits, a batch a run. Returns how many were read."""
    end, done = time.monotonic() + BATCH_SECONDS, 0
    for pk in list(waiting().values_list("pk", flat=True)[:BATCH]):
        done += read_version(pk)
        if time.monotonic() > end:
            break
    return done


def read_version(pk: int) -> bool:
    """Read one version's file and keep its words; False when they are there already or there is nothing to read."""
    version = Version.objects.filter(pk=pk).exclude(file="").first()
    if version is None or not _begin(version):
        return False
    try:
        with version.file.open("rb") as file:
            text, problem = read_file(file, version.content_type)
    except OSError:  # the store is away: tried again later, then given up
        log.warning("file of a version cannot be opened", version=pk)
        return False
    text, sought = _joined(text)
    VersionText.objects.filter(version=version, checksum=version.checksum).update(
        text=text, sought=sought, problem=problem, read_at=timezone.now()
    )
    return True


def _begin(version: Version) -> bool:
    """Note that reading begins, before it does: a file on which the worker dies is not read for ever."""
    fresh = {"checksum": version.checksum, "text": "", "sought": "", "problem": Problem.UNFINISHED, "tries": 1}
    row, made = VersionText.objects.get_or_create(version=version, defaults=fresh)
    if made:
        return True
    own = VersionText.objects.filter(pk=row.pk)
    if row.checksum != version.checksum:
        return bool(own.filter(checksum=row.checksum).update(**fresh, read_at=timezone.now()))
    again = own.filter(problem=Problem.UNFINISHED, tries__lt=MOST_TRIES, read_at__lt=timezone.now() - STALE)
    return bool(again.update(tries=F("tries") + 1, read_at=timezone.now()))


# -- files -----------------------------------------------------------------------------------------
def read_file(file: IO[bytes], content_type: str) -> tuple[str, str]:
    """The text of a PDF or DOCX, and a problem ("" when there is none)."""
    if content_type == PDF:
        return _pdf(file)
    if content_type == DOCX:
        return _docx(file)
    return "", Problem.OTHER_KIND


def _pdf(file: IO[bytes]) -> tuple[str, str]:
    end = time.monotonic() + MOST_SECONDS
    try:
        reader = pypdf.PdfReader(file, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return "", Problem.PROTECTED
        pages = len(reader.pages)
    except Exception:  # a broken file breaks its reader in any way there is
        log.info("a PDF cannot be read", exc_info=True)
        return "", Problem.BROKEN
    pieces: list[str] = []
    letters = failed = 0
    for number in range(min(pages, MOST_PAGES)):
        if letters > MOST_LETTERS or time.monotonic() > end:
            break
        try:
            piece = reader.pages[number].extract_text()
        except Exception:  # the other pages may be whole
            failed += 1
            continue
        pieces.append(piece)
        letters += len(piece)
    text = tidy("\n".join(pieces))[:MOST_LETTERS]
    if not any(letter.isalpha() for letter in text):
        return "", Problem.BROKEN if failed else Problem.SCANNED
    if failed:
        log.info("pages of a PDF cannot be read", failed=failed, pages=pages)
    whole = len(pieces) + failed == pages and letters <= MOST_LETTERS
    return text, "" if whole else Problem.TOO_LONG


class _TooLong(Exception):
    """Enough was read."""


class _Forbidden(ValueError):
    """A document type declaration: what entities are made of, and no word processor writes one."""


class _Paragraphs:
    """Takes the text out of a part of a DOCX while it is unpacked, piece by piece."""

    #: of the usual and of the strict kind
    SPACES = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    AT_START = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    AT_END = {"p": "\n"}

    def __init__(self, room: int):
        self.room = room
        self.pieces: list[str] = []
        self.in_text = False
        self.passed_over = 0  # how deep inside what stands a second time for older programs
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._letters
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *args: Any) -> None:
        raise _Forbidden

    def _start(self, name: str, attributes: Any) -> None:
        space, _gap, local = name.rpartition(" ")
        if self.passed_over or local == "Fallback":
            self.passed_over += 1
        elif space in self.SPACES:
            self.in_text = local == "t"
            self._put(self.AT_START.get(local, ""))

    def _end(self, name: str) -> None:
        space, _gap, local = name.rpartition(" ")
        if self.passed_over:
            self.passed_over -= 1
        elif space in self.SPACES:
            self.in_text = False
            self._put(self.AT_END.get(local, ""))

    def _letters(self, letters: str) -> None:
        if self.in_text and not self.passed_over:
            self._put(letters)

    def _put(self, letters: str) -> None:
        if letters:
            self.pieces.append(letters)
            self.room -= len(letters)
            if self.room < 0:
                raise _TooLong


def _docx(file: IO[bytes]) -> tuple[str, str]:
    if file.read(len(LOCKED)) == LOCKED:
        return "", Problem.PROTECTED
    file.seek(0)
    pieces: list[str] = []
    problem = ""
    end = time.monotonic() + MOST_SECONDS
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if PARTS[0] not in names or any(archive.getinfo(n).flag_bits & 1 for n in names.intersection(PARTS)):
                return "", Problem.PROTECTED if PARTS[0] in names else Problem.BROKEN
            for name in PARTS:
                if name in names and not problem:
                    problem = _part(archive, name, pieces, end)
    except Exception:  # as with a PDF: nothing that is wrong with a file may stop the worker
        log.info("a DOCX cannot be read", exc_info=True)
        return "", Problem.BROKEN
    text = tidy("".join(pieces))[:MOST_LETTERS]
    if not text:
        problem = problem or Problem.SCANNED
    return text, problem


def _part(archive: zipfile.ZipFile, name: str, pieces: list[str], end: float) -> str:
    """Add the text of one part; what it is packed into says nothing of how large it is, so the unpacked is counted."""
    reader = _Paragraphs(MOST_LETTERS - sum(map(len, pieces)))
    unpacked = 0
    try:
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED or time.monotonic() > end:
                    raise _TooLong
                reader.parser.Parse(piece, False)
            reader.parser.Parse(b"", True)
    except _TooLong:
        return Problem.TOO_LONG
    finally:
        pieces += reader.pieces
    return ""


# -- letters ---------------------------------------------------------------------------------------
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
#: no-break and narrow spaces become spaces; what has no width, and marks of control, go
_SPACES = dict.fromkeys([0x9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_NOTHING = dict.fromkeys(
    [*range(0x9), 0xB, *range(0xE, 0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFFFD]
)
_LINES = dict.fromkeys([0xC, 0xD, 0x2028, 0x2029], "\n")
_TABLE = {**_NOTHING, **_SPACES, **_LINES, **_LIGATURES}
_SOFT_HYPHEN = re.compile("\u00ad[ ]*\n?[ ]*")
_GAPS, _EDGES, _EMPTY = re.compile(" {2,}"), re.compile(" *\n *"), re.compile("\n{3,}")
#: a word broken at the end of a line
_BREAK = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")


def tidy(text: str) -> str:
    """One way of writing each letter, no invisible marks, no broken halves of letters (a database takes none)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TABLE))
    text = text.encode("utf-8", "ignore").decode()
    text = _EDGES.sub("\n", _GAPS.sub(" ", _SOFT_HYPHEN.sub("", text)))
    return _EMPTY.sub("\n\n", text).strip()


def _joined(text: str) -> tuple[str, str]:
    """The text with words joined that a line's end broke, and its words; there also their halves: «оқу-әдістемелік»."""
    joined = _BREAK.sub("", text)
    return joined, each_once(joined, text)
