"""Steps of a meeting: invited, begun, closed, signed; items and decisions have their own modules."""

from __future__ import annotations

import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.permissions import SYSTEM, NotNow, Refused
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import Steps, leads_to, move

from ..forms.meetings import AttendanceForm, BeginForm, ReasonForm, held_seats, holder
from ..models import AgendaItem, Attendance, Meeting, Seat, Vote
from ..models.checks import with_a_vote
from ..permissions.meetings import CHAIR, parts_to_sign
from . import decisions, items  # noqa: F401 - declares their steps

steps = Steps(Meeting)
registry.words.update(roll=_("Seats counted"))
log = structlog.get_logger(__name__)


# -- what must be there -------------------------------------------------------------------------
def _has_agenda(meeting: Meeting) -> Any | None:
    """At least one item stands on the agenda."""
    if not any(item.state == AgendaItem.ON_AGENDA for item in meeting.items.all()):
        return _("Nothing stands on the agenda yet.")
    return None


def _comes_together(meeting: Meeting) -> Any | None:
    """It is no vote in writing."""
    return _("A vote in writing is not opened: members vote in the portal.") if meeting.in_writing else None


def _nothing_in_vote(meeting: Meeting) -> Any | None:
    """No vote is open."""
    if any(item.state == AgendaItem.VOTING for item in meeting.items.all()):
        return _("Voting on an item is still open: close it first.")
    return None


def _has_begun(meeting: Meeting) -> Any | None:
    """It has begun, or is a vote in writing."""
    if meeting.state == Meeting.INVITED and not meeting.in_writing:
        return _("The meeting has not begun: open it, or cancel it with a reason.")
    return None


def _nothing_decided(meeting: Meeting) -> Any | None:
    """Nothing was decided yet."""
    if any(item.state == AgendaItem.DECIDED for item in meeting.items.all()):
        return _("Something was decided already: close it instead.")
    return None


# -- who is told ---------------------------------------------------------------------------------
def _members(meeting: Meeting) -> list[Any]:
    """All members of the body, with and without a vote."""
    return [seat.person for seat in held_seats(meeting.body_id)]


def _members_if_invited(meeting: Meeting) -> list[Any]:
    """All members of the body, if they had been invited."""
    return _members(meeting) if getattr(meeting, "was_invited", False) else []


def _signers(meeting: Meeting) -> list[Any]:
    """Whoever presided and whoever kept the minutes."""
    return [meeting.chaired_by, meeting.kept_by]


# -- steps -----------------------------------------------------------------------------------------
@steps.step(
    Meeting.INVITED,
    to=Meeting.IN_SESSION,
    label=_("Open the meeting"),
    form=BeginForm,
    needs=[_comes_together],
    only_if=lambda meeting: not meeting.in_writing,
    primary=True,
    icon="circle-dot",
)
def begin(meeting: Meeting, by: Any, present: Any, chaired_by: Any, kept_by: Any = None) -> None:
    """Note who has come, who presides and who keeps the minutes; the seats and votes of this day are kept."""
    call_the_roll(meeting, {seat.pk for seat in present})
    meeting.chaired_by, meeting.kept_by = chaired_by, kept_by


def call_the_roll(meeting: Meeting, present: set[int]) -> None:
    """A row for each seat as it is now, with its vote: later changes of seats do not change this meeting."""
    seats = list(held_seats(meeting.body_id))
    voting = with_a_vote(meeting.body, seats)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, seat=seat, voting=seat.pk in voting, present=seat.pk in present) for seat in seats
    )
    meeting.seats_all = len(seats)
    meeting.opened_at = timezone.now()


@steps.step(
    Meeting.PLANNED,
    Meeting.INVITED,
    to=Meeting.INVITED,
    label=_("Invite the members"),
    needs=[_has_agenda],
    tells=[_members],
    primary=True,
    icon="send",
)
def invite(meeting: Meeting, by: Any) -> None:
    """Tell all members place, time and agenda with its papers; once more when something has changed."""
    if meeting.in_writing:
        meeting.chaired_by, meeting.kept_by = _officers(meeting)
        if meeting.chaired_by is None or meeting.kept_by is None:
            raise NotNow(_("A vote in writing needs a chair and a secretary of the body, who sign its minutes."))
    prefetch_related_objects([meeting], "items")  # read for each letter


def _officers(meeting: Meeting) -> tuple[Any, Any]:
    """Who signs the minutes of a vote in writing: the chair, else the deputy chair, and the secretary."""
    seats = [seat for seat in held_seats(meeting.body_id) if seat.person.is_active]
    chair = holder(seats, Seat.Duty.CHAIR) or holder(seats, Seat.Duty.DEPUTY_CHAIR)
    people: dict[int, Person] = {seat.person_id: seat.person for seat in seats}
    return people.get(chair or 0), people.get(holder(seats, Seat.Duty.SECRETARY) or 0)


