"""Who decides for a unit: its head, else the head of the nearest unit above, else the Board."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from .models import Deputy, Office, Person, Unit
from .roles import BOARD_ROLES, QUALITY_OFFICE, Role


def heads_by_unit() -> dict[int, int]:
    """{unit id: person id of its head today}, one query."""
    return dict(
        Office.objects.on().filter(role=Role.UNIT_HEAD, person__is_active=True).values_list("unit_id", "person_id")
    )


def deciding_unit(unit: Unit, own: Collection[int]) -> Unit | None:
    """The nearest unit, from `unit` upwards, with a head who is not one of `own` (ids of those whose work it is).

    None means the Board: nobody in the line above is free to decide.
    """
    heads = dict(
        Office.objects.on()
        .filter(role=Role.UNIT_HEAD, unit_id__in=unit.chain_ids, person__is_active=True)
        .values_list("unit_id", "person_id")
    )
    for unit_id in reversed(unit.chain_ids):
        if unit_id in heads and heads[unit_id] not in own:
            return Unit.objects.get(pk=unit_id)
    return None


def deciders(unit: Unit | None) -> QuerySet[Person]:
    """Who is told that something waits for a decision: the head and today's deputies, or the Board."""
    offices = Office.objects.on()
    offices = offices.filter(role=Role.UNIT_HEAD, unit=unit) if unit else offices.filter(role__in=BOARD_ROLES)
    holders = list(offices.values_list("person_id", flat=True))
    deputies = Deputy.objects.on().filter(principal_id__in=holders).values_list("deputy_id", flat=True)
    return Person.objects.filter(pk__in={*holders, *deputies}, is_active=True)


def holders(roles: Iterable[str]) -> QuerySet[Person]:
    """Active people who hold one of the roles today."""
    return Person.objects.filter(
        pk__in=Office.objects.on().filter(role__in=list(roles)).values("person_id"), is_active=True
    )


def quality_office() -> QuerySet[Person]:
    return holders(QUALITY_OFFICE)


def head_ids(paths: dict[int, str], heads: dict[int, int], unit_id: int) -> list[int]:
    """The head of a unit or, if it has none, of the nearest above; for the sweep, from memory."""
    chain: list[Any] = [int(part) for part in paths[unit_id].split(".") if part]
    return next(([heads[u]] for u in reversed(chain) if u in heads), [])
