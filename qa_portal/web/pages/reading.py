"""The record, its history, its printed form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.permissions import refusal

from .. import cells
from ..registry import registry

RECENT = 12


def find(pages: Any, person: Any, pk: int) -> Any:
    """The record, if this person may see it; strangers get 404."""
    rows = pages.visible(person)
    if pages.related:
        rows = rows.select_related(*pages.related)
    return get_object_or_404(rows, pk=pk)


def step_buttons(pages: Any, record: Any, person: Any) -> list[dict[str, Any]]:
    """The steps that the record's state offers, each allowed or with the sentence why not."""
    buttons = []
    for step in pages.steps().values():
        if not step.offered(record):
            continue
        why_not = step.refusal(record, person)
        buttons.append(
            {
                "name": step.name,
                "label": step.label,
                "url": pages.url("step", record.pk, step.slug),
                "allowed": not why_not,
                "why_not": why_not or "",
                "primary": step.primary,
                "danger": step.danger,
                "icon": step.icon,
                "needs_input": step.needs_input,
                "confirm": step.confirm,
            }
        )
    return buttons


def edit_button(pages: Any, record: Any, person: Any) -> dict[str, Any] | None:
    if not pages.form or refusal(person, record.right("change"), record):
        return None
    problem = record.edit_refusal(person)
    return {"url": pages.url("edit", record.pk), "allowed": problem is None, "why_not": problem[1] if problem else ""}


def entry_lines(record: Any, entries: Any, steps: dict[str, Any]) -> list[dict[str, Any]]:
    """History in words for the page: when, who, what, from → to, why, which fields."""
    lines = []
    for entry in entries:
        step = steps.get(entry.verb)
        who = entry.by.get_short_name() if entry.by else _("The portal")
        if entry.in_name_of:
            who = _("%(deputy)s in the name of %(principal)s") % {
                "deputy": who,
                "principal": entry.in_name_of.get_short_name(),
            }
        moved = entry.from_state != entry.to_state
        lines.append(
            {
                "when": entry.at,
                "who": who,
                "verb": entry.verb,
                # A verb that another record's step brought along has its word in the registry.
                "word": step.label if step else registry.words.get(entry.verb, entry.verb),
                "from_label": _state_label(record, entry.from_state) if moved else "",
                "to_label": _state_label(record, entry.to_state) if moved else "",
                "why": entry.why,
                "changes": [_change(record, change) for change in entry.changes],
            }
        )
    return lines


def _state_label(record: Any, state: str) -> Any:
    return record.STATES[state][0] if state in record.STATES else state


def _change(record: Any, change: dict[str, Any]) -> dict[str, Any]:
    field = record._meta.get_field(change["field"])
    return {"field": field.verbose_name, "old": _said(field, change["old"]), "new": _said(field, change["new"])}


def _said(field: Any, value: Any) -> Any:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return "—"
    if field.is_relation:
        name = field.related_model._base_manager.filter(pk=value["id"] if isinstance(value, dict) else value).first()
        return str(name) if name else value
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    kind = field.get_internal_type()
    if kind == "DateField" and isinstance(value, str):
        return cells.date(parse_date(value))
    if kind == "DateTimeField" and isinstance(value, str):
        return cells.date(parse_datetime(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "—"
    return value


class Record(View):
    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "pages/record.html", self.context(request, find(self.pages, request.user, pk)))

    def context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        pages = self.pages
        number, title = pages.heading(record)
        entries = record.history.select_related("by", "in_name_of")[: RECENT + 1]
        prints = []
        if pages.printed:
            address = pages.url("print", record.pk)
            prints = [{"label": f"PDF · {name}", "url": f"{address}?lang={code}"} for code, name in settings.LANGUAGES]
        return {
            "record": record,
            "number": number,
            "title": title,
            "state": pages.state(record),
            "kind": pages.kind,
            "crumbs": pages.crumbs(record),
            "steps": step_buttons(pages, record, request.user),
            "edit": edit_button(pages, record, request.user),
            "print_links": prints,
            "sections": pages.sections(record, request),
            "aside": pages.aside(record, request),
            "links": pages.links(record, request),
            "panels": pages.panels(record, request),
            "history": entry_lines(record, list(entries)[:RECENT], pages.steps()),
            "history_url": pages.url("history", record.pk),
        }


class History(View):
    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pages = self.pages
        record = find(pages, request.user, pk)
        number, title = pages.heading(record)
        page = Paginator(record.history.select_related("by", "in_name_of"), 100).get_page(request.GET.get("page"))
        return render(
            request,
            "pages/history.html",
            {
                "record": record,
                "number": number,
                "title": title,
                "record_title": f"{number} {title}".strip(),
                "kind": pages.kind,
                "record_url": record.get_absolute_url(),
                "crumbs": [*pages.crumbs(record), {"label": number or title, "url": record.get_absolute_url()}],
                "history": entry_lines(record, page, pages.steps()),
                "pager": {
                    "number": page.number,
                    "prev_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
                    "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
                },
            },
        )


class Print(View):
    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = find(self.pages, request.user, pk)
        if registry.print_paper is None:
            raise Http404
        return registry.print_paper(request, self.pages.printed, record)
