"""What each standard still lacks; codes that documents name; documents on the pages of the catalogue."""

from __future__ import annotations

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_portal.documents.models import Document
from qa_portal.web.registry import registry
from standards.expected import shelves, tally
from standards.models import ExpectedDocument, Requirement, Standard
from tests.documents import scenes_upkeep as scenes

from .conftest import load

EXPECTED = "/standards/expected/"


@pytest.fixture
def loaded(world):
    load()
    return world


def standard(code: str) -> Standard:
    return Standard.objects.in_force().get(code=code)


def shelf(person, code: str):
    return shelves(person, [standard(code)])[0]


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# -- codes -------------------------------------------------------------------------------
def test_codes_of_the_edition_in_force_are_offered(loaded):
    codes = [code for code, _words in registry.catalogue_choices()]
    for code in ("S1", "S1.R7", "S10.A3", "S1.D2", "S1.D2.3", "S11.R14"):
        assert code in codes
    assert codes.index("S1") < codes.index("S1.R1") < codes.index("S1.D2.3") < codes.index("S2") < codes.index("S10")
    assert len(codes) == len(set(codes))
    assert len([code for code in codes if "." not in code]) == 11


def test_choices_are_read_once_a_process(loaded, django_assert_num_queries):
    registry.catalogue_choices()
    with django_assert_num_queries(1):
        registry.catalogue_choices()


def test_links_lead_to_where_a_code_is_read(loaded):
    links = {link["code"]: link for link in registry.catalogue_links(["S99.R1", "S1.D2.3", "S10.R8", "S1"])}
    assert links["S1"]["url"] == standard("S1").get_absolute_url()
    assert links["S10.R8"]["url"] == Requirement.objects.in_force().get(code="S10.R8").get_absolute_url()
    assert links["S1.D2.3"]["url"] == f"{reverse('standards:expected')}?standard=S1#S1.D2.3"
    assert links["S99.R1"] == {"code": "S99.R1", "label": "S99.R1", "url": ""}
    assert list(links)[:2] == ["S1", "S1.D2.3"]


def test_without_a_catalogue_there_is_nothing_to_name(db):
    assert registry.catalogue_choices() == []
    assert registry.catalogue_links(["S1"]) == [{"code": "S1", "label": "S1", "url": ""}]


# -- what is there and what is lacking --------------------------------------------------------
def test_a_document_in_force_that_names_an_item_is_there(loaded):
    before = shelf(loaded.asb, "S1")
    assert (before.there, before.lacking) == (0, before.all)
    made = scenes.document(loaded, supports=["S1", "S1.D2.3"])
    scenes.document(loaded, supports=["S1.D2.4"], state=Document.PREPARING)
    tied = scenes.document(loaded, supports=["S1.D2"])
    after = shelf(loaded.asb, "S1")
    assert (after.there, after.all) == (1, before.all)
    assert tally(loaded.asb, standard("S1")) == {"there": 1, "all": before.all}
    group = next(group for group in after.groups if group.code == "S1.D2")
    assert group.items[2].documents == [made]
    assert group.others == [tied]
    assert group.keepers


def test_two_documents_for_one_item_count_once(loaded):
    for _number in range(2):
        scenes.document(loaded, supports=["S1.D2.3"])
    assert shelf(loaded.asb, "S1").there == 1


def test_the_first_standard_is_not_taken_for_the_tenth(loaded):
    scenes.document(loaded, supports=["S10.D1.1"])
    assert shelf(loaded.asb, "S1").there == 0
    assert shelf(loaded.asb, "S10").there == 1


def test_all_expected_documents_are_shown(loaded, signed_in):
    in_force = ExpectedDocument.objects.filter(group__standard__edition__number=2)
    response = signed_in("staff").get(EXPECTED)
    assert response.context["all"] == in_force.count()
    assert len(response.context["shelves"]) == 11
    assert in_force.first().name in text_of(response)


def test_the_page_names_the_document_and_what_is_lacking(loaded, signed_in):
    made = scenes.document(loaded, supports=["S1.D2.3"])
    page = text_of(signed_in("staff").get(f"{EXPECTED}?standard=S1"))
    assert made.get_absolute_url() in page
    assert 'id="S1.D2.3"' in page
    lacking = text_of(signed_in("staff").get(f"{EXPECTED}?standard=S1&lacking=true"))
    assert 'id="S1.D2.3"' not in lacking
    assert 'id="S1.D2.4"' in lacking


def test_a_standard_that_is_not_there_is_not_found(loaded, signed_in):
    assert signed_in("staff").get(f"{EXPECTED}?standard=S99").status_code == 404


def test_before_the_catalogue_is_loaded_the_page_says_so(world, signed_in):
    Requirement.objects.all().delete()
    Standard.objects.all().delete()
    assert "load_catalogue" in text_of(signed_in("staff").get(EXPECTED))


def test_the_page_holds_its_query_count(loaded, signed_in):
    client = signed_in("staff")
    scenes.document(loaded, supports=["S1.D2.3"])
    few = queries(client, EXPECTED)
    for number in range(1, 6):
        scenes.document(loaded, supports=[f"S2.D1.{number}", "S3.D1"])
    assert queries(client, EXPECTED) == few
    assert few <= 20


# -- panels ------------------------------------------------------------------------------------
def test_standard_and_requirement_show_the_documents_that_support_them(loaded, signed_in):
    of_standard = scenes.document(loaded, supports=["S10", "S10.D1.1"])
    of_requirement = scenes.document(loaded, supports=["S10.R8"])
    page = text_of(signed_in("staff").get(standard("S10").get_absolute_url()))
    assert of_standard.get_absolute_url() in page
    assert of_requirement.get_absolute_url() in page
    assert f"{EXPECTED}?standard=S10" in page
    requirement = Requirement.objects.in_force().get(code="S10.R8")
    page = text_of(signed_in("staff").get(requirement.get_absolute_url()))
    assert of_requirement.get_absolute_url() in page
    assert of_standard.get_absolute_url() not in page
