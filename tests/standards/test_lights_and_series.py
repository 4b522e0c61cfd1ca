"""Lights at their boundaries in both directions, roll-up counted by hand, values of a year, what is late."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa_portal.programmes.models import AcademicYear, Term
from qa_portal.workflow.models import Entry
from standards import importing, measuring, series
from standards.lights import Target, Targets, light, relight
from standards.models import IndicatorTarget, Measurement
from standards.periods import Periods
from standards.series import Part, roll_up, together, year_of_parts
from standards.workflow import indicators as indicator_steps

from . import scenes_measurements as scenes

D = Decimal
UP = Target(D(90), D(80), D(60))
DOWN = Target(D(10), D(20), D(30))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (95, "green"),
        (90, "green"),
        (85, "green"),
        (80, "amber"),
        (70, "amber"),
        (60, "red"),
        (0, "red"),
        (60.01, "amber"),
    ],
)
def test_light_where_more_is_better(value, found):
    assert light(D(str(value)), UP, "up") == found


@pytest.mark.parametrize(
    ("value", "found"),
    [(5, "green"), (10, "green"), (15, "green"), (20, "amber"), (29, "amber"), (30, "red"), (99, "red")],
)
def test_light_where_less_is_better(value, found):
    assert light(D(value), DOWN, "down") == found


def test_without_thresholds_amber_begins_at_the_target_and_nothing_is_red():
    bare = Target(D(90))
    assert [light(D(v), bare, "up") for v in (90, 89, 0)] == ["green", "amber", "amber"]
    assert [light(D(v), bare, "down") for v in (90, 91)] == ["green", "amber"]
    assert light(None, bare, "up") == light(D(5), None, "up") == "none"


# -- rolling up ---------------------------------------------------------------------------------------
#: 1 the root, 2 and 3 schools, 4 and 5 departments of 2, 6 of 3; the lowest first
ABOVE = {6: 3, 5: 2, 4: 2, 3: 1, 2: 1, 1: None}


def values(how: str, **own: tuple[int, int | None]) -> dict:
    given = {
        int(unit[1:]): Part(D(value), None if weight is None else D(weight)) for unit, (value, weight) in own.items()
    }
    return {unit: found.value for unit, found in roll_up(given, ABOVE, how).items()}


def test_sums_means_and_weighted_means_counted_by_hand():
    own = {"u4": (10, 1), "u5": (20, 3), "u6": (60, 6)}
    assert values("sum", **own) == {4: 10, 5: 20, 6: 60, 2: 30, 3: 60, 1: 90, None: 90}
    assert values("mean", **own) == {4: 10, 5: 20, 6: 60, 2: 15, 3: 60, 1: 30, None: 30}
    # (10·1 + 20·3) / 4 = 17.5; (10 + 60 + 360) / 10 = 43
    assert values("weighted", **own) == {4: 10, 5: 20, 6: 60, 2: D("17.5"), 3: 60, 1: 43, None: 43}
    assert values("none", **own) == {4: 10, 5: 20, 6: 60}


def test_what_a_unit_says_of_itself_hides_what_stands_below_it_and_counts_once():
    own = {"u2": (100, None), "u4": (10, None), "u6": (50, None)}
    found = roll_up({int(k[1:]): Part(D(v), w) for k, (v, w) in own.items()}, ABOVE, "sum")
    assert found[2] == (D(100), None, 0)
    assert found[None] == (D(150), None, 2)
    assert values("sum", **own)[None] == 150


def test_a_value_without_cases_has_no_weight_and_without_any_it_is_a_plain_mean():
    assert together([Part(D(10), D(2)), Part(D(90), None)], "weighted").value == 10
    assert together([Part(D(10)), Part(D(20))], "weighted").value == 15
    assert together([Part(D(10), D(0)), Part(D(20), D(0))], "weighted").value == 15
    assert together([], "sum") is None


def test_a_year_adds_up_or_averages_and_what_is_not_rolled_up_takes_the_last():
    months = [Part(D(10), D(1)), Part(D(20), D(1)), Part(D(60), D(2))]
    assert year_of_parts(months, "sum").value == 90
    assert year_of_parts(months, "mean").value == 30
    assert year_of_parts(months, "weighted").value == D("37.5")
    assert year_of_parts(months, "none").value == 60
    assert year_of_parts([], "none") is None


# -- over stored values -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_yearly_values_of_units_and_the_university(world):
    w = world
    kpi = scenes.indicator(w, roll_up="sum", measure="number")
    other = scenes.indicator(w, "KPI-2", units=[], period="academic_year", roll_up="none")
    for period, unit, value in (("2026-01", w.department, 3), ("2026-02", w.department, 4), ("2026-02", w.other, 10)):
        scenes.value(w, kpi, unit, period=period, value=D(value))
    scenes.value(w, kpi, w.department, period="2025-12", value=D(1000))
    scenes.value(w, other, None, period="2025/2026", value=D(7))
    gone = scenes.value(w, kpi, w.other, period="2026-01", value=D(500))
    scenes.steps.withdraw(gone, by=w.asb, reason="Қате")
    units = [w.department.pk, w.school.pk, None, w.far_school.pk]
    with CaptureQueriesContext(connection) as captured:
        found = series.yearly(["KPI-1", "KPI-2"], units, 2026)
    assert len(captured) == 3
    assert [found["KPI-1", unit] for unit in units] == [7, 17, 17, None]
    assert found["KPI-2", None] == 7
    # Asked without the university only what stands below is read, and the figures are the same.
    assert series.yearly(["KPI-1"], [w.school.pk], 2026) == {("KPI-1", w.school.pk): 17}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["sum", "mean", "weighted", "none"])
def test_what_the_database_adds_up_is_what_the_plain_function_says(world, how, monkeypatch):
    w = world
    kpi = scenes.indicator(w, roll_up=how)
    whole = scenes.indicator(w, "KPI-2", roll_up=how, period="quarter")
    for n, (unit, period, value) in enumerate(
        (
            (w.department, "2026-01", "0.1"),
            (w.other, "2026-01", "0.2"),
            (w.other, "2026-02", "33.3333"),
            (None, "2026-02", "7.7"),
            (w.department, "2025-12", "12.3"),
        )
    ):
        scenes.value(w, kpi, unit, period=period, value=D(value), weight=None if n == 2 else D(n + 1))
    scenes.value(w, whole, period="2026-Q1", value=D(5))
    asked = [(["KPI-1", "KPI-2"], unit) for unit in (None, w.school.pk, w.department.pk)]
    years = [2024, 2025, 2026]
    rows = list(series.definitions(["KPI-1", "KPI-2"]).values())
    quick = [series.parts_of_years(rows, [unit], years) for _codes, unit in asked]
    monkeypatch.setattr(series, "_nested", lambda rows, above: {"KPI-1", "KPI-2"})
    assert quick == [series.parts_of_years(rows, [unit], years) for _codes, unit in asked]


@pytest.mark.django_db
def test_where_a_reporting_unit_stands_above_another_its_value_hides_what_is_below(world):
    w = world
    kpi = scenes.indicator(w, roll_up="sum", measure="number", units=[w.school, w.department, w.other])
    scenes.value(w, kpi, period="2026-01", value=D(3))
    scenes.value(w, kpi, w.school, period="2026-01", value=D(100))
    scenes.value(w, kpi, w.other, period="2026-02", value=D(5))
    assert series.yearly(["KPI-1"], [None], 2026) == {("KPI-1", None): 105}
    assert series.yearly(["KPI-1"], [w.school.pk], 2026) == {("KPI-1", w.school.pk): 105}
    # Also where it reports no more: what it has said of that month still counts once.
    indicator_steps.choose_units(kpi, by=w.asb, units=[w.department, w.other], reason="Кафедралар өздері береді")
    assert series.yearly(["KPI-1"], [None], 2026) == {("KPI-1", None): 105}


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["sum", "mean", "weighted"])
def test_the_largest_values_and_cases_add_up_too(world, how):
    kpi = scenes.indicator(world, roll_up=how, measure="number")
    most = D("99999999999999")
    for unit in (world.department, world.other):
        scenes.value(world, kpi, unit, period="2026-01", value=most, weight=most)
    found = series.yearly(["KPI-1"], [None], 2026)["KPI-1", None]
    assert float(found) == pytest.approx(2e14 if how == "sum" else 1e14)


@pytest.mark.django_db
def test_a_value_of_a_term_is_found_after_the_office_has_moved_the_term(world):
    kpi = scenes.indicator(world, period="term")
    with time_machine.travel("2026-05-10T12:00:00+05:00"):
        made = scenes.value(world, kpi, period="2025/2026-1", value=D(70))
        year = AcademicYear.objects.create(name="2025/2026", since="2025-08-25", until="2026-06-30")
        for since, until in (("2025-08-25", "2025-12-28"), ("2025-10-01", "2026-04-20")):
            Term.objects.update_or_create(year=year, season="autumn", defaults={"since": since, "until": until})
            book = measuring.Book(world.asb)
            span = book.periods.span("2025/2026-1")
            assert series.table(kpi, [span])[world.department.pk, span.label].pk == made.pk
            # A late look for it takes it for given, and nobody writes a second one.
            late = series.stale([kpi], book.periods, datetime.date(2026, 6, 10))
            assert late == {"KPI-1": {world.other.pk}}
            assert (kpi, world.department.pk, span) not in list(importing.missing(book))
            ready = book.judge(measuring.Typed(1, "KPI-1", "therapy", span.label, "70"))
            assert measuring.enter([ready], by=world.asb, origin="hand").skipped == 1


@pytest.mark.django_db
def test_a_value_is_lit_when_it_is_given_and_again_when_targets_change(world):
    w = world
    kpi = scenes.indicator(w)
    scenes.target(kpi, 2026, 90, 80, 60)
    own, other, old = (
        scenes.value(w, kpi, value=D(70)),
        scenes.value(w, kpi, w.other, value=D(70)),
        scenes.value(w, kpi, period="2025-03", value=D(70)),
    )
    assert (own.light, other.light, old.light) == ("amber", "amber", "none")
    scenes.target(kpi, 2026, 60, unit=w.department)
    entries = Entry.objects.count()
    assert relight("KPI-1", 2026) == 1
    assert relight("KPI-1") == 0
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.light, other.light) == ("green", "amber")
    assert Entry.objects.count() == entries
    IndicatorTarget.objects.all().delete()
    assert relight("KPI-1", 2025) == 0
    assert relight("KPI-1") == 2


@pytest.mark.django_db
def test_what_adds_up_is_judged_by_the_year_and_for_the_university(world):
    w = world
    kpi = scenes.indicator(w, roll_up="sum", measure="number")
    scenes.target(kpi, 2026, 100, red=50)
    assert scenes.value(w, kpi, value=D(9)).light == "none"
    targets = Targets([kpi.pk], 2026)
    assert targets.light(kpi, 2026, None, D(40)) == "red"
    assert targets.light(kpi, 2026, w.department.pk, D(40)) == "none"


@pytest.mark.django_db
def test_table_of_units_and_periods_with_rolled_values_and_lights(world):
    w = world
    kpi = scenes.indicator(w)
    scenes.target(kpi, 2026, 90, 80, 60)
    scenes.value(w, kpi, value=D(100))
    scenes.value(w, kpi, w.other, value=D(20))
    spans = Periods().of_year("month", 2026)
    found = series.table(kpi, spans)
    assert (found[None, "2026-03"].value, found[None, "2026-03"].parts, found[None, "2026-03"].light) == (60, 2, "red")
    assert found[w.department.pk, "2026-03"].pk == Measurement.objects.get(unit=w.department).pk
    assert {unit for unit, _label in found} == {w.department.pk, w.other.pk, w.school.pk, w.university.pk, None}
    assert set(series.table(kpi, spans, [None])) == {(None, "2026-03")}


@pytest.mark.django_db
def test_late_is_who_reports_and_has_nothing_for_the_period_over_a_month_ago(world):
    w = world
    kpi = scenes.indicator(w)
    scenes.value(w, kpi, period="2026-02")
    with time_machine.travel("2026-03-30T12:00:00+05:00"):
        assert series.stale([kpi]) == {
            "KPI-1": {w.other.pk}
        }  # January is asked for: February ended 30 days ago only today
    with time_machine.travel("2026-04-15T12:00:00+05:00"):
        assert series.stale([kpi]) == {"KPI-1": {w.other.pk}}
    with time_machine.travel("2026-05-15T12:00:00+05:00"):
        assert series.stale([kpi]) == {"KPI-1": {w.department.pk, w.other.pk}}
    kpi.set.valid_from = datetime.date(2026, 5, 1)
    with time_machine.travel("2026-05-15T12:00:00+05:00"):
        assert series.stale([kpi]) == {}
