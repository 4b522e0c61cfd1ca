"""Targets, definitions and pages of indicators: thresholds on the right side, history of figures, lists, paper, desk."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import Formula, registry
from standards.forms.indicators import side_problem
from standards.models import Indicator, IndicatorTarget, Measurement, Standard
from standards.reports.indicators import IndicatorSetPaper
from standards.workflow import indicator_sets as set_steps
from standards.workflow import indicators as steps

from . import scenes_indicators as scenes
from .scenes_indicators import TYPED, form_data, fresh, rest

pytestmark = pytest.mark.django_db


# -- targets --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("direction", "target", "amber", "red", "wrong"),
    [
        ("up", 90, 80, 60, set()),
        ("up", 90, 90, 90, set()),
        ("up", 90, None, 60, set()),
        ("up", 90, 95, 60, {"amber"}),
        ("up", 90, 80, 85, {"red"}),
        ("up", 90, None, 91, {"red"}),
        ("down", 5, 8, 12, set()),
        ("down", 5, None, None, set()),
        ("down", 5, 4, 12, {"amber"}),
        ("down", 5, 8, 7, {"red"}),
        ("down", 5, 4, 3, {"amber", "red"}),
    ],
)
def test_thresholds_stand_on_the_right_side_of_the_target(direction, target, amber, red, wrong):
    assert set(side_problem(direction, target, amber, red)) == wrong


def test_a_threshold_on_the_wrong_side_is_said_beside_its_field(world, signed_in):
    row = scenes.indicator(world, direction="down")
    data = {"year": 2026, "target": "5", "amber": "3", "red": "12"}
    answer = signed_in("asb").post(f"{row.get_absolute_url()}set-target/", data)
    assert answer.status_code == 400
    assert 'id="id_amber_error"' in answer.content.decode()
    assert not row.targets.exists()


def test_a_target_is_set_changed_and_history_keeps_old_and_new(world):
    row = scenes.one_of(scenes.in_force(world))
    with pytest.raises(InputProblem):  # in force: with a reason
        steps.set_target(row, by=world.asb, year=2026, target="90,5")
    steps.set_target(fresh(row), by=world.asb, year=2026, target="90,5", amber="80", reason="Кеңес шешімі")
    steps.set_target(fresh(row), by=world.quality, year=2026, target="95", red="50.25", reason="Жаңартылды")
    target = row.targets.get()
    assert (target.target, target.amber, target.red) == (95, None, Decimal("50.25"))
    last = row.history.filter(verb="set_target").first()
    assert "90.5 · 80 · — → 95 · — · 50.25" in last.why
    assert last.why.endswith("Жаңартылды")


def test_a_unit_has_a_target_of_its_own_only_where_it_reports(world):
    row = scenes.indicator(world)
    with pytest.raises(InputProblem):
        steps.set_target(row, by=world.asb, year=2026, unit=world.department.pk, target="1")
    steps.choose_units(fresh(row), by=world.asb, units=[world.department.pk])
    steps.set_target(fresh(row), by=world.asb, year=2026, unit=world.department.pk, target="70")
    assert row.targets.get().unit == world.department


def test_lights_follow_the_target(world):
    row = scenes.one_of(scenes.in_force(world))
    day = datetime.date(2026, 12, 31)
    with scenes.door("import"):
        value = Measurement.objects.create(
            indicator=row, code=row.code, period="2026", since=day.replace(month=1, day=1), until=day, value=50
        )
    scenes.with_target(world, row)
    assert fresh(value).light == "red"
    scenes.with_target(world, row, target="40", amber="", red="")
    assert fresh(value).light == "green"
    steps.drop_target(fresh(row), by=world.asb, row=row.targets.get().pk, reason="Қате")
    assert fresh(value).light == "none"


def test_a_target_set_meanwhile_goes_over_into_the_set_that_is_prepared(world):
    following = scenes.next_draft(world)
    old, new = scenes.one_of(following.based_on), scenes.one_of(following)
    scenes.with_target(world, old)
    assert new.targets.get().target == 90
    scenes.with_target(world, new, target="99", amber="", red="")
    scenes.with_target(world, old, target="91")
    assert (old.targets.get().target, new.targets.get().target) == (91, 99)  # what the draft says itself stays


def test_the_direction_is_not_turned_round_under_its_thresholds(world, signed_in):
    row = scenes.with_target(world)
    data = form_data(world, code=row.code, direction="down", revision=row.revision)
    answer = signed_in("asb").post(f"{row.get_absolute_url()}edit/", data)
    assert answer.status_code == 400
    assert 'id="id_direction_error"' in answer.content.decode()
    assert fresh(row).direction == "up"


# -- definitions ----------------------------------------------------------------------------------------------------
def test_an_indicator_is_entered_on_the_page_with_its_units(world, signed_in):
    record = scenes.draft(world)
    data = form_data(world, groups=["department"], units=[world.school.pk])
    answer = signed_in("asb").post(f"/standards/indicators/add/?set={record.pk}", data)
    made = Indicator.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert {row.unit for row in made.reporters.all()} == {world.school, world.department, world.other}
    assert (made.set, made.name_kk, made.authors) == (record, TYPED, [world.asb.pk])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "s1 new"}, "code"),
        ({"standard": ""}, "standard"),
        ({"standard": "S99"}, "standard"),
        ({"decimals": "9"}, "decimals"),
        ({"measure": "apples"}, "measure"),
        ({"responsible": "999999"}, "responsible"),
        ({"formula": "nothing.known"}, "formula"),
        ({"units": ["999999"]}, "units"),
        ({"code": "S1-ONE"}, "code"),  # twice in one set
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(world, signed_in, changes, field):
    record = scenes.draft(world)
    scenes.indicator(world, record)
    answer = signed_in("asb").post(f"/standards/indicators/add/?set={record.pk}", form_data(world, **changes))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert TYPED in html
    assert f'id="id_{field}_error"' in html
    assert Indicator.objects.count() == 1


def test_a_computed_indicator_takes_measure_and_direction_from_its_formula(world, signed_in, monkeypatch):
    known = Formula("tests.days", "Күндер", "days", "down", lambda since, until: {})
    monkeypatch.setitem(registry.formulas, known.key, known)
    record = scenes.draft(world)
    data = form_data(world, formula=known.key)
    assert signed_in("asb").post(f"/standards/indicators/add/?set={record.pk}", data).status_code == 302
    made = Indicator.objects.get()
    assert (made.formula, made.measure, made.direction) == (known.key, "days", "down")


def test_units_come_and_go_and_history_names_them(world):
    row = scenes.indicator(world)
    steps.choose_units(row, by=world.asb, groups=["school"])
    assert row.reporters.count() == 2
    steps.choose_units(fresh(row), by=world.asb, units=[world.school.pk, world.department.pk])
    why = row.history.filter(verb="choose_units").first().why
    assert why == f"+ {world.department}; − {world.far_school}"


# -- pages ------------------------------------------------------------------------------------------------------------
def test_the_register_shows_what_is_in_force_unless_another_set_is_asked_for(world, signed_in):
    following = scenes.next_draft(world)
    scenes.indicator(world, following, "S1-TWO")
    client = signed_in("asb")

    def codes(query=""):
        html = client.get(f"/standards/indicators/{query}").content.decode()
        listed = rest(world, "asb").get(f"/api/v1/standards/indicators/{query}").json()["results"]
        found = sorted(row["code"] for row in listed)
        assert all(code in html for code in found)
        return found

    assert codes() == ["S1-ONE"]
    assert codes(f"?set={following.pk}") == ["S1-ONE", "S1-TWO"]
    assert codes("?not_validated=true") == ["S1-TWO"]
    assert codes("?standard=S1&area=") == ["S1-ONE"]
    assert codes("?computed=true") == []
    assert codes(f"?responsible={world.department.pk}") == []
    draft = scenes.one_of(following)
    answer = rest(world, "asb").get(f"/api/v1/standards/indicators/{draft.pk}/")
    assert (answer.status_code, answer.json()["set"]) == (200, following.pk)


def test_drafts_are_seen_by_those_who_see_everything_only(world, signed_in):
    row = scenes.one_of(scenes.next_draft(world))
    assert signed_in("staff").get(row.get_absolute_url()).status_code == 404
    assert signed_in("staff").get(row.set.get_absolute_url()).status_code == 404
    assert signed_in("council").get(row.get_absolute_url()).status_code == 200


def test_the_api_adds_edits_and_tells_targets_and_units(world):
    record, client = scenes.draft(world), rest(world, "asb")
    made = client.post("/api/v1/standards/indicators/", form_data(world, set=record.pk), format="json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    edited = client.patch(f"/api/v1/standards/indicators/{pk}/", {"name_ru": "Доля"}, format="json")
    assert (edited.status_code, edited.json()["name"]["ru"]) == (200, "Доля")
    scenes.with_target(world, Indicator.objects.get(pk=pk))
    told = client.get(f"/api/v1/standards/indicators/{pk}/").json()
    assert [(t["year"], t["unit"], t["red"]) for t in told["targets"]] == [(2026, None, "60.0000")]
    assert told["reporters"] == []
    assert client.delete(f"/api/v1/standards/indicators/{pk}/").status_code == 405


def queries(call) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def test_lists_and_the_page_of_a_set_hold_their_query_count(world, signed_in):
    record = scenes.draft(world)
    page, listed = signed_in("asb"), rest(world, "asb")

    def add(code):
        row = scenes.indicator(world, record, code)
        steps.choose_units(row, by=world.asb, units=[world.department.pk])
        scenes.with_target(world, row)

    def count():
        return (
            queries(lambda: page.get("/standards/indicators/")),
            queries(lambda: listed.get("/api/v1/standards/indicators/")),
            queries(lambda: page.get(record.get_absolute_url())),
            queries(lambda: page.get("/")),
        )

    for n in range(2):
        add(f"S1-{n:02}")
    before = count()
    for n in range(2, 30):
        add(f"S1-{n:02}")
    after = count()
    assert after[:3] == before[:3]
    assert after[3] <= before[3] + 1  # on the home page what is not shown is counted
    assert max(before[:2]) <= 20


def test_export_is_the_register_with_all_columns(world, signed_in):
    scenes.in_force(world)
    answer = signed_in("staff").get("/standards/indicators/?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert answer.status_code == 200
    assert "S1-ONE" in text
    assert "Үш кафедрада қолмен саналды" in text


def test_the_desk_tells_what_to_finish_to_check_and_to_bring_before_the_body(world):
    def waiting(key, username):
        return registry.desk[key].rows(getattr(world, username)).count()

    record = scenes.draft(world)
    scenes.indicator(world, record)
    assert [waiting("indicator-sets", u) for u in ("asb", "quality", "head", "admin")] == [1, 1, 0, 0]
    assert [waiting("indicators-to-validate", u) for u in ("asb", "asb2", "head", "admin")] == [0, 1, 0, 0]
    scenes.validated(world, scenes.one_of(record))
    set_steps.submit(fresh(record), by=world.asb)
    assert waiting("indicators-to-validate", "asb2") == 0
    assert waiting("indicator-sets-submitted", "asb") == 1


def test_search_and_the_page_of_a_standard_lead_to_indicators(world, signed_in):
    row = scenes.one_of(scenes.in_force(world))
    html = signed_in("staff").get("/search/?q=S1-ONE").content.decode()
    assert row.get_absolute_url() in html
    standard = Standard.objects.get(code="S1")
    assert row.get_absolute_url() in signed_in("staff").get(standard.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("language", "name"), [("kk", "Үлес"), ("ru", "Доля"), ("en", "Share")])
def test_the_paper_of_a_set_tells_definitions_and_differences(world, language, name):
    following = scenes.next_draft(world)
    scenes.indicator(world, following, "S1-TWO")
    with translation.override(language):
        html = IndicatorSetPaper({"id": following.pk}, world.asb, language).html()
    assert html.count(name) >= 2
    assert "S1-TWO" in html


def test_admin_shows_and_changes_nothing(world, signed_in):
    scenes.in_force(world)
    client = signed_in("admin")
    for model in ("indicatorset", "indicator", "ratingformula", "rating"):
        assert client.get(f"/admin/standards/{model}/").status_code == 200
        assert client.get(f"/admin/standards/{model}/add/").status_code == 403


def test_a_target_row_belongs_to_one_year_and_unit(world):
    row = scenes.with_target(world)
    scenes.with_target(world, row, target="91")
    scenes.with_target(world, row, year=2027)
    assert IndicatorTarget.objects.filter(indicator=row).count() == 2


def test_a_number_of_a_target_is_typed_as_text_because_browsers_drop_the_comma(world, signed_in):
    """A number input of an English browser makes 905 of 90,5."""
    row = scenes.indicator(world)
    page = signed_in("asb").get(f"{row.get_absolute_url()}set-target/").content.decode()
    field = page.partition('name="target"')
    assert 'type="text"' in field[0].rpartition("<input")[2]
    assert 'inputmode="decimal"' in field[0].rpartition("<input")[2] + field[2].partition(">")[0]
