"""The 17 mechanisms of N1 §4 with their 105 aims, from standards/data/mechanisms.yaml."""

from __future__ import annotations

from typing import Any

from ..models import Mechanism, MechanismAim
from .reading import Outcome, checked, read, texts

FILE = "mechanisms.yaml"


def load(outcome: Outcome) -> None:
    """Make what is missing, tell what differs."""
    mechanisms = {row.code: row for row in Mechanism.objects.all()}
    aims = {row.code: row for row in MechanismAim.objects.all()}
    for place, row in enumerate(read(FILE), 1):
        code = row["code"]
        values = {
            **texts(row, "name", "text", "doer", "governing"),
            **{name: row[name] for name in ("kind", "clause", "standards", "per_school")},
        }
        kept = mechanisms.get(code)
        if kept is None:
            kept = checked(code, Mechanism(code=code, place=place, **values))
            kept.save()
            outcome.made.append(code)
        else:
            outcome.compare(code, kept, values)
        _aims(kept, row["aims"], aims, outcome)


def _aims(mechanism: Mechanism, rows: list[dict[str, str]], kept: dict[str, Any], outcome: Outcome) -> None:
    for place, row in enumerate(rows, 1):
        code, values = f"{mechanism.code}.{place}", texts({"text": row}, "text")
        if code in kept:
            outcome.compare(code, kept[code], values)
            continue
        checked(code, MechanismAim(mechanism=mechanism, code=code, place=place, **values)).save()
        outcome.made.append(code)
