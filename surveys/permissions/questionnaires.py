"""Questionnaires and the bank of questions: who writes, who checks (domain.md §10; N1 §4.1.7–13)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE
from qa_portal.people.rules import is_quality_officer
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate
from qa_portal.policy.registry import policy

from ..designers import BY_ROLE, designs, kinds_of
from ..models import Checker


# -- the body that approves the yearly ones -------------------------------------------------------------------------
def checking_body(questionnaire: Any = None) -> str:
    """The code of the body whose decision approves it; empty where the quality manager checks."""
    if questionnaire is None or questionnaire.checker != Checker.COUNCIL:
        return ""
    return policy("surveys.questionnaire_body")


def speaks(person: Any, code: str) -> bool:
    return bool(code) and code in getattr(person, "decides_for", frozenset())


@predicate
def speaks_for_its_body(person: Any, questionnaire: Any) -> bool:
    return speaks(person, checking_body(questionnaire))


@predicate
def overrules_its_body(person: Any, questionnaire: Any) -> bool:
    code = checking_body(questionnaire)
    return bool(code) and speaks(person, f"over:{code}")


# -- who writes -----------------------------------------------------------------------------------------------------
@predicate
def designs_something(person: Any, record: Any) -> bool:
    return bool(kinds_of(person))


@predicate
def designs_it(person: Any, questionnaire: Any) -> bool:
    """One of its designers; on a page still empty, a designer of whatever kind."""
    if not questionnaire.designer:
        return bool(kinds_of(person))
    return designs(person, questionnaire.designer, questionnaire.unit_id)


@predicate
def own_draft(person: Any, question: Any) -> bool:
    """A question that one has entered oneself and that is not in use yet."""
    return question.created_by_id == person.pk and question.state == question.DRAFT


def writing_office(questionnaire: Any, person: Any) -> int | None:
    """In whose name this person writes or keeps it; for history."""
    role = BY_ROLE.get(getattr(questionnaire, "designer", ""))
    offices = person.standing.offices(*QUALITY_OFFICE, *([role] if role else []))
    return free_principal(person.pk, offices, set())[1]


# -- who checks -----------------------------------------------------------------------------------------------------
def _checking(person: Any, questionnaire: Any) -> tuple[bool, int | None]:
    """The quality manager or the quality office, never whoever wrote it, nor in such a person's name."""
    own = {*questionnaire.authors, questionnaire.created_by_id} - {None}
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), own)


@predicate
def checks(person: Any, questionnaire: Any) -> bool:
    return _checking(person, questionnaire)[0]


def checking_office(questionnaire: Any, person: Any) -> int | None:
    return _checking(person, questionnaire)[1] if checking_body(questionnaire) == "" else None


@predicate
def sends_back(person: Any, questionnaire: Any) -> bool:
    """The body by its decision, else whoever checks; from the body the quality office takes it back itself."""
    code = checking_body(questionnaire)
    return speaks(person, code) or person.standing.quality_office if code else checks(person, questionnaire)


@predicate
def may_cancel(person: Any, questionnaire: Any) -> bool:
    """What is in use is taken out of use by the quality office alone."""
    in_use = questionnaire.state == questionnaire.IN_USE
    return person.standing.quality_office or (not in_use and designs_it(person, questionnaire))


# -- the bank ---------------------------------------------------------------------------------------------------------
_OFFICE = _("Only the quality manager and the quality office (ASB) do this.")
allow(
    "surveys.add_question",
    is_quality_officer | designs_something,
    _("Only the quality office and those who write questionnaires enter questions."),
)
allow(
    "surveys.change_question",
    is_quality_officer | own_draft,
    _("Only the quality office edits the bank of questions; whoever entered a question, until it is in use."),
)
allow("surveys.take_up_question", is_quality_officer, _OFFICE)
allow("surveys.retire_question", is_quality_officer, _OFFICE)

# -- questionnaires ---------------------------------------------------------------------------------------------------
_WRITES = _(
    "Only the quality office and those who write this questionnaire do this: the school committee, the alumni club or the "
    "career centre."
)
for verb in (
    "add", "change", "put_section", "put_item", "move_part", "remove_part", "submit", "next_version",
):  # fmt: skip
    allow(f"surveys.{verb}_questionnaire", is_quality_officer | designs_it, _WRITES)
allow(
    "surveys.approve_questionnaire",
    checks,
    _(
        "The questionnaires of yearly surveys are approved by a decision of the Academic Council, all others by the quality "
        "manager or the quality office. Nobody approves a text they wrote."
    ),
    by_decision_of=checking_body,
)
allow(
    "surveys.send_back_questionnaire",
    sends_back,
    _(
        "Whoever checks it sends it back: the Academic Council by its decision, the quality office; nobody does so with a "
        "text they wrote."
    ),
)
allow(
    "surveys.undo_approval_questionnaire",
    overrules_its_body,
    _("Only a decision of the body above the Academic Council does this."),
)
allow(
    "surveys.cancel_questionnaire",
    may_cancel,
    _("Only those who write it cancel it; once it is in use, only the quality office."),
)
