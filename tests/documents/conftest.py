"""Files that evidence is made of."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


@pytest.fixture
def pdf():
    def make(name="Хаттама № 3.pdf", content=PDF):
        return SimpleUploadedFile(name, content, content_type="application/pdf")

    return make


@pytest.fixture
def zipped():
    """A ZIP of one text, under any name."""

    def make(name):
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w") as archive:
            archive.writestr("note.txt", "жай мәтін")
        return SimpleUploadedFile(name, box.getvalue())

    return make
