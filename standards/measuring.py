"""Values of indicators as they come in: checked and written by the same code from form, grid, table, API (domain.md §2).

`Book` knows the definitions in force, the units that report and the periods, and judges each value from memory. `enter`
writes many at once, all or none, each with its line of history.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import SYSTEM
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry, plain
from qa_portal.workflow.writing import door

from .lights import Targets
from .mistakes import Mistake, Mistakes
from .models import Indicator, Measurement, MeasurementImport
from .periods import EXAMPLES, Periods, Span, ends
from .permissions.measurements import may_give
from .series import reporters_of

LARGEST = Decimal(10) ** 14
EXACT = Decimal("0.0001")
LONGEST_NOTE = 500
PIECE = 2000
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]+")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?", re.ASCII)
registry.words.setdefault("compute", _("Computed by the portal"))


def number(value: Any) -> Decimal:
    """A number as people write it: "1 234,5", "85 %", 0.1; ValueError when it is none."""
    if isinstance(value, bool) or value is None:
        raise ValueError
    if isinstance(value, str):
        text = _SPACES.sub("", value).replace("−", "-")
        if not _NUMBER.fullmatch(text):
            raise ValueError
        value = text.rstrip("%").replace(",", ".")
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError from None
    if not found.is_finite():
        raise ValueError
    return found if abs(found) >= LARGEST else found.quantize(EXACT)


def said(value: Any) -> str:
    """A stored value without its idle zeros, as a mistake or a cell names it."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)[:60]


@dataclass(frozen=True)
class Typed:
    """One value as it was handed in. `place` is where: the row of a table, the number in a list."""

    place: int
    code: Any
    unit: Any
    period: Any
    value: Any
    cases: Any = None
    note: str = ""


@dataclass(frozen=True)
class Ready:
    """One value that was found good; `unit_id` None is the university."""

    place: int
    indicator: Indicator
    unit_id: int | None
    span: Span
    value: Decimal
    weight: Decimal | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        return self.indicator.code, self.unit_id, self.span.label


