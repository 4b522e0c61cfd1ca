"""A roster from a table (XLSX, CSV): checked first, every mistake named by row and column; then taken, all of it or nothing.

What was checked waits as lines that count nowhere, so that nobody hands the same table in twice; the next check, any other
change of the roster or launching drops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme
from qa_portal.reports.sheets import write_xlsx
from standards.importing import CannotRead, lines

from . import strata
from .models import Campaign, RosterLine
from .roster import Accounts, Book, change, drop_checked, needed

NAME, EMAIL, LANGUAGE, UNIT, LEVEL, YEAR = "name", "email", "language", "unit", "level", "year"
COLUMNS: dict[str, Any] = {
    NAME: gettext_lazy("Name"),
    EMAIL: gettext_lazy("E-mail"),
    LANGUAGE: gettext_lazy("Language"),
    UNIT: gettext_lazy("Code of the school or department"),
    LEVEL: gettext_lazy("Level"),
    YEAR: gettext_lazy("Year"),
}
NEEDED = (EMAIL,)
MOST_ROWS, MOST_SHOWN = 30_000, 100


@dataclass(frozen=True)
class Wrong:
    """One mistake: where, and what to do."""

    row: int
    column: str
    sentence: str

    @property
    def column_name(self) -> str:
        return str(COLUMNS[self.column]) if self.column in COLUMNS else ""


@dataclass
class Checked:
    """What a table holds: lines that would be added, people already there, mistakes (then nothing is taken)."""

    ready: list[RosterLine] = field(default_factory=list)
    there: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def shown(self) -> list[Wrong]:
        return self.wrong[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.wrong) - MOST_SHOWN)


def read(campaign: Campaign, file: Any, name: str) -> Checked:
    """Judge every row of a table; nothing is written."""
    found = Checked()
    try:
        rows = lines(file, name)
        places = _places(next(rows, []))
        for column in NEEDED:
            if column not in places:
                said = _("The column “%(column)s” is missing. The first row names the columns: take the template.")
                found.wrong.append(Wrong(1, column, said % {"column": COLUMNS[column]}))
        if not found.wrong:
            _judge_rows(campaign, rows, places, found)
    except CannotRead:
        found.wrong.append(Wrong(1, "", _("The file cannot be read. Save it once more as XLSX or as CSV.")))
    if not found.wrong and not found.ready and not found.there:
        found.wrong.append(Wrong(2, "", _("The table names nobody.")))
    return found


def _places(head: list[Any]) -> dict[str, int]:
    """Which column is where: called by its name in any of the three languages, or by its short English name."""
    names = {name: name for name in COLUMNS} | {"e-mail": EMAIL}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.update({str(label).casefold(): name for name, label in COLUMNS.items()})
    found: dict[str, int] = {}
    for place, label in enumerate(head):
        name = names.get(" ".join(str(label or "").split()).casefold(), "")
        if name:
            found.setdefault(name, place)
    return found


def _judge_rows(campaign: Campaign, rows: Iterator[list[Any]], places: dict[str, int], found: Checked) -> None:
    judge, book = _Judge(campaign), Book(campaign)
    seen: dict[Any, int] = {}
    for number, row in enumerate(rows, 2):
        if number - 1 > MOST_ROWS:
            said = _("The table has more than %(most)s rows. Split it into several files.") % {"most": MOST_ROWS}
            found.wrong.append(Wrong(number, "", said))
            return
        cells = {name: _text(row[place] if place < len(row) else None) for name, place in places.items()}
        if not any(cells.values()):
            continue
        line, wrong = judge.line(number, cells)
        found.wrong += wrong
        if line is None:
            continue
        first = seen.setdefault(line.person_id or line.email, number)
        if first != number:
            said = _("The same person stands in row %(first)s already. Leave one of the two rows.") % {"first": first}
            found.wrong.append(Wrong(number, EMAIL, said))
        elif book.has(line):
            found.there += 1
        else:
            found.ready.append(line)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\x00", "").split()) if value is not None else ""


class _Judge:
    """What the rows are judged by, read once."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        self.accounts, self.places = Accounts(), strata.Places()
        self.units = {code.casefold(): pk for code, pk in Unit.objects.values_list("code", "pk")}
        self.keys = {key for tree in campaign.trees for key in tree}
        self.levels = {level.value: level.value for level in Programme.Level}
        self.languages = {code: code for code, _name in settings.LANGUAGES}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                self.levels.update({str(level.label).casefold(): level.value for level in Programme.Level})
        self.languages.update({str(name).casefold(): code for code, name in settings.LANGUAGES})

    def line(self, row: int, cells: dict[str, str]) -> tuple[RosterLine | None, list[Wrong]]:
        wrong: list[Wrong] = []
        email = cells.get(EMAIL, "").lower()
        try:
            validate_email(email)
            if len(email) > 254:
                raise ValidationError("")
        except ValidationError:
            said = (
                _("“%(said)s” is no e-mail address.") % {"said": email[:80]} if email else _("The address is missing.")
            )
            wrong.append(Wrong(row, EMAIL, said))
        language = self._of(self.languages, cells.get(LANGUAGE, "") or "kk")
        if language is None:
            said = _("“%(said)s” is none of the languages: write kk, ru or en.") % {"said": cells[LANGUAGE][:40]}
            wrong.append(Wrong(row, LANGUAGE, said))
        if len(cells.get(NAME, "")) > 200:
            wrong.append(Wrong(row, NAME, _("The name is longer than 200 signs.")))
        own = self._strata(row, cells, wrong)
        if wrong:
            return None, wrong
        person = self.accounts.of(email)
        return (
            RosterLine(
                campaign=self.campaign,
                person_id=person,
                email="" if person else email,
                name="" if person else cells.get(NAME, ""),
                language=language or "kk",
                strata=needed(self.campaign, own),
                source=RosterLine.Source.CHECKED,
            ),
            [],
        )

    def _of(self, known: dict[str, str], said: str) -> str | None:
        return known.get(said.casefold())

    def _strata(self, row: int, cells: dict[str, str], wrong: list[Wrong]) -> strata.Strata:
        """What the campaign breaks down by; a column that it does not ask for is not looked at."""
        own: strata.Strata = {}
        if strata.SCHOOL in self.keys and cells.get(UNIT):
            unit = self.units.get(cells[UNIT].casefold())
            if unit is None:
                said = _("There is no unit with the code “%(said)s”. Take it from the structure of the university.")
                wrong.append(Wrong(row, UNIT, said % {"said": cells[UNIT][:40]}))
            own |= self.places.of(unit)
        if strata.LEVEL in self.keys and cells.get(LEVEL):
            level = self._of(self.levels, cells[LEVEL])
            if level is None:
                said = _("“%(said)s” is no level. Write one of: %(levels)s.")
                known = ", ".join(level.value for level in Programme.Level)
                wrong.append(Wrong(row, LEVEL, said % {"said": cells[LEVEL][:40], "levels": known}))
            own[strata.LEVEL] = level
        wanted = strata.GRADUATED if strata.GRADUATED in self.keys else strata.YEAR
        if wanted in self.keys and cells.get(YEAR):
            year, most = cells[YEAR], 10 if wanted == strata.YEAR else 2100
            if not (year.isascii() and year.isdigit() and len(year) < 5 and 1 <= int(year) <= most):
                wrong.append(Wrong(row, YEAR, _("“%(said)s” is no year.") % {"said": year[:20]}))
            own[wanted] = year
        return own


