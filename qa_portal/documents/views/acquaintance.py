"""Pages of acquaintances: the register, the page on which one reads and confirms; and the printed sheets of a version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.web import cells
from qa_portal.web.addresses import address
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from ..filters.acquaintance import AcquaintanceFilters
from ..models import Acquaintance, Version, VersionText
from ..tables.acquaintance import AcquaintanceTable

LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: columns that the list shows of the related rows, in all languages
SHOWN = (
    *(f"unit__{name}_{code}" for name in ("short", "name") for code in LANGUAGES),
    *(
        f"person__{name}{code}"
        for name in ("last_name", "first_name", "middle_name")
        for code in ("", *(f"_{c}" for c in LANGUAGES))
    ),
    "person__username",
    "version__major",
    "version__minor",
    "version__state",
    "version__document__number",
    *(f"version__document__title{code}" for code in ("", *(f"_{c}" for c in LANGUAGES))),
)
#: address of a sheet → key of its report
SHEETS = {
    "acquaintance": "documents.acquaintance_sheet",
    "changes": "documents.change_sheet",
    "approval": "documents.approval_sheet",
}
MOST_PARAGRAPHS = 2000


def _fact(label: Any, value: Any) -> dict[str, Any]:
    return {"label": label, "html": value if value not in (None, "") else "—"}


class AcquaintancePages(RecordPages):
    model = Acquaintance
    slug, plural = "acquaintance", "acquaintances"
    title, kind = _("Acquaintance"), _("Acquaintance")
    lead = _("Who is to read which document by when, and who has.")
    table, filters = AcquaintanceTable, AcquaintanceFilters
    empty = _("When a version is approved, everybody whom it concerns is asked here to read it.")
    clause = "N0 §3.3; N4 §9.3"
    related = ("version__document__kind", "person", "unit")
    list_related = ("version__document", "person", "unit")
    list_columns = SHOWN

    def heading(self, record: Any) -> tuple[str, str]:
        return record.version.document.number, record.version.document.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        version = record.version
        step = self.steps()["confirm"]
        found = []
        if version.summary:
            found.append(
                {
                    "id": "summary",
                    "title": _("What is new in this version"),
                    "template": "documents/acquaintance/summary.html",
                    "text": version.summary,
                }
            )
        found.append(
            {
                "id": "paper",
                "title": _("The document"),
                "template": "documents/acquaintance/paper.html",
                "version": version,
                "file_url": address("documents:version-file", version.pk) if version.file else "",
                "paragraphs": [] if version.is_pdf else _paragraphs(version),
                "instead": self._instead(record),
                "step": {
                    "label": step.label,
                    "icon": step.icon,
                    "url": self.url("step", record.pk, step.slug),
                    "revision": record.revision,
                }
                if step.refusal(record, request.user) is None
                else None,
            }
        )
        return found

    def _instead(self, record: Any) -> Any | None:
        """The row of a later version that took the place of this one."""
        if record.state != Acquaintance.VOID:
            return None
        later = Acquaintance.objects.filter(person=record.person_id, version__document=record.version.document_id)
        return later.exclude(state=Acquaintance.VOID).select_related("version").order_by("-pk").first()

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        version = record.version
        rows = [
            _fact(_("Who reads"), record.person.get_full_name()),
            _fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)) if record.unit else None,
            _fact(_("To be read by"), cells.due(record.due, record.state == Acquaintance.WAITING)),
            _fact(_("Asked on"), cells.date(record.opened_on)),
            _fact(_("Why asked"), record.get_why_display()),
            _fact(_("Read on"), cells.date(record.confirmed_at)) if record.confirmed_at else None,
            _fact(_("Version"), version.label),
            _fact(_("Approved on"), cells.date(version.approved_on)),
            _fact(_("In force from"), cells.date(version.in_force_on or version.effective_from)),
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        version = record.version
        if not Version.objects.visible_to(request.user).filter(pk=version.pk).exists():
            return []
        return [
            {"relation": _("Version"), "label": version.label, "url": version.get_absolute_url()},
            {
                "relation": _("Document"),
                "label": str(version.document),
                "url": version.document.get_absolute_url(),
            },
        ]


def _paragraphs(version: Version) -> list[str]:
    """The words of a DOCX, if they were read out of exactly this file."""
    found = VersionText.objects.filter(version=version, checksum=version.checksum).first()
    lines = (line.strip() for line in found.text.splitlines()) if found else ()
    return [line for line in lines if line][:MOST_PARAGRAPHS]


def sheet_links(version: Version) -> list[dict[str, Any]]:
    """The sheets that may be printed of a version, each in three languages."""
    words = {"acquaintance": _("Acquaintance sheet"), "changes": _("Change sheet"), "approval": _("Approval sheet")}
    if version.state not in Version.ISSUED:
        del words["acquaintance"]
    return [
        {
            "label": label,
            "languages": [
                {"name": name, "url": f"{reverse('documents:version-sheet', args=[version.pk, sheet])}?lang={code}"}
                for code, name in settings.LANGUAGES
            ],
        }
        for sheet, label in words.items()
    ]


class PrintSheet(View):
    """One of the official sheets of a version, as a PDF."""

    def get(self, request: HttpRequest, pk: int, sheet: str) -> HttpResponse:
        version = get_object_or_404(Version.objects.visible_to(request.user), pk=pk)
        if sheet not in SHEETS or registry.print_paper is None:
            raise Http404
        return registry.print_paper(request, SHEETS[sheet], version)