@steps.step(
    Meeting.IN_SESSION,
    label=_("Note who is there"),
    form=AttendanceForm,
    icon="user-check",
)
def record_attendance(meeting: Meeting, by: Any, present: Any) -> None:
    """Add late comers and note who has left; whoever voted stays in the minutes as having come."""
    chosen = {seat.pk for seat in present}
    voted = set(Vote.objects.filter(item__meeting=meeting).values_list("seat_id", flat=True))
    # Whoever has no vote was counted too, where the base is everybody present: they came as well.
    decided = meeting.decisions.exists()
    for row in meeting.attendance.all():
        if row.seat_id in chosen:
            row.present, row.left_at = True, None
        elif row.seat_id in voted or (row.present and decided):
            row.left_at = row.left_at or timezone.now()
        else:
            row.present, row.left_at = False, None
        row.save()


@steps.step(
    Meeting.IN_SESSION,
    Meeting.INVITED,
    to=Meeting.CLOSED,
    label=_("Close the meeting"),
    needs=[_has_begun, _nothing_in_vote],
    only_if=lambda meeting: meeting.in_writing or meeting.state == Meeting.IN_SESSION,
    tells=[_signers],
    icon="check",
    confirm=_("What was not dealt with goes back to the proposed items."),
)
def close(meeting: Meeting, by: Any) -> None:
    """End the meeting; what was not dealt with goes back to the proposed items, the minutes are signed next."""
    if meeting.opened_at is None:
        call_the_roll(meeting, set())
    meeting.closed_at = timezone.now()
    give_back(meeting, by)


def give_back(meeting: Meeting, by: Any, why: str = "") -> None:
    """Items that were not dealt with stand among the proposed ones again; their proposers are told."""
    for item in meeting.items.filter(state=AgendaItem.ON_AGENDA).select_related("proposer"):
        move(
            item,
            AgendaItem.PROPOSED,
            by=by,
            verb="postpone",
            why=why,
            tells=[item.proposer],
            meeting=None,
            place=0,
        )


@leads_to(Meeting.CLOSED, Meeting.SIGNED)
def _when_both_signed(meeting: Meeting, **inputs: Any) -> str:
    both = meeting.chair_signed_by_id and meeting.secretary_signed_by_id
    return Meeting.SIGNED if both else Meeting.CLOSED


@steps.step(
    Meeting.CLOSED,
    to=_when_both_signed,
    label=_("Sign the minutes"),
    primary=True,
    icon="writing",
    confirm=_("You sign the minutes as they are. This cannot be taken back."),
)
def sign(meeting: Meeting, by: Any) -> None:
    """Whoever presided and whoever kept the minutes sign them, each once; with both signatures they are final."""
    if parts_to_sign(by, meeting) == CHAIR:
        meeting.chair_signed_by, meeting.chair_signed_at = by, timezone.now()
    else:
        meeting.secretary_signed_by, meeting.secretary_signed_at = by, timezone.now()


@steps.step(
    Meeting.PLANNED,
    Meeting.INVITED,
    to=Meeting.CANCELLED,
    label=_("Cancel with a reason"),
    form=ReasonForm,
    needs=[_nothing_in_vote, _nothing_decided],
    tells=[_members_if_invited],
    danger=True,
    icon="ban",
)
def cancel(meeting: Meeting, by: Any, reason: str) -> None:
    """The meeting does not take place; its items go back to the proposed ones and invited members are told."""
    meeting.was_invited = meeting.state == Meeting.INVITED  # type: ignore[attr-defined]
    give_back(meeting, by, reason)


# -- the clock ----------------------------------------------------------------------------------------
def close_written(now: datetime.datetime | None = None) -> int:
    """Votes in writing whose time is over: each open item is counted, then the meeting closes. Returns how many."""
    closed = 0
    over = Meeting.objects.filter(state=Meeting.INVITED, in_writing=True, closes_at__lte=now or timezone.now())
    for meeting in over.order_by("closes_at", "pk"):
        try:
            for item in meeting.items.filter(state=AgendaItem.VOTING).order_by("place", "pk"):
                items.close_vote(item, by=SYSTEM)
            close(Meeting.objects.get(pk=meeting.pk), by=SYSTEM)
        except (Refused, NotNow, ValidationError) as refused:
            # Somebody was quicker, or something stands in the way: the next run sees it again.
            log.warning("written_vote_not_closed", meeting=meeting.pk, why=str(refused))
        else:
            closed += 1
    return closed
