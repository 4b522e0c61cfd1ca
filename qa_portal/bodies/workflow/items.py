"""Steps of an agenda item: put on the agenda, voted on, decided. The result follows from the votes."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_portal.permissions import NotNow
from qa_portal.workflow.steps import Steps, move

from .. import voting
from ..authority import still_waits
from ..forms.meetings import (
    MoveForm,
    NoteForm,
    PutOnAgendaForm,
    ReasonForm,
    RecordVoteForm,
    VoteForm,
    held_seats,
    last_place,
)
from ..models import AgendaItem, Attendance, Meeting, Vote
from ..models.checks import with_a_vote
from .decisions import decide

steps = Steps(AgendaItem)


# -- what must be there ---------------------------------------------------------------------------
def _meeting_goes_on(item: AgendaItem) -> Any | None:
    """The meeting is in session."""
    if item.meeting is None or item.meeting.state != Meeting.IN_SESSION:
        return _("The meeting is not in session.")
    return None


def _time_to_vote(item: AgendaItem) -> Any | None:
    """The meeting is in session; a vote in writing has been announced and its days run."""
    meeting = item.meeting
    if meeting is None or not meeting.in_writing:
        return _meeting_goes_on(item)
    if meeting.state != Meeting.INVITED:
        return _("Invite the members first.")
    now = timezone.now()
    if not meeting.starts_at <= now < meeting.voting_ends:
        return _("The vote in writing runs from %(start)s to %(end)s.") % _days(meeting)
    return None


def _still_open(item: AgendaItem) -> Any | None:
    """The time of a vote in writing is not over."""
    meeting = item.meeting
    if meeting is not None and meeting.in_writing and timezone.now() >= meeting.voting_ends:
        return _("The vote in writing is over: it ran from %(start)s to %(end)s.") % _days(meeting)
    return None


def _days(meeting: Meeting) -> dict[str, str]:
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.voting_ends)
    return {
        "start": date_format(start, "SHORT_DATETIME_FORMAT"),
        "end": date_format(end, "SHORT_DATETIME_FORMAT"),
    }


def _quorum(item: AgendaItem) -> Any | None:
    """The quorum is there; in writing it is looked at when the votes are counted."""
    meeting = item.meeting
    if meeting is None or meeting.in_writing:
        return None
    room, rule = meeting.room, meeting.rule
    if not voting.quorum_of(rule, room):
        return _("No quorum: %(present)s of %(seats)s are there, at least %(needed)s are needed.") % {
            "present": room.present,
            "seats": room.seats,
            "needed": voting.quorum_needed(rule.quorum, room.seats),
        }
    if not room.voting_present:
        return _("Nobody who is there has a vote.")
    return None


def _no_other_vote(item: AgendaItem) -> Any | None:
    """In a meeting one vote is open at a time."""
    meeting = item.meeting
    if meeting is None or meeting.in_writing:
        return None
    if any(other.state == AgendaItem.VOTING for other in meeting.items.all()):
        return _("Voting on another item is open: close it first.")
    return None


def _may_be_counted(item: AgendaItem) -> Any | None:
    """A vote in writing has run to its end, or everybody has voted."""
    meeting = item.meeting
    if meeting is not None and meeting.in_writing and timezone.now() < meeting.voting_ends and item.yet_to_vote():
        return _("The vote in writing runs until %(end)s, or until all have voted.") % _days(meeting)
    return None


# -- who is told ------------------------------------------------------------------------------------
def _proposer(item: AgendaItem) -> list[Any]:
    """Whoever proposed it."""
    return [item.proposer]


def _officers(item: AgendaItem) -> list[Any]:
    """The chair, the deputy chair and the secretary of the body."""
    return [seat.person for seat in held_seats(item.body_id) if seat.duty in ("chair", "deputy_chair", "secretary")]


# -- the agenda ---------------------------------------------------------------------------------------
@steps.step(
    AgendaItem.PROPOSED,
    to=AgendaItem.ON_AGENDA,
    label=_("Put on the agenda"),
    form=PutOnAgendaForm,
    tells=[_proposer],
    primary=True,
    bulk=True,
    icon="clipboard-check",
)
def put_on_agenda(item: AgendaItem, by: Any, meeting: Meeting, place: int | None = None) -> None:
    """Put the item on the agenda of a meeting of this body, at a place or as the last."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.is_over:
        raise NotNow(_("This meeting is over."))
    item.meeting = meeting
    arrange(meeting, item, place or last_place(meeting) + 1, by)


