"""A clock that can stand in the past, so that the demo's history carries the dates on which it "happened".

All our code, and Django's `auto_now_add`, ask `django.utils.timezone` for the time by module attribute; `localdate()`
asks `now()` inside. So one replaced function is enough. Only for the loading of demo data, in a process of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Inside, it is `moment`."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real
