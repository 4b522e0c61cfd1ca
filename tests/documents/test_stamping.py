"""A print of a version is marked as uncontrolled on each page; the approved file itself stays as it is."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from qa_portal.demo.typeset import pdf
from qa_portal.documents.models import Version
from qa_portal.documents.stamping import UncontrolledPrint
from qa_portal.reports.base import CannotMake, Progress
from qa_portal.workflow.writing import door

from . import scenes

pytestmark = pytest.mark.django_db


def in_force(world, content: bytes = b"", kind: str = "application/pdf") -> Version:
    version = scenes.in_force(world)
    with door("import"):
        version.file.save("text.pdf", ContentFile(content or pdf([("Ереже мәтіні", 12)] * 120)), save=False)
        Version.objects.filter(pk=version.pk).update(file=version.file.name, content_type=kind)
    return Version.objects.get(pk=version.pk)


def printed(version, person, language="kk") -> list[str]:
    stream = io.BytesIO()
    with translation.override(language):
        UncontrolledPrint({"id": version.pk}, person, language).write(stream, Progress())
    return [page.extract_text() for page in pypdf.PdfReader(stream).pages]


def test_each_page_says_number_edition_and_uncontrolled(world):
    version = in_force(world)
    before = version.file.open("rb").read()
    pages = printed(version, world.staff, "en")
    assert len(pages) > 1
    for page in pages:
        assert "uncontrolled copy" in page
        assert f"Edition {version.label}" in page
        assert version.document.number in page
        assert "Ереже мәтіні" in page
    assert version.file.open("rb").read() == before


@pytest.mark.parametrize(("content", "kind"), [(b"%PDF-1.4 broken", "application/pdf"), (b"PK", "application/docx")])
def test_what_cannot_be_marked_is_said(world, content, kind):
    with pytest.raises(CannotMake):
        printed(in_force(world, content, kind), world.staff)


def test_who_may_not_see_the_version_gets_no_print(world):
    with pytest.raises(CannotMake):
        printed(in_force(world), world.expert)
