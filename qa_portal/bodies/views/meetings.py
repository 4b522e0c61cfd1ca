"""Pages of meetings, agenda items and decisions, as declarations; and a meeting as an entry for calendars."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import refusal
from qa_portal.reports.hooks import print_paper
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import steps_of

from .. import calendar, voting
from ..filters.meetings import DecisionFilters, ItemFilters, MeetingFilters
from ..forms.meetings import ItemForm, MeetingForm
from ..models import AgendaItem, Attendance, Decision, Meeting, Vote
from ..permissions.meetings import may_read_votes
from ..sitting import presides, runs
from ..tables.meetings import DecisionTable, ItemTable, MeetingTable, result

#: what the chair and the secretary do with one item, offered in the agenda itself
ON_THE_SPOT = ("open_vote", "close_vote", "take_note", "record_vote")
MOST_PROPOSED = 50


def ballot(item: AgendaItem, person: Any, onward: str) -> dict[str, Any]:
    """The block in which a member votes, or reads that the vote is cast; the figures stay closed until the count."""
    mine = next((vote for vote in item.votes.all() if vote.seat.person_id == person.pk), None)
    waiting = item.yet_to_vote()
    step = steps_of(AgendaItem)["vote"]
    return {
        "item": item,
        "url": reverse("bodies:item-step", args=[item.pk, step.slug]),
        "next": onward,
        "may": item.waits_for_vote_of(person) and step.refusal(item, person) is None,
        "own": person.pk in item.own_people(),
        "mine": mine,
        "voted": len(item.votes.all()),
        "all": len(item.votes.all()) + len(waiting),
    }


class MeetingPages(RecordPages):
    model = Meeting
    slug, plural = "meeting", "meetings"
    title, kind = _("Meetings"), _("Meeting")
    lead = _("What collegial bodies deal with, when, and what they decided.")
    table, filters, form = MeetingTable, MeetingFilters, MeetingForm
    add_label = _("Call a meeting")
    empty = _("Here will stand the meetings of your bodies: agenda, attendance, votes, decisions, minutes.")
    clause = "N1 §2.1"
    related = ("body", "chaired_by", "kept_by", "chair_signed_by", "secretary_signed_by")
    list_related = ("body",)
    list_defer = ("note",)
    printed = "bodies.minutes"

    def heading(self, record: Any) -> tuple[str, str]:
        return f"№ {record.number}", f"{record.body} · {cells.date(record.starts_at)}"

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        items = self._items(record)
        found = []
        open_ = [item for item in items if item.state == AgendaItem.VOTING]
        if open_:
            ballots = [ballot(item, person, record.get_absolute_url()) for item in open_]
            found.append(
                {"id": "vote", "title": _("Vote now"), "template": "bodies/parts/vote_now.html", "ballots": ballots}
            )
        if record.note:
            found.append(prose("note", _("Note for the members"), record.note))
        found.append(self._agenda(record, items, person))
        if record.opened_at and not record.in_writing or record.is_over and record.opened_at:
            found.append(self._attendance(record))
        proposed = self._proposed(record, person)
        if proposed:
            found.append(proposed)
        return found

    def _items(self, record: Meeting) -> list[AgendaItem]:
        """The agenda with what its lines and buttons ask for: as many queries for thirty items as for one."""
        seats = Prefetch("attendance", Attendance.objects.select_related("seat__person"))
        record.__dict__.setdefault("_prefetched_objects_cache", {})
        fetched = Meeting.objects.prefetch_related(
            seats,
            Prefetch(
                "items",
                AgendaItem.objects.select_related("body", "proposer", "decision", "subject_type")
                .prefetch_related(Prefetch("votes", Vote.objects.select_related("seat")), "proofs", "subject")
                .order_by("place", "pk"),
            ),
        ).get(pk=record.pk)
        fetched.body = record.body
        record._prefetched_objects_cache.update(fetched._prefetched_objects_cache)
        items = list(record.items.all())
        for item in items:
            item.meeting = record
        return items

    def _agenda(self, record: Meeting, items: list[AgendaItem], person: Any) -> dict[str, Any]:
        moves = presides(person, record.body_id) and not record.is_over
        waiting = [item.place for item in items if item.state == AgendaItem.ON_AGENDA] if moves else []
        # Where each of them goes by one press up or down: past what is settled and keeps its number.
        above, below = dict(zip(waiting[1:], waiting, strict=False)), dict(zip(waiting, waiting[1:], strict=False))
        steps = {name: steps_of(AgendaItem)[name] for name in ON_THE_SPOT}
        rows = [
            {
                "item": item,
                "state": cells.state(item),
                "papers": len(item.proofs.all()),
                "decision": item.decision if item.state == AgendaItem.DECIDED else None,
                "result": result(item.decision) if item.state == AgendaItem.DECIDED else "",
                "up": above.get(item.place),
                "down": below.get(item.place),
                "move_url": reverse("bodies:item-step", args=[item.pk, "move-item"]),
                "steps": _allowed(item, steps, person),
            }
            for item in items
        ]
        return {
            "id": "agenda",
            "title": _("Agenda"),
            "template": "bodies/parts/agenda.html",
            "rows": rows,
            "next": record.get_absolute_url(),
        }

    def _attendance(self, record: Meeting) -> dict[str, Any]:
        rows = list(record.attendance.all())
        room, rule = record.room, record.rule
        came = [row for row in rows if row.present]
        quorum, needed = voting.quorum_of(rule, room), voting.quorum_needed(rule.quorum, room.seats)
        if record.is_over:  # whoever left before the end had come, and the body may have another rule by now
            kept, quorum = record.quorum_of_the_day()
            room = replace(room, present=len(came), voting_present=sum(row.voting for row in came))
            needed = voting.quorum_needed(kept, room.seats)
        return {
            "id": "attendance",
            "title": _("Who took part") if record.in_writing else _("Attendance"),
            "template": "bodies/parts/attendance.html",
            "came": came,
            "absent": [row for row in rows if not row.present],
            "in_writing": record.in_writing,
            "quorum": None if record.in_writing else quorum,
            "room": room,
            "needed": needed,
            "warning": "" if record.is_over else voting.warning(rule, room) or "",
        }

    def _proposed(self, record: Meeting, person: Any) -> dict[str, Any] | None:
        """What waits to be put on an agenda, for those who run the body: ticked and put on this one at once."""
        if record.is_over or not runs(person, record.body_id):
            return None
        rows = AgendaItem.objects.filter(body_id=record.body_id, state=AgendaItem.PROPOSED).select_related("proposer")
        found = list(rows.order_by("pk")[:MOST_PROPOSED])
        if not found:
            return None
        return {
            "id": "proposed",
            "title": _("Proposed items"),
            "template": "bodies/parts/proposed.html",
            "rows": found,
            "url": self._many_url(),
            "meeting": record,
        }

    def _many_url(self) -> str:
        return reverse("bodies:item-many", args=["put-on-agenda"])

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        place = cells.link(record.link, gettext("link to join")) if record.link else None
        return facts(
            fact(_("Body"), cells.link(record.body.get_absolute_url(), record.body)),
            fact(_("Begins"), cells.date(record.starts_at)),
            fact(_("Voting closes"), cells.date(record.closes_at)) if record.in_writing else None,
            fact(_("How"), _("vote in writing"))
            if record.in_writing
            else fact(pgettext_lazy("of a meeting", "Place"), record.venue or place),
            fact(_("Link"), place) if place and record.venue else None,
            fact(_("Agenda"), cells.link(reverse("bodies:meeting-agenda", args=[record.pk]), gettext("paper (PDF)"))),
            fact(_("Calendar"), cells.link(reverse("bodies:meeting-ics", args=[record.pk]), gettext("file (ICS)"))),
            fact(_("Presides"), record.chaired_by.get_full_name()) if record.chaired_by else None,
            fact(_("Minutes by"), record.kept_by.get_full_name()) if record.kept_by else None,
            fact(_("Opened"), cells.date(record.opened_at)) if record.opened_at else None,
            fact(_("Closed"), cells.date(record.closed_at)) if record.closed_at else None,
            _signature(_("Signed by the chair"), record.chair_signed_by, record.chair_signed_at),
            _signature(_("Signed by the secretary"), record.secretary_signed_by, record.secretary_signed_at),
        )


def _signature(label: Any, person: Any, moment: Any) -> dict[str, Any] | None:
    return fact(label, f"{person.get_short_name()}, {cells.date(moment)}") if person else None


def _allowed(item: AgendaItem, steps: dict[str, Any], person: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": step.label,
            "url": reverse("bodies:item-step", args=[item.pk, step.slug]),
            "icon": step.icon,
            "needs_input": step.needs_input,
            "confirm": step.confirm,
        }
        for step in steps.values()
        if step.offered(item) and step.refusal(item, person) is None
    ]


class ItemPages(RecordPages):
    model = AgendaItem
    slug, plural = "item", "items"
    title, kind = _("Agenda items"), _("Agenda item")
    lead = _("What is put before collegial bodies: proposed, on an agenda, voted on, decided.")
    table, filters, form = ItemTable, ItemFilters, ItemForm
    add_label = _("Propose an agenda item")
    empty = _("Any member proposes items, with or without a vote. The chair puts them on the agenda of a meeting.")
    clause = "N1 §2.1"
    related = ("body", "meeting__body", "meeting__kept_by", "proposer", "subject_type", "decision")
    list_related = ("body", "meeting", "proposer")
    list_defer = ("text", "draft_decision", "note")

    def heading(self, record: Any) -> tuple[str, str]:
        return (f"№ {record.place}" if record.place else ""), record.title

    def new(self, request: HttpRequest) -> AgendaItem:
        return AgendaItem(proposer=request.user)

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        found = [{"label": self.title, "url": self.url("list")}]
        if record.meeting is None:
            return found
        # Whoever proposed it sees the meeting too.
        return [*found, {"label": str(record.meeting), "url": record.meeting.get_absolute_url()}]

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person, found = request.user, []
        if record.state == AgendaItem.VOTING:
            ballots = [ballot(record, person, record.get_absolute_url())]
            found.append(
                {"id": "vote", "title": _("Vote now"), "template": "bodies/parts/vote_now.html", "ballots": ballots}
            )
        if record.text:
            found.append(prose("text", _("What it is about"), record.text))
        title = _("Decision") if record.state == AgendaItem.DECIDED else _("Proposed decision")
        found.append(prose("draft", title, record.draft_decision))
        if record.note:
            found.append(prose("note", _("What was said"), record.note))
        if record.state == AgendaItem.DECIDED:
            found.append(outcome(record.decision, link=True))
            if may_read_votes(person, record):
                found.append(_votes(record))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Body"), cells.link(record.body.get_absolute_url(), record.body)),
            fact(_("Meeting"), cells.link(record.meeting.get_absolute_url(), record.meeting))
            if record.meeting
            else None,
            fact(_("Proposed by"), record.proposer.get_full_name()),
            fact(_("What it decides"), record.decides) if record.verb else None,
            fact(_("Breached clause"), record.clause) if record.clause else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [link for link in (about_link(record, request.user),) if link]


def about_link(item: AgendaItem, person: Any) -> dict[str, Any] | None:
    """What the item decides; a link for whoever sees it."""
    subject = item.subject
    if subject is None:
        return None
    seen = type(subject).objects.visible_to(person).filter(pk=subject.pk).exists()
    return {"relation": _("What it decides"), "label": str(subject), "url": subject.get_absolute_url() if seen else ""}


def _votes(item: AgendaItem) -> dict[str, Any]:
    votes = item.votes.select_related("seat__person", "recorded_by")
    return {"id": "votes", "title": _("Who voted how"), "template": "bodies/parts/votes.html", "votes": votes}


def outcome(decision: Decision, link: bool = False) -> dict[str, Any]:
    """The result with all its figures, as the minutes print them."""
    rule = decision.rule
    aside = _("%(n)s, counted as abstained") if rule.get("aside_counts") else _("%(n)s, not in the base")
    rows = [
        fact(_("Result"), result(decision)),
        fact(_("Seats"), decision.seats),
        fact(_("Voted"), decision.present)
        if rule.get("in_writing")
        else fact(
            _("Present"),
            gettext("%(n)s, of them %(voting)s with a vote")
            % {"n": decision.present, "voting": rule.get("voting_present", decision.present)},
        ),
        fact(_("Base"), decision.base),
        fact(_("Votes needed"), decision.votes_needed),
        fact(_("For"), decision.votes_for),
        fact(_("Against"), decision.votes_against),
        fact(_("Abstained"), decision.abstained),
        fact(_("Stepped aside"), aside % {"n": decision.aside}) if decision.aside else None,
        fact(_("Quorum"), _("Quorum is there") if rule.get("quorum_there", True) else _("No quorum")),
    ]
    return {
        "id": "result",
        "title": _("Result of the vote"),
        "template": "bodies/parts/outcome.html",
        "rows": [row for row in rows if row],
        "decision": decision if link else None,
    }


class DecisionPages(RecordPages):
    model = Decision
    slug, plural = "decision", "decisions"
    title, kind = _("Decisions"), _("Decision")
    lead = _("What collegial bodies decided, with the votes, the rule of that day and what came of it.")
    table, filters = DecisionTable, DecisionFilters
    empty = _("A decision stands here when the vote on an agenda item is closed. Nobody types it.")
    clause = "N1 §2.1"
    related = ("body", "meeting__body", "item__proposer", "item__subject_type", "overruled_by__body")
    list_related = ("body", "item")
    list_defer = ("text", "changed_text", "rule")
    printed = "bodies.extract"

    def heading(self, record: Any) -> tuple[str, str]:
        return f"№ {record.number}", record.item.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("Decision"), record.text)]
        if record.changed_text:
            found.append(prose("changed", _("As changed by the body above"), record.changed_text))
        found.append(outcome(record))
        rule = [fact(label, words) for label, words in record.rule_in_words()]
        found.append({"id": "rule", "title": _("Rule"), "template": "bodies/parts/rule.html", "rows": rule})
        if may_read_votes(request.user, record.item):
            found.append(_votes(record.item))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Body"), cells.link(record.body.get_absolute_url(), record.body)),
            fact(_("Decided on"), cells.date(record.decided_on)),
            fact(_("What it decides"), record.item.decides) if record.item.verb else None,
            fact(_("Carried out by the portal"), _("yes") if record.performed else _("no"))
            if record.item.verb and record.passed
            else None,
            fact(_("Why not"), record.not_performed) if record.not_performed else None,
            fact(_("Breached clause"), record.clause) if record.clause else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        seen = AgendaItem.objects.visible_to(person).filter(pk=record.item_id).exists()
        met = Meeting.objects.visible_to(person).filter(pk=record.meeting_id).exists()
        found = [
            {
                "relation": _("Agenda item"),
                "label": str(record.item),
                "url": record.item.get_absolute_url() if seen else "",
            },
            {
                "relation": _("Meeting"),
                "label": str(record.meeting),
                "url": record.meeting.get_absolute_url() if met else "",
            },
            about_link(record.item, person),
        ]
        visible = Decision.objects.visible_to(person)
        if record.overruled_by:
            above = visible.filter(pk=record.overruled_by_id).exists()
            label = str(record.overruled_by)
            url = record.overruled_by.get_absolute_url() if above else ""
            found.append({"relation": _("Taken up by"), "label": label, "url": url})
        for other in visible.filter(overruled_by=record).select_related("body"):
            found.append({"relation": _("Takes up"), "label": str(other), "url": other.get_absolute_url()})
        return [link for link in found if link]


class AgendaPaper(View):
    """The agenda as a paper, before the meeting."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
        return print_paper(request, "bodies.agenda", meeting)


class Calendar(View):
    """A meeting as a file that calendars open."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Meeting.objects.visible_to(request.user).select_related("body").prefetch_related("items")
        meeting = get_object_or_404(rows, pk=pk)
        answer = HttpResponse(calendar.entry(meeting), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
        return answer


def propose_button(record: Any, body: Any, key: str, person: Any) -> dict[str, Any]:
    """The way to put a record before a body, from the record's own page."""
    why_not = refusal(person, "bodies.add_item", AgendaItem(body=body))
    return {
        "label": _("Put before the body"),
        "url": f"{reverse('bodies:item-add')}?body={body.pk}&about={key}",
        "allowed": not why_not,
        "why_not": why_not or "",
    }
