"""XLSX and CSV, written row by row: the memory they take does not grow with the rows."""

from __future__ import annotations

import csv
import datetime
import decimal
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TYPES = {"xlsx": XLSX, "csv": CSV}
#: what a spreadsheet takes for the beginning of a formula
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
#: the most that one cell of a spreadsheet holds
LONGEST = 32767
_SHEET_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def plain(value: Any) -> Any:
    """What a spreadsheet can hold: numbers and dates as they are, everything else as text; times of the university."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | decimal.Decimal | datetime.date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST]


def write_xlsx(stream: Any, title: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet: bold frozen head with filters, widths, dates as dates. No text becomes a formula."""
    book = Workbook(write_only=True)
    for style in (
        NamedStyle("day", number_format="dd.mm.yyyy"),
        NamedStyle("moment", number_format="dd.mm.yyyy hh:mm"),
    ):
        style.alignment = Alignment(vertical="top", horizontal="left")
        book.add_named_style(style)
    text = NamedStyle("text")
    text.alignment = Alignment(vertical="top", wrap_text=True)
    book.add_named_style(text)

    sheet = book.create_sheet(title.translate(_SHEET_SIGNS)[:31])
    sheet.freeze_panes = "A2"
    for place, (_label, width) in enumerate(head, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    bold = Font(bold=True)
    labels = []
    for label, _width in head:
        cell = WriteOnlyCell(sheet, label)
        cell.font, cell.data_type = bold, "s"
        labels.append(cell)
    sheet.append(labels)

    cells = _Cells(sheet)
    written = 1
    for row in rows:
        sheet.append(cells.of(row))
        written += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{written}"
    book.save(stream)


class _Cells:
    """A row's values as cells. Three cells, filled anew for each value: a styled cell costs far more to make than to write."""

    def __init__(self, sheet: Any):
        self.text, self.day, self.moment = (WriteOnlyCell(sheet) for _place in range(3))
        self.text.style, self.day.style, self.moment.style = "text", "day", "moment"

    def of(self, row: Sequence[Any]) -> Iterator[Any]:
        """A generator, because each cell is written before the next value takes its place."""
        for raw in row:
            value = plain(raw)
            if isinstance(value, str):
                self.text.value = value
                self.text.data_type = "s"  # a text that begins with "=" stays text; one that reads #N/A too
                yield self.text
            elif isinstance(value, datetime.date):
                cell = self.moment if isinstance(value, datetime.datetime) else self.day
                cell.value = value
                yield cell
            else:
                yield value


def csv_lines(head: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, by which Excel knows Cyrillic; some hundred rows a piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([harmless(label) for label, _width in head])
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if buffer.tell() > 64_000:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def harmless(value: Any) -> Any:
    """A value for CSV: dates as written in the country, and an apostrophe before what would run as a formula."""
    value = plain(value)
    if isinstance(value, datetime.datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value
