"""Who writes an answer on an evaluation area, who gives it to whom, who verifies it (domain.md §2; N0 std 9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from .cycles import _of_the_unit as of_the_unit
from .cycles import in_commission, leads, takers, verifying_offices


# -- writing -------------------------------------------------------------------------------------
@predicate
def directs(person: Any, assessment: Any) -> bool:
    """Leads the self-assessment, heads the unit (or one above it) or answers for its quality."""
    return leads(person, assessment) or person.standing.coordinates(assessment.unit.path)


@predicate
def writes_all(person: Any, assessment: Any) -> bool:
    """May write in every area of it: who directs it, and the commission of a programme."""
    return directs(person, assessment) or in_commission(person, assessment)


@predicate
def writes_answer(person: Any, answer: Any) -> bool:
    return answer.assignee_id == person.pk or writes_all(person, answer.assessment)


# -- verifying -------------------------------------------------------------------------------------
def _judging(person: Any, answer: Any) -> tuple[bool, int | None]:
    """Whether somebody judges this answer, and in whose name: nobody who wrote it, nor anybody of that unit."""
    assessment, offices = answer.assessment, verifying_offices(person)
    if not offices:
        return False, None
    own = {*takers(assessment, person), *answer.authors, answer.assignee_id} - {None}
    if of_the_unit(person, assessment, None):
        own.add(person.pk)
    own |= {p for p in offices if p is not None and of_the_unit(person, assessment, p)}
    return free_principal(person.pk, offices, own)


@predicate
def judges_answer(person: Any, answer: Any) -> bool:
    return _judging(person, answer)[0]


def answer_judge(answer: Any, person: Any) -> int | None:
    """In whose name this person judges; for history."""
    return _judging(person, answer)[1]


_WRITES = _(
    "The head and the quality coordinator of the unit, whoever leads the self-assessment and its commission write here; "
    "others only in areas that were given to them."
)
allow("standards.change_answer", writes_answer, _WRITES)
allow("standards.prove_answer", writes_answer, _WRITES)
_DIRECTS = _(
    "Only the head and the quality coordinator of the unit, the head of the programme and whoever leads the "
    "self-assessment give areas to people."
)
allow("standards.delegate_assessment", directs, _DIRECTS)
allow("standards.reclaim_assessment", directs, _DIRECTS)
allow("standards.take_over_assessment", writes_all, _WRITES)
_JUDGES = _(
    "Only the quality office and the quality representative verify answers, and never those of their own unit or "
    "those in which they wrote."
)
allow("standards.accept_answer", judges_answer, _JUDGES)
allow("standards.send_back_answer", judges_answer, _JUDGES)
