"""Pages of upkeep: conformity reviews, verdicts, proposals, paper copies, and the quality manager's page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View

from qa_portal.permissions import Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, prose
from qa_portal.web.pages import RecordPages

from .. import upkeep
from ..filters.upkeep import CopyFilters, ProposalFilters, ReviewFilters, VerdictFilters
from ..forms.upkeep import CopyForm, ProposalForm, ReviewOpeningForm
from ..models import ChangeProposal, ConformityReview, ConformityVerdict, Document, PaperCopy, Version
from ..tables.upkeep import CopyTable, ProposalTable, ReviewTable, VerdictTable

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def names(path: str) -> tuple[str, ...]:
    """Columns that a list shows of a document."""
    return (f"{path}__number", *(f"{path}__title_{code}" for code in LANGUAGES))


def signed(person: Any, day: Any) -> str:
    return " · ".join(part for part in (person.get_short_name() if person else "", cells.date(day)) if part)


def named(request: HttpRequest, name: str, rows: Any) -> Any:
    """The record that `?name=` names, if this person sees it."""
    pk = request.GET.get(name, "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    return get_object_or_404(rows, pk=pk)


def link_to(document: Any, request: HttpRequest, relation: Any) -> dict[str, Any]:
    """A document named on another record; its address only for those who see it."""
    seen = Document.objects.visible_to(request.user).filter(pk=document.pk).exists()
    return {"relation": relation, "label": str(document), "url": document.get_absolute_url() if seen else ""}


class ReviewPages(RecordPages):
    model = ConformityReview
    slug, plural = "review", "reviews"
    title, kind = _("Conformity reviews"), _("Conformity review")
    lead = _("Something above has changed: is each document that rests on it still in line?")
    table, filters, form = ReviewTable, ReviewFilters, ReviewOpeningForm
    add_label = _("Open a conformity review")
    empty = _("A review opens by itself when a new edition of an act is noted, or a document above changes or ends.")
    clause = "N0 §3.2"
    related = ("act",)
    list_related = ()

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        seen = ConformityVerdict.objects.visible_to(request.user).filter(review=record).order_by("pk")
        rows = seen.select_related("document__unit")
        found = [prose("note", _("What changed and from when"), record.note)] if record.note else []
        found.append(
            {
                "id": "verdicts",
                "title": _("Documents and verdicts"),
                "template": "documents/review_verdicts.html",
                "rows": [{"verdict": row, "state": cells.state(row), "until": cells.date(row.until)} for row in rows],
            }
        )
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Cause"), record.get_cause_display()),
            fact(_("Opened on"), cells.date(record.opened_on)),
            fact(_("Verdicts by"), cells.due(record.due, record.state == record.OPEN)),
            fact(_("Closed on"), cells.date(record.closed_on)) if record.closed_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [link_to(record.act, request, _("What changed"))] if record.act else []


class VerdictPages(RecordPages):
    model = ConformityVerdict
    slug, plural = "verdict", "verdicts"
    title, kind = _("Verdicts of conformity reviews"), _("Verdict of a conformity review")
    lead = _("Each document in its review: the owner unit's verdict, the decision, the day by which it is done.")
    table, filters = VerdictTable, VerdictFilters
    empty = _("Verdicts are asked for by a conformity review.")
    clause = "N0 §3.2"
    related = ("document__unit", "review", "judged_by", "decided_by")
    list_related = ("document__unit", "review")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.review.number, str(record.document)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [
            {"label": ReviewPages.title, "url": reviews.url("list")},
            {"label": str(record.review), "url": record.review.get_absolute_url()},
        ]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.review.note:
            found.append(prose("changed", _("What changed and from when"), record.review.note))
        if record.note:
            found.append(prose("grounds", _("Grounds of the verdict"), record.note))
        if record.decision:
            found.append(prose("decision", _("Decision"), record.decision))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        unit = record.document.unit
        rows = [
            fact(_("Owner unit"), cells.link(unit.get_absolute_url(), unit.name)) if unit else None,
            fact(_("Why it is listed"), record.why_listed),
            fact(_("Verdict by"), cells.due(record.review.due, record.state == record.WAITING)),
            fact(_("Verdict"), record.get_verdict_display()),
            fact(_("Verdict given"), signed(record.judged_by, record.judged_on)) if record.judged_by else None,
            fact(_("Decided"), signed(record.decided_by, record.decided_on)) if record.decided_by else None,
            fact(_("To be done by"), cells.due(record.until, record.state == record.DECIDED)) if record.until else None,
            fact(_("Done on"), cells.date(record.done_on)) if record.done_on else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        review = record.review
        return [
            link_to(record.document, request, _("Document")),
            {"relation": _("Part of the review"), "label": str(review), "url": review.get_absolute_url()},
        ]


class ProposalPages(RecordPages):
    model = ChangeProposal
    slug, plural = "proposal", "proposals"
    title, kind = _("Proposals to change documents"), _("Proposal to change a document")
    lead = _("Any unit may propose to change a document in force; each proposal gets an answer.")
    table, filters, form = ProposalTable, ProposalFilters, ProposalForm
    add_label, added_from_register = _("Propose a change"), False
    empty = _("A change is proposed from the page of the document: press “Propose a change” there.")
    clause = "N0 §3.2"
    related = ("document__unit", "unit", "proposer", "answered_by", "version__document")
    list_related = ("document", "unit", "proposer")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, str(record.document)

    def new(self, request: HttpRequest) -> ChangeProposal:
        document = named(request, "document", Document.objects.visible_to(request.user).select_related("unit"))
        return ChangeProposal(document=document, unit=request.user.unit, proposer=request.user)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            prose("text", _("What should be changed"), record.text),
            prose("reason", pgettext_lazy("grounds", "Why"), record.reason),
        ]
        if record.answer:
            found.append(prose("answer", _("Answer"), record.answer))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Section or clause"), record.section) if record.section else None,
            fact(_("Proposed by"), record.proposer.get_full_name()),
            fact(_("Unit that proposes"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Filed on"), cells.date(record.created_at)),
            fact(_("Answered"), signed(record.answered_by, record.answered_on)) if record.answered_by else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [link_to(record.document, request, _("Document"))]
        if record.version:
            label, url = str(record.version), record.version.get_absolute_url()
            found.append({"relation": _("Done in the version"), "label": label, "url": url})
        return found


class CopyPages(RecordPages):
    model = PaperCopy
    slug, plural = "copy", "copies"
    title, kind = _("Paper copies"), _("Paper copy")
    lead = _("Numbered paper copies and who holds them. Every other print is uncontrolled.")
    table, filters, form = CopyTable, CopyFilters, CopyForm
    add_label, added_from_register = _("Hand out a paper copy"), False
    empty = _("A numbered copy is handed out from the page of the version.")
    clause = "N2 §7.5"
    related = ("version__document__unit", "holder__unit")
    list_related = ("version__document", "holder")

    def heading(self, record: Any) -> tuple[str, str]:
        return f"№ {record.number}", str(record.version)

    def new(self, request: HttpRequest) -> PaperCopy:
        rows = Version.objects.visible_to(request.user).select_related("document__unit")
        return PaperCopy(version=named(request, "version", rows))

    def after_adding(self, record: Any) -> str:
        return record.version.get_absolute_url()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if record.state == record.HELD and record.version.state not in (Version.APPROVED, Version.IN_FORCE):
            return [{"id": "collect", "title": "", "template": "documents/copy_to_collect.html"}]
        return []

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(pgettext_lazy("of a paper copy", "Holder"), record.holder.get_full_name()),
            fact(_("Where it is kept"), record.where),
            fact(_("Handed out on"), cells.date(record.given_on)),
            fact(_("Given back or lost on"), cells.date(record.ended_on)) if record.ended_on else None,
            fact(_("Version"), f"{record.version.label} · {record.version.state_label}"),
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        version = record.version
        return [{"relation": _("Version"), "label": str(version), "url": version.get_absolute_url()}]


class Upkeep(View):
    """/documents/upkeep/: what the quality manager looks after, counts first, then the first rows of each list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sentence = refusal(request.user, "documents.view_upkeep")
        if sentence:
            raise Refused(sentence)
        return render(request, "documents/upkeep.html", {"lists": upkeep.lists(request.user)})


reviews, verdicts, proposals, copies = ReviewPages(), VerdictPages(), ProposalPages(), CopyPages()
