"""What tells who made a file goes; what the file says stays."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject

from surveys.office_files import CannotClean
from surveys.stripping import bare_jpeg, clean, clean_pdf

pytestmark = pytest.mark.django_db
WHO = "Planted Author"


def cleaned(name: str, data: bytes, *, anonymous: bool = True) -> bytes:
    return clean(SimpleUploadedFile(name, data), anonymous=anonymous).content


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = WHO, 6  # the author; turned by a quarter
    drawn = Image.new("RGB", (30, 10), "red")
    extra = {}
    if kind == "PNG":
        extra["pnginfo"] = PngInfo()
        extra["pnginfo"].add_text("Author", WHO)
    if kind == "JPEG":
        extra["comment"] = WHO.encode()
    drawn.save(stream, kind, exif=exif, **extra)
    return stream.getvalue()


def everything(data: bytes) -> str:
    """All parts of an office file as one text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())


def left(whole: str, *gone: str) -> list[str]:
    """What should have gone and is there; short, because pytest compares long texts for minutes."""
    return [word for word in gone if word in whole]


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_a_picture_keeps_its_points_only(name, kind):
    data = picture(kind)
    assert WHO.encode() in data
    bare = cleaned(name, data)
    assert WHO.encode() not in bare
    with Image.open(io.BytesIO(bare)) as opened:
        assert not opened.getexif() and opened.size == (10, 30)  # turned as the camera said
        assert opened.convert("RGB").getpixel((5, 15))[0] > 240


def test_a_transparent_picture_stays_transparent():
    stream = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(stream, "PNG")
    with Image.open(io.BytesIO(cleaned("a.png", stream.getvalue()))) as opened:
        assert opened.getpixel((1, 1))[3] == 0


def pdf() -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    page[NameObject("/LastModified")] = TextStringObject(f"D:2026 {WHO}")
    note = FreeText(text="kept words", rect=(10, 10, 60, 60))
    note[NameObject("/T")] = TextStringObject(WHO)
    writer.add_annotation(0, note)
    writer.add_metadata({"/Author": WHO, "/Producer": WHO, "/Title": WHO})
    writer.add_attachment("secret.txt", WHO.encode())
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_pdf_keeps_its_pages_only():
    data = pdf()
    assert WHO.encode() in data
    bare = cleaned("a.pdf", data)
    assert WHO.encode() not in bare and b"pypdf" not in bare
    reader = pypdf.PdfReader(io.BytesIO(bare))
    assert len(reader.pages) == 1 and not reader.metadata and not reader.attachments
    assert reader.pages[0]["/Annots"][0].get_object()["/Contents"] == "kept words"


def test_a_jpeg_inside_a_pdf_loses_its_notes_and_not_its_points():
    data = picture("JPEG")
    bare = bare_jpeg(data)
    assert WHO.encode() not in bare
    with Image.open(io.BytesIO(data)) as one, Image.open(io.BytesIO(bare)) as two:
        assert one.tobytes() == two.tobytes()
    assert bare_jpeg(b"not a jpeg") == b"not a jpeg"


def test_a_signed_or_locked_pdf_is_not_taken_without_a_name():
    signed = pdf() + b"\n% /ByteRange [0 1 2 3]"
    with pytest.raises(ValidationError):
        cleaned("a.pdf", signed)
    assert cleaned("a.pdf", signed, anonymous=False) == signed
    writer = pypdf.PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    with pytest.raises(CannotClean):
        clean_pdf(stream.getvalue())


def word(**core) -> bytes:
    document = docx.Document()
    run = document.add_paragraph().add_run("Kept words")
    document.core_properties.author = document.core_properties.last_modified_by = WHO
    document.add_comment(run, text="a remark", author=WHO, initials="PA")
    picture_file = io.BytesIO(picture("JPEG"))
    document.add_picture(picture_file)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """The same file with more parts in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_word_file_keeps_its_words_and_remarks_without_names():
    data = word()
    assert WHO in everything(data)
    bare = cleaned("a.docx", data)
    whole = everything(bare)
    assert left(whole, WHO, "docProps", "w:initials", "w:date=", "rsid") == []
    document = docx.Document(io.BytesIO(bare))
    assert document.paragraphs[0].text == "Kept words"
    assert "a remark" in whole
    with zipfile.ZipFile(io.BytesIO(bare)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_table_keeps_its_cells_and_notes_without_names():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = WHO
    book.active["A1"] = "Kept words"
    book.active["A1"].comment = Comment("a remark", WHO)
    stream = io.BytesIO()
    book.save(stream)
    bare = cleaned("a.xlsx", stream.getvalue())
    assert left(everything(bare), WHO, "docProps") == []
    read = openpyxl.load_workbook(io.BytesIO(bare))
    assert read.active["A1"].value == "Kept words"
    assert read.active["A1"].comment.text.endswith("a remark")


def open_document() -> bytes:
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("meta.xml", f"<a>{WHO}</a>")
        archive.writestr("settings.xml", f"<a {office}><b>{WHO}</b></a>")
        archive.writestr("Thumbnails/thumbnail.png", picture("PNG"))
        archive.writestr(
            "content.xml",
            f"<office:a {office} {dc}><office:annotation><dc:creator>{WHO}</dc:creator><dc:date>2026-01-01T10:00"
            "</dc:date><p>a remark</p></office:annotation><p>Kept words</p></office:a>",
        )
        entries = "".join(
            f'<m:file-entry m:full-path="{name}"/>' for name in ("meta.xml", "content.xml", "Thumbnails/thumbnail.png")
        )
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>')
    return stream.getvalue()


def test_an_open_document_keeps_its_words_without_names_and_times():
    whole = everything(cleaned("a.odt", open_document()))
    assert "Kept words" in whole and "a remark" in whole
    assert left(whole, WHO, "2026-01-01", "meta.xml", "thumbnail") == []


@pytest.mark.parametrize(
    "parts",
    [
        {"word__embeddings__oleObject1.bin": b"x"},
        {"word__vbaProject.bin": b"x"},
        {"word__media__image9.emf": b"x"},
        {"word__odd.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
    ],
)
def test_what_cannot_be_cleaned_inside_a_file_is_refused(parts):
    with pytest.raises(ValidationError):
        cleaned("a.docx", with_parts(word(), **parts))


def test_a_broken_file_gets_a_sentence():
    for name, data in (("a.pdf", b"%PDF-1.4 broken"), ("a.jpg", b"\xff\xd8\xff\xe0 broken"), ("a.txt", b"\x00\x01")):
        with pytest.raises(ValidationError):
            cleaned(name, data)


def test_a_picture_made_to_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("surveys.stripping.MOST_POINTS", 100)
    with pytest.raises(ValidationError):
        cleaned("a.png", picture("PNG"))
