"""Export of a register: exactly the rows that the page's address asks for and the person sees, all columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import get_resolver
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from qa_portal.web.pages.declaration import declared
from qa_portal.web.pages.register import chosen_rows

from .base import CannotMake, Progress, Report, report, safe_name
from .sheets import TYPES, csv_lines, write_xlsx

#: rows read and let go at a time
PIECE = 500


class RegisterRows:
    """The rows behind one address of a register, for one person."""

    def __init__(self, pages: Any, request: HttpRequest):
        self.pages = pages
        self.person = request.user
        rows, _filters, _words = chosen_rows(pages, request)
        self.chosen = pages.table.ordered(rows, request.GET.get("sort", ""))

    @cached_property
    def ids(self) -> array[int]:
        """The rows' numbers in their order, eight bytes each: what is exported is settled here, at one moment.

        Pieces are then read by number. One long cursor would hold a transaction open for minutes, and on SQLite
        nobody could write the progress meanwhile.
        """
        return array("q", self.chosen.values_list("pk", flat=True).iterator(chunk_size=5000))

    def more_than(self, count: int) -> bool:
        return len(self.chosen.values_list("pk", flat=True)[: count + 1]) > count

    @property
    def head(self) -> list[tuple[str, int]]:
        return [(capfirst(str(column.label)), column.width) for column in self.pages.table.columns]

    def values(self, told: Callable[[int, int], None] = lambda done, total: None) -> Iterator[list[Any]]:
        columns = [column.value for column in self.pages.table.columns]
        total = len(self.ids)
        for start in range(0, total, PIECE):
            piece = self.ids[start : start + PIECE]
            rows = self.pages.rows(self.person).filter(pk__in=list(piece)).order_by()
            found = {row.pk: row for row in rows.prefetch_related(*self.pages.prefetch)}
            for pk in piece:
                if pk in found:
                    yield [value(found[pk]) for value in columns]
            told(start + len(piece), total)


@report
class RegisterExport(Report):
    """A register as a file. `params`: pages ("capa.finding"), query (the address's), kind (xlsx or csv)."""

    key = "web.register"

    @cached_property
    def pages(self) -> Any:
        if self.params["pages"] not in declared:
            get_resolver().url_patterns  # noqa: B018 - a worker has not read the addresses yet
        try:
            return declared[self.params["pages"]]
        except KeyError:
            raise CannotMake(_("This register is no longer there.")) from None

    @property
    def kind(self) -> str:
        return self.params["kind"]

    @property
    def content_type(self) -> str:  # type: ignore[override]
        return TYPES[self.kind]

    def title(self) -> str:
        return str(self.pages.title)

    def file_name(self) -> str:
        return safe_name(f"{self.title()} {timezone.localdate():%Y-%m-%d}", self.kind)

    @cached_property
    def rows(self) -> RegisterRows:
        request = HttpRequest()
        request.method, request.user = "GET", self.person
        request.GET = QueryDict(self.params["query"])
        try:
            return RegisterRows(self.pages, request)
        except Http404:
            raise CannotMake(_("You may no longer see this register.")) from None

    def write(self, stream: Any, progress: Progress) -> None:
        rows = self.rows
        if self.kind == "csv":
            stream.writelines(csv_lines(rows.head, rows.values(progress)))
        else:
            write_xlsx(stream, self.title(), rows.head, rows.values(progress))
