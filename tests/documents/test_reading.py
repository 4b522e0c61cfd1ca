"""Text out of PDF and DOCX: Kazakh letters right, and no file that stops the worker."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pypdf
import pytest
from django.test import TestCase
from django.utils import timezone

from qa_portal.documents import reading, tasks
from qa_portal.documents.models import Version, VersionText
from qa_portal.documents.words import each_once, words_of
from qa_portal.reports.pdf import write_pdf
from qa_portal.workflow.writing import door

from . import shelf
from .shelf import DOCX, PDF, docx, zipped

pytestmark = pytest.mark.django_db
Problem = VersionText.Problem
LETTERS = "Әлем ғылымы қаңтарда өңірлік ұйым үшін һәм іргелі: ӘҒҚҢӨҰҮҺІ"


def pdf(*pages: str) -> bytes:
    box = io.BytesIO()
    body = "".join(f'<p style="page-break-after: always">{page}</p>' for page in pages)
    write_pdf(f"<!doctype html><html lang=kk><title>t</title><body>{body}</body></html>", box)
    return box.getvalue()


def read(content: bytes, kind: str) -> tuple[str, str]:
    return reading.read_file(io.BytesIO(content), kind)


def test_kazakh_letters_come_whole_out_of_a_pdf():
    text, problem = read(pdf(LETTERS, "екінші бет"), PDF)
    assert problem == ""
    assert set(words_of(LETTERS)) <= set(words_of(text))
    assert "екінші бет" in text


def test_kazakh_letters_come_whole_out_of_a_docx():
    text, problem = read(docx(LETTERS, "екінші жол"), DOCX)
    assert (text, problem) == (f"{LETTERS}\nекінші жол", "")


def test_a_word_in_several_runs_is_one_word_and_struck_text_is_not_read():
    raw = (
        "<w:p><w:r><w:t>сап</w:t></w:r><w:r><w:t>асы</w:t><w:tab/><w:t>бар</w:t></w:r>"
        "<w:del><w:r><w:delText>ескі</w:delText></w:r></w:del></w:p>"
    )
    assert read(docx(raw=raw), DOCX)[0] == "сапасы бар"


def test_words_broken_at_the_end_of_a_line_are_joined_and_their_halves_found_too():
    assert reading.tidy("ұйым\u00ad\nдастыру ﬁnal\u00a0é") == "ұйымдастыру final é"
    text, sought = reading._joined("оқу-\nәдістемелік 2026-\n2027")
    assert text == "оқуәдістемелік 2026-\n2027"
    assert sought == " оқуәдістемелік 2026 2027 оқу әдістемелік "


def test_latin_letters_inside_a_kazakh_word_are_read_as_what_they_look_like():
    assert words_of("cапа HҰСҚАУ əдіс Ёлка quality") == ["сапа", "нұсқау", "әдіс", "елка", "quality"]


def test_letters_that_a_database_cannot_keep_are_left_out():
    assert reading.tidy("а\x00б\ud800в") == "абв"


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n", b"\x00" * 5000],
    ids=["empty", "head only", "no pages", "zeros"],
)
def test_a_broken_pdf_gives_a_problem(content):
    text, problem = read(content, PDF)
    assert text == ""
    assert problem in (Problem.BROKEN, Problem.SCANNED)


def test_half_of_a_pdf_gives_a_problem_or_a_text_but_no_error():
    whole = pdf(LETTERS)
    for share in range(1, 10):
        text, problem = read(whole[: len(whole) * share // 10], PDF)
        assert text or problem


def test_a_locked_pdf_is_protected_and_one_with_an_owner_password_is_read():
    for password, expected in (("құпия", Problem.PROTECTED), ("", "")):
        writer = pypdf.PdfWriter(io.BytesIO(pdf(LETTERS)))
        writer.encrypt(user_password=password, owner_password="иесі", algorithm="AES-256")
        box = io.BytesIO()
        writer.write(box)
        assert read(box.getvalue(), PDF)[1] == expected


def test_a_scanned_pdf_says_so():
    writer, box = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(600, 800)
    writer.write(box)
    assert read(box.getvalue(), PDF) == ("", Problem.SCANNED)


def test_of_a_very_long_pdf_the_first_part_is_read(monkeypatch):
    monkeypatch.setattr(reading, "MOST_PAGES", 1)
    text, problem = read(pdf("бірінші", "екінші"), PDF)
    assert "бірінші" in text
    assert "екінші" not in text
    assert problem == Problem.TOO_LONG


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"not a zip", Problem.BROKEN),
        (reading.LOCKED + b"\x00" * 600, Problem.PROTECTED),
        (zipped({"word/other.xml": "<a/>"}), Problem.BROKEN),
        (zipped({"word/document.xml": "<w:document"}), Problem.BROKEN),
        (docx(), Problem.SCANNED),
    ],
    ids=["no zip", "locked", "no text part", "broken xml", "nothing in it"],
)
def test_a_docx_that_cannot_be_read_gives_a_problem(content, problem):
    assert read(content, DOCX) == ("", problem)


def test_entities_are_never_expanded():
    laughs = '<!DOCTYPE x [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;">]>'
    assert read(docx(raw="<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", before=laughs), DOCX) == ("", Problem.BROKEN)
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert read(docx(raw="<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", before=outside), DOCX) == ("", Problem.BROKEN)


def test_a_docx_that_unpacks_to_a_giant_is_let_go(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1024 * 1024)
    content = docx("басы", " " * 30_000_000)
    assert len(content) < 100_000
    text, problem = read(content, DOCX)
    assert problem == Problem.TOO_LONG
    assert len(text) < 1024 * 1024


def test_a_very_long_docx_is_read_to_the_limit(monkeypatch):
    monkeypatch.setattr(reading, "MOST_LETTERS", 100)
    text, problem = read(docx(*["сөз сөз сөз"] * 50), DOCX)
    assert problem == Problem.TOO_LONG
    assert len(text) <= 100


def test_words_of_a_giant_stay_below_what_a_database_indexes():
    assert len(each_once(" ".join(f"сөз{n}" for n in range(100_000))).encode()) <= 400_002


# -- kept beside the version -----------------------------------------------------------------------
def stored(world, content: bytes, **fields) -> Version:
    """A version whose file nobody has read yet."""
    values = {"state": Version.APPROVED, "content_type": DOCX, **fields}
    return shelf.version(shelf.document(world, state="preparing"), content=content, **values)


def test_the_file_is_read_after_the_transaction_and_once(world):
    version = stored(world, docx(LETTERS))
    with TestCase.captureOnCommitCallbacks(execute=True):
        reading.order_reading(version)
        assert not VersionText.objects.exists()
    words = VersionText.objects.get()
    assert (words.text, words.problem, words.checksum) == (LETTERS, "", version.checksum)
    assert " әлем " in words.sought
    assert tasks.read_text(version.pk) is False
    assert VersionText.objects.get().read_at == words.read_at


def test_another_file_is_read_anew(world):
    version = stored(world, docx("ескі мәтін"))
    assert reading.read_version(version.pk)
    other = stored(world, docx("жаңа мәтін"), checksum="1" * 64)
    with door("import"):
        Version.objects.filter(pk=version.pk).update(file=other.file.name, checksum=other.checksum)
    assert list(reading.waiting().values_list("pk", flat=True)) == [version.pk, other.pk]
    assert reading.read_version(version.pk)
    assert version.words.text == "жаңа мәтін"


def test_what_waits_is_read_in_the_background_whatever_the_files_are(world):
    good, bad, none = stored(world, docx("мәтін")), stored(world, b"broken"), stored(world, docx("мәтін"))
    with door("import"):
        Version.objects.filter(pk=none.pk).update(file="")
    assert tasks.read_waiting_texts() == 2
    assert tasks.read_waiting_texts() == 0
    assert good.words.problem == ""
    assert bad.words.get_problem_display() == Problem.BROKEN.label
    assert not VersionText.objects.filter(version=none).exists()


def test_a_file_on_which_the_worker_dies_is_given_up(world):
    """It is noted that reading begins: a worker killed in the middle leaves the note behind."""
    version = stored(world, docx("мәтін"))
    for attempt in range(1, reading.MOST_TRIES + 1):
        assert reading._begin(version)
        assert not reading.waiting().exists()  # somebody reads it now
        assert not reading._begin(version)
        VersionText.objects.update(read_at=timezone.now() - reading.STALE - datetime.timedelta(minutes=1))
        assert reading.waiting().exists() == (attempt < reading.MOST_TRIES)
    assert reading.read_version(version.pk) is False
    assert version.words.problem == Problem.UNFINISHED


def test_a_store_that_is_away_is_tried_again(world):
    version = stored(world, docx("мәтін"))
    path = Path(version.file.path)
    away = path.rename(path.with_suffix(".away"))
    assert reading.read_version(version.pk) is False
    away.rename(path)
    VersionText.objects.update(read_at=timezone.now() - reading.STALE - datetime.timedelta(minutes=1))
    assert tasks.read_waiting_texts() == 1
    assert VersionText.objects.get().text == "мәтін"
