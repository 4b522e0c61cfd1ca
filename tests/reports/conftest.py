"""What the tests of papers share: reading a PDF's text and its picture."""

from __future__ import annotations

import io

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from qa_portal.reports.pdf import write_pdf


def text_of(pdf: bytes) -> list[str]:
    """The text layer, page by page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def pictures_of(pdf: bytes, scale: float = 4) -> list[Image.Image]:
    """The pages as an eye sees them, grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=scale).to_pil().convert("L") for page in document]
    finally:
        document.close()


def inked(picture: Image.Image) -> Image.Image:
    """Cut to what is printed, in one size, black on white; raises when nothing is."""
    box = ImageChops.invert(picture).getbbox()
    assert box, "nothing is printed"
    return picture.crop(box).resize((48, 48)).point(lambda grey: 0 if grey < 128 else 255)


def unlikeness(one: Image.Image, other: Image.Image) -> int:
    """How many points of two cut pictures differ."""
    return sum(ImageChops.difference(one, other).histogram()[128:])


@pytest.fixture
def as_pdf():
    def make(html: str, css: str = "") -> bytes:
        stream = io.BytesIO()
        write_pdf(html, stream, css)
        return stream.getvalue()

    return make
