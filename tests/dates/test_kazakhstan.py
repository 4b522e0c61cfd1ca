"""Working days of 2026 and 2027 against Kazakhstan's official calendar, counted by hand.

The calendar: Labour Code art. 84–85 and the Law on Holidays. A holiday that falls on a Saturday or Sunday gives the
next working day off; 7 January and the first day of Kurban Ait are days off that are never moved. With the new
Constitution its day is 15 March from 2027 on; 30 August is no holiday from 2026 on (Ministry of Labour, 18 March 2026),
so Monday 31 August 2026 is worked, which calendars printed before March 2026 still show as a day off.
Not in the seed, because it is decreed from year to year: days off that the Government moves for five-day weeks
(none for 2026; for 2027 none known on 20 November 2026), and the day of Kurban Ait 2027 (by calculation 16 May, a
Sunday). The office enters both in admin.
"""

from __future__ import annotations

import datetime

import pytest

from qa_portal.dates.days import add_working_days, is_working_day
from qa_portal.dates.models import DayOff, seed_days_off

pytestmark = pytest.mark.django_db

D = datetime.date

#: weekdays off, month by month; Saturdays and Sundays are off besides
OFFICIAL = {
    2026: {1: [1, 2, 7], 3: [9, 23, 24, 25], 5: [1, 7, 11, 27], 7: [6], 10: [26], 12: [16]},
    2027: {1: [1, 4, 7], 3: [8, 15, 22, 23, 24], 5: [3, 7, 10], 7: [6], 10: [25], 12: [16]},
}


@pytest.fixture(autouse=True)
def _seeded(db):
    seed_days_off([2025, 2026, 2027, 2028])


@pytest.mark.parametrize("year", OFFICIAL)
def test_each_day_of_the_year_is_as_the_official_calendar_has_it(year):
    off = {D(year, month, day) for month, days in OFFICIAL[year].items() for day in days}
    day, wrong = D(year, 1, 1), []
    while day.year == year:
        if is_working_day(day) != (day.weekday() < 5 and day not in off):
            wrong.append(day)
        day += datetime.timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("month", "worked"),
    [(1, 19), (2, 20), (3, 18), (4, 22), (5, 17), (6, 22), (7, 22), (8, 21), (9, 22), (10, 21), (11, 21), (12, 22)],
)
def test_working_days_of_each_month_of_2026(month, worked):
    day, found = D(2026, month, 1), 0
    while day.month == month:
        found += is_working_day(day)
        day += datetime.timedelta(days=1)
    assert found == worked


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # New Year 2026: 1–2 (Thursday, Friday) and Wednesday 7 January off; 5 and 6 worked
        (D(2025, 12, 24), D(2026, 1, 12)),
        # 8 March 2026 is a Sunday: Monday the 9th is off
        (D(2026, 3, 2), D(2026, 3, 17)),
        # Nauryz 2026: Saturday 21 to Monday 23, two days carried over to 24 and 25
        (D(2026, 3, 12), D(2026, 3, 31)),
        (D(2026, 3, 20), D(2026, 4, 8)),
        # May 2026: Friday 1, Thursday 7, Saturday 9 carried to Monday 11; Friday 8 worked
        (D(2026, 4, 29), D(2026, 5, 18)),
        # Kurban Ait, Wednesday 27 May 2026
        (D(2026, 5, 20), D(2026, 6, 4)),
        (D(2026, 6, 26), D(2026, 7, 13)),
        # 30 August is no holiday any more: Monday 31 August 2026 counts
        (D(2026, 8, 21), D(2026, 9, 4)),
        # 25 October 2026 is a Sunday: Monday 26 is off
        (D(2026, 10, 19), D(2026, 11, 3)),
        (D(2026, 12, 11), D(2026, 12, 28)),
        # New Year 2027: Friday 1, Saturday 2 carried to Monday 4, Thursday 7
        (D(2026, 12, 24), D(2027, 1, 12)),
        # Monday 8, Monday 15 (Constitution), Nauryz Sunday 21 carried to Wednesday 24
        (D(2027, 3, 4), D(2027, 3, 25)),
        (D(2027, 3, 17), D(2027, 4, 5)),
        # May 2027: Saturday 1 carried to Monday 3, Friday 7, Sunday 9 carried to Monday 10; Kurban Ait on a Sunday
        (D(2027, 4, 28), D(2027, 5, 17)),
        (D(2027, 6, 30), D(2027, 7, 15)),
        (D(2027, 10, 18), D(2027, 11, 2)),
        (D(2027, 12, 10), D(2027, 12, 27)),
    ],
)
def test_ten_working_days_counted_by_hand(start, due):
    assert add_working_days(start, 10) == due


def test_a_transfer_decreed_later_is_entered_by_the_office_and_counts():
    """As in 2025: a Sunday worked for a Friday off."""
    before = add_working_days(D(2027, 4, 28), 10)
    DayOff.objects.create(day=D(2027, 5, 6), working=False, name="Ауыстырылған демалыс")
    DayOff.objects.create(day=D(2027, 5, 15), working=True, name="Ауыстырылған жұмыс күні")
    assert (before, add_working_days(D(2027, 4, 28), 10)) == (D(2027, 5, 17), D(2027, 5, 17))
    assert not is_working_day(D(2027, 5, 6))
    assert is_working_day(D(2027, 5, 15))
