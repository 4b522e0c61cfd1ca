"""Dated rows: a day before today, a day after."""

import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def day():
    """`day(-1)` is yesterday."""

    def make(shift: int = 0) -> datetime.date:
        return timezone.localdate() + datetime.timedelta(days=shift)

    return make
