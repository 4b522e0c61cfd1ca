"""Days: Kazakhstan's holidays, working days, months that end early, the academic year, midnight in Almaty."""

import datetime

import pytest
import time_machine

from qa_portal.dates.days import academic_year_start, add_months, add_working_days, is_working_day, today
from qa_portal.dates.models import DayOff, seed_days_off

D = datetime.date


@pytest.fixture
def calendar(db):
    assert seed_days_off([2026, 2027]) > 20


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2026, 11, 20), True),  # a Friday
        (D(2026, 11, 21), False),  # a Saturday
        (D(2026, 3, 23), False),  # Nauryz
        (D(2026, 12, 16), False),  # Independence Day
        (D(2027, 1, 7), False),  # Orthodox Christmas
        (D(2026, 5, 1), False),
    ],
)
def test_days_off_of_kazakhstan(calendar, day, working):
    assert is_working_day(day) is working


def test_ten_working_days_step_over_weekends_and_nauryz(calendar):
    # from Thursday 12 March: 13, 16–20, then 21–25 are days off (Nauryz 21–23, carried over to 24 and 25), 26, 27, 30, 31
    assert add_working_days(D(2026, 3, 12), 10) == D(2026, 3, 31)


def test_a_worked_saturday_entered_by_the_office_counts(calendar):
    before = add_working_days(D(2026, 11, 18), 3)
    DayOff.objects.create(day=D(2026, 11, 21), working=True, name="Жұмыс күні")
    assert (before, add_working_days(D(2026, 11, 18), 3)) == (D(2026, 11, 23), D(2026, 11, 21))


def test_seeding_again_leaves_what_the_office_entered(calendar):
    DayOff.objects.filter(day=D(2026, 12, 16)).update(working=True)
    assert seed_days_off([2026, 2027]) == 0
    assert is_working_day(D(2026, 12, 16))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2026, 1, 31), 2, D(2026, 3, 31)),  # counted from the start, not from 28 February
        (D(2026, 11, 30), 3, D(2027, 2, 28)),
        (D(2026, 12, 31), 36, D(2029, 12, 31)),
    ],
)
def test_months_are_added_from_the_start(start, months, end):
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("day", "start"), [(D(2026, 8, 31), D(2025, 9, 1)), (D(2026, 9, 1), D(2026, 9, 1)), (D(2027, 1, 1), D(2026, 9, 1))]
)
def test_academic_year_begins_in_september(day, start):
    assert academic_year_start(day) == start


def test_today_is_that_of_almaty():
    # 19:30 in London is past midnight in Almaty (UTC+5)
    with time_machine.travel(datetime.datetime(2026, 11, 20, 19, 30, tzinfo=datetime.UTC), tick=False):
        assert today() == D(2026, 11, 21)
