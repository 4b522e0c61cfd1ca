"""Tables of values: the template with what is missing, and the reading of what was handed in, all of it or nothing.

A table is read by the worker. Taking it up is a mark in the database and writing is one transaction that ends with the
import's own state: a worker that dies leaves nothing half done, and another takes the table up again.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from qa_portal.notices.models import Notice
from qa_portal.people.models import Unit
from qa_portal.reports.sheets import write_xlsx
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door

from .measuring import Book, Entered, Ready, Typed, enter
from .mistakes import Mistake, Mistakes
from .models import Measurement, MeasurementImport
from .periods import Span, ends

#: by name, because the task imports this module
TASK = "standards.tasks.measurements.read_import"
#: an import that has not moved for so long belongs to a worker that died
STALE = datetime.timedelta(minutes=15)
MOST_ROWS, MOST_SHOWN, MOST_UNPACKED = 100_000, 200, 400 * 1024 * 1024
CODE, UNIT, PERIOD, VALUE, CASES, NOTE = "code", "unit", "period", "value", "cases", "note"
COLUMNS: dict[str, Any] = {
    CODE: _("Code of the indicator"),
    UNIT: _("Code of the unit"),
    PERIOD: _("Period"),
    VALUE: _("Value"),
    CASES: _("Number of cases"),
    NOTE: _("Note"),
}
#: beside them, in the template only, for people
NAMES = (_("Indicator"), _("Unit"))
NEEDED = (CODE, UNIT, PERIOD, VALUE)
log = structlog.get_logger(__name__)
registry.words.update(take_in=_("Taken in"), refuse=_("Refused"))


class CannotRead(Exception):
    """The file is no table that can be read."""


# -- reading the file ---------------------------------------------------------------------------------
def lines(file: Any, name: str) -> Iterator[list[Any]]:
    """The rows of an XLSX or CSV, the head first, one at a time."""
    return _xlsx_lines(file) if name.lower().endswith(".xlsx") else _csv_lines(file)


def _xlsx_lines(file: Any) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise CannotRead
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
    except CannotRead:
        raise
    except (
        Exception
    ) as error:  # a broken part breaks the library in many ways, and none of them mends itself by waiting
        raise CannotRead from error
    try:
        for row in book.worksheets[0].iter_rows():
            yield [_cell_value(cell) for cell in row]
    except Exception as error:
        raise CannotRead from error
    finally:
        book.close()


def _cell_value(cell: Any) -> Any:
    value = cell.value
    # 85 % typed into a spreadsheet is kept there as 0.85 with a percent sign for its looks.
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return round(value * 100, 6)
    return value


def _csv_lines(file: Any) -> Iterator[list[Any]]:
    raw = file.read()
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CannotRead
    if "\x00" in text:  # two bytes a letter, or no text at all
        raise CannotRead
    head = text.split("\n", 1)[0]
    separator = max(";,\t", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            # The apostrophe that our own export sets before what would run as a formula.
            yield [cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell for cell in row]
    except csv.Error as error:
        raise CannotRead from error


def _head_names() -> dict[str, str]:
    """How columns may be called: in any of the three languages, or by their short English name."""
    found = {name: name for name in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update({str(label).casefold(): name for name, label in COLUMNS.items()})
    return found


def _places(head: list[Any]) -> dict[str, int]:
    names = _head_names()
    found: dict[str, int] = {}
    for place, label in enumerate(head):
        name = names.get(" ".join(str(label or "").split()).casefold())
        if name and name not in found:
            found[name] = place
    return found


def _typed(rows: Iterator[list[Any]]) -> Iterator[Typed]:
    """The values of a table with the number of their row; rows without a value and without a note are passed over."""
    places = _places(next(rows, []))
    missing = [name for name in NEEDED if name not in places]
    if missing:
        raise Mistakes([Mistake(1, name, "no_column", {"said": str(COLUMNS[name])}) for name in missing])
    for number, row in enumerate(rows, 2):
        if number - 1 > MOST_ROWS:
            raise Mistakes([Mistake(number, CODE, "too_many", {"most": str(MOST_ROWS)})])
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if _blank(cells.get(VALUE)) and _blank(cells.get(CASES)):
            continue
        yield Typed(
            number, cells[CODE], cells[UNIT], cells[PERIOD], cells[VALUE], cells.get(CASES), cells.get(NOTE) or ""
        )


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def judged(rows: Iterator[Typed], book: Book, moved: Callable[[int], None] = lambda number: None) -> list[Ready]:
    """All values of a table ready to be written; else Mistakes with every one that was found."""
    ready: list[Ready] = []
    wrong: list[Mistake] = []
    seen: dict[Any, int] = {}
    for typed in rows:
        found = book.judge(typed)
        if isinstance(found, Ready):
            first = seen.setdefault(found.key, typed.place)
            if first != typed.place:
                wrong.append(Mistake(typed.place, PERIOD, "twice", {"first": str(first)}))
            ready.append(found)
        else:
            wrong += found
        moved(typed.place)
    if wrong:
        raise Mistakes(wrong)
    if not ready:
        raise Mistakes([Mistake(2, VALUE, "empty")])
    return ready


# -- the import ---------------------------------------------------------------------------------------
def hand_over(batch: MeasurementImport) -> None:
    """Have the worker read it after commit; without a worker (tests) it is read at once."""
    if current_app.conf.task_always_eager:
        read(batch.pk)
    else:
        # robust: with the queue away the table waits for resume().
        transaction.on_commit(lambda: current_app.send_task(TASK, args=[batch.pk]), robust=True)


def _set(pk: int, **values: Any) -> int:
    with door("import"):
        return MeasurementImport.objects.filter(pk=pk, state=MeasurementImport.WAITING).update(**values)


def read(pk: int) -> bool:
    """Read one table that waits (or whose reader died); of several workers one does."""
    now = timezone.now()
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=now - STALE)
    with door("import"):
        taken = (
            MeasurementImport.objects.filter(free, pk=pk, state=MeasurementImport.WAITING)
            .select_related(None)
            .update(taken_at=now, progress=0)
        )
    if not taken:
        return False
    batch = MeasurementImport.objects.select_related("created_by").get(pk=pk)
    try:
        with batch.file.open("rb") as file:
            values = judged(_typed(lines(file, batch.file_name)), Book(batch.created_by), _progress(batch))
        done = _write(batch, values)
    except CannotRead:
        done = _refuse(batch, [Mistake(1, "", "unreadable")])
    except Mistakes as mistakes:
        done = _refuse(batch, mistakes.found)
    if done:
        _announce(batch)
    return done


def _progress(batch: MeasurementImport) -> Callable[[int], None]:
    """A tick each 2,000 rows: it is also the sign of life. How many rows there are is not known before the end."""

    def moved(place: int) -> None:
        if place % 2000 == 0:
            _set(batch.pk, progress=min(80, place // 400), taken_at=timezone.now())

    return moved


def _write(batch: MeasurementImport, values: list[Ready]) -> bool:
    _set(batch.pk, progress=85, taken_at=timezone.now())
    with transaction.atomic():
        # First the state: whoever comes second (a worker taken for dead) finds nothing to do.
        if not _set(batch.pk, state=MeasurementImport.DONE, progress=100, finished_at=timezone.now(), mistakes=[]):
            return False
        counts = enter(
            values, by=batch.created_by, origin=Measurement.Origin.IMPORT, reason=batch.reason.strip(), batch=batch
        )
        _finish(batch, MeasurementImport.DONE, "take_in", counts)
    return True


def _refuse(batch: MeasurementImport, found: list[Mistake]) -> bool:
    """Nothing is taken; the first mistakes are kept with the number of all."""
    with transaction.atomic():
        kept = [mistake.as_json() for mistake in sorted(found, key=lambda m: m.place)[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            kept.append({"more": len(found) - MOST_SHOWN})
        if not _set(batch.pk, state=MeasurementImport.REFUSED, finished_at=timezone.now(), mistakes=kept):
            return False
        _finish(batch, MeasurementImport.REFUSED, "refuse", Entered())
    return True


def _finish(batch: MeasurementImport, state: str, verb: str, counts: Entered) -> None:
    with door("import"):
        MeasurementImport.objects.filter(pk=batch.pk).update(
            rows=counts.added, replaced=counts.replaced, skipped=counts.skipped, revision=batch.revision + 1
        )
    batch.refresh_from_db()
    batch.write_entry(verb, batch.created_by, from_state=MeasurementImport.WAITING, to_state=state)


def _announce(batch: MeasurementImport) -> None:
    """A line in the inbox of whoever handed it in and has gone on to other things."""
    person = batch.created_by
    if person is None or timezone.now() - batch.created_at < datetime.timedelta(seconds=15):
        return
    with translation.override(person.language):
        if batch.state == MeasurementImport.DONE:
            subject = gettext("The table of values was taken in: %(file)s") % {"file": batch.file_name}
            body = said_counts(batch)
        else:
            subject = gettext("The table of values was refused: %(file)s") % {"file": batch.file_name}
            body = gettext("Nothing was taken. Each mistake is named with its row and column.")
        Notice.objects.create(
            person=person, verb="import", subject=subject[:250], body=body, url=batch.get_absolute_url()
        )


def said_counts(batch: MeasurementImport) -> str:
    """What became of a table, in a sentence."""
    parts = [ngettext("%(n)s new value", "%(n)s new values", batch.rows) % {"n": batch.rows}]
    if batch.replaced:
        parts.append(ngettext("%(n)s corrected", "%(n)s corrected", batch.replaced) % {"n": batch.replaced})
    if batch.skipped:
        parts.append(
            ngettext("%(n)s was there already", "%(n)s were there already", batch.skipped) % {"n": batch.skipped}
        )
    return ", ".join(parts)


def resume() -> int:
    """Tables that wait too long: the queue was away or a worker died."""
    now = timezone.now()
    waiting = MeasurementImport.objects.filter(state=MeasurementImport.WAITING).filter(
        Q(taken_at__isnull=True, created_at__lt=now - datetime.timedelta(minutes=2)) | Q(taken_at__lt=now - STALE)
    )
    return sum(read(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:20]))


# -- what is missing, and the template ------------------------------------------------------------------
def missing(book: Book, spans_back: int = 12) -> Iterator[tuple[Any, int | None, Span]]:
    """(indicator, unit, period) of values that this person may give and that nobody has given: periods that are over."""
    indicators = [row for row in book.indicators.values() if not row.formula]
    wanted: dict[str, list[Span]] = {}
    for row in indicators:
        if row.period not in wanted:
            last = book.periods.last_over(row.period, book.day)
            wanted[row.period] = [last]
            while len(wanted[row.period]) < spans_back:
                wanted[row.period].append(book.periods.previous(wanted[row.period][-1]))
    if not wanted:
        return
    since, _last = ends([span for spans in wanted.values() for span in spans])
    there = set(
        Measurement.objects.valid()
        .filter(code__in=[row.code for row in indicators], until__gte=since)
        .order_by()
        .values_list("code", "unit_id", "period")
    )
    for row in sorted(indicators, key=lambda row: row.code):
        spans = [span for span in reversed(wanted[row.period]) if span.until >= row.set.valid_from]
        for unit in sorted(book.reporters[row.pk], key=lambda pk: book.path_of.get(pk or 0, "")):
            if book.may(row, unit):
                yield from ((row, unit, span) for span in spans if (row.code, unit, span.label) not in there)


def write_template(stream: Any, book: Book) -> None:
    """An XLSX with a row for each value that is missing: only the value is left to be typed."""
    units = dict(Unit.objects.values_list("pk", "code"))
    names = dict(Unit.objects.labels())
    head = [
        (str(COLUMNS[CODE]), 16), (str(COLUMNS[UNIT]), 18), (str(COLUMNS[PERIOD]), 14), (str(COLUMNS[VALUE]), 14),
        (str(COLUMNS[CASES]), 16), (str(COLUMNS[NOTE]), 30), (str(NAMES[0]), 60), (str(NAMES[1]), 40),
    ]  # fmt: skip
    rows = (
        [row.code, units[unit] if unit else "", span.label, None, None, None, row.name, names[unit] if unit else ""]
        for _place, (row, unit, span) in zip(range(MOST_ROWS), missing(book), strict=False)
    )
    write_xlsx(stream, gettext("Values"), head, rows)
