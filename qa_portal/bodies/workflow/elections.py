"""Steps of an election: candidates, voting, the count that gives the seats (N1 §2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.permissions import NotNow
from qa_portal.web import cells
from qa_portal.workflow.steps import Steps, move

from .. import tally
from ..forms.elections import CancelElectionForm, CountForm, NominateForm, VoteForm, WithdrawForm
from ..models import Ballot, Candidate, Election, Seat
from ..models.checks import vote_refusal
from ..permissions.bodies import election_counter, election_runner
from ..sitting import RUNNING

steps = Steps(Election)

#: larger electorates find the election on their page and are not written to one by one
MOST_TOLD = 300


def _enough_candidates(election: Election) -> Any | None:
    """There are at least as many candidates as seats."""
    if len(election.candidates.all()) < election.seats:
        return _("There are fewer candidates than seats: put more people forward first.")
    return None


def _closes_later(election: Election) -> Any | None:
    """The day on which voting closes is not past."""
    if election.closes_on < timezone.localdate():
        return _("The day on which voting closes has passed: edit it first.")
    return None


def _still_voting(election: Election) -> Any | None:
    """The last day of voting has not passed."""
    if election.closes_on < timezone.localdate():
        return _("Voting closed on %(day)s.") % {"day": cells.date(election.closes_on)}
    return None


def _voting_is_over(election: Election) -> Any | None:
    """The last day of voting has passed, or all have voted."""
    if election.closes_on >= timezone.localdate() and election.turnout < election.voters:
        return _("Votes are counted from the day after voting closes, or when all have voted.")
    return None


def _somebody_voted(election: Election) -> Any | None:
    """At least one vote was cast."""
    return None if election.turnout else _("Nobody has voted: cancel the election and hold it again.")


def _newest_candidate(election: Election) -> list[Any]:
    """Whoever was put forward."""
    candidate = election.candidates.select_related("person").last()
    return [candidate.person] if candidate else []


def _electors(election: Election) -> list[Any]:
    """Everybody who may vote, where they are not more than 300; larger units see it on their page."""
    people = tally.electorate(election)
    return list(people) if people.count() <= MOST_TOLD else []


def _candidates(election: Election) -> list[Any]:
    """The candidates."""
    return [candidate.person for candidate in election.candidates.select_related("person")]


def _those_who_run(election: Election) -> list[Any]:
    """The chair, the deputy chair and the secretary of the body."""
    seats = Seat.objects.held().filter(body=election.body_id, duty__in=RUNNING)
    return [seat.person for seat in seats.select_related("person")]


@steps.step(
    Election.PREPARED,
    label=_("Put a candidate forward"),
    form=NominateForm,
    office=election_runner,
    tells=[_newest_candidate],
    icon="user-plus",
    bound=False,
)
def nominate(election: Election, by: Any, person: Any) -> None:
    """Put somebody of the electing unit forward, or oneself; every one of them may be elected."""
    Candidate.objects.create(election=election, person=person, nominated_by=by)


@steps.step(
    Election.PREPARED,
    label=_("Withdraw a candidate"),
    form=WithdrawForm,
    office=election_runner,
    only_if=lambda election: bool(election.candidates.all()),
    icon="user",
    bound=False,
)
def withdraw(election: Election, by: Any, person: Any, reason: str) -> None:
    """Somebody who was put forward does not stand after all."""
    election.candidates.filter(person=person).delete()


@steps.step(
    Election.PREPARED,
    to=Election.OPEN,
    label=_("Open the voting"),
    office=election_runner,
    needs=[_enough_candidates, _closes_later],
    tells=[_electors],
    primary=True,
    icon="play",
)
def open(election: Election, by: Any) -> None:
    """Nobody is put forward any more; the people of the unit vote until the last day."""
    election.opened_at = timezone.now()
    election.voters = tally.electorate(election).count()


@steps.step(
    Election.OPEN,
    label=pgettext_lazy("verb", "Vote"),
    form=VoteForm,
    needs=[_still_voting],
    icon="vote",
    primary=True,
    bound=False,
)
def vote(election: Election, by: Any, candidates: Iterable[Candidate]) -> None:
    """Give one's votes, once: at most as many as there are seats."""
    if Ballot.objects.filter(election=election, voter=by).exists():
        raise NotNow(_("You have voted in this election already: everybody votes once."))
    Ballot.objects.bulk_create(Ballot(election=election, voter=by, candidate=chosen) for chosen in candidates)
    election.turnout += 1
    election.voters = max(election.voters, election.turnout)  # who joined the unit meanwhile votes too


@steps.step(
    Election.OPEN,
    to=Election.COUNTED,
    label=_("Count the votes"),
    form=CountForm,
    office=election_counter,
    needs=[_somebody_voted, _voting_is_over],
    tells=[_candidates, _those_who_run],
    icon="check",
)
def count(election: Election, by: Any, settled: Iterable[Candidate] = (), note: str = "") -> None:
    """The votes are counted; whoever has most is elected and gets the seat. Equal votes are settled by lot or vote."""
    voted = tally.voters(election)
    may = set(tally.electorate(election).values_list("pk", flat=True))
    if election.closes_on >= timezone.localdate() and may - voted:
        raise NotNow(_("Somebody may still vote: votes are counted from the day after voting closes."))
    votes = tally.votes_of(election)
    elected = {*tally.outcome(election).elected, *(candidate.pk for candidate in settled)}
    for candidate in election.candidates.select_related("person"):
        candidate.votes, candidate.elected = votes[candidate.pk], candidate.pk in elected
        candidate.save()
        if candidate.elected:
            _seat(election, candidate.person, by)
    election.counted_on = timezone.localdate()
    election.turnout, election.voters = len(voted), len(may | voted)


def _seat(election: Election, person: Any, by: Any) -> None:
    """The seat that the election gives; whoever sits there already sits on for the new term."""
    body = election.body
    held = body.seats.filter(state=Seat.HELD, person=person).first()
    sentence = vote_refusal(person, body, held.duty if held else Seat.Duty.MEMBER)
    if sentence:
        raise NotNow(f"{person}: {sentence}")
    given: dict[str, Any] = {
        "group": election.group,
        "voting": True,
        "until": election.term_until,
        "basis": election.title,
        "election": election,
    }
    if held is not None:
        move(held, Seat.HELD, by=by, verb="edit", why=election.title, **given)
        return
    seat = Seat(body=body, person=person, since=election.term_from, created_by=by, **given)
    seat.full_clean()
    seat.save()
    seat.write_entry("add", by, to_state=seat.state, why=election.title)


@steps.step(
    Election.PREPARED,
    Election.OPEN,
    to=Election.CANCELLED,
    label=_("Cancel with a reason"),
    form=CancelElectionForm,
    office=election_runner,
    tells=[_candidates],
    danger=True,
    icon="ban",
)
def cancel(election: Election, by: Any, reason: str) -> None:
    """The election does not take place; what was cast counts for nothing and stays in the records."""
