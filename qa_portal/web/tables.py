"""Tables: a register's columns, declared once for page and export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape


@dataclass(frozen=True)
class Column:
    """`value(row)` is what the export writes; `html(row)` what the page shows (escaped value unless given).

    `sort` names the fields to order by; `page=False` is in the export only.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    html: Callable[[Any], Any] | None = None
    sort: tuple[Any, ...] = ()
    css: str = ""
    page: bool = True
    width: int = 18

    def cell(self, row: Any) -> Any:
        if self.html is not None:
            return self.html(row)
        value = self.value(row)
        return "" if value is None else escape(value)


class Table:
    """The columns of one register and the order it opens with."""

    columns: tuple[Column, ...] = ()
    order: tuple[Any, ...] = ("-pk",)

    @classmethod
    def on_page(cls) -> list[Column]:
        return [column for column in cls.columns if column.page]

    @classmethod
    def ordered(cls, rows: Any, sort: str) -> Any:
        """`sort` is a column's key, with "-" for descending; anything unknown falls back to the usual order."""
        key, descending = sort.lstrip("-"), sort.startswith("-")
        for column in cls.columns:
            if column.key == key and column.sort:
                fields = [_direction(field, descending) for field in column.sort]
                return rows.order_by(*fields, "-pk" if descending else "pk")
        return rows.order_by(*cls.order)


def _direction(field: Any, descending: bool) -> Any:
    if isinstance(field, str):
        return f"-{field}" if descending and not field.startswith("-") else field
    return field.desc() if descending else field.asc()
