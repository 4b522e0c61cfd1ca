"""What can be wrong with a value that is handed in: codes that are kept, and the words for them in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

#: code → what is wrong, and what to do
WORDS: dict[str, tuple[Any, Any]] = {
    "unreadable": (
        _("The file cannot be read."),
        _("Save it once more as XLSX or as CSV and hand it in again."),
    ),
    "too_many": (_("The table has more than %(most)s rows."), _("Split it into several files.")),
    "no_column": (
        _("The column “%(said)s” is missing."),
        _("The first row names the columns. Take the template: it has all of them."),
    ),
    "empty": (_("There is no value in the table."), _("Fill the column with the values and hand it in again.")),
    "unknown_code": (
        _("There is no indicator “%(said)s” in force."),
        _("Take the code from the list of indicators."),
    ),
    "computed": (
        _("“%(said)s” is computed by the portal."),
        _("Take the row out. A computed value is corrected on its own page, with a reason."),
    ),
    "unknown_unit": (
        _("There is no unit with the code “%(said)s”."),
        _("Take the code from the structure of the university; leave it empty for the university as a whole."),
    ),
    "does_not_report": (
        _("This unit does not report the indicator %(code)s."),
        _("Take the row out, or have the unit named among those that report it."),
    ),
    "not_yours": (
        _("You may not give values of %(code)s for this unit."),
        _("Its values are given by the responsible unit, the unit measured and the quality office (ASB)."),
    ),
    "period": (_("“%(said)s” is no period."), _("Write it so: %(example)s.")),
    "kind": (_("“%(said)s” is a period of another kind."), _("This indicator is measured so: %(example)s.")),
    "future": (_("The period %(said)s has not begun."), _("Give the value when it runs or is over.")),
    "not_number": (_("“%(said)s” is not a number."), _("Write a number, with a comma or a point, without words.")),
    "too_large": (_("The number is too large: %(said)s."), _("Look whether a sign was typed too many.")),
    "no_value": (_("The value is missing."), _("Type it. A value is taken back on its own page, with a reason.")),
    "cases": (
        _("The number of cases is missing."),
        _("This indicator is weighted by cases: say how many stand behind the value."),
    ),
    "cases_negative": (_("The number of cases cannot be negative."), _("Correct it.")),
    "twice": (
        _("The same indicator, unit and period stand in row %(first)s already."),
        _("Leave one of the two rows."),
    ),
    "different": (
        _("Another value is there already: %(there)s."),
        _("Take the row out, or give a reason for replacing values."),
    ),
    "meanwhile": (
        _("Somebody changed this value while you were typing: it is %(there)s now."),
        _("Look at it and save again."),
    ),
    "note": (_("The note is longer than 500 signs."), _("Shorten it.")),
}


@dataclass(frozen=True)
class Mistake:
    """`place` is the row of the table (or the number in the list), `column` which of its cells."""

    place: int
    column: str
    code: str
    params: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"row": self.place, "column": self.column, "problem": self.code, "params": self.params}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mistake:
        return cls(data["row"], data["column"], data["problem"], data["params"])

    @property
    def wrong(self) -> str:
        return str(WORDS[self.code][0]) % self._shown()

    @property
    def to_do(self) -> str:
        return str(WORDS[self.code][1]) % self._shown()

    def _shown(self) -> dict[str, str]:
        """The number that stands there, with the comma of the reader's language."""
        if "there" not in self.params:
            return self.params
        return {**self.params, "there": self.params["there"].replace(".", get_format("DECIMAL_SEPARATOR"))}

    @property
    def words(self) -> str:
        return f"{self.wrong} {self.to_do}"


class Mistakes(Exception):
    """Nothing was taken: these values do not do."""

    def __init__(self, found: list[Mistake]):
        super().__init__("; ".join(f"{m.place} {m.column}: {m.code}" for m in found[:5]))
        self.found = found
