"""Which units answer for which evaluation areas: proposed from the catalogue's responsibilities, changed by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qa_portal.people.models import Unit

from .models import EvaluationArea, Responsibility

#: role of the catalogue → every working unit of a kind
KINDS: dict[str, str] = {
    "schools": Unit.Kind.SCHOOL,
    "departments": Unit.Kind.DEPARTMENT,
    "departmental_control": Unit.Kind.DEPARTMENT,
    "clinical": Unit.Kind.CLINIC,
}
#: role of the catalogue → codes of units, the first that there is; a role's own slug is always looked for first
UNITS: dict[str, tuple[str, ...]] = {
    "academic_affairs": ("academic_department",),
    "admission": ("admissions", "academic_affairs"),
    "alumni": ("career_centre",),
    "asb": ("quality_office",),
    "chancellery": ("office",),
    "cpd_institute": ("institute",),
    "digitalisation": ("it",),
    "employers": ("career_centre",),
    "external_partners": ("pr",),
    "finance": ("economics",),
    "hr": ("personnel",),
    "it": ("digitalisation",),
    "legal": ("law_office",),
    "library": ("it",),
    "pr": ("public_relations",),
    "registrar": ("registrar_office",),
    "simulation_centre": ("simulation", "clinic"),
    "student_support": ("student_affairs", "registrar"),
}


@dataclass
class Proposal:
    """Areas by unit, and the roles of the catalogue for which the university has no unit of its own."""

    units: dict[Unit, list[str]] = field(default_factory=dict)
    #: (code of the standard, name of the unit or role as the catalogue says it)
    homeless: list[tuple[str, str]] = field(default_factory=list)


def areas(cycle: Any) -> list[EvaluationArea]:
    """The evaluation areas of the cycle's standards in its frozen edition, in the order of the catalogue."""
    found: Any = EvaluationArea.objects.filter(standard__edition=cycle.edition_id, standard__code__in=cycle.standards)
    return list(found.select_related("standard").order_by("standard__number", "place"))


def propose(cycle: Any) -> Proposal:
    """Each unit that the catalogue makes responsible under a standard answers all areas of that standard."""
    by_standard: dict[str, list[str]] = {}
    for area in areas(cycle):
        by_standard.setdefault(area.standard.code, []).append(area.code)
    places = _Places()
    standards: dict[int, set[str]] = {}
    proposal = Proposal()
    for duty in _responsibilities(cycle):
        units = places.of(duty.role)
        if not units:
            proposal.homeless.append((duty.standard.code, duty.name))
        for unit in units:
            standards.setdefault(unit.pk, set()).add(duty.standard.code)
    for unit in places.units:
        codes = [code for key, found in by_standard.items() if key in standards.get(unit.pk, ()) for code in found]
        if codes:
            proposal.units[unit] = codes
    return proposal


def _responsibilities(cycle: Any) -> Any:
    found = Responsibility.objects.filter(standard__edition=cycle.edition_id, standard__code__in=cycle.standards)
    return found.select_related("standard").order_by("standard__number", "place")


class _Places:
    """The units of today, asked by role."""

    def __init__(self) -> None:
        self.units = list(Unit.objects.working().order_by("path"))
        self.by_code = {unit.code: unit for unit in self.units}

    def of(self, role: str) -> list[Unit]:
        if role in KINDS:
            return [unit for unit in self.units if unit.kind == KINDS[role]]
        codes = (role, *UNITS.get(role, ()))
        return next(([self.by_code[code]] for code in codes if code in self.by_code), [])
