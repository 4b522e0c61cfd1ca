"""Pages of documents: what is in force first, what is being prepared, what was; what it supports and rests on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.people.roles import Role
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from ..filters.library import DocumentFilters
from ..forms.writing import DocumentForm
from ..models import Document, Origin, Version
from ..permissions.library import keeps_acts
from ..tables.library import DocumentTable

LANGUAGES = [code for code, _name in settings.LANGUAGES]
UNIT_NAMES = tuple(f"unit__{name}_{code}" for name in ("short", "name") for code in LANGUAGES)
KIND_NAMES = (*(f"kind__name_{code}" for code in LANGUAGES), "kind__place")
SHOWN_CHILDREN = 30


def facts(*rows: tuple[Any, Any]) -> list[dict[str, Any]]:
    """Facts that are there; nothing is said about the others."""
    return [fact(label, value) for label, value in rows if value not in (None, "")]


def add_button(person: Any, unsaved: Any, label: Any, url: str) -> dict[str, Any]:
    why_not = refusal(person, unsaved.right("add"), unsaved)
    return {"url": url, "label": label, "allowed": not why_not, "why_not": why_not or ""}


def audience(document: Document) -> str:
    """Who gets acquainted, in words."""
    units = list(Unit.objects.filter(pk__in=document.audience_units).order_by("path"))
    if any(unit.parent_id is None for unit in units):
        return gettext("everybody")
    roles = dict(Role.choices)
    return "; ".join(
        [*(str(unit) for unit in units), *(str(roles.get(code, code)) for code in document.audience_roles)]
    )


def edition_words(act: Document) -> str:
    """What the act itself calls its edition, with its date where one was noted here."""
    return ", ".join(part for part in (act.edition, cells.date(act.edition_on)) if part)


class DocumentPages(RecordPages):
    model = Document
    slug, plural = "document", "documents"
    title, kind = _("Documents"), _("Document")
    lead = _(
        "Documents of the university and the acts on which they rest: what is in force, since when, until what review."
    )
    table, filters, form = DocumentTable, DocumentFilters, DocumentForm
    add_label = _("Draft a document")
    empty = _(
        "Here will stand every document: what it is, who owns it, which version is in force, when it is reviewed."
    )
    clause = "N0 §3"
    related = ("kind", "unit", "current", "parent")
    list_related = ("kind", "unit", "current")
    list_columns = (*KIND_NAMES, *UNIT_NAMES, "unit__path", "current__major", "current__minor")
    list_defer = ("review_reason", "basis", "audience_units", "audience_roles", "destruction_act")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.title

    def new(self, request: HttpRequest) -> Document:
        outside = request.GET.get("origin") == Origin.EXTERNAL
        return Document(origin=Origin.EXTERNAL if outside else Origin.INTERNAL)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [{"label": self.title, "url": reverse("documents:front")}]

    # -- the paper ------------------------------------------------------------------------
    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = self._texts(record, request) if record.is_internal else [self._act(record)]
        parts = registry.catalogue_links(record.supports) if record.supports else []
        if parts:
            found.append(
                {
                    "id": "supports",
                    "title": _("Standards and requirements it supports"),
                    "template": "documents/parts/document_supports.html",
                    "parts": parts,
                }
            )
        return [*found, *self._neighbours(record, request)]

    def _texts(self, record: Document, request: HttpRequest) -> list[dict[str, Any]]:
        seen = Version.objects.visible_to(request.user).filter(document=record).select_related("submitted_by")
        versions = list(seen.order_by("-major", "-minor", "-pk"))
        for version in versions:
            version.document = record
        current = next((v for v in versions if v.state == Version.IN_FORCE), None)
        coming = [v for v in versions if v.state in (*Version.PREPARING, Version.APPROVED)]
        old = [v for v in versions if v is not current and v not in coming]
        found = [
            {
                "id": "in-force",
                "title": _("Version in force"),
                "template": "documents/parts/document_current.html",
                "version": current,
            }
        ]
        if coming or self._may_begin(record):
            found.append(
                {
                    "id": "in-preparation",
                    "title": _("Version in preparation"),
                    "template": "documents/parts/document_coming.html",
                    "rows": [{"version": v, "state": cells.state(v)} for v in coming],
                    "add": None
                    if coming
                    else add_button(
                        request.user,
                        Version(document=record),
                        _("Add the first text") if not versions else _("Begin a new version"),
                        f"{reverse('documents:version-add')}?document={record.pk}",
                    ),
                }
            )
        if old:
            found.append(
                {
                    "id": "old",
                    "title": _("Earlier versions"),
                    "template": "documents/parts/document_old.html",
                    "rows": [{"version": v, "state": cells.state(v)} for v in old],
                }
            )
        return found

    @staticmethod
    def _may_begin(record: Document) -> bool:
        return record.state in (Document.PREPARING, *Document.LIVE)

    def _act(self, record: Document) -> dict[str, Any]:
        return {
            "id": "act",
            "title": _("The act"),
            "template": "documents/parts/document_act.html",
            "document": record,
            "rows": facts(
                (_("Issued by"), record.issued_by),
                (_("Number"), record.number),
                (_("Adopted on"), cells.date(record.adopted_on)),
                (_("Edition of the act"), edition_words(record)),
            ),
        }

    def _neighbours(self, record: Document, request: HttpRequest) -> list[dict[str, Any]]:
        """What it rests on, what stands under it, what rests on it: each as far as the reader sees it."""
        seen = self.visible(request.user)
        above = seen.filter(pk__in=[int(pk) for pk in record.basis]).order_by("origin", "number")
        under = seen.filter(parent=record).order_by("number", "pk")
        resting = seen.resting_on(record).exclude(parent=record).order_by("number", "pk")
        groups = (
            ("basis", _("It rests on"), above),
            ("children", _("Documents under it"), under),
            ("resting", _("What rests on it"), resting),
        )
        return [
            {
                "id": ident,
                "title": title,
                "template": "documents/parts/document_list.html",
                "rows": [{"document": d, "state": cells.state(d)} for d in found[:SHOWN_CHILDREN]],
                "all_url": f"{reverse('documents:documents')}?on={record.pk}"
                if len(found) > SHOWN_CHILDREN and ident != "basis"
                else "",
            }
            for ident, title, rows in groups
            if (found := list(rows[: SHOWN_CHILDREN + 1]))
        ]

    # -- beside it ----------------------------------------------------------------------------
    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        names = dict(settings.LANGUAGES)
        unit = cells.link(record.unit.get_absolute_url(), record.unit.name) if record.unit else ""
        about = facts(
            (_("Kind"), str(record.kind)),
            (_("Level"), record.kind.get_level_display()),
            (_("Owner"), unit),
            (_("Languages"), ", ".join(names.get(code, code) for code in record.languages)),
            (_("In force since"), cells.date(record.in_force_on)),
            (_("No longer in force since"), cells.date(record.annulled_on)),
        )
        if record.is_internal:
            about.append(fact(_("Who gets acquainted"), audience(record)))
        found: list[dict[str, Any]] = [{"title": "", "rows": about}]
        if record.is_live or record.last_review:
            found.append({"title": _("Review"), "rows": self._review(record)})
        if record.is_internal and record.is_live:
            public = cells.date(record.published_on) or gettext("not published")
            rows = [fact(_("Rule of its kind"), record.kind.get_public_display()), fact(_("Published on"), public)]
            found.append({"title": _("Publication"), "rows": rows})
        if record.archived_on or record.original_destroyed_on:
            found.append({"title": _("Archive"), "rows": self._archive(record)})
        return found

    @staticmethod
    def _review(record: Document) -> list[dict[str, Any]]:
        rows = facts(
            (_("Last review"), cells.date(record.last_review)),
            (_("Review due"), cells.due(record.review_due, record.is_live)),
            (_("Why it is due"), record.review_reason if record.is_live else ""),
        )
        return [
            *rows,
            fact(
                _("Reviewed at least"),
                ngettext("every %(n)s year", "every %(n)s years", record.kind.review_years)
                % {"n": record.kind.review_years},
            ),
        ]

    @staticmethod
    def _archive(record: Document) -> list[dict[str, Any]]:
        return facts(
            (_("Nomenclature index"), record.nomenclature_index),
            (_("Archived on"), cells.date(record.archived_on)),
            (
                _("Kept until"),
                (cells.date(record.keep_until) or gettext("permanently")) if record.archived_on else "",
            ),
            (_("Paper original destroyed on"), cells.date(record.original_destroyed_on)),
            (_("Act of destruction"), record.destruction_act),
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if record.parent is None:
            return []
        seen = self.visible(request.user).filter(pk=record.parent_id).exists()
        url = record.parent.get_absolute_url() if seen else ""
        label = str(record.parent) if seen else record.parent.number
        return [{"relation": _("Parent document"), "label": label, "url": url}]


def may_keep_acts(person: Any) -> bool:
    return keeps_acts(person, Document(origin=Origin.EXTERNAL))
