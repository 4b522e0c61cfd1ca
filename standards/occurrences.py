"""When a duty falls due: pure arithmetic of a rule's periods, without the database (domain.md §2).

A rule is counted in periods, each with a key of its own ("2027", "2026/2027", "2027-Q1", "after 2024-03-01"); a period has
one occurrence and an occurrence one period. What is to be made is asked for with the day up to which everything is made
already, so that a job that stood still for weeks makes the same rows later. Dates are legal ones: a day off changes nothing,
unless a rule counts in working days.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qa_portal.dates.days import add_months

#: what has no known beginning is due by the end of the year in which the rule begins to count
FIRST = "first"
AFTER = "after "
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Occurrence:
    period: str
    opens_on: datetime.date
    due_on: datetime.date


@dataclass(frozen=True)
class TermDays:
    """A term of the academic year as far as periods need it."""

    key: str  # "2026/2027-1"
    since: datetime.date
    until: datetime.date


def day_in(year: int, month_day: str) -> datetime.date:
    """ "02-28" in a year; "02-29" is the last of February."""
    month, day = (int(part) for part in month_day.split("-"))
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def end_of_year(day: datetime.date) -> datetime.date:
    return datetime.date(day.year, 12, 31)


# -- counted from the last fulfilment ---------------------------------------------------------------
def after(rule: Any, base: datetime.date) -> Occurrence:
    """The one that follows a fulfilment: its window opens `months_from` after it, and it is overdue after `months`."""
    due = add_months(base, rule.months)
    windowed = rule.months_from is not None and rule.months_from < rule.months
    opens = add_months(base, rule.months_from) if windowed else due - rule.notice_days * _DAY
    return Occurrence(f"{AFTER}{base.isoformat()}", min(opens, due), due)


def unknown_start(day: datetime.date) -> Occurrence:
    """Nobody knows when it was last fulfilled: due by the end of the year, so that nothing is lost."""
    return Occurrence(FIRST, day, end_of_year(day))


# -- by the calendar ---------------------------------------------------------------------------------
def of_year(rule: Any, year: int) -> Occurrence:
    """The window that closes in this year; one that turns over New Year opens in the year before and bears both."""
    due, opens = day_in(year, rule.due), day_in(year, rule.opens)
    if opens <= due:
        return Occurrence(str(year), opens, due)
    return Occurrence(f"{year - 1}/{year}", day_in(year - 1, rule.opens), due)


def of_quarter(year: int, quarter: int) -> Occurrence:
    first = datetime.date(year, 3 * quarter - 2, 1)
    return Occurrence(f"{year}-Q{quarter}", first, add_months(first, 3) - _DAY)


def of_term(rule: Any, term: TermDays) -> Occurrence:
    due = (term.since if rule.anchor == "since" else term.until) + rule.offset_days * _DAY
    return Occurrence(term.key, due - rule.notice_days * _DAY, due)


def _periods(rule: Any, since: datetime.date, until: datetime.date, terms: Iterable[TermDays]) -> Iterator[Occurrence]:
    if rule.timing == "yearly":
        yield from (of_year(rule, year) for year in range(since.year, until.year + 1))
    elif rule.timing == "quarterly":
        yield from (of_quarter(year, q) for year in range(since.year, until.year + 1) for q in (1, 2, 3, 4))
    elif rule.timing == "term":
        yield from (of_term(rule, term) for term in terms)


def by_calendar(
    rule: Any, since: datetime.date, until: datetime.date, terms: Iterable[TermDays] = ()
) -> list[Occurrence]:
    """All that fall due from one day to another, both included, in order of their dates."""
    found = (one for one in _periods(rule, since, until, terms) if since <= one.due_on <= until)
    return sorted(found, key=lambda one: one.due_on)


def horizon(today: datetime.date) -> datetime.date:
    """How far ahead the calendar is filled: the whole of next year, so that one of each is always there."""
    return datetime.date(today.year + 1, 12, 31)


# -- opened by an event ------------------------------------------------------------------------------
def after_event(
    rule: Any,
    day: datetime.date,
    add_working_days: Callable[[datetime.date, int], datetime.date],
    due: datetime.date | None = None,
) -> Occurrence:
    """Open from the day of the event; due so many days later, or on the day that the event itself names."""
    if due is None:
        due = add_working_days(day, rule.due_days) if rule.working_days else day + rule.due_days * _DAY
    return Occurrence(day.isoformat(), day, max(day, due))


# -- which one an act fulfils --------------------------------------------------------------------------
def answered(rule: Any, rows: Iterable[Any], day: datetime.date) -> list[Any]:
    """Of the open occurrences of one rule and subject those that something done on `day` fulfils.

    Counted from the last fulfilment: the oldest, whenever it is done after the one before (too early only moves the next).
    By the calendar: the oldest whose window has opened, so that what is overdue is caught up first. By an event: every one
    that was opened until that day.
    """
    rows = sorted(rows, key=lambda row: (row.due_on, row.opens_on))
    if rule.timing == "from_last":
        return [row for row in rows if row.base is None or row.base < day][:1]
    opened = [row for row in rows if row.opens_on <= day]
    return opened if rule.timing == "event" else opened[:1]
