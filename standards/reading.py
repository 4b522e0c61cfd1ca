"""The catalogue's files read and checked: YAML in, unsaved rows out.

One file a standard (`s01.yaml` …) and `frameworks.yaml`. All faults are gathered and told together, each with file and code.
A code names the same thing over editions, so a part that is taken out leaves its number behind: its code is listed
under `retired` of its standard, and the numbers after it stay.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from .models import PARTS, DocumentGroup, ExpectedDocument, Framework, FrameworkItem, Mapping, Origin, Standard

FOLDER = Path(__file__).parent / "catalogue"
LANGUAGES = ("kk", "ru", "en")
#: what a part has besides its code, origin and note: texts in three languages, and plain values
TEXTS = {"stages": ("name", "text"), "risks": ("text", "mitigation"), "responsibilities": ("name", "text")}
PLAIN = {"responsibilities": ("role",), "documents": ("group", "keeper", "items")}
_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogueError(Exception):
    """The files cannot be loaded; `problems` says each fault with file and code."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Content:
    """The rows of one edition, whether read from files or from the database."""

    standards: list[Standard] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)
    documents: list[ExpectedDocument] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)


@dataclass
class Files(Content):
    frameworks: list[Framework] = field(default_factory=list)
    items: list[FrameworkItem] = field(default_factory=list)


def read(folder: Path = FOLDER) -> Files:
    """Everything in the folder; raises CatalogueError with all faults at once."""
    found, problems = Files(), []
    _Frameworks(folder / "frameworks.yaml", found, problems).read()
    paths = sorted(folder.glob("s[0-9][0-9].yaml"))
    if not paths:
        problems.append(f"{folder}: no file of a standard (s01.yaml …) is here")
    for number, path in enumerate(paths, 1):
        _StandardFile(path, found, problems).read(number)
    if problems:
        raise CatalogueError(problems)
    return found


