"""The calendar of days off: seeded from the `holidays` library, mended by the office in admin."""

import datetime

import holidays
from django.db import models
from django.utils.translation import gettext_lazy as _


class DayOff(models.Model):
    """A day that differs from its weekday: a public holiday, a day off moved here, or a Saturday worked instead."""

    day = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("worked"), default=False, help_text=_("Ticked: a weekend day that is worked."))
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["day"]
        verbose_name = _("day off")
        verbose_name_plural = _("days off")

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name}"


def seed_days_off(years: list[int]) -> int:
    """Fill in the years that have no row yet; what the office entered is left alone. Returns the rows made."""
    made = 0
    for year in years:
        if DayOff.objects.filter(day__year=year).exists():
            continue
        official = holidays.country_holidays("KZ", years=year, language="kk")
        rows = [DayOff(day=day, name=name[:200]) for day, name in official.items() if isinstance(day, datetime.date)]
        made += len(DayOff.objects.bulk_create(rows))
    return made
