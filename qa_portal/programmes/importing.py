"""Tables of students and of courses: first judged, row by row, and shown; then all of it is written, or nothing.

Nothing is kept between the two: the page carries the rows that were judged, signed, and whoever applies them has them
judged anew. Nobody is taken out by a table: who no longer studies is marked so in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qa_portal.reports.incoming import CannotRead, lines

MOST_ROWS = 20_000
#: the signed rows travel through a form: Django takes 5 MB of it
MOST_CARRIED = 4 * 1024 * 1024
MOST_SHOWN = 200
#: seconds between looking and applying
VALID_FOR = 60 * 60
ADD, CHANGE, SAME = "add", "change", "same"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the reader's language, what is written there, whether it must be there."""

    key: str
    label: Any
    what: Any
    needed: bool = False
    width: int = 18


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a row and column, and what to do."""

    row: int
    column: Any
    wrong: str
    to_do: str


@dataclass
class Planned:
    """What a table would do with one student or course. `changes`: (name of the fact, as it is, as it would be)."""

    row: int
    key: str
    name: str
    kind: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    record: Any = None
    values: dict[str, Any] = field(default_factory=dict)


#: a row as it travels: its number in the table, {column: text} of the columns that the table has
Row = tuple[int, dict[str, str]]


@dataclass
class Plan:
    rows: list[Row] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Planned]:
        return [one for one in self.planned if one.kind == kind]

    @property
    def moving(self) -> list[Planned]:
        """What would be added or changed."""
        return [one for one in self.planned if one.kind != SAME]

    @property
    def may_be_applied(self) -> bool:
        return bool(self.moving) and not self.wrong

    @property
    def digest(self) -> str:
        """What was shown, so that something else is not applied in its place."""
        said = repr([(one.kind, one.key, one.changes) for one in self.moving])
        return hashlib.sha256(said.encode()).hexdigest()


class Changed(Exception):
    """What the table would do is no longer what was shown. Carries the plan as it is now."""

    def __init__(self, plan: Plan):
        super().__init__("changed")
        self.plan = plan


class Expired(Exception):
    """What the page carried is too old, or not what the portal gave."""


class Sheet:
    """One kind of table. Subclasses name the columns, judge the rows and write what was planned."""

    slug = ""
    columns: tuple[Column, ...] = ()

    def label(self, key: str) -> Any:
        return next(column.label for column in self.columns if column.key == key)

    def judge(self, rows: list[Row]) -> Plan:
        raise NotImplementedError

    def write(self, plan: Plan) -> None:
        raise NotImplementedError

    # -- reading ----------------------------------------------------------------------------------
    def read(self, file: Any, name: str) -> Plan:
        """Judge a file. Whatever is wrong with it is in the plan."""
        try:
            rows = list(self._rows(lines(file, name)))
        except CannotRead:
            wrong = Wrong(1, "", _("The file cannot be read."), _("Save it once more as XLSX or as CSV."))
            return Plan(wrong=[wrong])
        except _Unfit as unfit:
            return Plan(wrong=unfit.wrong)
        plan = self.judge(rows)
        plan.rows = rows
        return plan

    def _rows(self, found: Iterator[list[str]]) -> Iterator[Row]:
        places = self._places(next(found, []))
        missing = [column for column in self.columns if column.needed and column.key not in places]
        if missing:
            to_do = _("The first row names the columns. Take the template: it has all of them.")
            raise _Unfit(
                [
                    Wrong(1, column.label, _("The column “%(said)s” is missing.") % {"said": column.label}, to_do)
                    for column in missing
                ]
            )
        given = 0
        for number, cells in enumerate(found, 2):
            if not any(cells):
                continue
            given += 1
            if given > MOST_ROWS:
                words = _("The table has more than %(most)s rows.") % {"most": MOST_ROWS}
                raise _Unfit([Wrong(number, "", words, _("Split it into several files."))])
            yield number, {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        if not given:
            raise _Unfit([Wrong(2, "", _("There is no row under the names of the columns."), _("Fill in the table."))])

    def _places(self, head: list[str]) -> dict[str, int]:
        """Columns may be called as in any of the three languages, or by their short English name."""
        names = {column.key: column.key for column in self.columns}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                names.update({str(column.label).casefold(): column.key for column in self.columns})
        places: dict[str, int] = {}
        for place, label in enumerate(head):
            key = names.get(label.casefold())
            if key is not None:
                places.setdefault(key, place)
        return places

    # -- from looking to applying --------------------------------------------------------------------
    @property
    def salt(self) -> str:
        return f"programmes.import.{self.slug}"

    def carried(self, plan: Plan, by: Any) -> str:
        """The rows for the page that asks whether to apply them; empty when they are too many to travel."""
        made = signing.dumps([by.pk, plan.digest, plan.rows], salt=self.salt, compress=True)
        return made if len(made) <= MOST_CARRIED else ""

    def apply(self, carried: str, by: Any) -> Plan:
        """Write what was shown, all of it or nothing."""
        try:
            who, digest, rows = signing.loads(carried, salt=self.salt, max_age=VALID_FOR)
        except signing.BadSignature as error:
            raise Expired from error
        if who != by.pk:
            raise Expired
        rows = [(number, cells) for number, cells in rows]
        plan = self._judged(rows)
        if plan.digest != digest or not plan.may_be_applied:
            raise Changed(plan)
        try:
            with transaction.atomic():
                self.write(plan)
        except IntegrityError as error:  # somebody else wrote the same rows in this moment
            raise Changed(self._judged(rows)) from error
        log.info(
            "table_imported",
            sheet=self.slug,
            by=by.pk,
            added=len(plan.of_kind(ADD)),
            changed=len(plan.of_kind(CHANGE)),
        )
        return plan

    def _judged(self, rows: list[Row]) -> Plan:
        plan = self.judge(rows)
        plan.rows = rows
        return plan


class _Unfit(Exception):
    def __init__(self, wrong: list[Wrong]):
        super().__init__("unfit")
        self.wrong = wrong
