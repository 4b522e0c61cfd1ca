"""Pages of assignments, dispatches, information requests and proposals, as declarations; the quality manager's tools."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.documents.targets import proved_record
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages

from ..filters.work import AdviceFilters, AssignmentFilters, DispatchFilters, RequestFilters
from ..forms.work import AdviceForm, AssignmentForm, DispatchForm, RequestForm
from ..models import Assignment, Decision, Dispatch, InformationRequest, QualityProposal
from ..tables.work import AdviceTable, AssignmentTable, DispatchTable, RequestTable

SHOWN = 8


def place(record: Any) -> Any:
    return cells.link(record.get_absolute_url(), getattr(record, "name", "") or str(record)) if record else ""


def _who_and_when(person: Any, day: Any) -> str:
    return " · ".join(part for part in (person.get_full_name() if person else "", cells.date(day)) if part)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class AssignmentPages(RecordPages):
    model = Assignment
    slug, plural = "assignment", "assignments"
    title, kind = _("Assignments"), _("Assignment")
    lead = _("What decisions of bodies have asked people to do, and by when.")
    table, filters, form = AssignmentTable, AssignmentFilters, AssignmentForm
    add_label, added_from_register = _("Give an assignment"), False
    empty = _(
        "Here will stand what the decisions of bodies ask people to do. An assignment is given on a decision's page."
    )
    clause = "N1 §2.1"
    related = ("owner", "unit", "decision__body")
    list_defer = ("done_note",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.brief

    def new(self, request: HttpRequest) -> Assignment:
        rows = Decision.objects.visible_to(request.user).select_related("body")
        return Assignment(decision=get_object_or_404(rows, pk=_number(request, "decision")))

    def after_adding(self, record: Any) -> str:
        return record.decision.get_absolute_url()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("What is to be done"), record.text)]
        if record.done_note:
            found.append(prose("done", _("What was done"), record.done_note))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        moved = record.first_due and record.first_due != record.due
        return facts(
            fact(_("Who does it"), record.owner.get_full_name()),
            fact(_("Unit"), place(record.unit)),
            fact(_("Deadline"), cells.due(record.due, record.deadline_counts)),
            fact(_("First deadline"), cells.date(record.first_due)) if moved else None,
            fact(_("Carried out on"), cells.date(record.done_on)) if record.done_on else None,
            fact(_("Accepted on"), cells.date(record.accepted_on)) if record.accepted_on else None,
            fact(_("Body"), place(record.decision.body)),
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        decision = record.decision
        seen = Decision.objects.visible_to(request.user).filter(pk=decision.pk).exists()
        url = decision.get_absolute_url() if seen else ""
        label = f"{decision} · {cells.date(decision.decided_on)}"
        return [{"relation": _("Where it came from"), "label": label, "url": url}]


class DispatchPages(RecordPages):
    model = Dispatch
    slug, plural = "dispatch", "dispatches"
    title, kind = _("Reports sent to bodies"), _("Report sent to a body")
    lead = _("Which report or paper went to which body, when, and when it was received.")
    table, filters, form = DispatchTable, DispatchFilters, DispatchForm
    add_label = _("Send a report to a body")
    empty = _("Here will stand every report and paper sent to a body, with the date and the receipt.")
    clause = "N1 §2.1"
    related = ("body", "sent_by", "received_by")
    list_related = ("body", "sent_by")
    list_defer = ("note",)

    def new(self, request: HttpRequest) -> Dispatch:
        subject, about = None, request.GET.get("about", "")
        if about:
            subject = proved_record(about, request.user)
            if subject is None:
                raise Http404
        return Dispatch(sent_by=request.user, subject=subject)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.entry_number, record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [prose("note", _("Note"), record.note)] if record.note else []

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        received = _who_and_when(record.received_by, record.received_on) if record.received_on else ""
        return facts(
            fact(_("Body"), place(record.body)),
            fact(_("Sent"), _who_and_when(record.sent_by, record.sent_on)),
            fact(_("Received"), received),
            fact(_("Number of entry"), record.entry_number) if record.entry_number else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        subject: Any = record.subject
        if subject is None:
            return []
        # Who may not open what it is about reads its kind only.
        seen = type(subject).objects.visible_to(request.user).filter(pk=subject.pk).exists()
        label = str(subject) if seen else subject._meta.verbose_name
        return [{"relation": _("What it is about"), "label": label, "url": subject.get_absolute_url() if seen else ""}]


class RequestPages(RecordPages):
    model = InformationRequest
    slug, plural = "request", "requests"
    title, kind = _("Information requests"), _("Information request")
    lead = _("What the quality manager asks units for. The unit answers with papers; who does not answer is reminded.")
    table, filters, form = RequestTable, RequestFilters, RequestForm
    add_label = _("Ask a unit for information")
    empty = _("Here will stand what the quality manager has asked units for, and their answers.")
    clause = "N1 §2.3"
    related = ("unit", "asked_by", "answered_by")
    list_related = ("unit", "asked_by")
    list_defer = ("why", "answer")

    def new(self, request: HttpRequest) -> InformationRequest:
        return InformationRequest(asked_by=request.user)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.brief

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("what", _("What is asked"), record.what)]
        if record.why:
            found.append(prose("why", _("What it is for"), record.why))
        if record.answer:
            found.append(prose("answer", _("Answer"), record.answer))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        answered = _who_and_when(record.answered_by, record.answered_on) if record.answered_by else ""
        return facts(
            fact(_("Unit asked"), place(record.unit)),
            fact(_("Asked by"), record.asked_by.get_full_name()),
            fact(_("Answer by"), cells.due(record.due, record.deadline_counts)),
            fact(_("Answered"), answered) if answered else None,
        )


class AdvicePages(RecordPages):
    model = QualityProposal
    slug, plural, list_name = "advice", "advice", "advice-list"
    title, kind = _("Proposals of the quality manager"), _("Proposal of the quality manager")
    lead = _("What the quality manager proposes to bodies and units. They accept it, or decline it with a reason.")
    table, filters, form = AdviceTable, AdviceFilters, AdviceForm
    add_label = _("Make a proposal")
    empty = _("Here will stand what the quality manager has proposed to bodies and units, and what came of it.")
    clause = "N1 §2.3"
    related = ("body", "unit", "proposer", "answered_by")
    list_related = ("body", "unit", "proposer")
    list_defer = ("text", "answer")

    def new(self, request: HttpRequest) -> QualityProposal:
        return QualityProposal(proposer=request.user)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("Grounds and expected result"), record.text)]
        if record.answer:
            found.append(prose("answer", _("Answer"), record.answer))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        answered = _who_and_when(record.answered_by, record.answered_on) if record.answered_by else ""
        return facts(
            fact(_("To whom"), place(record.body or record.unit)),
            fact(_("Proposed by"), record.proposer.get_full_name()),
            fact(_("Answer by"), cells.due(record.due, record.deadline_counts)),
            fact(_("Answered"), answered) if answered else None,
        )


class QualityTools(View):
    """/bodies/tools/: the two tools of the quality manager side by side, as far as the reader sees them (N1 §2.3)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        requests = InformationRequest.objects.visible_to(person).select_related("unit")
        advice = QualityProposal.objects.visible_to(person).select_related("unit", "body")
        live = {
            "requests": requests.filter(state__in=("asked", "answered")).order_by("due", "pk"),
            "advice": advice.filter(state__in=("made", "accepted")).order_by("due", "pk"),
        }
        boxes = [
            self._box(person, pages, live[pages.plural], to)
            for pages, to in ((RequestPages(), _unit), (AdvicePages(), _to))
        ]
        return render(request, "bodies/tools.html", {"title": _("Requests and proposals"), "boxes": boxes})

    def _box(self, person: Any, pages: RecordPages, rows: Any, to: Any) -> dict[str, Any]:
        may_add = refusal(person, pages.model.right("add"), pages.model()) is None
        shown = [
            {
                "record": row,
                "label": pages.heading(row)[1],
                "to": to(row),
                "state": cells.state(row),
                "due": cells.due(row.due, row.deadline_counts),
            }
            for row in rows[:SHOWN]
        ]
        add = (
            {"url": reverse(f"bodies:{pages.slug}-add"), "label": pages.add_label, "allowed": True} if may_add else None
        )
        return {
            "id": pages.slug,
            "title": pages.title,
            "lead": pages.lead,
            "empty": pages.empty,
            "rows": shown,
            "url": pages.url("list"),
            "add": add,
        }


def _unit(row: InformationRequest) -> Any:
    return row.unit


def _to(row: QualityProposal) -> Any:
    return row.body or row.unit
