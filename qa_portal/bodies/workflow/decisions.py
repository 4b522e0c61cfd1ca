"""Decisions: made from the votes, performing what they decide; upheld, changed, annulled by a body above (N1 §2.1)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.notices.telling import tell
from qa_portal.people.heads import quality_office
from qa_portal.workflow.steps import Steps

from .. import authority, voting
from ..forms.meetings import ChangeForm, OverruleForm, held_seats
from ..models import AgendaItem, Decision
from .assignment import fall_away

steps = Steps(Decision)


def decide(item: AgendaItem, outcome: voting.Outcome, by: Any) -> Decision:
    """Keep the decision with all its figures and the rule of that day, then perform what it decides.

    When that step cannot be taken the decision stands all the same, says why, and the quality office is told.
    """
    meeting = item.meeting
    decision = Decision(
        item=item,
        body=item.body,
        meeting=meeting,
        number=f"{meeting.number}.{item.place}",
        text=item.draft_decision,
        passed=outcome.passed,
        decided_on=timezone.localdate(),
        seats=outcome.seats,
        present=outcome.present,
        base=outcome.base,
        votes_for=outcome.votes_for,
        votes_against=outcome.against,
        abstained=outcome.abstained,
        aside=outcome.aside,
        rule={
            **asdict(meeting.rule),
            "voting_seats": outcome.voting_seats,
            "voting_present": outcome.voting_present,
            "silent": outcome.silent,
            "quorum_there": outcome.quorum,
        },
    )
    decision.full_clean()
    decision.save()
    _note(decision, authority.perform(decision, by), by)
    decision.save()
    decision.write_entry("add", by, to_state=decision.state)
    return decision


def _note(decision: Decision, done: authority.Performed, by: Any) -> None:
    """What the decision set going, or why it could not; then the quality office is told."""
    decision.performed, decision.not_performed = done.step, done.problem
    if done.problem:
        tell(
            quality_office(),
            template="bodies/mail/decision_not_performed.txt",
            record=decision,
            by=by,
            context={"why": done.problem},
            verb="not_performed",
        )


# -- by the word of a body above -------------------------------------------------------------------
def _those_concerned(decision: Decision) -> list[Any]:
    """The members of the body and whoever proposed the item."""
    return [decision.item.proposer, *(seat.person for seat in held_seats(decision.body_id))]


def _taken_up(decision: Decision, clause: str, overruling: Decision) -> None:
    decision.clause, decision.overruled_by = clause, overruling


def _never(decision: Decision) -> bool:
    """No button: only the decision of a body above takes these steps."""
    return False


@steps.step(
    Decision.STANDS,
    to=Decision.UPHELD,
    label=_("Uphold"),
    form=OverruleForm,
    tells=[_those_concerned],
    only_if=_never,
    icon="check",
)
def uphold(decision: Decision, by: Any, clause: str, overruling: Decision) -> None:
    """A body above took the decision up for a breached clause, and it stands."""
    _taken_up(decision, clause, overruling)


@steps.step(
    Decision.STANDS,
    to=Decision.CHANGED,
    label=_("Change"),
    form=ChangeForm,
    tells=[_those_concerned],
    only_if=_never,
    icon="refresh",
)
def change(decision: Decision, by: Any, clause: str, overruling: Decision, text: str) -> None:
    """A body above decides otherwise: what had been carried out is taken back, what had been refused is carried out."""
    _taken_up(decision, clause, overruling)
    decision.changed_text = text
    if decision.passed:
        _take_back(decision, by, overruling)
    else:
        _note(decision, authority.perform_after_all(decision, by, overruling), by)


@steps.step(
    Decision.STANDS,
    to=Decision.ANNULLED,
    label=_("Annul"),
    form=OverruleForm,
    tells=[_those_concerned],
    only_if=_never,
    danger=True,
    icon="ban",
)
def annul(decision: Decision, by: Any, clause: str, overruling: Decision) -> None:
    """A body above annuls the decision: what it had carried out is taken back; both decisions are kept."""
    _taken_up(decision, clause, overruling)
    if decision.passed:
        _take_back(decision, by, overruling)
        fall_away(decision, by, clause)


def _take_back(decision: Decision, by: Any, overruling: Decision) -> None:
    """The step is undone; `performed` keeps what had been done, `not_performed` says why it could not be undone."""
    done = authority.undo(decision, by, overruling)
    _note(decision, authority.Performed(step=decision.performed, problem=done.problem), by)