# -- taking ------------------------------------------------------------------------------------------------------
def check(campaign: Campaign, file: Any, name: str, by: Any) -> Checked:
    """Judge a table, and keep its lines aside when all of them do."""
    found = read(campaign, file, name)

    def keep(row: Campaign) -> str:
        drop_checked(row)
        if not found.wrong:
            RosterLine.objects.bulk_create(found.ready, 2000)
        return ""  # nothing has changed for anybody yet

    change(campaign, by, keep)
    return found


def waiting(campaign: Campaign) -> int:
    return campaign.roster.filter(source=RosterLine.Source.CHECKED).count()


def take(campaign: Campaign, by: Any) -> str:
    """Take the lines of the table that was checked."""

    def accept(row: Campaign) -> str:
        taken = row.roster.filter(source=RosterLine.Source.CHECKED).update(source=RosterLine.Source.FILE)
        said = ngettext("%(n)s person added from a table", "%(n)s people added from a table", taken)
        return said % {"n": taken} if taken else ""

    return change(campaign, by, accept)


def let_go(campaign: Campaign, by: Any) -> None:
    """Forget the table that was checked."""

    def drop(row: Campaign) -> str:
        drop_checked(row)
        return ""

    change(campaign, by, drop)


def write_template(stream: Any, campaign: Campaign) -> None:
    """An XLSX with the columns that this campaign reads, and one line to show how."""
    keys = {key for tree in campaign.trees for key in tree}
    asked = [NAME, EMAIL, LANGUAGE]
    example = ["Сейітова Әсел", "asel@example.org", "kk"]
    if strata.SCHOOL in keys:
        asked.append(UNIT)
        example.append(
            Unit.objects.filter(kind="department").order_by("path").values_list("code", flat=True).first() or ""
        )
    if strata.LEVEL in keys:
        asked.append(LEVEL)
        example.append(Programme.Level.BACHELOR.value)
    if keys & {strata.YEAR, strata.GRADUATED}:
        asked.append(YEAR)
        example.append("2" if strata.YEAR in keys else str(campaign.year))
    write_xlsx(stream, _("List of those asked"), [(str(COLUMNS[name]), 28) for name in asked], [example])
