"""Rating of units: arithmetic counted by hand, formulas by decision, ratings that keep their figures for ever."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from rest_framework.test import APIClient

from qa_portal.bodies.workflow import items as item_steps
from qa_portal.people.models import Deputy
from qa_portal.permissions import NotNow, Refused
from qa_portal.reports.blocks import Picture, Table, from_json, to_json
from qa_portal.web.registry import ChapterScope, registry
from standards.models import Rating, RatingFormula
from standards.rating import Criterion, Goal, rate
from standards.reports.ratings import RatingPaper
from standards.workflow import rating_formulas as formula_steps
from standards.workflow import ratings as steps
from tests.bodies import scenes as meetings

from . import scenes_indicators as sets
from . import scenes_measurements as values
from . import scenes_ratings as scenes
from .scenes_indicators import fresh

D = Decimal
APPROVE = "standards.rating_formula.approve"


def rated(criteria, values, units=(1, 2, 3)):
    """{unit: (place, score)} of figures written as text."""
    figures = {key: None if value is None else D(value) for key, value in values.items()}
    return {
        row.unit: (row.place, None if row.score is None else str(row.score)) for row in rate(criteria, figures, units)
    }


def goals(target, red, units=(1, 2, 3)):
    return {unit: Goal(D(target), D(red)) for unit in units}


# -- arithmetic ----------------------------------------------------------------------------------------
def test_with_thresholds_the_index_goes_from_red_to_the_target_and_no_further():
    up = Criterion("A", 1, "up", goals(90, 60))
    found = rated([up], {("A", 1): "75", ("A", 2): "95", ("A", 3): "10"})
    assert found == {2: (1, "100.0"), 1: (2, "50.0"), 3: (3, "0.0")}


def test_where_less_is_better_red_stands_above_the_target():
    down = Criterion("A", 1, "down", goals(10, 50))
    found = rated([down], {("A", 1): "30", ("A", 2): "5", ("A", 3): "60"})
    assert found == {2: (1, "100.0"), 1: (2, "50.0"), 3: (3, "0.0")}


def test_without_thresholds_the_units_are_compared_with_one_another():
    values = {("A", 1): "70", ("A", 2): "80", ("A", 3): "60"}
    assert rated([Criterion("A", 1, "up")], values) == {2: (1, "100.0"), 1: (2, "50.0"), 3: (3, "0.0")}
    assert rated([Criterion("A", 1, "down")], values) == {3: (1, "100.0"), 1: (2, "50.0"), 2: (3, "0.0")}


def test_a_threshold_that_one_unit_lacks_is_used_for_none():
    mixed = Criterion("A", 1, "up", {1: Goal(D(90), D(60)), 2: Goal(D(90))})
    assert rated([mixed], {("A", 1): "60", ("A", 2): "70"}, (1, 2)) == {2: (1, "100.0"), 1: (2, "0.0")}


def test_units_have_ends_of_their_own():
    own = Criterion("A", 1, "up", {1: Goal(D(100), D(0)), 2: Goal(D(50), D(0))})
    assert rated([own], {("A", 1): "50", ("A", 2): "50"}, (1, 2)) == {2: (1, "100.0"), 1: (2, "50.0")}


def test_the_score_is_the_mean_by_weight_rounded_half_up():
    two = [Criterion("A", 2, "up", goals(100, 0)), Criterion("B", 1, "up", goals(100, 0))]
    values = {("A", 1): "80", ("B", 1): "50", ("A", 2): "0.1", ("B", 2): "-7"}
    assert rated(two, values, (1, 2)) == {1: (1, "70.0"), 2: (2, "0.1")}  # 210 / 3; 0.2 / 3 = 0.0667
    half = [Criterion("A", 1, "up", goals(100, 0))]
    assert rated(half, {("A", 1): "33.35"}, (1,)) == {1: (1, "33.4")}


def test_a_missing_value_lowers_nothing_and_is_named():
    two = [Criterion("A", 3, "up", goals(100, 0)), Criterion("B", 1, "up", goals(100, 0))]
    rows = rate(two, {("A", 1): D(40), ("B", 1): None, ("A", 2): D(40), ("B", 2): D(100)}, (1, 2))
    by_unit = {row.unit: row for row in rows}
    assert (by_unit[1].score, by_unit[2].score) == (D("40.0"), D("55.0"))
    assert (by_unit[1].missing, by_unit[2].missing) == (["B"], [])


def test_equal_scores_share_a_place_and_the_next_is_left_out():
    one = [Criterion("A", 1, "up", goals(100, 0, (1, 2, 3, 4)))]
    values = {("A", 1): "70.01", ("A", 2): "90", ("A", 3): "70.04", ("A", 4): "5"}
    found = rated(one, values, (1, 2, 3, 4))
    assert {unit: place for unit, (place, _score) in found.items()} == {2: 1, 1: 2, 3: 2, 4: 4}


def test_a_unit_without_any_value_has_no_place_and_equal_values_leave_nobody_behind():
    one = [Criterion("A", 1, "up")]
    assert rated(one, {("A", 1): "7", ("A", 3): "7"}) == {1: (1, "100.0"), 3: (1, "100.0"), 2: (None, None)}
    assert rated(one, {}, (1,)) == {1: (None, None)}
    assert rated([], {}, (1,)) == {1: (None, None)}


@pytest.mark.parametrize(
    ("direction", "value", "index"), [("up", 5, 100), ("up", 4, 0), ("down", 5, 100), ("down", 6, 0)]
)
def test_red_at_the_target_itself_is_reached_or_not(direction, value, index):
    step = Criterion("A", 1, direction, {1: Goal(D(5), D(5))})
    assert rate([step], {("A", 1): D(value)}, (1,))[0].score == index


# -- from the records ---------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def test_a_rating_counts_the_values_of_the_year(world):
    first, second, third = scenes.departments(world)
    rating = scenes.made(world)
    found = {row["unit"]: (row["place"], row["score"]) for row in rating.rows}
    # down: 30 → 50, 5 → 100, none; up: 80 → 100, 60 → 0, 70 → 50; weights 2 and 1
    assert found == {first.pk: (1, "66.7"), second.pk: (1, "66.7"), third.pk: (3, "50.0")}
    assert [row["place"] for row in rating.rows] == [1, 1, 3]
    last = rating.rows[-1]
    assert last["parts"] == [
        {"code": "S1-DOWN", "value": None, "index": None, "weight": 2},
        {"code": "S1-UP", "value": "70", "index": "50.0", "weight": 1},
    ]
    assert last["name"]["ru"] == third.name_ru


def test_a_value_without_end_is_kept_with_four_decimals(world):
    scenes.measured(world)
    kpi = values.indicator(world, "S1-THIRD", measure="number")
    for month, figure in (("01", 1), ("02", 1), ("03", 2)):
        values.value(world, kpi, period=f"{scenes.YEAR}-{month}", value=D(figure))
    row, *_others = scenes.made(world, scenes.in_force(world, {"S1-THIRD": 1})).rows
    assert row["parts"] == [{"code": "S1-THIRD", "value": "1.3333", "index": "100.0", "weight": 1}]


def test_a_made_rating_keeps_its_figures_and_its_formula(world):
    rating = scenes.made(world)
    before = rating.rows
    scenes.value(world, "S1-DOWN", world.department, "49")
    following = scenes.in_force(world, {"S1-UP": 1})
    kept = fresh(rating)
    assert kept.rows == before
    assert (kept.formula.state, kept.formula.weights) == (RatingFormula.SUPERSEDED, {"S1-DOWN": 2, "S1-UP": 1})
    assert following.version == kept.formula.version + 1
    with pytest.raises(NotNow):
        scenes.made(world, kept.formula)
    kept.rows = []
    with pytest.raises(Refused):
        kept.save_changes(by=world.asb)


def test_a_rating_is_made_on_its_page_and_published_by_somebody_else(world, signed_in):
    formula = scenes.in_force(world)
    answer = signed_in("asb").post("/standards/ratings/add/", {"formula": formula.pk, "year": scenes.YEAR})
    rating = Rating.objects.get()
    assert (answer.status_code, answer.url) == (302, rating.get_absolute_url())
    Deputy.objects.create(
        principal=world.asb, deputy=world.staff, since=datetime.date(2020, 1, 1), until=datetime.date(2099, 1, 1)
    )
    for username in ("asb", "staff", "admin", "board"):  # the maker, the maker's deputy, superuser, no preparer
        with pytest.raises(Refused):
            steps.publish(fresh(rating), by=getattr(world, username))
    assert signed_in("head").get(rating.get_absolute_url()).status_code == 404
    steps.publish(fresh(rating), by=world.quality)
    html = signed_in("head").get(rating.get_absolute_url()).content.decode()
    assert "66,7" in html
    assert "S1-DOWN" in html


def test_the_only_formula_in_force_is_chosen_already(world, signed_in):
    formula = scenes.in_force(world)
    page = signed_in("asb").get("/standards/ratings/add/").content.decode()
    assert f'<option value="{formula.pk}" selected>' in page


def test_a_year_without_values_makes_no_rating(world, signed_in):
    formula = scenes.in_force(world)
    for year, status in ((2031, 400), ("abc", 400), (99999, 400)):
        data = {"formula": formula.pk, "year": year}
        assert signed_in("asb").post("/standards/ratings/add/", data).status_code == status
    assert Rating.objects.count() == 0


# -- formulas --------------------------------------------------------------------------------------------------
def test_a_formula_has_a_field_for_each_indicator_in_force(world, signed_in):
    scenes.measured(world)
    client = signed_in("asb")
    html = client.get("/standards/rating-formulas/add/").content.decode()
    assert 'name="weight_S1-DOWN"' in html
    assert 'name="weight_S1-UP"' in html
    data = {"title": "Формула", "unit_kind": "department", "weight_S1-UP": "3", "weight_S1-DOWN": "0"}
    assert client.post("/standards/rating-formulas/add/", data).status_code == 302
    formula = RatingFormula.objects.get()
    assert formula.weights == {"S1-UP": 3}
    rest = APIClient()
    rest.force_authenticate(world.asb)
    answer = rest.patch(f"/api/v1/standards/rating-formulas/{formula.pk}/", {"weight_S1-DOWN": 5}, format="json")
    assert (answer.status_code, answer.json()["weights"]) == (200, {"S1-UP": 3, "S1-DOWN": 5})


@pytest.mark.parametrize("weights", [{}, {"weight_S1-UP": "-1"}, {"weight_S1-UP": "101"}, {"weight_S1-UP": "x"}])
def test_bad_weights_are_refused(world, signed_in, weights):
    scenes.measured(world)
    data = {"title": "Жоғалмайтын мәтін", "unit_kind": "department", **weights}
    answer = signed_in("asb").post("/standards/rating-formulas/add/", data)
    assert answer.status_code == 400
    assert "Жоғалмайтын мәтін" in answer.content.decode()


def test_only_what_is_in_force_counts(world):
    formula = scenes.draft(world, {"S1-UP": 1, "S1-OLD": 2})
    with pytest.raises(NotNow, match="S1-OLD"):
        formula_steps.submit(formula, by=world.asb)


def test_the_councils_decision_brings_a_formula_into_force_and_one_a_kind_stands(world):
    schools = scenes.draft(world, unit_kind="school")
    formula_steps.approve(formula_steps.submit(schools, by=world.asb), by=sets.by_council(world), basis="№ 1")
    former = scenes.in_force(world)
    following = scenes.submitted(world, {"S1-UP": 1})
    item = meetings.in_the_vote(world, meetings.about(world, following, APPROVE))
    decision = item_steps.close_vote(meetings.all_for(world, item), by=world.dean).decision
    assert decision.performed == APPROVE
    assert [fresh(f).state for f in (schools, former, following)] == ["in_force", "superseded", "in_force"]
    formula_steps.undo_approval(fresh(following), by=sets.by_council(world, f"over:{sets.BODY}"), reason="4.2")
    assert [fresh(f).state for f in (schools, former, following)] == ["in_force", "in_force", "submitted"]


def test_one_formula_a_kind_is_prepared_at_a_time(world):
    scenes.draft(world)
    with pytest.raises(NotNow):
        RatingFormula(title="Екінші", weights={"S1-UP": 1}).add(by=world.asb)


# -- pages, file, paper, chapter -----------------------------------------------------------------------------------
def test_the_file_holds_places_values_and_indexes(world, signed_in):
    rating = scenes.published(world)
    answer = signed_in("staff").get(f"{rating.get_absolute_url()}table/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 4
    assert rows[1][0] == 1
    assert rows[3] == (3, "nursing бөлімі", 50, None, None, 70, 50)
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_paper_tells_where_each_score_comes_from(world, language):
    rating = scenes.published(world)
    with translation.override(language):
        html = RatingPaper({"id": rating.pk}, world.staff, language).html()
    for name in (world.department, world.other):
        assert getattr(name, f"name_{language}") in html
    assert html.count("S1-DOWN") == 3
    assert "66,7" in html or "66.7" in html


def test_the_chapter_tells_published_ratings_only_and_goes_to_json_and_back(world):
    made = scenes.made(world)
    year = scenes.YEAR
    scope = ChapterScope(datetime.date(year, 1, 1), datetime.date(year, 12, 31), year)
    chapter = registry.chapters["rating"]
    assert chapter.by_standard is False
    assert chapter.make(scope) == []
    steps.publish(made, by=world.asb2)
    blocks = chapter.make(scope)
    table = next(block for block in blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["1", "1", "3"]
    assert any(isinstance(block, Picture) for block in blocks)
    assert from_json(to_json(blocks)) == blocks


def test_the_desk_shows_ratings_of_others_to_publish(world):
    scenes.made(world)
    rows = {u: registry.desk["ratings"].rows(getattr(world, u)).count() for u in ("asb", "asb2", "quality", "head")}
    assert rows == {"asb": 0, "asb2": 1, "quality": 1, "head": 0}


def test_lists_and_the_page_of_a_rating_hold_their_query_count(world, signed_in):
    formula = scenes.in_force(world)
    rating = scenes.made(world, formula)
    client = signed_in("asb")
    rest = APIClient()
    rest.force_authenticate(world.asb)

    def queries(call):
        call()
        with CaptureQueriesContext(connection) as captured:
            assert call().status_code == 200
        return len(captured)

    def count():
        return (
            queries(lambda: client.get("/standards/ratings/")),
            queries(lambda: rest.get("/api/v1/standards/ratings/")),
            queries(lambda: client.get("/standards/rating-formulas/")),
            queries(lambda: client.get(rating.get_absolute_url())),
        )

    before = count()
    for _n in range(29):
        scenes.made(world, formula)
    assert count() == before
    assert max(before) <= 25
