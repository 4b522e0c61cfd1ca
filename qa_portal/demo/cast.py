"""Who acts in the demo's stories: the rules themselves are asked who may, on the day the story has reached."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from django.utils import timezone

from capa.permissions import independent_of
from qa_portal.bodies.sitting import forget_seats
from qa_portal.people.heads import deciders
from qa_portal.people.models import Deputy, Office, Person, Unit
from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role


class NobodyMay(RuntimeError):
    """The data asks for a step that no demo person may take: the data, or a rule, is wrong."""


class Cast:
    def __init__(self) -> None:
        self.people = {person.username: person for person in Person.objects.select_related("unit").order_by("pk")}
        self._judged_on: dict[str, datetime.date] = {}
        self._names = {person.pk: person.username for person in self.people.values()}

    def today(self, username: str) -> Person:
        """The person with the offices and seats held on the day the clock shows, not on the day the story began."""
        person, day = self.people[username], timezone.localdate()
        if self._judged_on.get(username) != day:
            person.__dict__.pop("standing", None)
            self._judged_on[username] = day
        forget_seats(person)
        return person

    def who_may(self, step: Any, record: Any, names: Iterable[str]) -> Person:
        """The first of `names` whom the step's own rule lets act on this record."""
        tried = list(dict.fromkeys(names))
        for name in tried:
            person = self.today(name)
            if step.who_refuses(record, person) is None:
                return person
        raise NobodyMay(f"{step.permission} on {record}: none of {', '.join(tried)} may")

    # -- lists of names, in the order in which they are asked -----------------------------------
    def holding(self, *roles: str, units: Iterable[int] | None = None) -> list[str]:
        rows = Office.objects.on().filter(role__in=roles)
        if units is not None:
            rows = rows.filter(unit_id__in=list(units))
        return [self._names[pk] for pk in rows.order_by("pk").values_list("person_id", flat=True)]

    def quality_officers(self, turn: str) -> list[str]:
        return _by_turns(self.holding(*sorted(QUALITY_OFFICE)), turn)

    def drafters(self, unit: Unit, owners: Iterable[str]) -> list[str]:
        """The unit's coordinator, else a doer, else anybody there; its head last, for a head's draft goes to the head above."""
        heads = self.holding(Role.UNIT_HEAD, units=[unit.pk])
        members = [*owners, *(p.username for p in self.people.values() if p.unit_id == unit.pk)]
        return [
            *self.holding(Role.QUALITY_COORDINATOR, units=[unit.pk]),
            *(m for m in members if m not in heads),
            *heads,
        ]

    def deciding(self, unit: Unit | None) -> list[str]:
        """Today's deputies before the head: a head with a deputy is away."""
        people = list(deciders(unit))
        away = set(Deputy.objects.on().filter(principal__in=people).values_list("principal_id", flat=True))
        return [p.username for p in sorted(people, key=lambda p: (p.pk in away, p.pk))]

    def deciding_above(self, unit: Unit) -> list[str]:
        return [
            *self.deciding(unit),
            *self.holding(Role.UNIT_HEAD, units=unit.chain_ids),
            *self.holding(*sorted(BOARD_ROLES)),
        ]

    def checker(self, plan: Any, verifier: Person, turn: str) -> Person:
        """An auditor or the quality representative who had nothing to do with the plan."""
        for name in [*_by_turns(self.holding(Role.AUDITOR), turn), *self.holding(Role.QUALITY_REPRESENTATIVE)]:
            person = self.today(name)
            if person != verifier and person.unit_id != plan.unit_id and independent_of(person, plan):
                return person
        raise NobodyMay(f"nobody independent for {plan}")


def _by_turns(names: list[str], turn: str) -> list[str]:
    start = crc32(turn.encode()) % len(names) if names else 0
    return names[start:] + names[:start]
