"""Kinds and external acts from their files: made once, never overwritten, differences told."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from qa_portal.documents.loading import load
from qa_portal.documents.models import Document, DocumentKind, Provision, RouteStop
from qa_portal.documents.workflow import document as document_steps
from qa_portal.workflow.models import Entry

pytestmark = pytest.mark.django_db


def run(**options) -> str:
    out = StringIO()
    call_command("load_documents", stdout=out, **options)
    return out.getvalue()


def counts() -> dict[str, int]:
    models = (DocumentKind, RouteStop, Provision, Document, Entry)
    return {model.__name__: model.objects.count() for model in models}


def test_all_kinds_and_acts_are_made():
    run()
    assert DocumentKind.objects.filter(origin="internal").count() == 24
    assert DocumentKind.objects.filter(origin="external").count() == 7
    acts = Document.objects.filter(origin="external")
    assert acts.count() == 45
    assert set(acts.values_list("state", flat=True)) == {"in_force"}
    assert Entry.objects.filter(verb="add").count() == 45


def test_provisions_are_those_of_the_sources():
    """N1 §3.1: seven kinds with 3, 3, 12, 7, 3, 4, 5 provisions."""
    run()
    codes = (
        "council_charter",
        "school_committee_charter",
        "academic_policy",
        "integrity_manual",
        "inclusive_policy",
        "programme_rules",
        "assessment_policy",
    )
    found = [DocumentKind.objects.get(code=code).provisions.count() for code in codes]
    assert sorted(found) == sorted([3, 3, 12, 7, 3, 4, 5])


def test_a_kind_knows_its_route():
    run()
    policy = DocumentKind.objects.get(code="quality_policy")
    assert policy.route() == ["academic_council", "board"]
    assert (policy.public, policy.before_first_day) == ("always", True)


def test_an_act_has_its_names_in_three_languages():
    run()
    law = Document.objects.get(code="law-education")
    assert (law.title_kk, law.title_ru, law.number) == ("Білім туралы", "Об образовании", "319")
    assert law.in_force_on == law.adopted_on
    assert law.check_edition
    assert Document.objects.get(code="law-anticorruption").supports == ["S5", "S9"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_plain_column_is_kazakh_whoever_loads(language):
    with translation.override(language):
        load()
    assert Document.objects.filter(code="law-education").values_list("title", flat=True).get() == "Білім туралы"


def test_loading_twice_changes_nothing():
    run()
    before = counts()
    said = run()
    assert counts() == before
    assert "Nothing to add" in said
    assert "Other than" not in said


def test_what_the_office_changed_stays_and_the_difference_is_told(world):
    run()
    law = Document.objects.get(code="law-education")
    document_steps.note_edition(law, by=world.asb, edition="2026 ж.", adopted_on="2026-10-01", note="Баптар өзгерді")
    kind = DocumentKind.objects.get(code="guide")
    kind.review_years = 5
    kind.save()
    kind.stops.all().delete()
    said = run()
    law.refresh_from_db()
    assert law.edition == "2026 ж."
    assert "law-education: edition" in said
    assert "guide: review_years: “5” stands" in said
    assert "guide: route" in said
    assert not RouteStop.objects.filter(kind=kind).exists()


def test_what_is_missing_is_made_again_without_the_rest(world):
    run()
    DocumentKind.objects.get(code="guide").delete()
    said = run()
    assert "Added: 1 kinds of documents (guide)" in said


def test_a_dry_run_writes_nothing():
    said = run(dry_run=True)
    assert "Would be added: 31 kinds" in said
    assert "45 external acts" in said
    assert not DocumentKind.objects.exists()
    assert not Document.objects.exists()
