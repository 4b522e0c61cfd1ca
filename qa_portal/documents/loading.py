"""Kinds of documents and external acts from their files: what is missing is made, what is there stays as the office has it.

Where the database says something else than the files, the difference is told and nothing is changed: the office may have
noted a new edition of an act, or another route of a kind, and the files do not know of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from qa_portal.permissions import SYSTEM
from qa_portal.workflow.writing import door

from .models import Document, DocumentKind, Level, Origin
from .models.kinds import Provision, RouteStop

FOLDER = Path(__file__).parent / "catalogue"
LANGUAGES = ("kk", "ru", "en")
PLAIN = (
    "mark",
    "level",
    "level_n2",
    "public",
    "audience",
    "before_first_day",
    "review_years",
    "retention_years",
    "nomenclature_index",
    "change_form",
    "clause",
    "route_clause",
    "provisions_clause",
)
_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class LoadingError(Exception):
    """A file says something that cannot be loaded; nothing was written."""


@dataclass
class Outcome:
    """What a load made, and where the database says something else than the files."""

    kinds: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    def compare(self, code: str, kept: dict[str, Any], wanted: dict[str, Any]) -> None:
        self.differs += [
            f"{code}: {name}: “{kept[name]}” stands, the file says “{wanted[name]}”"
            for name in wanted
            if kept[name] != wanted[name]
        ]


def load(folder: Path = FOLDER, *, dry_run: bool = False) -> Outcome:
    """All of it or nothing; a second time changes nothing."""
    outcome = Outcome()
    # The plain columns beside those of the three languages hold Kazakh, whatever language the caller speaks.
    with translation.override("kk"), transaction.atomic():
        _kinds(folder, outcome)
        _acts(folder, outcome)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _read(folder: Path, name: str, key: str) -> list[dict[str, Any]]:
    path = folder / name
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_loader)[key]  # noqa: S506 - a safe loader, in C where there is one


def _texts(row: dict[str, Any], *names: str) -> dict[str, str]:
    return {f"{name}_{code}": row[name][code] for name in names for code in LANGUAGES}


def _checked(code: str, row: Any) -> Any:
    try:
        row.full_clean()
    except ValidationError as error:
        raise LoadingError(f"{code}: {'; '.join(error.messages)}") from error
    return row


# -- kinds -----------------------------------------------------------------------------------
def _kinds(folder: Path, outcome: Outcome) -> None:
    kept = {kind.code: kind for kind in DocumentKind.objects.prefetch_related("stops", "provisions")}
    files = (("kinds.yaml", Origin.INTERNAL, 1), ("kinds_external.yaml", Origin.EXTERNAL, 101))
    for name, origin, first in files:
        for place, row in enumerate(_read(folder, name, "kinds"), first):
            kind = kept.get(row["code"])
            if kind is None:
                _make_kind(row, origin, place)
                outcome.kinds.append(row["code"])
            else:
                outcome.compare(row["code"], _kind_as_kept(kind, row), _kind_as_wanted(row))


def _make_kind(row: dict[str, Any], origin: str, place: int) -> None:
    values = {name: row[name] for name in PLAIN if name in row}
    if origin == Origin.EXTERNAL:
        values = {
            "level": Level.REGULATORY,
            "public": DocumentKind.Public.NEVER,
            "audience": DocumentKind.Audience.CHOSEN,
            **values,
        }
    kind = DocumentKind(code=row["code"], origin=origin, place=place, **values, **_texts(row, "name"))
    _checked(row["code"], kind).save()
    for number, authority in enumerate(row.get("route", ()), 1):
        _checked(row["code"], RouteStop(kind=kind, place=number, authority=authority)).save()
    for number, provision in enumerate(row.get("provisions", ()), 1):
        texts = _texts({"text": provision}, "text")
        _checked(row["code"], Provision(kind=kind, place=number, **texts)).save()


def _kind_as_wanted(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in PLAIN if name in row},
        **_texts(row, "name"),
        "route": list(row.get("route", ())),
        "provisions": [provision["kk"] for provision in row.get("provisions", ())],
    }


def _kind_as_kept(kind: DocumentKind, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: getattr(kind, name) for name in PLAIN if name in row},
        **{f"name_{code}": getattr(kind, f"name_{code}") for code in LANGUAGES},
        "route": kind.route(),
        "provisions": [provision.text_kk for provision in kind.provisions.all() if not provision.retired],
    }


# -- external acts -----------------------------------------------------------------------------
def _acts(folder: Path, outcome: Outcome) -> None:
    kinds = {kind.code: kind for kind in DocumentKind.objects.filter(origin=Origin.EXTERNAL)}
    rows = _read(folder, "acts.yaml", "acts")
    kept = {act.code: act for act in Document.objects.filter(code__in=[row["code"] for row in rows])}
    with door("import"):
        for row in rows:
            wanted = _act(row)
            act = kept.get(row["code"])
            if act is not None:
                outcome.compare(row["code"], {name: getattr(act, name) for name in wanted}, wanted)
                continue
            if row["kind"] not in kinds:
                raise LoadingError(f"{row['code']}: no kind of external acts is called “{row['kind']}”")
            act = Document(
                code=row["code"],
                origin=Origin.EXTERNAL,
                kind=kinds[row["kind"]],
                state=Document.IN_FORCE,
                in_force_on=row["adopted_on"],
                **wanted,
            )
            _checked(row["code"], act).save()
            act.write_entry("add", SYSTEM, to_state=act.state)
            outcome.acts.append(row["code"])


def _act(row: dict[str, Any]) -> dict[str, Any]:
    """What the file says of an act, as the columns hold it."""
    return {
        "number": str(row["number"] or ""),
        **_texts(row, "title", "issued_by"),
        "adopted_on": row["adopted_on"],
        "edition": row["edition"] or "",
        "link": row["link"] or "",
        "check_edition": bool(row["check_edition"]),
        "supports": list(row["standards"] or ()),
    }