class Book:
    """What values are judged by, read once: definitions in force, units that report, periods, the person's rights."""

    def __init__(self, by: Any, codes: Iterable[str] | None = None, day: datetime.date | None = None):
        """`codes` spares reading all definitions where only a few are spoken of."""
        self.by = by
        self.codes = None if codes is None else list(codes)
        self.day = day or timezone.localdate()
        self.periods = Periods()
        self._spans: dict[tuple[str, str], Span | Mistake] = {}
        self._may: dict[tuple[int, int | None], bool] = {}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        rows = Indicator.objects.in_force().select_related("responsible", "set").defer("text", "validation")
        rows = rows if self.codes is None else rows.filter(code__in=self.codes)
        return {row.code: row for row in rows}

    @cached_property
    def reporters(self) -> dict[int, set[int | None]]:
        return {pk: set(units) for pk, units in reporters_of(self.indicators.values()).items()}

    @cached_property
    def _units(self) -> list[tuple[int, str, str, int | None]]:
        return list(Unit.objects.order_by("path").values_list("pk", "code", "path", "parent_id"))

    @cached_property
    def unit_by_code(self) -> dict[str, int | None]:
        """The root of the tree is the university as a whole."""
        return {code.casefold(): pk if parent is not None else None for pk, code, _path, parent in self._units}

    @cached_property
    def path_of(self) -> dict[int, str]:
        return {pk: path for pk, _code, path, _parent in self._units}

    def may(self, indicator: Indicator, unit_id: int | None) -> bool:
        key = (indicator.responsible_id, unit_id)
        if key not in self._may:
            path = self.path_of.get(unit_id) if unit_id else None
            self._may[key] = self.by is SYSTEM or may_give(self.by, indicator.responsible.path, path)
        return self._may[key]

    # -- judging ----------------------------------------------------------------------------
    def judge(self, typed: Typed) -> Ready | list[Mistake]:
        """The value ready to be written, or everything that is wrong with it."""
        wrong: list[Mistake] = []

        def add(column: str, problem: str, /, **params: Any) -> None:
            wrong.append(Mistake(typed.place, column, problem, {name: said(value) for name, value in params.items()}))

        code = str(typed.code or "").strip().upper()
        indicator = self.indicators.get(code)
        if indicator is None:
            add("code", "unknown_code", said=code)
            return wrong
        if indicator.formula:
            add("code", "computed", said=code)
            return wrong
        unit_text = str(typed.unit if typed.unit is not None else "").strip().casefold()
        unit_id = self.unit_by_code.get(unit_text) if unit_text else None
        if unit_text and unit_text not in self.unit_by_code:
            add("unit", "unknown_unit", said=typed.unit)
        elif unit_id not in self.reporters[indicator.pk]:
            add("unit", "does_not_report", code=code)
        elif not self.may(indicator, unit_id):
            add("unit", "not_yours", code=code)
        span = self._span(typed.period, indicator.period)
        if isinstance(span, Mistake):
            add("period", span.code, **span.params)
        value = self._number(typed.value, "value", add)
        weight = self._number(typed.cases, "cases", add)
        if value is None and not any(mistake.column == "value" for mistake in wrong):
            add("value", "no_value")
        if weight is None and indicator.roll_up == Indicator.RollUp.WEIGHTED and value is not None:
            if not any(mistake.column == "cases" for mistake in wrong):
                add("cases", "cases")
        elif weight is not None and weight < 0:
            add("cases", "cases_negative")
        note = str(typed.note or "").strip()
        if len(note) > LONGEST_NOTE:
            add("note", "note")
        if wrong or value is None or isinstance(span, Mistake):
            return wrong
        return Ready(typed.place, indicator, unit_id, span, value, weight, note)

    def _span(self, text: Any, kind: str) -> Span | Mistake:
        if isinstance(text, datetime.datetime | datetime.date):
            text = f"{text:%Y-%m}"  # a month that a spreadsheet took for a date
        key = (str(text if text is not None else "").strip(), kind)
        if key not in self._spans:
            try:
                span: Span | Mistake = self.periods.read(key[0], kind)
            except ValidationError as error:
                # Its parameters keep what was written; the words are chosen when they are read.
                span = Mistake(0, "", error.code or "period", {"said": key[0][:40], "example": EXAMPLES[kind]})
            else:
                if span.since > self.day:
                    span = Mistake(0, "", "future", {"said": span.label})
            self._spans[key] = span
        return self._spans[key]

    @staticmethod
    def _number(value: Any, column: str, add: Any) -> Decimal | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            found = number(value)
        except ValueError:
            add(column, "not_number", said=value)
            return None
        if abs(found) >= LARGEST:
            add(column, "too_large", said=str(value))
            return None
        return found


# -- writing --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Entered:
    added: int = 0
    replaced: int = 0
    skipped: int = 0


def stored_values(codes: Iterable[str], spans: Iterable[Span]) -> dict[tuple[str, int | None, str], Measurement]:
    """The valid values of some codes and periods, by code, unit and period."""
    labels = {span.label: span for span in spans}
    if not labels:
        return {}
    rows = Measurement.objects.valid().filter(
        code__in=set(codes), until__range=ends(list(labels.values())), period__in=list(labels)
    )
    return {(row.code, row.unit_id, row.period): row for row in rows.order_by()}


