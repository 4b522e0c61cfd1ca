"""Values of indicators: entered, corrected, withdrawn; the grid; who sees whose; board, panel, signal, desk, chapter, API."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from rest_framework.test import APIClient

from qa_portal.notices.models import Notice
from qa_portal.notices.rules import rules
from qa_portal.notices.sweep import sweep_rule
from qa_portal.permissions import NotNow, Refused
from qa_portal.reports.blocks import Picture, Table
from qa_portal.reports.models import Paper
from qa_portal.web.forms import InputProblem
from qa_portal.web.registry import ChapterScope, registry
from qa_portal.workflow.models import Entry
from standards import boards
from standards.models import Measurement
from standards.owing import owed_by
from standards.workflow import measurements as steps

from . import scenes_measurements as scenes

pytestmark = pytest.mark.django_db
D = Decimal
ADD, GRID, BOARD = "/standards/measurements/add/", "/standards/measurements/grid/", "/standards/indicator-board/"


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel("2026-05-10T12:00:00+05:00"):
        yield


def data(of, unit, **fields):
    return {"indicator": of.pk, "unit": unit.pk if unit else "", "period": "2026-03", "value": "80,5", **fields}


# -- one value ----------------------------------------------------------------------------------
def test_people_of_the_unit_enter_a_value_with_a_comma(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.target(kpi, 2026, 90)
    answer = signed_in("staff").post(ADD, data(kpi, world.department, note="Есеп бойынша"))
    made = Measurement.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.value, made.code, made.light, made.origin) == (D("80.5"), "KPI-1", "amber", "hand")
    assert (made.since, made.until) == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    assert made.history.get().verb == "add"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("value", "сексен"),
        ("value", ""),
        ("value", "NaN"),
        ("value", "1" * 16),
        ("period", "2026-Q1"),
        ("period", "2026-06"),
        ("period", "<b>"),
    ],
)
def test_what_does_not_do_is_said_and_nothing_typed_is_lost(world, signed_in, field, typed):
    kpi = scenes.indicator(world)
    answer = signed_in("staff").post(ADD, data(kpi, world.department, note="Жоғалмайтын", **{field: typed}))
    assert answer.status_code == 400
    assert "Жоғалмайтын" in answer.content.decode()
    assert not Measurement.objects.exists()


def test_a_value_that_is_there_a_unit_that_does_not_report_and_a_weight_that_is_missing(world, signed_in):
    kpi = scenes.indicator(world)
    weighted = scenes.indicator(world, "KPI-2", roll_up="weighted")
    scenes.value(world, kpi)
    client = signed_in("asb")
    assert client.post(ADD, data(kpi, world.department)).status_code == 400
    assert client.post(ADD, data(kpi, world.far_school)).status_code == 400
    assert client.post(ADD, data(weighted, world.department)).status_code == 400
    assert client.post(ADD, data(weighted, world.department, weight="-1")).status_code == 400
    assert client.post(ADD, data(weighted, world.department, weight="12")).status_code == 302


def test_values_of_other_units_are_not_given_and_not_seen(world, signed_in):
    kpi = scenes.indicator(world)
    assert signed_in("head2").post(ADD, data(kpi, world.department)).status_code == 403
    with pytest.raises(Refused):
        scenes.value(world, kpi, by="stranger")
    row = scenes.value(world, kpi)
    seen = {
        name: signed_in(name).get(row.get_absolute_url()).status_code for name in ("staff", "dean", "head2", "expert")
    }
    assert seen == {"staff": 200, "dean": 200, "head2": 404, "expert": 404}
    # The unit that is responsible for the indicator sees and gives all its values.
    assert signed_in("hr").get(row.get_absolute_url()).status_code == 200
    # The value of the university is read by everybody inside.
    whole = scenes.value(world, scenes.indicator(world, "KPI-9", units=[]), None)
    assert signed_in("head2").get(whole.get_absolute_url()).status_code == 200


def test_a_value_for_the_root_of_the_tree_is_that_of_the_university(world):
    kpi = scenes.indicator(world, units=[world.university])
    assert scenes.value(world, kpi, world.university).unit is None


def test_corrected_with_a_reason_old_and_new_stay_in_history(world):
    kpi = scenes.indicator(world)
    scenes.target(kpi, 2026, 90, red=50)
    row = scenes.value(world, kpi, value=D(95))
    steps.correct(row, by=world.staff, value="45,5", reason="Қате терілген")
    entry = row.history.first()
    assert (row.value, row.light, row.corrected_by, entry.why) == (D("45.5"), "red", world.staff, "Қате терілген")
    assert [(c["old"], c["new"]) for c in entry.changes if c["field"] == "value"] == [("95.0000", "45.5000")]
    for inputs in ({"value": "45.5", "reason": "x"}, {"value": "50", "reason": ""}, {"value": "x", "reason": "x"}):
        with pytest.raises(InputProblem):
            steps.correct(row, by=world.staff, **inputs)
    with pytest.raises(Refused):
        steps.correct(row, by=world.head2, value="1", reason="x")


def test_a_weighted_value_is_not_corrected_into_one_without_cases_nor_past_all_bounds(world, signed_in):
    kpi = scenes.indicator(world, roll_up="weighted")
    row = scenes.value(world, kpi, value=D(80), weight=D(4))
    client, url = signed_in("asb"), f"/standards/measurements/{row.pk}/correct/"
    for value, weight in (("81", ""), ("9" * 20, "4"), ("81", "9" * 20), ("NaN", "4"), ("81", "-1")):
        answer = client.post(url, {"value": value, "weight": weight, "reason": "Қайта саналды"})
        assert (answer.status_code, "Қайта саналды" in answer.content.decode()) == (400, True), (value, weight)
    row.refresh_from_db()
    assert (row.value, row.weight) == (80, 4)


def test_withdrawn_it_counts_nowhere_and_another_one_may_be_given(world):
    row = scenes.withdrawn(world)
    assert row.state == "withdrawn"
    with pytest.raises(NotNow):
        steps.correct(row, by=world.asb, value="1", reason="x")
    assert scenes.value(world, period="2026-01").state == "valid"


# -- the grid ---------------------------------------------------------------------------------------
def cell(unit, label, kind="v"):
    return f"{kind}:{unit.pk if unit else 0}:{label}"


def test_the_grid_takes_what_was_changed_at_once(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.value(world, kpi, value=D(80))
    client = signed_in("asb")
    page = client.get(f"{GRID}?indicator=kpi-1&year=2026").content.decode()
    assert f'name="{cell(world.department, "2026-03")}" value="80"' in page
    assert cell(world.department, "2026-05") in page
    assert cell(world.department, "2026-06") not in page  # has not begun
    typed = {
        cell(world.department, "2026-03"): "80",
        cell(world.department, "2026-04"): "82,5",
        cell(world.other, "2026-04"): " 1 000 ",
        cell(world.other, "2026-02"): "",
    }
    answer = client.post(f"{GRID}?indicator=KPI-1&year=2026", typed)
    assert answer.status_code == 302
    assert sorted(Measurement.objects.values_list("period", "value")) == [
        ("2026-03", 80),
        ("2026-04", D("82.5")),
        ("2026-04", 1000),
    ]
    assert Entry.objects.filter(verb="add", by=world.asb).count() == 3


def test_one_wrong_cell_and_nothing_of_the_grid_is_saved_and_all_stands_as_typed(world, signed_in):
    kpi = scenes.indicator(world)
    typed = {cell(world.department, "2026-03"): "77", cell(world.other, "2026-03"): "<көп>"}
    answer = signed_in("asb").post(f"{GRID}?indicator={kpi.code}&year=2026", typed)
    page = answer.content.decode()
    assert (answer.status_code, Measurement.objects.count()) == (400, 0)
    assert 'value="77"' in page
    assert "&lt;көп&gt;" in page
    assert page.count('aria-invalid="true"') == 1


def test_another_value_in_the_grid_asks_for_one_reason_and_is_refused_when_somebody_was_quicker(world, signed_in):
    kpi = scenes.indicator(world)
    row = scenes.value(world, kpi, value=D(80))
    client, url = signed_in("asb"), f"{GRID}?indicator=KPI-1&year=2026"
    typed = {cell(world.department, "2026-03"): "85", "seen": "2026-05-10T12:30:00+05:00"}
    assert client.post(url, typed).status_code == 400
    early = {**typed, "seen": "2026-05-10T06:00:00+05:00", "reason": "Қате"}
    assert client.post(url, early).status_code == 400
    row.refresh_from_db()
    assert row.value == 80
    assert client.post(url, {**typed, "reason": "Қате терілген"}).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.corrected_by, row.history.first().why) == (85, world.asb, "Қате терілген")
    # An emptied cell is no way to take a value back.
    assert client.post(url, {**typed, cell(world.department, "2026-03"): "", "reason": "x"}).status_code == 400


def test_whoever_was_told_of_a_change_made_meanwhile_may_replace_it_at_the_next_press(world, signed_in):
    kpi = scenes.indicator(world)
    row = scenes.value(world, kpi, value=D(80))
    client, url = signed_in("asb"), f"{GRID}?indicator=KPI-1&year=2026"
    typed = {cell(world.department, "2026-03"): "85", "reason": "Қате терілген"}
    with time_machine.travel("2026-05-10T12:10:00+05:00"):
        told = client.post(url, {**typed, "seen": "2026-05-10T11:00:00+05:00"})
        assert told.status_code == 400
    assert client.post(url, {**typed, "seen": told.context["seen"]}).status_code == 302
    row.refresh_from_db()
    assert row.value == 85
    # What was wrong in another way leaves the moment as it was.
    bad = client.post(url, {cell(world.department, "2026-03"): "x", "seen": "2026-05-10T11:00:00+05:00"})
    assert bad.context["seen"] == "2026-05-10T11:00:00+05:00"


def test_years_at_the_ends_are_no_errors(world, signed_in):
    for period in ("academic_year", "term"):
        scenes.indicator(world, f"KPI-{period[0].upper()}", period=period)
        for year in ("1990", "1991", "2100", "2101"):
            assert signed_in("asb").get(f"{GRID}?indicator=KPI-{period[0].upper()}&year={year}").status_code == 200


def test_the_grid_shows_only_units_whose_values_one_gives(world, signed_in):
    kpi = scenes.indicator(world)
    url = f"{GRID}?indicator=KPI-1&year=2026"
    page = signed_in("staff").get(url).content.decode()
    assert cell(world.department, "2026-03") in page
    assert cell(world.other, "2026-03") not in page
    assert signed_in("stranger").get(url).status_code == 403
    assert signed_in("expert").get(url).status_code == 404
    signed_in("staff").post(url, {cell(world.other, "2026-03"): "5", cell(None, "2026-03"): "5"})
    assert not Measurement.objects.exists()
    for wrong in ("NONE", "%00", "9" * 300):
        assert signed_in("asb").get(f"{GRID}?indicator={wrong}").status_code == 404
    assert kpi.code in signed_in("staff").get(GRID).content.decode()


def test_the_grid_of_a_weighted_indicator_takes_cases(world, signed_in):
    kpi = scenes.indicator(world, roll_up="weighted")
    url = f"{GRID}?indicator=KPI-1&year=2026"
    client = signed_in("asb")
    assert client.post(url, {cell(world.department, "2026-03"): "50"}).status_code == 400
    both = {cell(world.department, "2026-03"): "50", cell(world.department, "2026-03", "c"): "12"}
    assert client.post(url, both).status_code == 302
    assert Measurement.objects.get(code=kpi.code).weight == 12


def test_queries_of_grid_board_and_values_do_not_grow_with_the_rows(world, signed_in):
    client = signed_in("asb")
    scenes.indicator(world, "A1")
    pages = (f"{GRID}?indicator=A1&year=2026", BOARD, "/standards/indicator-values/A1/", "/standards/measurements/")

    def asked() -> list[int]:
        counts = []
        for url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    scenes.value(world, scenes.indicator(world, "A1"), period="2026-01")
    before = asked()
    for number in range(2, 31):
        kpi = scenes.indicator(world, f"A{number}")
        scenes.target(kpi, 2026, 90)
        scenes.value(world, kpi, period="2026-01")
    for month in range(2, 6):
        scenes.value(world, scenes.indicator(world, "A1"), period=f"2026-0{month}")
        scenes.value(world, scenes.indicator(world, "A1"), world.other, period=f"2026-0{month}")
    assert asked() == before


# -- board, values, panel ------------------------------------------------------------------------------
def test_board_shows_value_target_light_of_the_university_and_of_a_unit(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.target(kpi, 2026, 90, 80, 60)
    scenes.target(kpi, 2026, 40, unit=world.department)
    for month, value in (("01", 40), ("02", 60)):
        scenes.value(world, kpi, period=f"2026-{month}", value=D(value))
    scenes.value(world, kpi, world.other, period="2026-01", value=D(80))
    scenes.value(world, kpi, period="2025-01", value=D(10))
    (line,) = boards.lines(boards.in_force(), None, 2026)
    # January (40 + 80) / 2 = 60, February 60: the year 60, which is red; the year before 10.
    assert (line.value, line.light, line.trend[-2][1]) == (60, "red", 10)
    (own,) = boards.lines(boards.in_force("S1"), world.department.pk, 2026)
    assert (own.value, own.light) == (50, "green")
    assert boards.lines(boards.in_force("S2"), None, 2026) == []
    page = signed_in("staff").get(f"{BOARD}?year=2026").content.decode()
    assert "KPI-1 көрсеткіші" in page
    assert "<polyline" in page
    assert signed_in("staff").get(f"{BOARD}?unit={world.other.pk}").status_code == 404
    assert signed_in("staff").get(f"{BOARD}?unit={world.department.pk}").status_code == 200
    for wrong in ("x", "9" * 30, "0"):
        assert signed_in("staff").get(f"{BOARD}?unit={wrong}").status_code == 404


def test_board_as_a_sheet_and_on_paper_says_the_same(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.value(world, kpi, value=D("81.5"))
    scenes.value(world, kpi, period="2025-03", value=D("75"))
    client = signed_in("asb")
    book = load_workbook(BytesIO(client.get(f"{BOARD}?year=2026&export=xlsx").content))
    rows = list(book.worksheets[0].values)
    assert rows[1][0] == "KPI-1"
    assert rows[1][4] == 81.5
    answer = client.get(f"{BOARD}print/?year=2026&lang=en")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert Paper.objects.get().state == Paper.DONE


def test_values_of_an_indicator_hide_other_units_from_those_who_may_not_see_them(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.value(world, kpi, value=D("11"))
    scenes.value(world, kpi, world.other, value=D("99"))
    url = "/standards/indicator-values/KPI-1/"
    own, all_units = (signed_in(name).get(url).content.decode() for name in ("staff", "asb"))
    assert "99,0" not in own
    assert "99,0" in all_units
    assert "55,0" in own  # of the university, rolled up
    assert signed_in("staff").get(f"{url}?unit={world.other.pk}").status_code == 404
    assert signed_in("asb").get("/standards/indicator-values/NONE/").status_code == 404
    assert signed_in("expert").get(url).status_code == 404


def test_panel_says_value_target_and_where_to_enter(world, rf):
    kpi = scenes.indicator(world)
    scenes.target(kpi, 2026, 90)
    scenes.value(world, kpi, value=D(95))
    request = rf.get("/")
    request.user = world.staff
    panels = [found for render in registry.panels[type(kpi)] if (found := render(kpi, request))]
    (panel,) = [panel for panel in panels if panel["template"] == "standards/measurements/panel.html"]
    assert (panel["value"], panel["target"]) == ("95,0 %", "90,0 %")
    assert "state--done" in panel["light"]
    request.user = world.expert
    assert not any(render(kpi, request) for render in registry.panels[type(kpi)] if render.__name__ == "_values")


# -- signal, desk, reminder, chapter ------------------------------------------------------------------------
def test_a_red_value_is_a_signal_with_everything_filled_in_and_only_the_latest_counts(world):
    kpi = scenes.indicator(world, area="S1.A1")
    scenes.target(kpi, 2026, 90, 80, 60)
    signal = registry.signals["indicators.red"]
    old = scenes.value(world, kpi, period="2026-01", value=D(10))
    whole = scenes.value(world, scenes.indicator(world, "KPI-8", units=[]), None, value=D(1))
    assert [row.pk for row in signal.rows()] == [old.pk]
    draft = signal.draft(old)
    assert (draft["area"], draft["unit"], draft["severity"], draft["source_kind"]) == (
        "S1.A1",
        world.department,
        "minor",
        "kpi",
    )
    assert "KPI-1" in draft["title"]
    assert "90,0 %" in draft["description"]
    scenes.value(world, kpi, period="2026-03", value=D(95))
    assert list(signal.rows()) == []
    red = scenes.value(world, kpi, world.other, period="2026-03", value=D(10))
    assert [row.pk for row in signal.rows()] == [red.pk]
    steps.withdraw(red, by=world.asb, reason="Қате")
    assert list(signal.rows()) == []
    with time_machine.travel("2027-09-01T12:00:00+05:00"):
        assert whole.light == "none"
        assert list(signal.rows()) == []


def test_heads_see_on_their_desk_what_is_owed_and_are_reminded_once(world):
    kpi = scenes.indicator(world, responsible=world.school)
    assert [row.code for row in owed_by(world.head)] == ["KPI-1"]
    assert [row.code for row in owed_by(world.dean)] == ["KPI-1"]
    assert list(owed_by(world.staff)) == []
    (rule,) = [rule for rule in rules() if rule.name == "standards.values_owed"]
    sweep_rule(rule, datetime.date(2026, 5, 10))
    sweep_rule(rule, datetime.date(2026, 5, 11))
    assert list(Notice.objects.values_list("person__username", flat=True)) == ["dean"]
    scenes.value(world, kpi, period="2026-04")
    assert list(owed_by(world.head)) == []
    assert [row.code for row in owed_by(world.dean)] == ["KPI-1"]
    scenes.value(world, kpi, world.other, period="2026-04")
    assert list(owed_by(world.dean)) == []
    assert rule.rows().count() == 0


def test_chapter_has_the_table_of_the_board_and_charts_where_there_is_a_trend(world):
    kpi, other = scenes.indicator(world), scenes.indicator(world, "KPI-2", standard="S2")
    scenes.target(kpi, 2026, 90)
    scenes.value(world, kpi, value=D(95))
    scenes.value(world, kpi, period="2025-03", value=D(70))
    scenes.value(world, other, value=D(5))
    chapter = registry.chapters["indicators"]

    def made(**scope):
        days = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
        return chapter.make(ChapterScope(*days, 2026, **scope))

    table, *rest = made(standard="S1")
    assert isinstance(table, Table)
    assert table.rows[0][:3] == ("KPI-1 KPI-1 көрсеткіші", "95,0 %", "90,0 %")
    assert table.lights == ("green",)
    assert [type(block) for block in rest][-1] is Picture
    assert len(made()[0].rows) == 2
    assert made(standard="S3") == []
    assert made(unit=world.other, person=world.staff) == []


# -- API ---------------------------------------------------------------------------------------------------
def test_api_lists_adds_and_corrects(world):
    kpi = scenes.indicator(world)
    client = APIClient()
    client.force_authenticate(world.asb)
    answer = client.post("/api/v1/standards/measurements/", data(kpi, world.department), format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["origin"] == "api"
    pk = answer.json()["id"]
    answer = client.post(
        f"/api/v1/standards/measurements/{pk}/correct/", {"value": 70, "reason": "Қате"}, format="json"
    )
    assert (answer.status_code, answer.json()["value"]) == (200, "70.0000")
    listed = client.get("/api/v1/standards/measurements/", {"indicator": "kpi-1", "year": 2026}).json()
    assert listed["count"] == 1
    client.force_authenticate(world.head2)
    assert client.get(f"/api/v1/standards/measurements/{pk}/").status_code == 404


@pytest.mark.parametrize("field", ["indicator", "unit", "period", "value", "weight", "note"])
def test_half_a_letter_sent_to_the_api_is_no_error_of_ours(world, field):
    scenes.indicator(world)
    client = APIClient()
    client.force_authenticate(world.asb)
    row = {"indicator": "KPI-1", "unit": "THERAPY", "period": "2026-03", "value": "5", field: "\ud800\x00"}
    sent = json.dumps({"values": [row], "reason": "\udc00"})
    answer = client.post("/api/v1/standards/measurements/bulk/", sent, content_type="application/json")
    assert answer.status_code == (200 if field == "note" else 400)


def test_api_takes_many_at_once_or_none(world):
    scenes.indicator(world)
    client = APIClient()
    client.force_authenticate(world.asb)
    url = "/api/v1/standards/measurements/bulk/"
    rows = [
        {"indicator": "KPI-1", "unit": "therapy", "period": "2026-03", "value": 81.5},
        {"indicator": "KPI-1", "unit": "surgery", "period": "2026-03", "value": "x"},
        {"indicator": "KPI-1", "unit": "therapy", "period": "2026-03", "value": "9"},
    ]
    answer = client.post(url, {"values": rows}, format="json")
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {"values.1.value", "values.2.period"}
    assert not Measurement.objects.exists()
    answer = client.post(url, {"values": rows[:1]}, format="json")
    assert (answer.status_code, answer.json()) == (200, {"added": 1, "replaced": 0, "skipped": 0})
    again = [{**rows[0], "value": 90}]
    assert client.post(url, {"values": again}, format="json").status_code == 400
    answer = client.post(url, {"values": again, "reason": "Түзету"}, format="json")
    assert answer.json() == {"added": 0, "replaced": 1, "skipped": 0}
    for wrong in ({}, {"values": 5}, {"values": []}, {"values": [1]}, [], {"values": rows[:1] * 5001}):
        assert client.post(url, wrong, format="json").status_code == 400
    client.force_authenticate(world.expert)
    assert client.post(url, {"values": rows[:1]}, format="json").status_code == 403


# -- as people read it -----------------------------------------------------------------------------
def test_the_grid_shows_a_stored_value_with_the_comma_of_the_reader_and_knows_it_again(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.value(world, kpi, value=D("97.5"))
    client, url = signed_in("asb"), f"{GRID}?indicator=KPI-1&year=2026"
    assert 'value="97,5" data-was="97,5"' in client.get(url).content.decode()
    assert client.post(url, {cell(world.department, "2026-03"): "97,5"}).status_code == 302
    told = client.post(url, {cell(world.department, "2026-03"): "96"}).content.decode()
    assert "97,5" in told
    assert "97.5" not in told


def test_marked_in_the_grid_is_the_input_to_correct(world, signed_in):
    kpi = scenes.indicator(world, roll_up="weighted")
    value = cell(world.department, "2026-03")
    cases = value.replace("v:", "c:")
    page = signed_in("asb").post(f"{GRID}?indicator={kpi.code}&year=2026", {value: "91", cases: "-3"}).content.decode()
    assert f'name="{cases}"' in page.split('aria-invalid="true"')[0].rpartition("<input")[2]


def test_the_university_stands_once_among_the_values_and_the_newest_period_first(world, signed_in):
    kpi = scenes.indicator(world)
    scenes.value(world, kpi, value=D("11"))
    answer = signed_in("asb").get("/standards/indicator-values/KPI-1/")
    labels = [row["label"] for row in answer.context["rows"]]
    assert str(world.university) not in labels
    heads = [label for label, _words in answer.context["heads"]]
    assert heads == sorted(heads, reverse=True)


def test_a_sheet_of_the_board_holds_the_figures_of_the_page(world, signed_in):
    kpi = scenes.indicator(world, decimals=1)
    for unit, value in ((world.department, "10"), (world.other, "10.5")):
        scenes.value(world, kpi, unit, value=D(value))
        scenes.value(world, kpi, unit, period="2026-01", value=D(1))
        scenes.value(world, kpi, unit, period="2026-02", value=D(1))
    client = signed_in("asb")
    book = load_workbook(BytesIO(client.get(f"{BOARD}?year=2026&export=xlsx").content))
    assert book.worksheets[0]["E2"].value == 4.1  # 4.0833… without end
    assert "4,1 %" in client.get(f"{BOARD}?year=2026").content.decode()


@pytest.mark.parametrize("page", ["indicator-board/", "indicators/", "indicator-sets/", "measurements/", "ratings/"])
def test_pages_of_indicators_lead_to_one_another(world, signed_in, page):
    scenes.indicator(world)
    found = signed_in("asb").get(f"/standards/{page}").content.decode()
    assert found.count('href="/standards/indicator-sets/"') + found.count('href="/standards/indicator-board/"') >= 1
