"""Periods of indicators: labels and their days, the one before and after, which is over (domain.md §2 "KPIs").

Labels: "2026-03" a month, "2026-Q1" a quarter, "2026" a year, "2026/2027" an academic year, "2026/2027-1" and "-2" its
terms. An academic year runs from September to August, as `dates.days.academic_year_start` says; terms have the days that
the office has entered for them, else September to January and February to August.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.programmes.models import Term

MONTH, QUARTER, TERM, YEAR, ACADEMIC_YEAR = "month", "quarter", "term", "year", "academic_year"
KINDS = (MONTH, QUARTER, TERM, YEAR, ACADEMIC_YEAR)
_FORMS = {
    MONTH: re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    TERM: re.compile(r"(\d{4})/(\d{4})-([12])"),
    YEAR: re.compile(r"(\d{4})"),
    ACADEMIC_YEAR: re.compile(r"(\d{4})/(\d{4})"),
}
#: how each kind is written, said where somebody wrote it otherwise
EXAMPLES = {
    MONTH: "2026-03",
    QUARTER: "2026-Q1",
    TERM: "2026/2027-1",
    YEAR: "2026",
    ACADEMIC_YEAR: "2026/2027",
}
#: years that a period may lie in: what stands outside is a slip of the hand
FIRST_YEAR, LAST_YEAR = 1990, 2100
AUTUMN, SPRING = "1", "2"
#: how far the office moves the days of a term at most
TERM_MOVES = datetime.timedelta(days=150)
_SEASONS: dict[str, str] = {Term.Season.AUTUMN: AUTUMN, Term.Season.SPRING: SPRING}


@dataclass(frozen=True)
class Span:
    """One period: its label, its kind, its first and its last day."""

    label: str
    kind: str
    since: datetime.date
    until: datetime.date

    def __str__(self) -> str:
        return self.label

    def holds(self, day: datetime.date) -> bool:
        return self.since <= day <= self.until

    def is_over(self, day: datetime.date) -> bool:
        return self.until < day

    @property
    def year(self) -> int:
        """The year whose target holds: that in which the period ends; both terms belong to the end of their academic year."""
        return year_of(self.label)

    @property
    def words(self) -> str:
        """The label as people say it."""
        if self.kind == MONTH:
            return date_format(self.since, "YEAR_MONTH_FORMAT")
        if self.kind == QUARTER:
            return gettext("quarter %(n)s of %(year)s") % {"n": self.label[-1], "year": self.label[:4]}
        if self.kind == TERM:
            season = Term.Season.AUTUMN if self.label[-1] == AUTUMN else Term.Season.SPRING
            return f"{self.label[:9]}, {season.label}"
        return self.label


def kind_of(label: str) -> str:
    """The kind that a label is written in; "" when it is none."""
    return next((kind for kind, form in _FORMS.items() if form.fullmatch(label)), "")


def year_of(label: str) -> int:
    return int(label[5:9]) if "/" in label else int(label[:4])


def labels_of(kind: str, year: int) -> list[str]:
    """The periods of a kind that count to a year, in order."""
    if kind == MONTH:
        return [f"{year}-{month:02d}" for month in range(1, 13)]
    if kind == QUARTER:
        return [f"{year}-Q{quarter}" for quarter in range(1, 5)]
    if kind == TERM:
        return [f"{year - 1}/{year}-{season}" for season in (AUTUMN, SPRING)]
    return [f"{year - 1}/{year}"] if kind == ACADEMIC_YEAR else [str(year)]


def ends(spans: Sequence[Span]) -> tuple[datetime.date, datetime.date]:
    """Between which days stored values of these periods end: those of a term that was moved keep its former days."""
    moved = TERM_MOVES if any(span.kind == TERM for span in spans) else datetime.timedelta()
    return min(span.until for span in spans) - moved, max(span.until for span in spans) + moved


def _month_end(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


class Periods:
    """Labels to days and back. Asks for the terms once, and only where a term is spoken of."""

    @cached_property
    def terms(self) -> dict[str, tuple[datetime.date, datetime.date]]:
        rows = Term.objects.values_list("year__name", "season", "since", "until")
        return {f"{name}-{_SEASONS[season]}": (since, until) for name, season, since, until in rows}

    def span(self, label: str) -> Span:
        """The period of a label; ValidationError says how periods are written."""
        kind = kind_of(label)
        if not kind:
            raise ValidationError(
                _("“%(label)s” is no period. Periods are written so: %(examples)s."),
                code="period",
                params={"label": label[:40], "examples": ", ".join(EXAMPLES.values())},
            )
        year = int(label[:4])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(
                _("The year %(year)s cannot be meant: give one from %(first)s to %(last)s."),
                code="period",
                params={"year": year, "first": FIRST_YEAR, "last": LAST_YEAR},
            )
        if "/" in label and int(label[5:9]) != year + 1:
            raise ValidationError(
                _("An academic year is written with the year after it: %(label)s."),
                code="period",
                params={"label": f"{year}/{year + 1}"},
            )
        return Span(label, kind, *self._days(label, kind, year))

    def _days(self, label: str, kind: str, year: int) -> tuple[datetime.date, datetime.date]:
        if kind == MONTH:
            month = int(label[5:7])
            return datetime.date(year, month, 1), _month_end(year, month)
        if kind == QUARTER:
            first = 3 * int(label[6]) - 2
            return datetime.date(year, first, 1), _month_end(year, first + 2)
        if kind == YEAR:
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        if kind == ACADEMIC_YEAR:
            return datetime.date(year, 9, 1), datetime.date(year + 1, 8, 31)
        if label in self.terms:
            return self.terms[label]
        if label[-1] == AUTUMN:
            return datetime.date(year, 9, 1), datetime.date(year + 1, 1, 31)
        return datetime.date(year + 1, 2, 1), datetime.date(year + 1, 8, 31)

    def read(self, text: Any, kind: str) -> Span:
        """A label as somebody wrote it, of the kind that is asked for; ValidationError says what is asked for."""
        label = re.sub(r"\s+", "", str(text)).upper().replace("–", "-").replace("—", "-").replace("К", "Q")
        if kind != MONTH and re.fullmatch(r"\d{4}\.0", label):  # a year that a spreadsheet took for a number
            label = label[:4]
        found = self.span(label)
        if found.kind != kind:
            raise ValidationError(
                _("“%(label)s” is a period of another kind. This indicator is measured so: %(example)s."),
                code="kind",
                params={"label": label, "example": EXAMPLES[kind]},
            )
        return found

    def containing(self, kind: str, day: datetime.date) -> Span:
        """The period that runs on a day. Between two terms it is the one that began last."""
        if kind != TERM:
            year = day.year
            candidates = {
                MONTH: f"{year}-{day.month:02d}",
                QUARTER: f"{year}-Q{(day.month + 2) // 3}",
                YEAR: str(year),
                ACADEMIC_YEAR: f"{year}/{year + 1}" if day.month >= 9 else f"{year - 1}/{year}",
            }
            return self.span(candidates[kind])
        near = [self.span(label) for year in (day.year - 1, day.year, day.year + 1) for label in labels_of(TERM, year)]
        return max((term for term in near if term.since <= day), key=lambda term: term.since)

    def next(self, span: Span) -> Span:
        year = span.year
        row = [*labels_of(span.kind, year), *labels_of(span.kind, year + 1)]
        return self.span(row[row.index(span.label) + 1])

    def previous(self, span: Span) -> Span:
        year = span.year
        row = [*labels_of(span.kind, year - 1), *labels_of(span.kind, year)]
        return self.span(row[row.index(span.label) - 1])

    def of_year(self, kind: str, year: int) -> list[Span]:
        """The periods that count to a year."""
        return [self.span(label) for label in labels_of(kind, year)]

    def over_years(self, kind: str, first: int, last: int) -> list[Span]:
        return [span for year in range(first, last + 1) for span in self.of_year(kind, year)]

    def last_over(self, kind: str, day: datetime.date) -> Span:
        """The period that ended last before a day."""
        found = self.containing(kind, day)
        return found if found.is_over(day) else self.previous(found)

    def last(self, kind: str, count: int, day: datetime.date) -> list[Span]:
        """The period that runs on a day and those before it, oldest first."""
        found = [self.containing(kind, day)]
        while len(found) < count:
            found.append(self.previous(found[-1]))
        return found[::-1]