class _File:
    """One file: its faults are told with its name."""

    def __init__(self, path: Path, found: Files, problems: list[str]):
        self.path, self.found, self.problems = path, found, problems

    def wrong(self, code: str, what: str) -> None:
        self.problems.append(f"{self.path.name}, {code}: {what}" if code else f"{self.path.name}: {what}")

    def content(self) -> dict[str, Any]:
        try:
            data = yaml.load(self.path.read_text(encoding="utf-8"), _loader)  # noqa: S506 - the safe loader, in C where there is one
        except OSError:
            self.wrong("", "the file is missing or cannot be read")
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.wrong("", f"not valid YAML: {' '.join(str(error).split())}")
        else:
            if isinstance(data, dict):
                return data
            self.wrong("", "names and values are expected at the top")
        return {}

    def rows(self, data: dict[str, Any], kind: str, code: str) -> Iterator[dict[str, Any]]:
        rows = data.get(kind) or []
        if not isinstance(rows, list):
            self.wrong(code, f"“{kind}” must be a list")
            return
        for row in rows:
            if isinstance(row, dict):
                yield row
            else:
                self.wrong(code, f"“{kind}” has an entry without names and values: {row!r}")

    def keys(self, code: str, row: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
        for key in required:
            if row.get(key) in (None, "", [], {}):
                self.wrong(code, f"“{key}” is missing")
        for key in row:
            if key not in required and key not in optional:
                self.wrong(code, f"“{key}” is not known here")

    def texts(self, code: str, row: dict[str, Any], *names: str) -> dict[str, str]:
        """The columns `<name>_<language>` of texts that are there in all three languages, or not there at all."""
        columns = {}
        for name in names:
            text = row.get(name)
            if text is None:
                continue
            if not isinstance(text, dict):
                self.wrong(code, f"“{name}” must be given in kk, ru and en")
                continue
            for language in (*LANGUAGES, *(key for key in text if key not in LANGUAGES)):
                said = text.get(language)
                if language not in LANGUAGES:
                    self.wrong(code, f"“{name}” has the unknown language “{language}”")
                elif not isinstance(said, str) or not said.strip():
                    self.wrong(code, f"“{name}” is missing in {language}")
                else:
                    columns[f"{name}_{language}"] = said.strip()
        return columns

    def kept(self, code: str, row: Any) -> Any:
        """The row, after looking whether its texts fit into their columns (SQLite would not tell)."""
        for column in row._meta.concrete_fields:
            value = getattr(row, column.attname, None) if column.max_length else None
            if isinstance(value, str) and len(value) > column.max_length:
                self.wrong(code, f"“{column.name}” is longer than {column.max_length} letters")
        return row


class _Frameworks(_File):
    def read(self) -> None:
        data = self.content()
        for place, row in enumerate(self.rows(data, "frameworks", ""), 1):
            key = str(row.get("key", ""))
            self.keys(key, row, ("key", "name", "items"), ("edition", "issuer", "note"))
            if any(framework.key == key for framework in self.found.frameworks):
                self.wrong(key, "the framework stands twice")
                continue
            framework = Framework(
                key=key,
                edition=str(row.get("edition", "")),
                issuer=str(row.get("issuer", "")),
                place=place,
                **self.texts(key, row, "name", "note"),
            )
            self.found.frameworks.append(self.kept(key, framework))
            self._items(framework, row)

    def _items(self, framework: Framework, data: dict[str, Any]) -> None:
        seen = set()
        for place, row in enumerate(self.rows(data, "items", framework.key), 1):
            ref = str(row.get("ref", ""))
            code = f"{framework.key} {ref}"
            self.keys(code, row, ("ref", "name"), ("number", "date", "issuer", "note"))
            if ref in seen:
                self.wrong(code, "the clause stands twice")
                continue
            seen.add(ref)
            item = FrameworkItem(
                framework=framework,
                ref=ref,
                number=str(row.get("number", "")),
                date=self._date(code, row.get("date")),
                place=place,
                **self.texts(code, row, "name", "issuer", "note"),
            )
            self.found.items.append(self.kept(code, item))

    def _date(self, code: str, value: Any) -> datetime.date | None:
        if value is None or isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.wrong(code, f"“date” is not a date: {value}")
            return None


class _StandardFile(_File):
    def read(self, number: int) -> None:
        data = self.content()
        if not data:
            return
        code = str(data.get("code", ""))
        kinds = tuple(kind for kind, _letter, _model in PARTS)
        self.keys(
            code,
            data,
            ("code", "number", "source", "name", "description", "goal", *kinds),
            ("note", "origin", "mappings", "retired"),
        )
        if code != f"S{number}" or data.get("number") != number:
            self.wrong(code, f"standard S{number} with number {number} is expected in this file")
            return
        texts = self.texts(code, {**data, "text": data.get("description")}, "name", "text", "goal", "note")
        standard = Standard(
            code=code, number=number, source=str(data.get("source", "")), origin=self._origin(code, data), **texts
        )
        self.found.standards.append(self.kept(code, standard))
        self._mappings(standard, None, data)
        for kind, letter, model in PARTS:
            rows = list(self.rows(data, kind, code))
            self._sequence(code, letter, [str(row.get("code", "")) for row in rows], data.get("retired") or [])
            for row in rows:
                self._part(standard, kind, model, row)

    def _sequence(self, standard: str, letter: str, codes: list[str], retired: list[str]) -> None:
        """Codes count up from 1; only numbers of retired codes are left out."""
        number = 0
        for code in codes:
            number += 1
            while f"{standard}.{letter}{number}" in retired:
                number += 1
            if code != f"{standard}.{letter}{number}":
                self.wrong(code, f"stands where {standard}.{letter}{number} is expected: codes count in sequence")
                return

    def _part(self, standard: Standard, kind: str, model: Any, row: dict[str, Any]) -> None:
        code = str(row.get("code", ""))
        texts, plain = TEXTS.get(kind, ("text",)), PLAIN.get(kind, ())
        self.keys(
            code, row, ("code", *texts, *plain), ("note", "origin", *(("mappings",) if kind == "requirements" else ()))
        )
        number = code.rsplit(".", 1)[-1][1:]
        part = model(
            standard=standard,
            code=code,
            place=int(number) if number.isascii() and number.isdigit() else 0,
            origin=self._origin(code, row),
            **self.texts(code, row, *texts, "note"),
        )
        if kind == "responsibilities":
            part.role = self._role(code, row.get("role"))
        elif kind == "documents":
            self._documents(part, row)
        elif kind == "requirements":
            self._mappings(standard, part, row)
        self.found.parts.append(self.kept(code, part))

    def _origin(self, code: str, row: dict[str, Any]) -> str:
        origin = row.get("origin", Origin.SOURCE.value)
        if origin not in Origin.values:
            self.wrong(code, f"“origin” is one of {', '.join(Origin.values)}, not “{origin}”")
        return origin

    def _role(self, code: str, role: Any) -> str:
        try:
            validate_slug(str(role or "none"))
        except ValidationError:
            self.wrong(code, f"“role” is a short Latin name, not “{role}”")
        return str(role)

    def _documents(self, group: Any, row: dict[str, Any]) -> None:
        group.group, group.keepers = row.get("group"), row.get("keeper") or []
        if group.group not in DocumentGroup.Group.values:
            self.wrong(group.code, f"“group” is one of {', '.join(DocumentGroup.Group.values)}, not “{group.group}”")
        for keeper in group.keepers if isinstance(group.keepers, list) else [group.keepers]:
            if keeper not in DocumentGroup.Keeper.values:
                self.wrong(group.code, f"“keeper” is one of {', '.join(DocumentGroup.Keeper.values)}, not “{keeper}”")
        for place, item in enumerate(self.rows(row, "items", group.code), 1):
            document = ExpectedDocument(group=group, place=place, **self.texts(group.code, {"name": item}, "name"))
            self.found.documents.append(self.kept(group.code, document))

    def _mappings(self, standard: Standard, requirement: Any, row: dict[str, Any]) -> None:
        code = requirement.code if requirement else standard.code
        seen = set()
        for entry in self.rows(row, "mappings", code):
            key, ref = str(entry.get("framework", "")), str(entry.get("ref", ""))
            item = next((item for item in self.found.items if item.framework.key == key and item.ref == ref), None)
            if item is None:
                self.wrong(code, f"{key} {ref} is not in frameworks.yaml")
            elif (key, ref) in seen:
                self.wrong(code, f"{key} {ref} is named twice")
            else:
                self.found.mappings.append(Mapping(standard=standard, requirement=requirement, item=item))
            seen.add((key, ref))