def arrange(meeting: Meeting, moved: AgendaItem, place: int, by: Any) -> None:
    """Give `moved` its place; those still to be dealt with are numbered around it, those dealt with keep their numbers."""
    others = list(meeting.items.exclude(pk=moved.pk).order_by("place", "pk"))
    waiting = [other for other in others if other.state == AgendaItem.ON_AGENDA]
    settled = {other.place for other in others if other.state != AgendaItem.ON_AGENDA}
    free = (number for number in itertools.count(1) if number not in settled)
    numbers = list(itertools.islice(free, len(waiting) + 1))
    at = next((n for n, number in enumerate(numbers) if number >= place), len(waiting))
    for number, each in zip(numbers, [*waiting[:at], moved, *waiting[at:]], strict=True):
        if each is moved:
            moved.place = number
        elif each.place != number:
            move(each, each.state, by=by, verb="move_item", place=number)


@steps.step(AgendaItem.ON_AGENDA, label=_("Change its place"), form=MoveForm, icon="sort")
def move_item(item: AgendaItem, by: Any, place: int) -> None:
    """The chair orders the agenda: the item is dealt with at this place, the others move up or down."""
    if item.meeting is None or item.meeting.is_over:
        raise NotNow(_("This meeting is over."))
    arrange(item.meeting, item, place, by)


@steps.step(
    AgendaItem.PROPOSED,
    to=AgendaItem.DECLINED,
    label=_("Decline"),
    form=ReasonForm,
    tells=[_proposer],
    danger=True,
    icon="ban",
)
def decline(item: AgendaItem, by: Any, reason: str) -> None:
    """The chair does not put it on an agenda; whoever proposed it is told why."""


@steps.step(
    AgendaItem.PROPOSED,
    AgendaItem.ON_AGENDA,
    to=AgendaItem.WITHDRAWN,
    label=_("Withdraw"),
    tells=[_officers],
    danger=True,
    icon="corner-up-left",
)
def withdraw(item: AgendaItem, by: Any) -> None:
    """Whoever proposed it takes it back before it is voted on."""
    item.meeting, item.place = None, 0


@steps.step(
    AgendaItem.ON_AGENDA,
    to=AgendaItem.PROPOSED,
    label=_("Postpone"),
    form=ReasonForm,
    tells=[_proposer],
    icon="clock-pause",
)
def postpone(item: AgendaItem, by: Any, reason: str) -> None:
    """Take it off this agenda; it stands among the proposed items again."""
    item.meeting, item.place = None, 0


@steps.step(
    AgendaItem.ON_AGENDA,
    to=AgendaItem.NOTED,
    label=_("Take note of it"),
    form=NoteForm,
    needs=[_meeting_goes_on],
    tells=[_proposer],
    icon="eye-check",
)
def take_note(item: AgendaItem, by: Any, note: str = "") -> None:
    """It was discussed and needs no vote; what was said stands in the minutes."""
    item.note = note


# -- the vote -------------------------------------------------------------------------------------------
@steps.step(
    AgendaItem.ON_AGENDA,
    to=AgendaItem.VOTING,
    label=_("Open the vote"),
    needs=[_time_to_vote, _quorum, _no_other_vote],
    primary=True,
    icon="vote",
)
def open_vote(item: AgendaItem, by: Any) -> None:
    """From now on members with a vote say for, against or that they abstain; asks for the quorum."""
    if not still_waits(item):
        raise NotNow(_("What it decides does not wait for this body now: postpone the item, or have it withdrawn."))
    meeting = item.meeting
    if meeting is not None and meeting.in_writing and meeting.opened_at is None:
        _count_seats(meeting, by)
    item.opened_at = timezone.now()


