"""Reminder rules that apps declare: which rows, which deadline, who is told at which threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_portal.policy.registry import policy


@dataclass(frozen=True)
class Line:
    """What a reminder says about one row, for one reader's language."""

    subject: str
    url: str


@dataclass(frozen=True)
class ReminderRule:
    """`rows()` are the open rows with their deadline; `thresholds()` maps days after the deadline (negative: before) to audiences.

    `audience(name, row)` gives the ids of the people of one audience, without a query a row: `prepare()` runs once a sweep.
    `line` words a row once a language; where each reader is told something of their own (how many of their people),
    `own_line(known, row, person_id, late, language)` words it for that reader.
    """

    name: str
    rows: Callable[[], QuerySet]
    deadline: str
    thresholds: Callable[[], dict[int, tuple[str, ...]]]
    prepare: Callable[[], Any]
    audience: Callable[[Any, str, Any], Iterable[int]]
    line: Callable[[Any, int, str], Line]
    own_line: Callable[[Any, Any, int, int, str], Line] | None = None


_rules: dict[str, ReminderRule] = {}


def remind_of(rule: ReminderRule) -> ReminderRule:
    if rule.name in _rules:
        raise ValueError(f"{rule.name} is declared twice")
    _rules[rule.name] = rule
    return rule


def rules() -> list[ReminderRule]:
    return list(_rules.values())


def thresholds(**audiences: str) -> dict[int, tuple[str, ...]]:
    """{days after the deadline: who is told}, put together from the policy number of each audience."""
    found: dict[int, tuple[str, ...]] = {}
    for audience, key in audiences.items():
        for days in policy(key):
            found[days] = (*found.get(days, ()), audience)
    return found


def lateness(late: int) -> str:
    """How a reminder begins: days left or days late, in the reader's language."""
    if late > 0:
        return ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}
    if late == 0:
        return _("today is the deadline")
    return ngettext("%(n)s day left", "%(n)s days left", -late) % {"n": -late}
