"""What a duty is about: the units, programmes and documents of a rule's scope, and the unit in which it falls due."""

from __future__ import annotations

from typing import Any

from qa_portal.documents.models import Document, Origin
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme

from .models import DutyRule

Scope = DutyRule.Scope
_KINDS = {Scope.SCHOOL: Unit.Kind.SCHOOL, Scope.DEPARTMENT: Unit.Kind.DEPARTMENT}


def subjects(scope: str) -> Any:
    """All rows that a scope means today; none for the university as one."""
    if scope == Scope.UNIVERSITY:
        return Unit.objects.none()
    if scope == Scope.PROGRAMME:
        return Programme.objects.select_related("unit").order_by("pk")
    if scope == Scope.DOCUMENT:
        return Document.objects.live().filter(origin=Origin.INTERNAL).select_related("unit").order_by("pk")
    units = Unit.objects.working().exclude(parent=None).order_by("path")
    return units.filter(kind=_KINDS[Scope(scope)]) if scope in _KINDS else units


def unit_of(subject: Any) -> Unit | None:
    """The unit in which something about it falls due."""
    if isinstance(subject, Unit):
        return subject
    if hasattr(subject, "document"):
        return subject.document.unit
    return getattr(subject, "unit", None)
