"""Pages of answers on approval sheets: who is asked about which text, by when, and the answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.cells import prose
from qa_portal.web.pages import RecordPages

from ..filters.library import AgreementFilters
from ..models import Agreement
from ..tables.library import AgreementTable
from .library import LANGUAGES, facts

VERSION = ("major", "minor", "state", "round", "checksum", "authors", "submitted_by", "document")


class AgreementPages(RecordPages):
    model = Agreement
    slug, plural = "agreement", "agreements"
    title, kind = _("Approval sheets"), _("Answer on the approval sheet")
    lead = _(
        "The legal office and the units concerned agree with a text or object with a reason, side by side, by a day."
    )
    table, filters = AgreementTable, AgreementFilters
    empty = _("Here will stand what units and offices are asked to agree with. The quality office sends texts round.")
    clause = "N0 §3.1"
    related = ("version__document__kind", "version__document__unit", "unit", "answering_unit", "answered_by")
    list_related = ("version__document", "unit")
    list_columns = (
        *(f"version__{name}" for name in VERSION),
        "version__document__number",
        *(f"version__document__title_{code}" for code in LANGUAGES),
        *(f"unit__{name}_{code}" for name in ("short", "name") for code in LANGUAGES),
    )
    list_defer = ("reason",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.version.label, f"{record.version.document}: {record.party}"

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        version = record.version
        return [
            {"label": self.title, "url": self.url("list")},
            {"label": str(version), "url": version.get_absolute_url()},
        ]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        version = record.version
        found: list[dict[str, Any]] = [
            {"id": "text", "title": _("Text"), "template": "documents/parts/version_paper.html", "version": version}
        ]
        if record.reason:
            found.insert(0, prose("reason", _("Objection or remark"), record.reason))
        if version.summary:
            found.append(prose("summary", _("What is new in this version"), version.summary))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        waiting = record.state == Agreement.WAITING
        if record.role:
            answering = record.party
        else:
            answering = str(record.answering_unit) if record.answering_unit else gettext("the Board")
        version = record.version
        rows = facts(
            (_("Version"), cells.link(version.get_absolute_url(), version.label)),
            (_("Who is asked"), record.party),
            (_("Whose head answers"), "" if record.role else answering),
            (_("Answer by"), cells.due(record.due, waiting)),
            (_("Round of agreement"), record.round),
            (_("Answered by"), record.answered_by.get_full_name() if record.answered_by else ""),
            (_("Answered"), cells.date(record.answered_at)),
            (_("Checksum (SHA-256)"), record.checksum),
        )
        return [{"title": "", "rows": rows}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        sheet = f"{reverse('documents:version', args=[record.version_id])}#sheet"
        return [{"relation": _("Whole approval sheet"), "label": str(record.version), "url": sheet}]