def enter(
    values: Sequence[Ready],
    *,
    by: Any,
    origin: str,
    reason: str = "",
    batch: MeasurementImport | None = None,
    seen: datetime.datetime | None = None,
) -> Entered:
    """Write them all, or none: Mistakes then says why. Equal ones that are there already are passed over.

    Another value that is there is replaced only with a reason, and not when it has changed since `seen`.
    """
    with transaction.atomic(), door("import"):
        ids = sorted({value.indicator.pk for value in values})
        # As with a single value: whoever writes values of an indicator waits for the others.
        list(Indicator.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        there = stored_values((v.indicator.code for v in values), (v.span for v in values))
        new, other, skipped, wrong = [], [], 0, []
        for value in values:
            old = there.get(value.key)
            if old is None:
                new.append(value)
            elif old.value == value.value and (value.weight is None or old.weight == value.weight):
                skipped += 1
            elif seen is not None and old.changed_at > seen:
                wrong.append(Mistake(value.place, "value", "meanwhile", {"there": said(old.value)}))
            elif not reason:
                wrong.append(Mistake(value.place, "value", "different", {"there": said(old.value)}))
            else:
                other.append((old, value))
        if wrong:
            raise Mistakes(wrong)
        targets = Targets(ids)
        _add(new, by, origin, batch, targets)
        _replace(other, by, reason, batch, targets)
    return Entered(len(new), len(other), skipped)


def _add(
    values: Sequence[Ready], by: Any, origin: str, batch: MeasurementImport | None, targets: Targets, verb: str = "add"
) -> None:
    person = None if by is SYSTEM else by
    kind, why = ContentType.objects.get_for_model(Measurement), str(batch or "")
    for start in range(0, len(values), PIECE):
        rows = Measurement.objects.bulk_create(
            Measurement(
                indicator=value.indicator,
                code=value.indicator.code,
                unit_id=value.unit_id,
                period=value.span.label,
                since=value.span.since,
                until=value.span.until,
                value=value.value,
                weight=value.weight,
                note=value.note,
                light=targets.light_in(value.indicator, value.span.label, value.unit_id, value.value),
                origin=origin,
                batch=batch,
                created_by=person,
            )
            for value in values[start : start + PIECE]
        )
        Entry.objects.bulk_create(
            Entry(record_type=kind, record_id=row.pk, by=person, verb=verb, to_state=row.state, why=why) for row in rows
        )


def _replace(
    pairs: Sequence[tuple[Measurement, Ready]],
    by: Any,
    reason: str,
    batch: MeasurementImport | None,
    targets: Targets,
    verb: str = "correct",
) -> None:
    person = None if by is SYSTEM else by
    kind, now = ContentType.objects.get_for_model(Measurement), timezone.now()
    rows, entries = [], []
    for row, value in pairs:
        changes = [
            {"field": name, "old": plain(getattr(row, name)), "new": plain(new)}
            for name, new in (("value", value.value), ("weight", value.weight))
            if getattr(row, name) != new and not (name == "weight" and new is None)
        ]
        row.value = value.value
        row.weight = row.weight if value.weight is None else value.weight
        row.note = value.note or row.note
        row.indicator = value.indicator
        row.light = targets.light_in(value.indicator, row.period, row.unit_id, row.value)
        row.batch = batch or row.batch
        row.revision += 1
        row.changed_at = now
        if person is not None:
            row.corrected_by, row.corrected_on = person, timezone.localdate()
        rows.append(row)
        entries.append(
            Entry(
                record_type=kind,
                record_id=row.pk,
                by=person,
                verb=verb,
                from_state=row.state,
                to_state=row.state,
                why=reason,
                changes=changes,
            )  # fmt: skip
        )
    fields = [
        "value", "weight", "note", "indicator", "light", "batch", "revision", "changed_at", "corrected_by", "corrected_on",
    ]  # fmt: skip
    Measurement.objects.bulk_update(rows, fields, batch_size=200)
    Entry.objects.bulk_create(entries, batch_size=PIECE)


def note_computed(new: Sequence[Ready], changed: Sequence[tuple[Measurement, Ready]], targets: Targets) -> None:
    """What the portal computed itself, written with its history; called inside the door by `computing`."""
    _add(new, SYSTEM, Measurement.Origin.COMPUTED, None, targets, "compute")
    _replace(changed, SYSTEM, "", None, targets, "compute")
