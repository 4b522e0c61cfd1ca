"""The register of petitions for those who keep and answer them; for everybody else what they sent by name."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.files import send_file
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from ..filters.petitions import PetitionFilters
from ..forms.petitions import PetitionForm
from ..models import Petition
from ..permissions.petitions import answers, registers
from ..tables.petitions import PetitionTable

#: content types by the ending that stripping.py let through; everything else is handed out as bytes
_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "txt": "text/plain; charset=utf-8",
}


class PetitionPages(RecordPages):
    model = Petition
    slug, plural = "petition", "petitions"
    title, kind = _("Petitions"), _("Petition")
    lead = _(
        "What people asked, praised or complained of, and what was answered. What you sent by name stands here too."
    )
    table, filters, form = PetitionTable, PetitionFilters, PetitionForm
    add_label = _("Enter a petition brought on paper or spoken")
    empty = _("Here will stand petitions: those that you keep or answer, and those that you sent by name.")
    clause = "N0 S3; N1 §4.1.7"
    related = ("unit", "owner", "author")
    list_related = ("unit", "owner")
    list_defer = ("text", "outcome_note", "name", "email", "phone")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.subject

    def new(self, request: HttpRequest) -> Petition:
        kind = request.POST.get("kind", "")
        return Petition(way=Petition.Way.WRITTEN, kind=kind if kind in Petition.Kind.values else "")

    def after_adding(self, record: Any) -> str:
        # Whoever typed a sensitive one in may no longer see it: that is how it should be.
        return self.url("list") if record.sensitive else record.get_absolute_url()

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"label": _("Send a petition"), "url": reverse("public-petitions"), "icon": "send"}]
        if refusal(request.user, "surveys.read_petition_summary") is None:
            found.append({"label": _("Report"), "url": reverse("surveys:petition-summary"), "icon": "report"})
        return found

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("What was written"), record.text)]
        files = list(record.files.all())
        if files:
            found.append({"id": "files", "title": _("Files"), "template": "surveys/petition_files.html", "rows": files})
        if record.outcome:
            answer = {
                "id": "answer",
                "title": _("Answer"),
                "template": "surveys/petition_answer.html",
                "petition": record,
                "outcome": record.get_outcome_display(),
            }
            found.append(answer)
        thread = list(record.messages.select_related("by"))
        if thread:
            title = _("Between the author and the university")
            found.append({"id": "thread", "title": title, "template": "surveys/petition_thread.html", "rows": thread})
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        unit = record.unit
        keeps = registers(person, record)
        boxes = facts(
            fact(_("Kind"), record.get_kind_display()),
            fact(_("How it came"), record.get_way_display()),
            fact(_("Unit"), cells.link(unit.get_absolute_url(), unit.name) if unit else ""),
            fact(_("Standard or area"), record.area) if record.area else None,
            fact(_("Received on"), cells.date(record.received_on)),
            fact(_("Answer due on"), cells.due(record.due_on, record.deadline_counts)),
            fact(_("Who answers"), record.owner.get_full_name() if record.owner else ""),
            fact(_("Stands before"), registry.body_name(record.body)) if record.body else None,
            fact(_("Answered on"), cells.date(record.answered_on)) if record.answered_on else None,
            fact(_("Concerns"), ", ".join(p.get_full_name() for p in record.concerns.all())) if keeps else None,
        )
        if keeps or answers(person, record):
            boxes += [{"title": _("From"), "rows": self._author(record)}]
        return boxes

    def _author(self, record: Petition) -> list[dict[str, Any]]:
        if record.anonymous:
            return [fact(_("Name"), _("Without a name"))]
        rows = [fact(_("Name"), record.name or (record.author.get_full_name() if record.author else ""))]
        rows += [fact(_("E-mail"), record.email)] if record.email else []
        rows += [fact(_("Telephone"), record.phone)] if record.phone else []
        return rows

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        link = record.outcome_link
        return [{"relation": _("What was done"), "label": link, "url": link}] if link else []


def petition_file(request: HttpRequest, pk: int, place: int) -> FileResponse:
    """A file, to whoever sees the petition."""
    petition = get_object_or_404(Petition.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(petition.files, pk=place)
    try:
        return send_file(row.file, row.name, _TYPES.get(row.name.rpartition(".")[2], "application/octet-stream"))
    except FileNotFoundError as error:
        raise Http404 from error
