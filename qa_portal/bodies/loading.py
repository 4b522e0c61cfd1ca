"""From catalogue/kinds.yaml: matters, kinds of bodies, and the bodies of the university itself.

Only what is missing is made. What the office has changed in admin stays: rows that say something else than the file are
named, never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import translation

from qa_portal.people.models import Unit
from qa_portal.permissions import SYSTEM

from .models import Body, BodyKind, Matter

FILE = Path(__file__).parent / "catalogue" / "kinds.yaml"
LANGUAGES = ("kk", "ru", "en")
_PLAIN = (
    "of",
    "passing",
    "base",
    "quorum",
    "rule_clause",
    "term_years",
    "elected",
    "students_vote",
    "matters",
    "clause",
)
_WORDS = ("name", "short", "without_vote", "remit")


@dataclass
class Outcome:
    """Codes of what was made, and of rows that differ from the file and were left as the office has them."""

    matters: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)


def load(file: Path = FILE) -> Outcome:
    """All of it or nothing. The plain columns hold Kazakh, whatever language the caller speaks."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    outcome = Outcome()
    with translation.override("kk"), transaction.atomic():
        _matters(data["matters"], outcome)
        _kinds(data["kinds"], outcome)
        _bodies(outcome)
    return outcome


def _missing(model: Any, code: str, values: dict[str, Any], made: list[str], outcome: Outcome) -> None:
    row = model.objects.filter(code=code).first()
    if row is None:
        row = model(code=code, **values)
        row.full_clean(exclude=["name"])
        row.save()
        made.append(code)
    elif any(_said(getattr(row, name)) != _said(value) for name, value in values.items() if name != "place"):
        outcome.differ.append(code)


def _said(value: Any) -> Any:
    return "" if value is None else value


def _matters(rows: list[dict[str, Any]], outcome: Outcome) -> None:
    for place, row in enumerate(rows, 1):
        values = {f"name_{code}": row[code] for code in LANGUAGES}
        _missing(Matter, row["code"], {**values, "place": place}, outcome.matters, outcome)


def _kinds(rows: list[dict[str, Any]], outcome: Outcome) -> None:
    for place, row in enumerate(rows, 1):
        values: dict[str, Any] = {name: row[name] for name in _PLAIN}
        values.update({f"{name}_{code}": row[name][code] for name in _WORDS for code in LANGUAGES})
        _missing(BodyKind, row["code"], {**values, "place": place}, outcome.kinds, outcome)
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    for row in rows:
        # A kind may stand above one that comes before it in the file: linked when all are there.
        if row["above"] and row["code"] in outcome.kinds:
            kinds[row["code"]].above = kinds[row["above"]]
            kinds[row["code"]].save()


def _bodies(outcome: Outcome) -> None:
    """A body of the university for each of its kinds that has had none yet, with the rules of the kind."""
    root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    if root is None:
        return
    for kind in _from_the_top(BodyKind.objects.filter(of=BodyKind.Of.UNIVERSITY).select_related("above")):
        if not Body.objects.filter(kind=kind).exists():
            above = Body.objects.active().filter(kind=kind.above, unit=root).first() if kind.above else None
            body = Body(kind=kind, unit=root, above=above, **kind.rules(), **kind.name_for(root))
            body.add(by=SYSTEM, why=kind.clause)
            outcome.bodies.append(body.code)


def _from_the_top(kinds: Any) -> list[BodyKind]:
    """Those above first, so that the body above is there when one is made."""
    by_pk = {kind.pk: kind for kind in kinds}

    def depth(kind: BodyKind, seen: tuple[int, ...] = ()) -> int:
        above = by_pk.get(kind.above_id)
        return 0 if above is None or above.pk in seen else 1 + depth(above, (*seen, kind.pk))

    return sorted(by_pk.values(), key=lambda kind: (depth(kind), kind.place, kind.pk))
