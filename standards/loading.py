"""From the catalogue's files to a new edition in the database, if they say something new.

An edition is a full copy of all rows: what was made against an earlier one keeps showing the text it was made against.
Frameworks are the world's, not ours: they are kept up to date in place and belong to no edition.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from modeltranslation.translator import NotRegistered, translator

from .models import PARTS, Edition, ExpectedDocument, Framework, FrameworkItem, Mapping, Standard
from .reading import FOLDER, CatalogueError, Content, Files, read


@dataclass
class Outcome:
    """What a load did, or in a dry run would do; `number` is None when the files say nothing new."""

    number: int | None
    in_force_from: datetime.date | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    frameworks: dict[str, list[str]] = field(default_factory=dict)


def load(folder: Path = FOLDER, *, day: datetime.date | None = None, dry_run: bool = False) -> Outcome:
    """Read, compare with the newest edition and, if anything differs, write the next one: all of it or nothing."""
    files = read(folder)
    # The plain columns beside those of the three languages hold Kazakh, whatever language the caller speaks.
    with translation.override("kk"), transaction.atomic():
        newest = Edition.objects.select_for_update().order_by("-number").first()
        frameworks = _frameworks(files, write=not dry_run)
        new = by_code(files)
        digest = hashlib.sha256(json.dumps(new, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        if newest and newest.digest == digest:
            return Outcome(None, frameworks=frameworks)
        day = day or timezone.localdate()
        if newest and day < newest.in_force_from:
            sentence = f"edition {newest.number} is in force from {newest.in_force_from}: the next one cannot begin before (--from)"
            raise CatalogueError([sentence])
        changes = compare(by_code(of_edition(newest)) if newest else {}, new)
        number = newest.number + 1 if newest else 1
        if not dry_run:
            _write(files, Edition.objects.create(number=number, in_force_from=day, digest=digest, changes=changes))
        return Outcome(number, day, changes, frameworks)


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[str]]:
    """Codes added, changed, retired, in the order of the catalogue."""
    return {
        "added": [code for code in new if code not in old],
        "changed": [code for code in new if code in old and new[code] != old[code]],
        "retired": [code for code in old if code not in new],
    }


def of_edition(edition: Edition) -> Content:
    """The rows of an edition as the database has them."""
    return Content(
        standards=list(Standard.objects.filter(edition=edition)),
        parts=[part for _kind, _letter, model in PARTS for part in model.objects.filter(standard__edition=edition)],
        documents=list(
            ExpectedDocument.objects.filter(group__standard__edition=edition)
            .select_related("group")
            .order_by("group", "place")
        ),
        mappings=list(
            Mapping.objects.filter(standard__edition=edition)
            .select_related("standard", "requirement", "item__framework")
            .order_by("pk")
        ),
    )


def by_code(content: Content) -> dict[str, Any]:
    """What each standard and part says, its documents and mappings with it: compared between editions, and digested."""
    found = {row.code: said(row) for row in (*content.standards, *content.parts)}
    documents, mappings = defaultdict(list), defaultdict(list)
    for document in content.documents:
        documents[document.group.code].append(said(document))
    for mapping in content.mappings:
        mappings[(mapping.requirement or mapping.standard).code].append(str(mapping.item))
    for code, what in found.items():
        what.update(documents=documents[code], mappings=sorted(mappings[code]))
    return found


def said(row: Any) -> dict[str, Any]:
    """The row's own values without keys; of translated fields the columns of the three languages."""
    try:
        translated = set(translator.get_options_for_model(type(row)).all_fields)
    except NotRegistered:
        translated = set()
    fields = (
        f for f in row._meta.concrete_fields if not f.primary_key and not f.is_relation and f.name not in translated
    )
    values = {f.name: getattr(row, f.attname) for f in fields}
    return {name: value if isinstance(value, list | int) else str(value or "") for name, value in values.items()}


def _frameworks(files: Files, write: bool) -> dict[str, list[str]]:
    """Add what is new and mend what differs. Nothing is taken away: earlier editions may refer to it."""
    added: list[str] = []
    changed: list[str] = []
    kept = {framework.key: framework for framework in Framework.objects.all()}
    for framework in files.frameworks:
        _upsert(framework, kept.get(framework.key), framework.key, added, changed, write)
    stored = {str(item): item for item in FrameworkItem.objects.select_related("framework")}
    for item in files.items:
        _upsert(item, stored.get(str(item)), str(item), added, changed, write)
    return {"added": added, "changed": changed}


def _upsert(new: Any, old: Any, name: str, added: list[str], changed: list[str], write: bool) -> None:
    differs = old is None or said(old) != said(new)
    if differs:
        (added if old is None else changed).append(name)
    if old is not None:
        new.pk = old.pk
    if differs and write:
        new.save()


def _write(files: Files, edition: Edition) -> None:
    for standard in files.standards:
        standard.edition = edition
    Standard.objects.bulk_create(files.standards)
    for _kind, _letter, model in PARTS:
        model.objects.bulk_create([part for part in files.parts if type(part) is model])
    ExpectedDocument.objects.bulk_create(files.documents)
    Mapping.objects.bulk_create(files.mappings)
