"""Values of indicators: who gives, corrects and withdraws them (domain.md §2 "KPIs")."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_insider, is_quality_officer
from qa_portal.permissions import allow, predicate


def prepares(person: Any, path: str | None) -> bool:
    """Works in the unit, coordinates quality there or heads it (or one above)."""
    if not path:
        return False
    standing = person.standing
    return standing.works_in(path) or standing.coordinates(path) or standing.leads_above(path)


def may_give(person: Any, responsible_path: str | None, unit_path: str | None) -> bool:
    """People of the responsible unit and of the unit measured; the quality office."""
    return person.standing.quality_office or prepares(person, responsible_path) or prepares(person, unit_path)


@predicate
def gives_value(person: Any, value: Any) -> bool:
    """Asked without an indicator (the register's button): whoever could give some."""
    if value.indicator_id is None:
        return is_insider(person, value) and bool(person.standing.unit_path)
    return may_give(person, value.indicator.responsible.path, value.unit.path if value.unit_id else None)


_GIVES = _(
    "Only people of the unit responsible for the indicator, of the unit that it measures, and the quality office (ASB) "
    "give its values."
)
allow("standards.add_measurement", gives_value, _GIVES)
allow("standards.change_measurement", gives_value, _GIVES)
allow("standards.correct_measurement", gives_value, _GIVES)
allow("standards.withdraw_measurement", gives_value, _GIVES)
allow("standards.prove_measurement", gives_value, _GIVES)


@predicate
def belongs_somewhere(person: Any, record: Any) -> bool:
    standing = person.standing
    return is_insider(person, record) and (is_quality_officer(person, record) or bool(standing.unit_path))


_IMPORTS = _("Only people of the university's units and the quality office (ASB) hand in tables of values.")
allow("standards.add_measurement_import", belongs_somewhere, _IMPORTS)


@predicate
def nobody(person: Any, record: Any) -> bool:
    """A table handed in is read as it was: another one is handed in instead."""
    return False


allow(
    "standards.change_measurement_import", nobody, _("A table that was handed in stays as it is: hand in another one.")
)
