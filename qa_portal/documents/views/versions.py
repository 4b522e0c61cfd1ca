"""Pages of versions and of the lines of their change sheets, and the door through which the files go out."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import prose
from qa_portal.web.files import send_file
from qa_portal.web.pages import RecordPages
from qa_portal.workflow.steps import steps_of

from .. import route
from ..filters.library import ChangeFilters, VersionFilters
from ..forms.writing import ChangeForm, VersionForm
from ..models import Agreement, ChangeLine, Document, DocumentKind, Version
from ..tables.library import ChangeTable, VersionTable
from .library import LANGUAGES, add_button, fact, facts


def named(request: HttpRequest, name: str, model: Any, *related: str) -> Any:
    """The record that a new one belongs to; 404 when none is named or it is not visible."""
    pk = request.GET.get(name, "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.user).select_related(*related), pk=pk)


class VersionPages(RecordPages):
    model = Version
    slug, plural = "version", "versions"
    title, kind = _("Versions"), _("Version")
    lead = _("Each text on its way: checked for form, agreed, approved, in force, superseded.")
    table, filters, form = VersionTable, VersionFilters, VersionForm
    add_label, added_from_register = _("A new version"), False
    empty = _("Here will stand the texts of documents on their way to approval. They are added from a document.")
    clause = "N0 §3.1; N1 §3"
    related = ("document__kind", "document__unit", "submitted_by", "checked_by")
    list_related = ("document__unit",)
    list_columns = (
        *(f"document__title_{code}" for code in LANGUAGES),
        "document__number",
        *(f"document__unit__{name}_{code}" for name in ("short", "name") for code in LANGUAGES),
    )
    list_defer = ("summary", "approvals", "provisions")
    printed = "documents.print"

    def heading(self, record: Any) -> tuple[str, str]:
        return record.label, str(record.document)

    def new(self, request: HttpRequest) -> Version:
        return Version(document=named(request, "document", Document, "kind", "unit"))

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        document = record.document
        label = document.number or document.title
        return [
            {"label": _("Documents"), "url": reverse("documents:front")},
            {"label": label, "url": document.get_absolute_url()},
        ]

    # -- the paper ------------------------------------------------------------------------
    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"id": "text", "title": _("Text"), "template": "documents/parts/version_paper.html", "version": record},
            {
                "id": "route",
                "title": _("Way to approval"),
                "template": "documents/parts/version_route.html",
                "stops": route.stops(record),
            },
        ]
        if record.summary:
            title = _("What it is about") if record.is_first else _("What is new in this version")
            found.append(prose("summary", title, record.summary))
        found += [self._sheet(record, request.user)] if record.round else []
        provisions = record.document.kind.provisions.filter(retired=False)
        ticked = [{"text": p.text, "section": record.provisions.get(str(p.pk), "")} for p in provisions]
        if ticked:
            found.append(
                {
                    "id": "provisions",
                    "title": _("Required provisions"),
                    "template": "documents/parts/version_provisions.html",
                    "rows": ticked,
                }
            )
        return [*found, self._changes(record, request.user)]

    def _sheet(self, version: Version, person: Any) -> dict[str, Any]:
        """The approval sheet; whose turn it is finds the two buttons here."""
        related = ("unit", "answering_unit", "answered_by")
        rows = list(version.agreements.select_related(*related).order_by("-round", "pk"))
        steps = steps_of(Agreement)
        for row in rows:
            row.version = version
        return {
            "id": "sheet",
            "title": _("Approval sheet"),
            "template": "documents/parts/version_sheet.html",
            "rows": [
                {
                    "agreement": row,
                    "state": cells.state(row),
                    "due": cells.due(row.due, row.state == Agreement.WAITING),
                    "buttons": [
                        {
                            "label": step.label,
                            "icon": step.icon,
                            "primary": step.primary,
                            "url": reverse("documents:agreement-step", args=[row.pk, step.slug]),
                        }
                        for step in (steps["agree"], steps["raise_objection"])
                        if step.refusal(row, person) is None
                    ],
                }
                for row in rows
            ],
        }

    def _changes(self, version: Version, person: Any) -> dict[str, Any]:
        lines = version.changes.select_related("entered_by")
        add = add_button(
            person,
            ChangeLine(version=version),
            _("Add a line"),
            f"{reverse('documents:change-add')}?version={version.pk}",
        )
        return {
            "id": "changes",
            "title": _("Change sheet"),
            "template": "documents/parts/version_changes.html",
            "rows": lines,
            "by_sheets": version.document.kind.change_form == DocumentKind.ChangeForm.SHEETS,
            "first": version.is_first,
            "add": add if version.is_draft and add["allowed"] else None,
        }

    # -- beside it ----------------------------------------------------------------------------
    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        unit = record.document.unit
        minor = _("minor change: nobody is asked to read it anew") if record.minor_change else ""
        rows = [
            fact(_("Document"), cells.link(record.document.get_absolute_url(), record.document)),
            *facts(
                (_("Kind"), str(record.document.kind)),
                (_("Owner"), cells.link(unit.get_absolute_url(), unit.name) if unit else ""),
                (pgettext_lazy("of a version", "Change"), minor),
                (_("In force from"), cells.date(record.effective_from)),
                (_("In force since"), cells.date(record.in_force_on)),
                (_("In force until"), cells.date(record.ended_on)),
                (_("Approved on"), cells.date(record.approved_on)),
                (_("Basis of approval"), record.approval_basis),
                (_("Submitted on"), _day_and_who(record.submitted_on, record.submitted_by)),
                (_("Form checked by"), record.checked_by.get_short_name() if record.checked_by else ""),
                (_("Round of agreement"), record.round or ""),
                (_("To be agreed by"), cells.due(record.agree_by, record.state == Version.IN_AGREEMENT)),
                (_("Agreed on"), cells.date(record.agreed_on)),
            ),
        ]
        found: list[dict[str, Any]] = [{"title": "", "rows": rows}]
        if record.file:
            paper = facts(
                (_("File name"), record.file_name),
                (_("Size"), filesizeformat(record.size)),
                (_("Checksum (SHA-256)"), record.checksum),
            )
            found.append({"title": _("File"), "rows": paper})
        return found


def _day_and_who(day: Any, who: Any) -> str:
    return " · ".join(part for part in (cells.date(day), who.get_short_name() if who else "") if part)


class ChangePages(RecordPages):
    model = ChangeLine
    slug, plural = "change", "changes"
    title, kind = _("Change sheets"), _("Line of the change sheet")
    lead = _("What each version changed, on what basis and from when.")
    table, filters, form = ChangeTable, ChangeFilters, ChangeForm
    add_label, added_from_register = _("A line of the change sheet"), False
    empty = _("Here will stand what new versions change. Lines are added from a version, while it is a draft.")
    clause = "N2 §7.5"
    related = ("version__document__kind", "version__document__unit", "entered_by")

    def heading(self, record: Any) -> tuple[str, str]:
        return f"№ {record.place}", record.description[:120]

    def new(self, request: HttpRequest) -> ChangeLine:
        version = named(request, "version", Version, "document__kind", "document__unit")
        return ChangeLine(version=version)

    def after_adding(self, record: Any) -> str:
        return f"{record.version.get_absolute_url()}#changes"

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        version = record.version
        label = version.document.number or version.document.title
        return [
            {"label": _("Documents"), "url": reverse("documents:front")},
            {"label": label, "url": version.document.get_absolute_url()},
            {"label": version.label, "url": version.get_absolute_url()},
        ]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [prose("description", _("What is changed"), record.description)]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = facts(
            (_("Section or clause"), record.section),
            (_("Sheets replaced"), record.sheets_replaced),
            (_("Sheets new"), record.sheets_new),
            (_("Sheets annulled"), record.sheets_annulled),
            (_("Kind of change"), record.get_change_display()),
            (_("Basis"), record.basis),
            (_("Number of the basis"), record.basis_number),
            (_("Date of the basis"), cells.date(record.basis_date)),
            (_("Introduced on"), cells.date(record.introduced_on)),
            (_("Entered"), _day_and_who(record.entered_on, record.entered_by)),
        )
        return [{"title": "", "rows": rows}]


@method_decorator(xframe_options_sameorigin, name="dispatch")
class VersionFile(View):
    """The file itself, to those who see the version; one that is not in force says so in its name."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        return open_file(get_object_or_404(Version.objects.visible_to(request.user).exclude(file=""), pk=pk))


def open_file(version: Version) -> FileResponse:
    name = version.file_name if version.state == Version.IN_FORCE else f"{version.state_label} - {version.file_name}"
    try:
        return send_file(version.file, name, version.content_type)
    except FileNotFoundError as error:
        raise Http404 from error


def may_prepare(person: Any, document: Document) -> bool:
    return refusal(person, Version.right("add"), Version(document=document)) is None
