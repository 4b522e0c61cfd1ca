"""A filter that is not understood never widens what is shown, counted or exported."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["state=none", "unit=x", "found_after=x", "severity=1", "standard=S99", "unit=999999"]
)
@pytest.mark.parametrize("what", ["", "count=1&", "export=csv&", "export=xlsx&"])
def test_wrong_value_shows_counts_and_exports_nothing(world, signed_in, query, what):
    world.finding(title="Жасырын тақырып")
    answer = signed_in("asb").get(f"/capa/findings/?{what}{query}")
    assert answer.status_code == 400
    assert "Content-Disposition" not in answer
    assert "Жасырын тақырып" not in answer.content.decode()


def test_page_says_which_filter_was_not_understood_and_keeps_it_in_sight(world, signed_in):
    world.finding()
    client = signed_in("asb")
    client.get("/?lang=en")
    text = client.get("/capa/findings/?found_after=31.31.2026").content.decode()
    assert "A filter was not understood" in text
    assert 'id="id_found_after_error"' in text
    assert 'value="31.31.2026"' in text
    assert 'href="/capa/findings/"' in text


def test_wrong_count_says_so_as_json(world, signed_in):
    world.finding()
    answer = signed_in("asb").get("/capa/findings/?count=1&state=none")
    assert (answer.status_code, answer.json()["count"]) == (400, 0)


def test_right_values_go_on_as_before(world, signed_in):
    world.finding(title="Көрінетін тақырып")
    client = signed_in("asb")
    answer = client.get(f"/capa/findings/?state=open&unit={world.school.pk}&severity=major")
    assert answer.status_code == 200
    assert "Көрінетін тақырып" in answer.content.decode()
    assert client.get("/capa/findings/?export=csv&state=open").status_code == 200
