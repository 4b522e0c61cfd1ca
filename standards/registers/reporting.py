"""Kinds of reports from their file."""

from __future__ import annotations

from ..models import ReportKind
from .reading import Outcome, checked, read, texts

PLAIN = ("basis", "standard", "months", "role", "body", "chapters", "needs_plan", "public")


def load(outcome: Outcome) -> None:
    """Make what is missing, tell what differs."""
    for place, row in enumerate(read("report_kinds.yaml")["kinds"], start=1):
        wanted = {
            **texts(row, "name", "text", "addressees"),
            **{name: row[name] for name in PLAIN},
            "per_unit": row.get("per_unit", False),
        }
        kept = ReportKind.objects.filter(code=row["code"]).first()
        if kept is not None:
            outcome.compare(row["code"], kept, wanted)
            continue
        checked(row["code"], ReportKind(code=row["code"], place=place, **wanted)).save()
        outcome.made.append(row["code"])
