"""Predicates about people and units that the apps combine in their `permissions.py`."""

from __future__ import annotations

from typing import Any

from qa_portal.permissions import predicate

from .roles import Role


@predicate
def is_insider(person: Any, record: Any) -> bool:
    """Anybody who signs in, except an external expert."""
    return person.is_authenticated and not person.standing.outsider


@predicate
def is_quality_officer(person: Any, record: Any) -> bool:
    return person.standing.quality_office


@predicate
def is_quality_representative(person: Any, record: Any) -> bool:
    return person.standing.has(Role.QUALITY_REPRESENTATIVE)


@predicate
def is_board(person: Any, record: Any) -> bool:
    return person.standing.board


@predicate
def leads_unit_of(person: Any, record: Any) -> bool:
    """Heads exactly the record's unit (oneself or as a deputy)."""
    return person.standing.leads(record.unit_id)


@predicate
def leads_unit_of_or_above(person: Any, record: Any) -> bool:
    return person.standing.leads_above(record.unit.path)


@predicate
def coordinates_unit_of(person: Any, record: Any) -> bool:
    return person.standing.coordinates(record.unit.path)


@predicate
def works_in_unit_of(person: Any, record: Any) -> bool:
    return person.standing.works_in(record.unit.path)


@predicate
def is_administrator(person: Any, record: Any) -> bool:
    return person.standing.has(Role.ADMINISTRATOR)


@predicate
def prepares_for_unit(person: Any, record: Any) -> bool:
    """Works in the record's unit, coordinates quality there or heads it (or a unit above)."""
    if record.unit is None:
        return False
    standing, path = person.standing, record.unit.path
    return standing.works_in(path) or standing.coordinates(path) or standing.leads_above(path)
