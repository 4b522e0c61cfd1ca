"""Reminder rules that apps declare: which rows, which deadline, who is told at which threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Line:
    """What a reminder says about one row, for one reader's language."""

    subject: str
    url: str


@dataclass(frozen=True)
class ReminderRule:
    """`rows()` are the open rows with their deadline; `thresholds()` maps days after the deadline (negative: before) to audiences.

    `audience(name, row)` gives the ids of the people of one audience, without a query a row: `prepare()` runs once a sweep.
    """

    name: str
    rows: Callable[[], QuerySet]
    deadline: str
    thresholds: Callable[[], dict[int, tuple[str, ...]]]
    prepare: Callable[[], Any]
    audience: Callable[[Any, str, Any], Iterable[int]]
    line: Callable[[Any, int, str], Line]


_rules: dict[str, ReminderRule] = {}


def remind_of(rule: ReminderRule) -> ReminderRule:
    if rule.name in _rules:
        raise ValueError(f"{rule.name} is declared twice")
    _rules[rule.name] = rule
    return rule


def rules() -> list[ReminderRule]:
    return list(_rules.values())
