"""Periods of indicators: labels and days, one after another without gaps, current and over, terms of the office."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from qa_portal.programmes.models import AcademicYear, Term
from standards.periods import ACADEMIC_YEAR, KINDS, MONTH, QUARTER, TERM, YEAR, Periods, kind_of, year_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize("kind", KINDS)
def test_periods_of_ten_years_follow_each_other_without_a_gap(kind):
    periods = Periods()
    spans = periods.over_years(kind, 2020, 2029)
    for before, after in zip(spans, spans[1:], strict=False):
        assert after.since == before.until + DAY
        assert periods.next(before) == after
        assert periods.previous(after) == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_day_of_ten_years_lies_in_exactly_the_period_that_says_so(kind):
    periods = Periods()
    spans = periods.over_years(kind, 2019, 2031)
    place, day = 0, datetime.date(2020, 1, 1)
    while day < datetime.date(2030, 1, 1):
        while not spans[place].holds(day):
            place += 1
        assert periods.containing(kind, day) == spans[place]
        day += 3 * DAY


@pytest.mark.parametrize(("year", "last"), [(2024, 29), (2025, 28), (2000, 29), (2100, 28)])
def test_february_ends_with_its_last_day(year, last):
    span = Periods().span(f"{year}-02")
    assert span.until == datetime.date(year, 2, last)
    assert Periods().span(f"{year}-Q1").until == datetime.date(year, 3, 31)


@pytest.mark.parametrize(
    ("label", "since", "until", "kind", "year"),
    [
        ("2026-03", "2026-03-01", "2026-03-31", MONTH, 2026),
        ("2026-Q4", "2026-10-01", "2026-12-31", QUARTER, 2026),
        ("2026", "2026-01-01", "2026-12-31", YEAR, 2026),
        ("2026/2027", "2026-09-01", "2027-08-31", ACADEMIC_YEAR, 2027),
        ("2026/2027-1", "2026-09-01", "2027-01-31", TERM, 2027),
        ("2026/2027-2", "2027-02-01", "2027-08-31", TERM, 2027),
    ],
)
def test_a_label_has_its_days_its_kind_and_its_year(label, since, until, kind, year):
    span = Periods().span(label)
    assert (span.since.isoformat(), span.until.isoformat(), span.kind) == (since, until, kind)
    assert (kind_of(label), span.year, year_of(label), str(span)) == (kind, year, year, label)


@pytest.mark.parametrize(
    "label", ["", "2026-13", "2026-00", "2026-Q5", "26-03", "2026/2028", "2026/2027-3", "1066", "march", "2026-3"]
)
def test_what_is_no_period_is_refused_with_an_example(label):
    with pytest.raises(ValidationError) as refused:
        Periods().span(label)
    assert any(figure.isdigit() for figure in str(refused.value))


def test_a_period_of_another_kind_is_refused_and_small_slips_are_read():
    periods = Periods()
    with pytest.raises(ValidationError) as refused:
        periods.read("2026-03", QUARTER)
    assert refused.value.code == "kind"
    assert periods.read(" 2026-q1 ", QUARTER).label == "2026-Q1"
    assert periods.read("2026 – 03", MONTH).label == "2026-03"
    assert periods.read(2026, YEAR).label == "2026"
    assert periods.read(2026.0, YEAR).label == "2026"


def test_terms_have_the_days_that_the_office_entered_and_count_to_the_same_year():
    year = AcademicYear.objects.create(
        name="2026/2027", since=datetime.date(2026, 9, 1), until=datetime.date(2027, 6, 30)
    )
    for season, since, until in (("autumn", (2026, 9, 1), (2026, 12, 26)), ("spring", (2027, 1, 18), (2027, 6, 5))):
        Term.objects.create(year=year, season=season, since=datetime.date(*since), until=datetime.date(*until))
    periods = Periods()
    autumn = periods.span("2026/2027-1")
    assert (autumn.until, autumn.year) == (datetime.date(2026, 12, 26), 2027)
    # In the pause between two terms it is the one that began last, and it is over.
    pause = datetime.date(2027, 1, 5)
    assert periods.containing(TERM, pause) == autumn
    assert autumn.is_over(pause)
    assert periods.last_over(TERM, pause) == autumn
    assert periods.containing(TERM, datetime.date(2027, 1, 18)).label == "2026/2027-2"


def test_the_last_finished_period_and_the_last_few():
    periods, day = Periods(), datetime.date(2026, 3, 31)
    assert periods.last_over(MONTH, day).label == "2026-02"
    assert periods.last_over(MONTH, day + DAY).label == "2026-03"
    assert periods.last_over(ACADEMIC_YEAR, datetime.date(2026, 9, 1)).label == "2025/2026"
    assert [span.label for span in periods.last(MONTH, 4, datetime.date(2026, 2, 10))] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
