"""The three official sheets of a version: made as PDF in three languages, with everybody and everything on them."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.utils import timezone, translation

from qa_portal.documents.models import Agreement, ChangeLine
from qa_portal.documents.reports import AcquaintanceSheet, ApprovalSheet, ChangeSheet, sheet_count
from qa_portal.documents.workflow import acquaintance as steps
from qa_portal.people.models import Person
from qa_portal.reports.base import CannotMake, Progress
from qa_portal.workflow.writing import door

from .scenes_acquaintance import approve, document, draft, in_force, kind, new_version, row_of

pytestmark = pytest.mark.django_db

LANGUAGES = ("kk", "ru", "en")


def html(report, version, person, language="kk"):
    with translation.override(language):
        return report({"id": version.pk}, person, language).html()


def text(report, version, person, language="kk"):
    stream = io.BytesIO()
    with translation.override(language):
        report({"id": version.pk}, person, language).write(stream, Progress())
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(stream).pages).split())


def line(version, **fields):
    values = {
        "section": "5.2",
        "description": "Мерзім нақтыланды",
        "basis": "Бұйрық",
        "basis_number": "45-н",
        "basis_date": "2026-10-01",
        "change": "replace",
        **fields,
    }
    with door("import"):
        row = ChangeLine(version=version, place=1, entered_by=Person.objects.get(username="asb"), **values)
        row.save()
    return row


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "Редакция: 1.0 ·"), ("ru", "Редакция: 1.0 · стр. 1 из"), ("en", "Edition: 1.0 · page 1 of")],
)
def test_acquaintance_sheet_names_everybody_with_unit_and_time(world, language, words):
    version = in_force(world)
    Person.objects.filter(username="staff").update(post_kk="Аға оқытушы", post_ru="Аға оқытушы", post_en="Аға оқытушы")
    steps.confirm(row_of(version, world.staff), by=world.staff)
    found = text(AcquaintanceSheet, version, world.asb, language)
    for told in ("Staff Әсел", "Head Әсел", "Аға оқытушы", version.document.number, words):
        assert told in found, told
    assert timezone.localdate().strftime("%Y") in found


def test_acquaintance_sheet_shows_only_whom_one_may_see_and_says_so(world):
    version = in_force(world, audience_units=[str(world.school.pk)])
    with translation.override("en"):
        assert "4 of 6 who were asked" in html(AcquaintanceSheet, version, world.head, "en")
    mine = html(AcquaintanceSheet, version, world.staff2, "en")
    assert "Staff2 Әсел" in mine
    assert "Head2" not in mine


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["sections", "sheets"])
def test_change_sheet_is_in_the_form_of_its_kind_with_all_versions(world, language, form):
    doc = document(world, kind(f"kind-{form}", change_form=form))
    first = approve(draft(doc, world), world)
    line(first, change="review", section="", description="Қайта қаралды, өзгеріс жоқ")
    second = draft(doc, world)
    line(second, sheets_replaced="3, 5–7", sheets_new="8", sheets_annulled="9")
    line(second, state=ChangeLine.STRUCK, description="Қате жол")
    second = approve(second, world)
    found = html(ChangeSheet, second, world.asb, language)
    for told in ("Қайта қаралды", "Мерзім нақтыланды", "45-н", "Asb Әсел", "5.2"):
        assert told in found, told
    assert "Қате жол" not in found
    assert ("3, 5–7" in found) is (form == "sheets")
    made = text(ChangeSheet, second, world.asb, language)
    assert doc.title.split()[0] in html(ChangeSheet, second, world.asb, "kk")
    assert "45-н" in made


def test_sheets_are_counted():
    assert [sheet_count(t) for t in ("3, 5–7", "8", "", "жоқ", "10-12; 15")] == [4, 1, 0, 0, 4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_approval_sheet_has_all_rounds_with_objections_and_the_order(world, language):
    doc = document(world)
    version = draft(doc, world, round=2)
    with door("import"):
        for number, (state, reason) in enumerate((("objected", "4.1-тармақ заңға қайшы"), ("agreed", "")), 1):
            Agreement(
                version=version,
                round=number,
                unit=world.other,
                answering_unit=world.other,
                due=timezone.localdate(),
                checksum=version.checksum,
                state=state,
                answered_by=world.head2,
                answered_at=timezone.now(),
                reason=reason,
            ).save()
    version = approve(version, world)
    found = html(ApprovalSheet, version, world.asb, language)
    assert found.count("Head2 Әсел") == 2
    for told in ("4.1-тармақ заңға қайшы", "Rector Әсел", "17"):
        assert told in found, told
    made = text(ApprovalSheet, version, world.asb, language)
    assert "Head2" in made
    assert "Rector" in made


def test_sheets_are_printed_from_the_versions_page(world, signed_in):
    version = in_force(world)
    client = signed_in("asb")
    for sheet in ("acquaintance", "changes", "approval"):
        address = f"/documents/versions/{version.pk}/sheets/{sheet}/"
        answer = client.get(f"{address}?lang=kk")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(f"/documents/versions/{version.pk}/sheets/other/").status_code == 404


def test_who_does_not_see_the_version_prints_nothing(world, signed_in):
    version = draft(document(world), world)
    assert signed_in("stranger").get(f"/documents/versions/{version.pk}/sheets/approval/").status_code == 404
    with pytest.raises(CannotMake):
        html(ApprovalSheet, version, world.stranger)


def test_a_new_confirmation_makes_a_new_sheet(world):
    version = in_force(world)

    def stamp():
        return AcquaintanceSheet({"id": version.pk}, world.asb, "kk").version()

    before = stamp()
    assert stamp() == before
    steps.confirm(row_of(version, world.staff), by=world.staff)
    assert stamp() != before


def test_the_sheet_of_a_minor_version_keeps_who_read_the_one_before(world):
    first = in_force(world)
    steps.confirm(row_of(first, world.staff), by=world.staff)
    second = new_version(first, world, minor=True)
    assert "Staff Әсел" in html(AcquaintanceSheet, second, world.asb)
