"""Tables that people hand in, XLSX or CSV, read row by row: the way back of sheets.py."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

#: what an XLSX may unpack to: a small file can hold a very large sheet
MOST_UNPACKED = 200 * 1024 * 1024


class CannotRead(Exception):
    """The file is no table that can be read."""


def lines(file: Any, name: str) -> Iterator[list[str]]:
    """The rows of an XLSX or CSV, the head first, each cell as text."""
    rows = _xlsx_lines(file) if name.lower().endswith(".xlsx") else _csv_lines(file)
    return ([said(cell) for cell in row] for row in rows)


def said(value: Any) -> str:
    """A cell as people would write it: whole numbers without a point, days as 2026-09-01, no double spaces."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime):
        value = value.date()
    return " ".join(str(value).replace("\x00", "").split())


def _xlsx_lines(file: Any) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise CannotRead
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
    except CannotRead:
        raise
    except Exception as error:  # a broken part breaks the library in many ways
        raise CannotRead from error
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield list(row)
    except Exception as error:
        raise CannotRead from error
    finally:
        book.close()


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
