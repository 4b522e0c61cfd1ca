"""The table of students: number, name, e-mail, programme, group, year, language, whether they study now."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qa_portal.people.models import Person

from .importing import ADD, CHANGE, SAME, Column, Plan, Planned, Row, Sheet, Wrong
from .models import Programme, Student

LONGEST = {"number": 40, "name": 200, "group": 40, "email": 254}
YEARS = range(1, 9)
YES = frozenset({"1", "+", "yes", "true", "иә", "да", "истина", "ақиқат"})
NO = frozenset({"0", "-", "no", "false", "жоқ", "нет", "ложь", "жалған"})
FIELDS = ("name", "email", "programme", "group", "year", "language", "active", "graduated_on", "person")


class StudentSheet(Sheet):
    """Students are found by their number. A column that the table lacks stays as it is."""

    slug = "students"
    columns = (
        Column("number", gettext_lazy("Student's number"), gettext_lazy("Never changes: by it the student is found."), True),
        Column("name", gettext_lazy("Full name"), gettext_lazy("As in the documents."), True, 34),
        Column("email", gettext_lazy("E-mail"), gettext_lazy("Letters of surveys go there."), width=28),
        Column("programme", gettext_lazy("Code of the programme"), gettext_lazy("As in the register of programmes."), True),
        Column("group", pgettext_lazy("of students", "Group"), gettext_lazy("As in the timetable.")),
        Column("year", gettext_lazy("Year of study"), gettext_lazy("1 to 8.")),
        Column("language", gettext_lazy("Language"), gettext_lazy("Of letters: kk, ru or en.")),
        Column("active", gettext_lazy("Studies now"), gettext_lazy("Yes or no. Empty: as it was, for new ones yes.")),
        Column("graduated_on", gettext_lazy("Graduated on"), gettext_lazy("A day, like 2026-06-30. They no longer study then.")),
    )  # fmt: skip

    def judge(self, rows: list[Row]) -> Plan:
        return _Judging(self, rows).plan

    def write(self, plan: Plan) -> None:
        Student.objects.bulk_create([Student(**one.values) for one in plan.of_kind(ADD)], batch_size=500)
        changed = [one.record for one in plan.of_kind(CHANGE)]
        # Two may exchange their addresses: no moment may have two of one.
        freed = [one.record.pk for one in plan.of_kind(CHANGE) if one.record.email != one.values["email"]]
        for start in range(0, len(freed), 500):
            Student.objects.filter(pk__in=freed[start : start + 500]).update(email="", person=None)
        for one in plan.of_kind(CHANGE):
            for name in FIELDS:
                setattr(one.record, name, one.values[name])
        Student.objects.bulk_update(changed, FIELDS, batch_size=500)


class _Judging:
    """One table against what is there. Six queries, however many rows."""

    def __init__(self, sheet: StudentSheet, rows: list[Row]):
        self.sheet, self.plan = sheet, Plan()
        numbers = {cells["number"] for _row, cells in rows}
        everybody = Student.objects.select_related("programme", "person")
        self.there = {one.number: one for one in everybody if one.number in numbers}
        self.programmes = {one.code.casefold(): one for one in Programme.objects.all()}
        accounts = Person.objects.filter(is_active=True).exclude(email="").order_by("-pk")
        self.people = {person.email.lower(): person for person in accounts}
        self.languages = _languages()
        self.first_row: dict[str, int] = {}
        for number, cells in rows:
            self._row(number, cells)
        self._addresses(numbers)

    def _wrong(self, row: int, column: str, wrong: str, to_do: str) -> None:
        self.plan.wrong.append(Wrong(row, self.sheet.label(column), wrong, to_do))

    def _row(self, row: int, cells: dict[str, str]) -> None:
        number, mistakes = cells["number"], len(self.plan.wrong)
        if not number:
            self._wrong(row, "number", _("The number is missing."), _("Write the student's number."))
            return
        first = self.first_row.setdefault(number, row)
        if first != row:
            self._wrong(row, "number", _("This student stands in row %(first)s already.") % {"first": first}, _("Leave one of the two rows."))  # fmt: skip
            return
        self._lengths(row, cells)
        record = self.there.get(number)
        before = {name: getattr(record, name) for name in FIELDS} if record else _new()
        values = {**before, "number": number, **self._values(row, cells)}
        if "graduated_on" in cells and values["graduated_on"] and not cells.get("active"):
            values["active"] = False
        values["person"] = self._account(record, values["email"])
        if len(self.plan.wrong) > mistakes:
            return
        changes = [
            (str(_name(name)), _words(before[name]), _words(values[name]))
            for name in FIELDS
            if before[name] != values[name]
        ]
        kind = ADD if record is None else CHANGE if changes else SAME
        shown = changes if record is not None else []
        self.plan.planned.append(Planned(row, number, values["name"], kind, shown, record, values))

    def _account(self, record: Student | None, email: str) -> Person | None:
        """Whose e-mail it is; an account that was linked by hand stays as long as the e-mail does."""
        found = self.people.get(email.lower())
        if found is None and record is not None and record.email == email:
            return record.person
        return found

    def _lengths(self, row: int, cells: dict[str, str]) -> None:
        for name, most in LONGEST.items():
            if len(cells.get(name, "")) > most:
                self._wrong(row, name, _("Too long: at most %(most)s characters.") % {"most": most}, _("Shorten it."))

    # -- one cell after another ----------------------------------------------------------------------
    def _values(self, row: int, cells: dict[str, str]) -> dict[str, Any]:
        """What the cells say. Empty cells clear e-mail, group and day of graduation, and leave the others as they are."""
        found: dict[str, Any] = {name: cells[name] for name in ("name", "group") if name in cells}
        if not cells["name"]:
            self._wrong(row, "name", _("The name is missing."), _("Write the full name."))
        if "email" in cells:
            found["email"] = self._email(row, cells["email"])
        found["programme"] = self._programme(row, cells["programme"])
        for name, reading in (("year", self._year), ("language", self._language), ("active", self._active)):
            if cells.get(name):
                found[name] = reading(row, cells[name])
        if "graduated_on" in cells:
            found["graduated_on"] = self._day(row, cells["graduated_on"])
        return found

    def _email(self, row: int, text: str) -> str:
        text = text.lower()
        if text:
            try:
                validate_email(text)
            except ValidationError:
                self._wrong(row, "email", _("“%(said)s” is no e-mail address.") % {"said": text}, _("Correct it, or leave it empty."))  # fmt: skip
        return text

    def _programme(self, row: int, text: str) -> Programme | None:
        found = self.programmes.get(text.casefold())
        if found is None:
            self._wrong(row, "programme", _("There is no programme with the code “%(said)s”.") % {"said": text}, _("Take the code from the register of programmes."))  # fmt: skip
        return found

    def _year(self, row: int, text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 3 and int(text) in YEARS:
            return int(text)
        self._wrong(
            row, "year", _("“%(said)s” is no year of study.") % {"said": text}, _("Write a number from 1 to 8.")
        )
        return 1

    def _language(self, row: int, text: str) -> str:
        found = self.languages.get(text.casefold(), "")
        if not found:
            self._wrong(row, "language", _("“%(said)s” is no language of the portal.") % {"said": text}, _("Write kk, ru or en."))  # fmt: skip
        return found

    def _active(self, row: int, text: str) -> bool:
        said = text.casefold()
        if said not in YES | NO:
            self._wrong(row, "active", _("“%(said)s” is neither yes nor no.") % {"said": text}, _("Write yes or no."))
        return said in YES

    def _day(self, row: int, text: str) -> datetime.date | None:
        if not text:
            return None
        day = _day_of(text)
        if day is None:
            self._wrong(row, "graduated_on", _("“%(said)s” is no day.") % {"said": text}, _("Write it so: 2026-06-30."))
        elif day > timezone.localdate():
            self._wrong(row, "graduated_on", _("This day has not come yet."), _("Write the day of graduation when it is over."))  # fmt: skip
        return day

    # -- what no row sees by itself --------------------------------------------------------------------
    def _addresses(self, numbers: set[str]) -> None:
        """No two students with one e-mail, and no account of two: as everything would be after the table."""
        taken: dict[str, str] = {}
        accounts: dict[int, str] = {}
        others = Student.objects.values_list("number", "email", "person_id").order_by("pk")
        for number, email, person in others:
            if number not in numbers:
                taken[email.lower()] = accounts[person] = number
        for one in self.plan.planned:
            email, person = one.values["email"].lower(), one.values["person"]
            holder = taken.setdefault(email, one.key) if email else one.key
            if holder != one.key:
                self._wrong(one.row, "email", _("The student %(number)s has this e-mail.") % {"number": holder}, _("Give each student an address of their own, or leave it empty."))  # fmt: skip
            elif person is not None and accounts.setdefault(person.pk, one.key) != one.key:
                self._wrong(one.row, "email", _("The account of this e-mail belongs to the student %(number)s.") % {"number": accounts[person.pk]}, _("Ask the administrator which is right."))  # fmt: skip
        self.plan.wrong.sort(key=lambda wrong: wrong.row)


def _new() -> dict[str, Any]:
    fresh = Student()
    values = {name: getattr(fresh, name) for name in FIELDS if name not in ("programme", "person")}
    return {**values, "programme": None, "person": None}


def _languages() -> dict[str, str]:
    """Languages may be named by their code or by name, in any of the three."""
    found = {code: code for code, _label in settings.LANGUAGES}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found.update({str(label).casefold(): code for code, label in settings.LANGUAGES})
    return found


def _day_of(text: str) -> datetime.date | None:
    parts = text.split(".")
    if len(parts) == 3:
        text = "-".join(part.zfill(2) for part in reversed(parts))
    try:
        return parse_date(text)
    except ValueError:
        return None


def _name(field: str) -> Any:
    return Student._meta.get_field(field).verbose_name


def _words(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Programme):
        return value.code
    return str(value)
