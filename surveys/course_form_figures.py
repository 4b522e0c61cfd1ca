"""How the forms of each term and school stand: due, submitted, analysed, answered (N1 §4.1.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from qa_portal.people.models import Unit
from qa_portal.programmes.models import Term

from .models import CourseForm

SUBMITTED = (CourseForm.SUBMITTED, CourseForm.ANALYSED, CourseForm.ANSWERED)


@dataclass
class Line:
    """Forms of one term in one school; those not needed are not counted among the due."""

    term: Term
    unit: Unit | None
    due: int = 0
    submitted: int = 0
    analysed: int = 0
    answered: int = 0
    not_needed: int = 0

    def share(self, part: int) -> str:
        return f"{100 * part / self.due:.0f} %" if self.due else "—"


def by_term(rows: Any) -> list[Line]:
    """The newest term first, then the schools by their place in the tree. Three queries, however many forms."""
    counted = (
        rows.order_by()
        .values("course__term", "unit")
        .annotate(
            all=Count("pk"),
            submitted=Count("pk", filter=Q(state__in=SUBMITTED)),
            analysed=Count("pk", filter=Q(state__in=SUBMITTED[1:])),
            answered=Count("pk", filter=Q(state=CourseForm.ANSWERED)),
            not_needed=Count("pk", filter=Q(state=CourseForm.NOT_NEEDED)),
        )
    )
    units = Unit.objects.in_bulk()
    terms = Term.objects.select_related("year").in_bulk()
    found: dict[tuple[int, int], Line] = {}
    for row in counted:
        unit = _school(units, units[row["unit"]])
        line = found.setdefault((row["course__term"], unit.pk), Line(terms[row["course__term"]], unit))
        line.due += row["all"] - row["not_needed"]
        for name in ("submitted", "analysed", "answered", "not_needed"):
            setattr(line, name, getattr(line, name) + row[name])
    return sorted(found.values(), key=lambda line: (-line.term.since.toordinal(), line.unit.path if line.unit else ""))


def _school(units: dict[int, Unit], unit: Unit) -> Unit:
    chain = [units[pk] for pk in reversed(unit.chain_ids) if pk in units]
    return next((each for each in chain if each.kind == Unit.Kind.SCHOOL), unit)
