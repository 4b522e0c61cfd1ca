"""The catalogue over the API: shape, editions, filters, constant query counts, nothing to write."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standards.models import Requirement

from .conftest import change, load

BASE = "/api/v1/standards"
COUNTS = {
    "editions": 2,
    "standards": 11,
    "tasks": 73,
    "requirements": 84,
    "stages": 77,
    "areas": 100,
    "risks": 67,
    "responsibilities": 107,
    "documents-expected": 37,
}
LISTS = [*COUNTS, "mappings"]
CATALOGUE = [name for name in LISTS if name != "editions"]


@pytest.fixture
def loaded(world):
    load()
    return world


@pytest.fixture
def api(loaded, signed_in):
    client = signed_in("staff")

    def get(address: str, status: int = 200):
        response = client.get(f"{BASE}/{address}")
        assert response.status_code == status, response.content
        return response.json()

    get.client = client
    return get


@pytest.mark.parametrize("name", COUNTS)
def test_lists_hold_the_edition_in_force(api, name):
    assert api(f"{name}/")["count"] == COUNTS[name]


def test_texts_have_three_languages(api):
    row = api("requirements/?code=S10.R8")["results"][0]
    stored = Requirement.objects.in_force().get(code="S10.R8")
    assert row == {
        "id": stored.pk,
        "edition": 2,
        "standard": "S10",
        "code": "S10.R8",
        "text": {"kk": stored.text_kk, "ru": stored.text_ru, "en": stored.text_en},
        "origin": "source",
        "note": {"kk": "", "ru": "", "en": ""},
    }


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("standards/?code=S10", ("name", "text", "goal", "note")),
        ("stages/?code=S10.S1", ("name", "text", "note")),
        ("risks/?code=S3.K3", ("text", "mitigation", "note")),
        ("responsibilities/?code=S7.F1", ("name", "text", "note")),
        ("documents-expected/?code=S10.D1", ("text",)),
        ("mappings/?framework=ESG&standard=S10&ref=1.10", ("name",)),
    ],
)
def test_every_text_of_a_part_is_given_in_three_languages(api, address, fields):
    (row,) = api(address)["results"]
    for field in fields:
        assert set(row[field]) == {"kk", "ru", "en"}
        assert all(row[field].values())


def test_a_group_of_documents_names_its_documents_and_keepers(api):
    (row,) = api("documents-expected/?code=S10.D1")["results"]
    assert (row["group"], row["keepers"]) == ("regulatory", ["asb"])
    assert len(row["items"]) == 6
    assert row["items"][0]["name"]["en"] == "Regulation on external quality assurance"


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize("asked", ["code=S99.Z9", "standard=S99", "edition=99"])
def test_what_is_not_there_is_an_empty_list(api, name, asked):
    if name == "standards" and asked.startswith("standard"):
        asked = "code=S99"
    assert api(f"{name}/?{asked}")["count"] == 0


@pytest.mark.parametrize(
    ("name", "count"), [("requirements", 9), ("areas", 12), ("responsibilities", 12), ("documents-expected", 3)]
)
def test_the_parts_of_one_standard(api, name, count):
    rows = api(f"{name}/?standard=S10")
    assert rows["count"] == count
    assert {row["standard"] for row in rows["results"]} == {"S10"}


def test_codes_are_found_in_small_letters_too(api):
    assert api("requirements/?code=s10.r8")["count"] == 1


def test_an_edition_that_is_no_number_is_bad_input(api):
    answer = api("requirements/?edition=x", status=400)
    assert answer["type"] == "validation_error"
    assert answer["errors"][0]["attr"] == "edition"


def test_search_reads_all_languages_and_small_and_capital_letters(api):
    by_language = [
        {row["code"] for row in api(f"requirements/?search={word}")["results"]}
        for word in ("БЮДЖЕТІН", "бюджет", "Budget")
    ]
    assert all("S10.R7" in codes for codes in by_language)


def test_mappings_tell_standard_and_requirement(api):
    rows = api("mappings/?framework=ESG&standard=S10")["results"]
    assert [(row["requirement"], row["ref"]) for row in rows] == [(None, "1.10"), ("S10.R4", "1.8")]
    assert api("mappings/?code=S10.R4")["count"] == 1


def test_editions_say_what_changed_and_which_is_in_force(api, folder):
    change(folder, "s10.yaml", lambda data: data["tasks"].pop())
    load(folder=folder)
    rows = api("editions/")["results"]
    assert [(row["number"], row["in_force"]) for row in rows] == [(3, True), (2, False), (1, False)]
    assert rows[0]["changes"] == {"added": [], "changed": [], "retired": ["S10.T6"]}
    assert rows[2]["changes"] == {"added": [], "changed": [], "retired": []}


def test_an_older_edition_is_given_when_asked_for(api, folder):
    old = Requirement.objects.in_force().get(code="S10.R8")

    def how(data):
        data["requirements"][7]["text"]["en"] = "Other words"

    change(folder, "s10.yaml", how)
    load(folder=folder)
    assert api("requirements/?code=S10.R8")["results"][0]["text"]["en"] == "Other words"
    (row,) = api("requirements/?code=S10.R8&edition=2")["results"]
    assert (row["id"], row["edition"], row["text"]["en"]) == (old.pk, 2, old.text_en)
    assert api(f"requirements/{old.pk}/")["text"]["en"] == old.text_en, "a row of an older edition keeps its address"


def test_pages_and_order(api):
    first = api("requirements/?page_size=5")
    assert [row["code"] for row in first["results"]] == [f"S1.R{n}" for n in range(1, 6)]
    assert first["next"]
    assert api("requirements/?ordering=-id&page_size=1")["results"][0]["code"] == "S11.R14"


@pytest.mark.parametrize("name", LISTS)
def test_the_query_count_does_not_grow_with_rows(api, name):
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            api(f"{name}/?page_size={size}")
        return len(captured)

    queries(1)  # the session and what is cached for the process are read once
    assert queries(1) == queries(100)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_can_be_written(api, name):
    first = api(f"{name}/?page_size=1")["results"][0]["id"]
    for method in ("post", "put", "patch", "delete"):
        for address in (f"{BASE}/{name}/", f"{BASE}/{name}/{first}/"):
            assert getattr(api.client, method)(address, {}, content_type="application/json").status_code == 405


@pytest.mark.parametrize("name", LISTS)
def test_without_signing_in_there_is_nothing(loaded, client, name):
    assert client.get(f"{BASE}/{name}/").status_code == 401
