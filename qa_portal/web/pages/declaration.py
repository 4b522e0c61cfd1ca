"""RecordPages: everything that the pages of one kind of record need to know, and their addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from qa_portal.permissions import refusal

from .. import cells
from ..registry import panels_of, steps_of
from ..tables import Table
from . import reading, register, writing

#: "app.slug" → its pages, filled when the addresses are read: an export made in the background finds its register here
declared: dict[str, RecordPages] = {}


class RecordPages:
    """One kind of record on pages: register, record, history, add, edit, each step, bulk step, print.

    Names of addresses: `<app>:<plural>` the register, `<app>:<slug>` the record, `<app>:<slug>-add` and so on.
    """

    model: type[Any]
    slug: str  # "finding"
    plural: str  # "findings": the address
    list_name: str = ""  # name of the register's address where it is not the plural
    title: Any  # of the register
    kind: Any  # of one record
    lead: Any = ""
    table: type[Table]
    filters: type[Any] | None = None
    form: type[Any] | None = None
    empty: Any = ""
    clause: str = ""
    related: tuple[str, ...] = ()  # select_related of record and export
    list_related: tuple[str, ...] | None = None  # of the list on the page, where it shows less
    list_columns: tuple[str, ...] = ()  # of the related rows, what the list on the page shows; empty: all
    list_defer: tuple[str, ...] = ()  # long texts of the record itself that it does not show
    prefetch: tuple[Any, ...] = ()  # of the list
    printed: str = ""  # key of the report that prints one record
    add_label: Any = ""
    added_from_register: bool = True  # False: it is added from what it belongs to
    per_page = 50

    # -- rows --------------------------------------------------------------------
    def visible(self, person: Any) -> Any:
        return self.model.objects.visible_to(person)

    def rows(self, person: Any) -> Any:
        rows = self.visible(person)
        return rows.select_related(*self.related) if self.related else rows

    def matching(self, rows: Any, q: str) -> Any:
        return rows.matching(q) if q else rows

    # -- what apps fill in ------------------------------------------------------------
    def heading(self, record: Any) -> tuple[str, str]:
        """Number and title of a record."""
        return "", str(record)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [{"label": self.title, "url": self.url("list")}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return []

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return []

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return []

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Ways from the register to pages beside it: {label, url, icon}."""
        return []

    def new(self, request: HttpRequest) -> Any:
        """The unsaved record that the add page starts from; raises Http404 when what it belongs to is not visible."""
        return self.model()

    def add_refusal(self, record: Any, request: HttpRequest) -> Any | None:
        """Why this person may not add `record`; pages ask more where a new record hangs on another one."""
        return refusal(request.user, self.model.right("add"), record)

    def after_adding(self, record: Any) -> str:
        return record.get_absolute_url()

    # -- shared facts -------------------------------------------------------------------
    @property
    def app(self) -> str:
        return self.model._meta.app_label

    def steps(self) -> dict[str, Any]:
        return steps_of(self.model)

    def panels(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = (render(record, request) for render in panels_of(self.model))
        return [panel for panel in found if panel]

    def url(self, page: str, *args: Any) -> str:
        name = {"list": self.list_name or self.plural, "record": self.slug}.get(page, f"{self.slug}-{page}")
        return reverse(f"{self.app}:{name}", args=args)

    def state(self, record: Any) -> dict[str, Any]:
        label, tone, icon = record.STATES[record.state]
        return {"code": record.state, "label": label, "tone": tone, "icon": icon or cells.TONE_ICONS.get(tone)}

    def urls(self) -> list[URLPattern]:
        """The addresses of this kind of record, steps last so that no verb can hide a page."""
        declared[f"{self.app}.{self.slug}"] = self
        base = self.plural
        found = [path(f"{base}/", register.Register.as_view(pages=self), name=self.list_name or self.plural)]
        if self.form:
            found += [
                path(f"{base}/add/", writing.Add.as_view(pages=self), name=f"{self.slug}-add"),
                path(f"{base}/<int:pk>/edit/", writing.Edit.as_view(pages=self), name=f"{self.slug}-edit"),
            ]
        found += [
            path(f"{base}/<int:pk>/", reading.Record.as_view(pages=self), name=self.slug),
            path(f"{base}/<int:pk>/history/", reading.History.as_view(pages=self), name=f"{self.slug}-history"),
        ]
        if self.printed:
            found.append(path(f"{base}/<int:pk>/print/", reading.Print.as_view(pages=self), name=f"{self.slug}-print"))
        if self.steps():
            found += [
                path(f"{base}/many/<slug:step>/", writing.Many.as_view(pages=self), name=f"{self.slug}-many"),
                path(f"{base}/<int:pk>/<slug:step>/", writing.TakeStep.as_view(pages=self), name=f"{self.slug}-step"),
            ]
        return found