def _count_seats(meeting: Meeting, by: Any) -> None:
    """The first vote in writing opens: the seats with a vote are those of this moment."""
    seats = list(held_seats(meeting.body_id))
    voting = with_a_vote(meeting.body, seats)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, seat=seat, voting=seat.pk in voting) for seat in seats)
    move(meeting, meeting.state, by=by, verb="roll", opened_at=timezone.now(), seats_all=len(seats))


def _cast(item: AgendaItem, row: Attendance, choice: str, reason: str, by: Any) -> None:
    Vote.objects.create(item=item, seat=row.seat, choice=choice, reason=reason, recorded_by=by)
    if not row.present:  # in writing whoever votes takes part
        row.present = True
        row.save()


@steps.step(
    AgendaItem.VOTING,
    label=pgettext_lazy("verb", "Vote"),
    form=VoteForm,
    needs=[_still_open],
    primary=True,
    icon="vote",
    bound=False,
)
def vote(item: AgendaItem, by: Any, choice: str, reason: str = "") -> None:
    """A member says once: for, against, abstained; or steps aside and says why. Nobody votes on their own text."""
    row = next((row for row in item.yet_to_vote() if row.seat.person_id == by.pk), None)
    if row is None:
        raise NotNow(_("Your vote is cast already."))
    _cast(item, row, choice, reason, by)


@steps.step(
    AgendaItem.VOTING,
    label=_("Record a vote"),
    form=RecordVoteForm,
    needs=[_still_open],
    icon="writing",
    bound=False,
)
def record_vote(item: AgendaItem, by: Any, seat: Any, choice: str, reason: str = "") -> None:
    """The secretary enters what a member said by voice or hand, once for each member."""
    row = next((row for row in item.yet_to_vote() if row.seat_id == seat.pk), None)
    if row is None:
        raise NotNow(_("The vote of this member is recorded already."))
    _cast(item, row, choice, reason, by)


@steps.step(
    AgendaItem.VOTING,
    to=AgendaItem.DECIDED,
    label=_("Close the vote"),
    needs=[_may_be_counted],
    tells=[_proposer],
    icon="check",
    bound=False,
    confirm=_("Whoever is there and has said nothing counts as abstained."),
)
def close_vote(item: AgendaItem, by: Any) -> None:
    """Count the votes: the result follows from them by the rule of the body, and what was decided is carried out."""
    _note_the_silent(item, by)
    ballots = ballots_of(item)
    outcome = voting.count(item.meeting.rule, room_of(item, ballots), ballots)
    decide(item, replace(outcome, silent=item.votes.filter(silent=True, choice=Vote.Choice.ABSTAINED).count()), by)


def _note_the_silent(item: AgendaItem, by: Any) -> None:
    """In a meeting a row for whoever is there and said nothing: abstained; an author of the text stepped aside."""
    if item.meeting.in_writing:
        return
    authors = item.own_people()
    for row in item.yet_to_vote():
        choice = Vote.Choice.ASIDE if row.seat.person_id in authors else Vote.Choice.ABSTAINED
        Vote.objects.create(item=item, seat=row.seat, choice=choice, silent=True, recorded_by=by)


def ballots_of(item: AgendaItem) -> voting.Ballots:
    said = Counter(vote.choice for vote in item.votes.all())
    return voting.Ballots(said["for"], said["against"], said["abstained"], said["aside"])


def room_of(item: AgendaItem, ballots: voting.Ballots) -> voting.Room:
    """Who was there at the vote: those in the room; in writing those who voted on this item."""
    room = item.meeting.room
    if item.meeting.in_writing:
        return voting.Room(room.seats, room.voting_seats, ballots.said, ballots.said)
    return room
