"""One helper for each question about days. Deadlines are dates in Asia/Almaty, never times."""

import calendar
import datetime

from django.utils import timezone

from .models import DayOff


def today() -> datetime.date:
    return timezone.localdate()


def is_working_day(day: datetime.date) -> bool:
    row = DayOff.objects.filter(day=day).values_list("working", flat=True).first()
    return row if row is not None else day.weekday() < 5


def add_working_days(start: datetime.date, count: int) -> datetime.date:
    """The day `count` working days after `start`; the start itself is not counted."""
    horizon = start + datetime.timedelta(days=count * 3 + 60)
    exceptions = dict(DayOff.objects.filter(day__range=(start, horizon)).values_list("day", "working"))
    day = start
    while count > 0:
        day += datetime.timedelta(days=1)
        if exceptions.get(day, day.weekday() < 5):
            count -= 1
    return day


def add_months(start: datetime.date, months: int) -> datetime.date:
    """start + k months, counted from the start each time; the 31st becomes the last day of a shorter month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def academic_year_start(day: datetime.date) -> datetime.date:
    """The 1 September on or before `day`."""
    return datetime.date(day.year if day.month >= 9 else day.year - 1, 9, 1)
