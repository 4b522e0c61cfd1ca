"""Pages of bodies and seats, as declarations."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import Document
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages

from ..filters.bodies import BodyFilters, SeatFilters
from ..forms.bodies import BodyForm, SeatForm
from ..models import Body, Election, Matter, Seat
from ..tables.bodies import BodyTable, SeatTable, vote_word
from ..voting import Room, Rule, warning
from ..wording import aside_words, passing_words, quorum_words, remote_words


def named_body(request: HttpRequest) -> Body:
    """The body that a new seat or election belongs to, named in the address (`?body=`)."""
    pk = request.GET.get("body", "")
    if not (pk.isascii() and pk.isdigit()):
        raise Http404
    return get_object_or_404(Body.objects.visible_to(request.user).select_related("kind", "unit"), pk=pk)


def add_button(request: HttpRequest, body: Body, new: Any, name: str, label: Any) -> dict[str, Any] | None:
    if body.state != Body.ACTIVE:
        return None
    why_not = refusal(request.user, new.right("add"), new)
    url = f"{reverse(f'bodies:{name}-add')}?body={body.pk}"
    return {"url": url, "label": label, "allowed": not why_not, "why_not": why_not or ""}


def seats_warning(body: Body, seats: list[Seat]) -> Any | None:
    """The sentence when nothing can pass with the seats as they are, even if all came and voted for."""
    if not seats:
        return None
    voting = sum(seat.voting for seat in seats)
    return warning(Rule(body.passing, body.base), Room(len(seats), voting, len(seats), voting))


class BodyPages(RecordPages):
    model = Body
    slug, plural = "body", "bodies"
    title, kind = _("Collegial bodies"), _("Collegial body")
    lead = _("Who decides together: what each body deals with, who sits in it, and how its votes are counted.")
    table, filters, form = BodyTable, BodyFilters, BodyForm
    add_label = _("Enter a body")
    empty = _("Here will stand the collegial bodies with their charter, remit, seats and rule of voting.")
    clause = "N1 §2"
    related = ("kind", "unit", "above", "charter")
    list_related = ("kind", "unit")

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_seats()

    def heading(self, record: Any) -> tuple[str, str]:
        return "", record.name

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        seats = list(Seat.objects.held().filter(body=record).select_related("person"))
        seats.sort(key=lambda seat: (list(Seat.Duty).index(Seat.Duty(seat.duty)), not seat.voting, seat.pk))
        return [
            self._remit(record),
            self._rule(record, seats),
            self._seats(record, seats, request),
            self._elections(record, request),
        ]

    def _remit(self, record: Body) -> dict[str, Any]:
        matters = Matter.objects.filter(code__in=record.matters)
        return {
            "id": "remit",
            "title": _("Remit"),
            "template": "bodies/body_remit.html",
            "text": record.remit,
            "matters": [str(matter) for matter in matters],
        }

    def _rule(self, record: Body, seats: list[Seat]) -> dict[str, Any]:
        rows = [
            fact(_("Rule of passing"), passing_words(record.passing, record.base)),
            fact(_("Quorum"), quorum_words(record.quorum)),
            fact(_("Whoever steps aside"), aside_words(record.aside_counts)),
            fact(_("Vote in writing"), remote_words(record.remote_allowed, record.remote_base)),
            fact(_("Source clause of the rule"), record.rule_clause or _("Not named yet: the office fills it in.")),
        ]
        return {
            "id": "rule",
            "title": _("How it decides"),
            "template": "bodies/body_rule.html",
            "rows": rows,
            "warning": seats_warning(record, seats),
        }

    def _seats(self, record: Body, seats: list[Seat], request: HttpRequest) -> dict[str, Any]:
        return {
            "id": "seats",
            "title": _("Seats"),
            "template": "bodies/body_seats.html",
            "rows": [
                {
                    "seat": seat,
                    "vote": vote_word(seat),
                    "since": cells.date(seat.since),
                    "until": cells.date(seat.until),
                }
                for seat in seats
            ],
            "voting": sum(seat.voting for seat in seats),
            "planned": record.seats_planned,
            "all_url": f"{reverse('bodies:seats')}?body={record.pk}",
            "add": add_button(request, record, Seat(body=record), "seat", _("Enter a seat")),
        }

    def _elections(self, record: Body, request: HttpRequest) -> dict[str, Any]:
        found = list(Election.objects.visible_to(request.user).filter(body=record)[:10])
        return {
            "id": "elections",
            "title": _("Elections"),
            "template": "bodies/body_elections.html",
            "rows": [
                {
                    "election": row,
                    "state": cells.state(row),
                    "closes": cells.due(row.closes_on, row.state == Election.OPEN),
                }
                for row in found
            ],
            "add": add_button(request, record, Election(body=record), "election", _("Prepare an election")),
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Kind"), record.kind.name),
            fact(_("Belongs to"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Charter document"), self._charter(record, request.user)),
            fact(_("Founding decision"), record.founding_decision),
            fact(_("Founded on"), cells.date(record.founded_on)),
            fact(_("Term in years"), record.term_years) if record.term_years else None,
            fact(_("Dissolved on"), cells.date(record.dissolved_on)) if record.dissolved_on else None,
            fact(_("Code"), record.code),
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def _charter(self, record: Body, person: Any) -> Any:
        if record.charter is None:
            return ""
        seen = Document.objects.visible_to(person).filter(pk=record.charter_id).exists()
        return cells.link(record.charter.get_absolute_url(), str(record.charter)) if seen else str(record.charter)

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.above:
            found.append(
                {"relation": _("Body above"), "label": str(record.above), "url": record.above.get_absolute_url()}
            )
        for other in record.below.active():
            found.append({"relation": _("Body below"), "label": str(other), "url": other.get_absolute_url()})
        return found


class SeatPages(RecordPages):
    model = Seat
    slug, plural = "seat", "seats"
    title, kind = _("Seats"), _("Seat")
    lead = _("Who sits in which body, with which duty, with or without a vote, from when to when.")
    table, filters, form = SeatTable, SeatFilters, SeatForm
    add_label, added_from_register = _("Enter a seat"), False
    empty = _("A seat is entered from the page of its body.")
    clause = "N1 §2"
    related = ("body__kind", "body__unit", "person", "election")
    list_related = ("body", "person")

    def new(self, request: HttpRequest) -> Seat:
        return Seat(body=named_body(request))

    def after_adding(self, record: Any) -> str:
        return record.body.get_absolute_url()

    def heading(self, record: Any) -> tuple[str, str]:
        return "", f"{record.person.get_full_name()} · {record.body}"

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return body_crumbs(record)

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Who sits"), cells.link(record.person.get_absolute_url(), record.person.get_full_name())),
            fact(_("Duty"), record.get_duty_display()),
            fact(_("Vote"), vote_word(record)),
            fact(_("Group"), record.get_group_display()),
            fact(_("From"), cells.date(record.since)),
            fact(_("To"), cells.date(record.until)),
            fact(_("Basis"), record.basis),
        ]
        return [{"title": "", "rows": rows}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"relation": _("Sits in"), "label": str(record.body), "url": record.body.get_absolute_url()}]
        if record.election:
            url = record.election.get_absolute_url()
            found.append({"relation": _("Elected in"), "label": str(record.election), "url": url})
        return found


def body_crumbs(record: Any) -> list[dict[str, Any]]:
    """The way to what belongs to a body: the bodies, then this one."""
    return [
        {"label": BodyPages.title, "url": reverse("bodies:bodies")},
        {"label": str(record.body), "url": record.body.get_absolute_url()},
    ]
