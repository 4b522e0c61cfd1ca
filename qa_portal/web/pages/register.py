"""The register: title, seen filters, table, steps for many rows, export."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from qa_portal.permissions import refusal

from ..registry import registry

MOST_SEARCH = 200


def search_terms(request: HttpRequest) -> str:
    """What was asked for, without NUL bytes and not longer than makes sense."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:MOST_SEARCH]


def chosen_rows(pages: Any, request: HttpRequest) -> tuple[Any, Any, str]:
    """What the address asks for, of what the person may see: rows, the filters, the words. One truth for page and export."""
    rows = pages.rows(request.user)
    filters = pages.filters(request.GET, queryset=rows, request=request) if pages.filters else None
    if filters is not None:
        # A filter that is not understood never widens what is shown or exported.
        rows = filters.qs if filters.is_valid() else rows.none()
    q = search_terms(request)
    return pages.matching(rows, q), filters, q


class Register(View):
    pages: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = self.pages
        rows, filters, q = chosen_rows(pages, request)
        wrong = filters is not None and not filters.is_valid()
        if request.GET.get("count"):
            return self._count(rows, 400 if wrong else 200)
        export = request.GET.get("export")
        if not wrong and export in ("xlsx", "csv") and registry.export:
            return registry.export(request, pages, export)
        rows = pages.table.ordered(_as_listed(pages, rows), request.GET.get("sort", ""))
        number = _page_number(request)
        start = (number - 1) * pages.per_page
        # One row more than shown tells whether there is a next page: no count is needed before the rows.
        found = list(rows.prefetch_related(*pages.prefetch)[start : start + pages.per_page + 1])
        if not found and number > 1 and not wrong:
            return redirect(f"{request.path}?{_query(request, page=None)}")  # past the end: the first page
        more, found = len(found) > pages.per_page, found[: pages.per_page]
        context = self._context(request, found, number, more)
        chips = _chips(request, filters)
        context.update(
            filter_form=filters.form if filters is not None else None,
            chips=chips,
            q=q,
            filtered=bool(q or chips or wrong),
            wrong=wrong,
            **_filter_fields(filters),
        )
        return render(request, "pages/register.html", context, status=400 if wrong else 200)

    def _count(self, rows: Any, status: int) -> JsonResponse:
        count = rows.count()
        text = ngettext("%(n)s record", "%(n)s records", count) % {"n": count}
        return JsonResponse({"count": count, "text": text}, status=status)

    def _context(self, request: HttpRequest, found: list[Any], number: int, more: bool) -> dict[str, Any]:
        pages = self.pages
        columns = pages.table.on_page()
        bulk = self._bulk(request, found)
        tags = _cell_tags(columns)
        checkable = self._bulk_states() if bulk else set()
        rows = [
            {
                "id": f"{row.pk}:{row.revision}" if bulk else row.pk,
                "name": " ".join(pages.heading(row)).strip() if bulk else "",
                "checkable": bool(bulk) and row.state in checkable,
                # One string a row: 50 rows × 7 cells through the template engine take longer than all the rest.
                "cells": mark_safe("".join(f"{tag}{conditional_escape(cell(row))}</td>" for tag, cell in tags)),
            }
            for row in found
        ]
        count = len(found) if number == 1 and not more else None
        return {
            "title": pages.title,
            "lead": pages.lead,
            "count": count,
            "count_url": "" if count is not None else "?" + _query(request, count="1", page=None),
            "add": self._add(request),
            "page_links": pages.page_links(request),
            "columns": [_heading(request, column, pages.table) for column in columns],
            "rows": rows,
            "bulk": bulk,
            "pager": _pager(request, number, more),
            "exports": [
                {"label": label, "url": "?" + _query(request, export=kind, page=None)}
                for kind, label in (("xlsx", _("Excel (XLSX)")), ("csv", _("CSV")))
            ],
            "clear_url": request.path,
            "empty": self._empty(request),
        }

    def _add(self, request: HttpRequest) -> dict[str, Any] | None:
        pages = self.pages
        if not (pages.form and pages.add_label and pages.added_from_register):
            return None
        why_not = refusal(request.user, pages.model.right("add"), pages.model())
        return {"url": pages.url("add"), "label": pages.add_label, "allowed": not why_not, "why_not": why_not}

    def _empty(self, request: HttpRequest) -> dict[str, Any]:
        add = self._add(request)
        button = {"url": add["url"], "label": add["label"]} if add and add["allowed"] else None
        return {"text": self.pages.empty, "clause": self.pages.clause, "button": button}

    def _bulk_states(self) -> set[str]:
        return {state for step in self.pages.steps().values() if step.bulk for state in step.from_}

    def _bulk(self, request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
        """Steps for many rows, offered when this person could take them for at least one row on the page."""
        offered = []
        for step in self.pages.steps().values():
            if step.bulk and any(step.offered(row) and not step.refusal(row, request.user) for row in found):
                offered.append(
                    {
                        "name": step.name,
                        "label": step.label,
                        "url": self.pages.url("many", step.slug),
                        "style": "primary" if step.primary else "",
                        "icon": step.icon,
                        "needs_input": step.needs_input,
                    }
                )
        return offered


def _as_listed(pages: Any, rows: Any) -> Any:
    """The rows with no more columns than a page of them shows; reading the rest would take most of the page's time."""
    if pages.list_related is None:
        return rows
    rows = rows.select_related(None).select_related(*pages.list_related)
    if pages.list_columns:
        own = (column.name for column in rows.model._meta.concrete_fields if column.name not in pages.list_defer)
        return rows.only(*own, *pages.list_columns)
    return rows.defer(*pages.list_defer)


def _cell_tags(columns: list[Any]) -> list[tuple[str, Any]]:
    """The opening tag of each column's cells, made once, and what gives a row's cell."""
    return [
        (
            f'<td data-label="{escape(column.label)}" class="{escape(column.css)}{"" if place else " main"}">',
            column.cell,
        )
        for place, column in enumerate(columns)
    ]


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return max(1, min(int(asked[:7]), 100000)) if asked.isascii() and asked.isdigit() else 1


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The present query string with some parts changed; None takes one out."""
    params = request.GET.copy()
    for key in ("count", "export"):
        params.pop(key, None)
    for key, value in changes.items():
        params.pop(key, None)
        if value is not None:
            params[key] = value
    return params.urlencode()


def _heading(request: HttpRequest, column: Any, table: Any) -> dict[str, Any]:
    current = request.GET.get("sort", "")
    direction = ""
    if current.lstrip("-") == column.key:
        direction = "desc" if current.startswith("-") else "asc"
    following = f"-{column.key}" if direction == "asc" else column.key
    url = "?" + _query(request, sort=following, page=None) if column.sort else ""
    return {"key": column.key, "label": column.label, "sort_url": url, "direction": direction, "css": column.css}


def _pager(request: HttpRequest, number: int, more: bool) -> dict[str, Any]:
    return {
        "number": number,
        "prev_url": "?" + _query(request, page=str(number - 1)) if number > 1 else "",
        "next_url": "?" + _query(request, page=str(number + 1)) if more else "",
        "first_url": "?" + _query(request, page=None) if number > 2 else "",
    }


def _chips(request: HttpRequest, filters: Any) -> list[dict[str, Any]]:
    """The filters in force, in words, each removable."""
    if filters is None or not filters.form.is_valid():
        return []
    chips = []
    for name, value in filters.form.cleaned_data.items():
        if value in (None, "", [], (), False) or (hasattr(value, "exists") and not value):
            continue
        bound = filters.form[name]
        chips.append(
            {
                "label": f"{capfirst(bound.label)}: {_words(bound, value)}",
                "remove_url": "?" + _query(request, **{name: None, "page": None}),
            }
        )
    return chips


def _filter_fields(filters: Any) -> dict[str, Any]:
    """The filters in sight and those behind “More filters”, which stays open while one of them is on."""
    if filters is None:
        return {"filters_shown": [], "filters_more": [], "more_open": False}
    fields = filters.form.visible_fields()
    more = [field for field in fields if field.name not in filters.FIRST]
    return {
        "filters_shown": [field for field in fields if field.name in filters.FIRST],
        "filters_more": more,
        "more_open": any(field.value() for field in more),
    }


def _words(bound: Any, value: Any) -> str:
    listed = None if hasattr(value, "pk") else getattr(bound.field, "choices", None)
    choices = dict(listed) if listed is not None else {}  # one that a function gives has no length to ask for
    if isinstance(value, list):
        return ", ".join(str(choices.get(item, item)) for item in value)
    if value is True:
        return _("yes")
    return str(choices.get(value, value))
