"""Who may do what with meetings, agenda items and decisions (N1 §2.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow, predicate

from ..sitting import keeps_minutes, presides, runs, runs_any, seats_of, sits, votes_in

CHAIR, SECRETARY = "chair", "secretary"


# -- predicates ---------------------------------------------------------------------------
@predicate
def runs_it(person: Any, record: Any) -> bool:
    """Chair, deputy chair or secretary of the body; of some body while none is named yet."""
    return runs(person, record.body_id) if record.body_id else runs_any(person)


@predicate
def presides_over_it(person: Any, record: Any) -> bool:
    return presides(person, record.body_id)


@predicate
def sits_there(person: Any, record: Any) -> bool:
    """A member, with or without a vote; of some body while none is named yet."""
    return sits(person, record.body_id) if record.body_id else bool(seats_of(person))


@predicate
def proposed_it(person: Any, item: Any) -> bool:
    return item.proposer_id == person.pk


@predicate
def is_proposed(person: Any, item: Any) -> bool:
    """Not yet taken on an agenda."""
    return item.state == item.PROPOSED


def parts_to_sign(person: Any, meeting: Any) -> str:
    """As what this person signs the minutes and has not yet: nobody signs in both parts.

    Whoever presided or kept the minutes; after they have left the university the chair or secretary of today.
    """
    if person.pk in (meeting.chair_signed_by_id, meeting.secretary_signed_by_id):
        return ""
    chaired, kept = meeting.chaired_by, meeting.kept_by
    if meeting.chair_signed_by_id is None and (
        (chaired is not None and chaired.pk == person.pk)
        or (_gone(chaired) and presides(person, meeting.body_id) and not _is(kept, person))
    ):
        return CHAIR
    if meeting.secretary_signed_by_id is None and (
        _is(kept, person) or (_gone(kept) and keeps_minutes(person, meeting.body_id) and not _is(chaired, person))
    ):
        return SECRETARY
    return ""


def _gone(somebody: Any) -> bool:
    return somebody is None or not somebody.is_active


def _is(somebody: Any, person: Any) -> bool:
    return somebody is not None and somebody.pk == person.pk


@predicate
def signs(person: Any, meeting: Any) -> bool:
    """While it waits for signatures: whoever still has to sign. Before and after: those who presided and kept minutes."""
    if meeting.state == meeting.CLOSED:
        return bool(parts_to_sign(person, meeting))
    return person.pk in (meeting.chaired_by_id, meeting.kept_by_id) or runs(person, meeting.body_id)


@predicate
def votes_on_it(person: Any, item: Any) -> bool:
    """A member with a vote; while voting is open, one who is there and has not voted yet. Never the quality manager."""
    if not votes_in(person, item.body_id) or manages_quality(person):
        return False
    return item.state != item.VOTING or item.waits_for_vote_of(person)


def manages_quality(person: Any) -> bool:
    """Is the quality manager, not as a deputy: has no vote in any body, whatever the seat says (N1 §2.3)."""
    return any(held.role == Role.QUALITY_MANAGER and held.principal is None for held in person.standing.held)


@predicate
def keeps_its_minutes(person: Any, item: Any) -> bool:
    """The secretary of the body, or whoever keeps the minutes of this meeting."""
    return keeps_minutes(person, item.body_id) or (
        item.meeting_id is not None and item.meeting.kept_by_id == person.pk and sits(person, item.body_id)
    )


@predicate
def nobody(person: Any, record: Any) -> bool:
    return False


@predicate
def speaks_for_body_above(person: Any, decision: Any) -> bool:
    """Carried by a decision of a body above; reads the bodies above only then, so lists do not."""
    codes = getattr(person, "decides_for", frozenset())
    return bool(codes) and any(code in codes for code in decision.body.chain_above())


def may_read_votes(person: Any, item: Any) -> bool:
    """Who voted how is open to members once the vote is closed, and to those who see everything; nobody sees it before."""
    return item.state == item.DECIDED and (sits(person, item.body_id) or person.standing.sees_everything)


# -- meetings ---------------------------------------------------------------------------------
_RUN = _("Only the chair, the deputy chair and the secretary of this body do this.")

allow("bodies.add_meeting", runs_it, _RUN)
allow("bodies.change_meeting", runs_it, _RUN)
allow("bodies.prove_meeting", runs_it, _RUN)
allow("bodies.invite_meeting", runs_it, _RUN)
allow("bodies.begin_meeting", runs_it, _RUN)
allow("bodies.record_attendance_meeting", runs_it, _RUN)
allow("bodies.close_meeting", runs_it, _RUN)
allow("bodies.cancel_meeting", runs_it, _RUN)
allow(
    "bodies.sign_meeting",
    signs,
    _("The minutes are signed by whoever presided and whoever kept them, each once; nobody signs for both."),
)

# -- agenda items -------------------------------------------------------------------------------
_CHAIR = _("Only the chair or the deputy chair of this body does this.")

allow(
    "bodies.add_item",
    sits_there | is_quality_officer,
    _("Any member of the body, with or without a vote, and the quality office propose agenda items."),
)
allow(
    "bodies.change_item",
    runs_it | (proposed_it & is_proposed),
    _("Whoever proposed the item edits it until it is on an agenda; the chair and the secretary also afterwards."),
)
allow(
    "bodies.prove_item",
    sits_there | proposed_it,
    _("Papers are attached by members of the body and by whoever proposed the item."),
)
allow("bodies.put_on_agenda_item", runs_it, _RUN)
allow("bodies.move_item_item", presides_over_it, _CHAIR)
allow("bodies.decline_item", presides_over_it, _CHAIR)
allow("bodies.withdraw_item", proposed_it, _("Only the person who proposed the item withdraws it."))
allow("bodies.postpone_item", runs_it, _RUN)
allow("bodies.take_note_item", runs_it, _RUN)
allow("bodies.open_vote_item", runs_it, _RUN)
allow(
    "bodies.vote_item",
    votes_on_it,
    _("Only members with a vote who are there vote, each of them once on an item."),
)
allow(
    "bodies.record_vote_item",
    keeps_its_minutes,
    _("Only the secretary of the body, or whoever keeps the minutes of the meeting, records votes."),
)
allow("bodies.close_vote_item", runs_it, _RUN)

# -- decisions -------------------------------------------------------------------------------------
_COMPUTED = _("A decision follows from the votes: nobody enters or changes it.")
_ABOVE = _("Only the decision of a body above upholds, changes or annuls this decision: nobody does it by hand.")

allow("bodies.add_decision", nobody, _COMPUTED)
allow("bodies.uphold_decision", speaks_for_body_above, _ABOVE)
# The same word as the right to edit: a decision has no editing, only the body above changes it.
allow("bodies.change_decision", speaks_for_body_above, _ABOVE)
allow("bodies.annul_decision", speaks_for_body_above, _ABOVE)
