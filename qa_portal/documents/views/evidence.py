"""Pages of evidence, and the door through which its files go out."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View

from qa_portal.web import cells
from qa_portal.web.files import send_file
from qa_portal.web.pages import RecordPages

from ..filters import EvidenceFilters
from ..forms import EvidenceForm
from ..models import Evidence
from ..tables import EvidenceTable
from ..targets import prove_refusal, target


class EvidencePages(RecordPages):
    model = Evidence
    slug, plural, list_name = "evidence", "evidence", "evidence-list"
    title, kind = _("Evidence"), pgettext_lazy("one piece", "Evidence")
    lead = _("Files and links that prove something. One piece may prove several things.")
    table, filters, form = EvidenceTable, EvidenceFilters, EvidenceForm
    add_label = _("Attach evidence")
    empty = _("Here will stand the evidence of what you see: minutes, reports, photos, links.")
    clause = "N2 §7.5"
    related = ("created_by",)

    def new(self, request: HttpRequest) -> Evidence:
        target(request.user, request.POST or request.GET)
        return Evidence()

    def add_refusal(self, record: Any, request: HttpRequest) -> Any | None:
        return super().add_refusal(record, request) or prove_refusal(request.user, request.POST or request.GET)

    def after_adding(self, record: Any) -> str:
        """Back to what it proves: the use that was added last is this one."""
        use = record.uses.last()
        return use.record.get_absolute_url() if use else record.get_absolute_url()

    def heading(self, record: Any) -> tuple[str, str]:
        return "", record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        uses = record.uses.visible_to(request.user).select_related("record_type", "added_by").prefetch_related("record")
        proved = [
            {"label": str(use.record), "url": use.record.get_absolute_url(), "by": use.added_by, "at": use.added_at}
            for use in uses
        ]
        return [
            {
                "id": "open",
                "title": pgettext_lazy("verb", "Open"),
                "template": "documents/parts/open.html",
                "evidence": record,
            },
            {"id": "proves", "title": _("What it proves"), "template": "documents/parts/proves.html", "rows": proved},
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            {"label": _("Date it speaks of"), "html": cells.date(record.speaks_of)},
            {"label": _("Revision"), "html": record.edition or "—"},
            {"label": _("Entered by"), "html": record.created_by.get_full_name() if record.created_by else "—"},
            {"label": _("Entered"), "html": cells.date(record.created_at)},
        ]
        if record.file:
            rows += [
                {"label": _("Size"), "html": filesizeformat(record.size)},
                {"label": _("Checksum (SHA-256)"), "html": record.checksum},
            ]
        return [{"title": "", "rows": rows}]


class EvidenceFile(View):
    """The file itself, only to those who may see something that it proves."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(file=""), pk=pk)
        return send_file(evidence.file, evidence.file_name, evidence.content_type)
