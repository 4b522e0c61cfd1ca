"""Pages of elections: candidates, the vote while it is open, the result after the count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells
from qa_portal.web.pages import RecordPages

from ..filters.bodies import ElectionFilters
from ..forms.elections import ElectionForm, VoteForm
from ..models import Ballot, Election
from ..permissions.bodies import belongs_to_electorate
from ..tables.bodies import ElectionTable
from .bodies import body_crumbs, fact, named_body


class ElectionPages(RecordPages):
    model = Election
    slug, plural = "election", "elections"
    title, kind = _("Elections"), _("Election")
    lead = _("Open elections of members: candidates, votes, result, and the seats they give.")
    table, filters, form = ElectionTable, ElectionFilters, ElectionForm
    add_label, added_from_register = _("Prepare an election"), False
    empty = _("An election is prepared from the page of its body.")
    clause = "N1 §2.2"
    related = ("body__kind", "body__unit", "electorate")
    list_related = ("body", "electorate")

    def new(self, request: HttpRequest) -> Election:
        return Election(body=named_body(request))

    def heading(self, record: Any) -> tuple[str, str]:
        return "", record.title

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return body_crumbs(record)

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.state == Election.OPEN and belongs_to_electorate(request.user, record):
            found.append(self._vote(record, request))
        if record.state == Election.COUNTED:
            found.append(self._result(record))
        found.append(self._candidates(record))
        if record.state == Election.COUNTED:
            found.append(self._by_name(record))
        return found

    def _vote(self, record: Election, request: HttpRequest) -> dict[str, Any]:
        """The big form, for whoever may vote and has not yet; afterwards what was chosen."""
        mine = list(Ballot.objects.filter(election=record, voter=request.user).select_related("candidate__person"))
        over = record.closes_on < timezone.localdate()
        return {
            "id": "vote",
            "title": _("Your vote"),
            "template": "bodies/election_vote.html",
            "mine": mine,
            "over": over,
            "form": None if mine or over else VoteForm(record=record, by=request.user),
            "url": self.url("step", record.pk, "vote"),
            "closes": cells.due(record.closes_on),
        }

    def _result(self, record: Election) -> dict[str, Any]:
        share = round(100 * record.turnout / record.voters) if record.voters else 0
        rows = [
            fact(_("Counted on"), cells.date(record.counted_on)),
            fact(_("People who may vote"), record.voters),
            fact(_("People who voted"), f"{record.turnout} ({share} %)"),
        ]
        return {"id": "result", "title": _("Result"), "template": "bodies/election_result.html", "rows": rows}

    def _candidates(self, record: Election) -> dict[str, Any]:
        candidates = record.candidates.select_related("person__unit", "nominated_by")
        counted = record.state == Election.COUNTED
        rows = sorted(candidates, key=lambda row: (-(row.votes or 0), row.pk)) if counted else list(candidates)
        return {
            "id": "candidates",
            "title": _("Candidates"),
            "template": "bodies/election_candidates.html",
            "rows": rows,
            "counted": counted,
        }

    def _by_name(self, record: Election) -> dict[str, Any]:
        """Who voted for whom: the election is open (N1 §2.2)."""
        voices: dict[int, dict[str, Any]] = {}
        for ballot in record.ballots.select_related("voter", "candidate__person"):
            row = voices.setdefault(ballot.voter_id, {"voter": ballot.voter.get_full_name(), "chosen": []})
            row["chosen"].append(ballot.candidate.person.get_short_name())
        rows = sorted(voices.values(), key=lambda row: row["voter"])
        return {"id": "voices", "title": _("Votes by name"), "template": "bodies/election_voices.html", "rows": rows}

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = [
            fact(_("Body"), cells.link(record.body.get_absolute_url(), str(record.body))),
            fact(_("Seats to be filled"), record.seats),
            fact(_("Group"), record.get_group_display()),
            fact(_("Who elects"), cells.link(record.electorate.get_absolute_url(), record.electorate.name)),
            fact(_("Voting closes on"), cells.due(record.closes_on, record.state == Election.OPEN)),
            fact(_("Voted"), f"{record.turnout} / {record.voters}") if record.state == Election.OPEN else None,
            fact(_("Term from"), cells.date(record.term_from)),
            fact(_("Term to"), cells.date(record.term_until)),
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            {"relation": _("Where it came from"), "label": str(record.body), "url": record.body.get_absolute_url()}
        ]
        for seat in record.seats_given.select_related("person"):
            found.append(
                {"relation": _("Gave the seat"), "label": seat.person.get_full_name(), "url": seat.get_absolute_url()}
            )
        return found
