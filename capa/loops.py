"""How the loops stand: open, overdue, closed, days to close; by standard and by unit. One place for page and report."""

from __future__ import annotations

import statistics
from typing import Any

from django.db.models import Count, F, Q

from qa_portal.people.models import Unit
from standards.models import Standard

from .models import Finding

MOST_UNITS = 40


def days_to_close(findings: Any) -> int | None:
    """Median days from found to closed; None while none closed."""
    spans = [
        (closed - found).days
        for closed, found in findings.filter(state=Finding.CLOSED, closed_on__isnull=False).values_list(
            "closed_on", "found_on"
        )
    ]
    return round(statistics.median(spans)) if spans else None


def figures(findings: Any) -> dict[str, Any]:
    counts = findings.aggregate(
        open=Count("pk", filter=Q(state=Finding.OPEN)),
        closed=Count("pk", filter=Q(state=Finding.CLOSED)),
        all=Count("pk"),
    )
    return {**counts, "overdue": findings.overdue().count(), "days": days_to_close(findings)}


def _grouped(findings: Any, *keys: str) -> list[dict[str, Any]]:
    late = findings.overdue().values("pk")
    return list(
        findings.values(*keys)
        .annotate(
            open=Count("pk", filter=Q(state=Finding.OPEN)),
            overdue=Count("pk", filter=Q(pk__in=late)),
            closed=Count("pk", filter=Q(state=Finding.CLOSED)),
            all=Count("pk"),
        )
        .order_by("-open", "-all")
    )


def overview(person: Any) -> dict[str, Any]:
    findings = Finding.objects.visible_to(person)
    by_unit = _grouped(findings, "unit_id")[:MOST_UNITS]
    names = Unit.objects.in_bulk([row["unit_id"] for row in by_unit])
    for row in by_unit:
        row["name"] = names[row["unit_id"]].name
    of_standard = findings.filter(requirement__isnull=False).annotate(
        code=F("requirement__standard__code"), place=F("requirement__standard__number")
    )
    by_standard = _grouped(of_standard, "code", "place")
    titles = {standard.code: standard.name for standard in Standard.objects.in_force()}
    for row in by_standard:
        row["name"] = titles.get(row["code"], "")
    return {
        "figures": figures(findings),
        "by_unit": by_unit,
        "by_standard": sorted(by_standard, key=lambda row: row["place"]),
    }
