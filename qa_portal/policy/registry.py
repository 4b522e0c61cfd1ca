"""Each number a rector may change: declared in code with its clause, overridden in admin by a dated row."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.signals import request_started
from django.utils import timezone


@dataclass(frozen=True)
class Number:
    """One policy setting. `kind` is int, bool, text or ints; bounds apply to each number; `clause` is its source."""

    key: str
    default: Any
    label: Any
    unit: Any = ""
    kind: str = "int"
    low: int | None = None
    high: int | None = None
    clause: str = ""

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value`, in words for the log; None when it fits kind and bounds."""
        if self.kind == "bool":
            return None if isinstance(value, bool) else "bool"
        if self.kind == "text":
            return None if isinstance(value, str) else "text"
        numbers = value if self.kind == "ints" else [value]
        if not isinstance(numbers, list) or not numbers:
            return "ints"
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, int):
                return "int"
            if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
                return "bounds"
        return None


_declared: dict[str, Number] = {}
_rows: dict[str, list[tuple[datetime.date, Any, int]]] | None = None
_reads: ContextVar[dict[str, Any] | None] = ContextVar("policy_reads", default=None)


def declare(key: str, default: Any, **kwargs: Any) -> Number:
    number = Number(key, default, **kwargs)
    if key in _declared:
        raise ValueError(f"{key} is declared twice")
    if number.problem(default):
        raise ValueError(f"{key}: the default breaks its own bounds")
    _declared[key] = number
    return number


def declared() -> dict[str, Number]:
    return dict(_declared)


def forget(**kwargs: Any) -> None:
    """Read the rows anew at next use: at each request and task, and when a row is saved."""
    global _rows
    _rows = None


request_started.connect(forget)


def _load() -> dict[str, list[tuple[datetime.date, Any, int]]]:
    global _rows
    if _rows is None:
        rows: dict[str, list[tuple[datetime.date, Any, int]]] = {}
        stored = apps.get_model("policy", "PolicyValue").objects.order_by("valid_from", "pk")
        for pk, key, valid_from, value in stored.values_list("pk", "key", "valid_from", "value"):
            rows.setdefault(key, []).append((valid_from, value, pk))
        _rows = rows
    return _rows


def _in_force(key: str, day: datetime.date) -> tuple[Any, int]:
    """The value on a day and the row it comes from; 0 is the default in code."""
    found: tuple[Any, int] = (_declared[key].default if key in _declared else None, 0)
    for valid_from, value, pk in _load().get(key, ()):
        if valid_from <= day:
            found = (value, pk)
    return found


def row_in_force(key: str) -> int:
    """Number of the row that holds today, 0 for the default."""
    return _in_force(key, timezone.localdate())[1]


def policy(key: str, on: datetime.date | None = None) -> Any:
    """The value in force on a day (today in Almaty unless told)."""
    if key not in _declared:
        raise KeyError(key)
    value, version = _in_force(key, on or timezone.localdate())
    reads = _reads.get()
    if reads is not None:
        reads[key] = {"value": value, "version": version}
    return value


@contextmanager
def noting_reads() -> Iterator[dict[str, Any]]:
    """Inside, each policy read is noted: a decision stores the version of every number it used."""
    reads: dict[str, Any] = {}
    token = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(token)
