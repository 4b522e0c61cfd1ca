"""Steps of a petition (domain.md §10): registered, given to somebody, asked about, taken to a body, answered, closed."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.models import Body
from qa_portal.dates.days import add_working_days
from qa_portal.permissions import SYSTEM, NotNow
from qa_portal.policy.registry import policy
from qa_portal.web.forms import InputProblem
from qa_portal.workflow.steps import Steps, leads_to

from ..forms.petitions import (
    AnswerForm,
    AskForm,
    AssignForm,
    CarryOutForm,
    ConcernedForm,
    DecidedForm,
    ExtendForm,
    ReasonForm,
    RedirectForm,
    RegisterForm,
    TakeToBodyForm,
    WriteOnForm,
)
from ..models import Petition, PetitionMessage
from ..permissions.petitions import answerer, registrar
from ..petition_letters import order_letter
from ..petition_people import keepers, registrars

steps = Steps(Petition)
RECEIVED, REGISTERED, IN_WORK = Petition.OPEN
ANSWERED, CLOSED, WITHDRAWN = Petition.ANSWERED, Petition.CLOSED, Petition.WITHDRAWN
Outcome = Petition.Outcome


# -- who is told -----------------------------------------------------------------------------------
def _author(petition: Petition) -> list[Any]:
    """Who sent it by name, with an account; by letter who gave an address."""
    return [petition.author]


def _owner(petition: Petition) -> list[Any]:
    """Who answers it."""
    return [petition.owner]


def _keepers(petition: Petition) -> list[Any]:
    """Who answers it, else those who register; of one without a name they hear the next day."""
    return keepers(petition)


def _registrars(petition: Petition) -> list[Any]:
    """Those who keep petitions of this kind."""
    return registrars(petition)


def say(petition: Petition, text: str, by: Any, *, from_author: bool) -> PetitionMessage:
    """One line of the thread; the day and no hour, and nobody's name for an author without one."""
    known = None if by is SYSTEM or (from_author and petition.anonymous) else by
    return PetitionMessage.objects.create(
        petition=petition, from_author=from_author, by=known, on=timezone.localdate(), text=text
    )


# -- the way in --------------------------------------------------------------------------------------
@steps.step(
    RECEIVED,
    to=REGISTERED,
    label=_("Register"),
    form=RegisterForm,
    tells=[_author],
    primary=True,
    icon="inbox",
    office=registrar,
)
def register(petition: Petition, by: Any, kind: str, unit: Any = None, area: str = "") -> None:
    """Say what it is and where it belongs. From today counts the time in which it must be answered."""
    petition.kind, petition.unit, petition.area = kind, unit, area
    petition.due_on = add_working_days(timezone.localdate(), policy("surveys.petition_days"))
    order_letter(petition, "register")


@steps.step(
    REGISTERED,
    IN_WORK,
    to=IN_WORK,
    label=_("Give to somebody"),
    form=AssignForm,
    tells=[_owner],
    primary=True,
    icon="user-check",
    office=registrar,
)
def assign(petition: Petition, by: Any, owner: Any, unit: Any = None) -> None:
    """Name who answers it. What stood before a body is taken back from there by it."""
    petition.owner, petition.unit, petition.body = owner, unit or petition.unit, ""


def _not_sensitive(petition: Petition) -> Any | None:
    """No health data and no report on ethics: the papers of a body are read by more people."""
    if petition.sensitive:
        return _("Petitions of this kind are not put before a body: its papers are read by more people than may know.")
    return None


@steps.step(
    REGISTERED,
    IN_WORK,
    to=IN_WORK,
    label=_("Take to a body"),
    form=TakeToBodyForm,
    needs=[_not_sensitive],
    only_if=lambda petition: not petition.sensitive,
    tells=[_author, _owner],
    icon="users-group",
    office=registrar,
)
def take_to_body(petition: Petition, by: Any, body: Body) -> None:
    """A collegial body decides about it. Put it on the body's agenda from this page; its decision is the answer."""
    petition.body = body.code
    order_letter(petition, "take_to_body")


@steps.step(
    RECEIVED,
    REGISTERED,
    IN_WORK,
    to=None,
    label=_("Say whom it concerns"),
    form=ConcernedForm,
    icon="eye-off",
    office=registrar,
)
def name_concerned(petition: Petition, by: Any, people: Any) -> None:
    """Name the people it is about. From now on they do not see it, and whoever was to answer and is among them no longer does."""
    named = list(people)
    petition.concerns.set(named)
    petition.__dict__.pop("concerned_ids", None)
    if petition.owner_id in {person.pk for person in named}:
        petition.owner = None


@leads_to(RECEIVED, REGISTERED)
def _as_before(petition: Petition, **inputs: Any) -> str:
    """Received stays received; what was in work is given to somebody anew."""
    return RECEIVED if petition.state == RECEIVED else REGISTERED


@steps.step(
    RECEIVED,
    REGISTERED,
    IN_WORK,
    to=_as_before,
    label=_("Redirect as another kind"),
    form=RedirectForm,
    tells=[_registrars],
    icon="arrow-right",
    office=registrar,
)
def redirect(petition: Petition, by: Any, kind: str, reason: str) -> None:
    """It was sent as the wrong kind. The right kind decides who reads it from now on; the deadline stays."""
    petition.kind, petition.owner, petition.body = kind, None, ""


@steps.step(
    REGISTERED,
    IN_WORK,
    to=None,
    label=_("Extend"),
    form=ExtendForm,
    tells=[_author, _owner],
    icon="clock-plus",
    office=registrar,
)
def extend(petition: Petition, by: Any, until: datetime.date, reason: str) -> None:
    """The answer takes longer. The author sees the new day; the first one stays in the history."""
    petition.due_on = until
    order_letter(petition, "extend")


# -- the two-way thread ------------------------------------------------------------------------------
@steps.step(
    REGISTERED,
    IN_WORK,
    to=None,
    label=_("Ask the author"),
    form=AskForm,
    tells=[_author],
    icon="message",
    office=answerer,
)
def ask(petition: Petition, by: Any, text: str) -> None:
    """Write to the author. Without a name they read it with their receipt code; your name is not shown there."""
    say(petition, text, by, from_author=False)
    order_letter(petition, "ask")


def not_too_often(petition: Petition) -> Any | None:
    """Not more often a day than the policy lets."""
    today = petition.messages.filter(from_author=True, on=timezone.localdate()).count()
    if today >= policy("surveys.petition_letters_a_day"):
        return _("That is much for one day. Write the rest tomorrow.")
    return None


@steps.step(
    RECEIVED,
    REGISTERED,
    IN_WORK,
    ANSWERED,
    to=None,
    label=_("Write on"),
    form=WriteOnForm,
    needs=[not_too_often],
    tells=[_keepers],
    icon="message",
    bound=False,
)
def write_on(petition: Petition, by: Any, text: str) -> None:
    """Add something, or answer what you were asked."""
    say(petition, text, by, from_author=True)


@steps.step(
    RECEIVED,
    REGISTERED,
    IN_WORK,
    to=WITHDRAWN,
    label=_("Withdraw"),
    tells=[_keepers],
    danger=True,
    icon="ban",
    bound=False,
)
def withdraw(petition: Petition, by: Any) -> None:
    """You no longer want an answer. What you sent stays in the register as withdrawn."""
    petition.body = ""


# -- the answer ------------------------------------------------------------------------------------
def _not_before_a_body(petition: Petition) -> Any | None:
    """It does not stand before a body."""
    if petition.body and petition.state == IN_WORK:
        return _(
            "It stands before a body, whose decision is the answer. Give it to somebody to take it back from there."
        )
    return None


def _answered(petition: Petition, outcome: str, note: str, link: str = "") -> None:
    petition.outcome, petition.outcome_note, petition.outcome_link = outcome, note, link
    petition.answered_on = timezone.localdate()
    order_letter(petition, "answer")


@steps.step(
    IN_WORK,
    to=ANSWERED,
    label=_("Answer"),
    form=AnswerForm,
    needs=[_not_before_a_body],
    tells=[_author],
    primary=True,
    icon="check",
    office=answerer,
)
def answer(petition: Petition, by: Any, outcome: str, note: str, link: str = "") -> None:
    """Say what came of it: accepted, declined with the reason, or carried out with a link to what was done."""
    _answered(petition, outcome, note, link)


def _was_accepted(petition: Petition) -> Any | None:
    """It was accepted."""
    return None if petition.outcome == Outcome.ACCEPTED else _("Only what was accepted can be carried out.")


@steps.step(
    ANSWERED,
    CLOSED,
    to=None,
    label=_("Carried out"),
    form=CarryOutForm,
    needs=[_was_accepted],
    only_if=lambda petition: petition.outcome == Outcome.ACCEPTED,
    tells=[_author],
    icon="checklist",
    office=answerer,
)
def carry_out(petition: Petition, by: Any, note: str, link: str) -> None:
    """What was accepted has been done. The author is told and sees where."""
    petition.outcome = Outcome.IMPLEMENTED
    petition.outcome_note = f"{petition.outcome_note}\n\n{note}"[:4000]
    petition.outcome_link = link
    order_letter(petition, "carry_out")


@steps.step(ANSWERED, to=CLOSED, label=_("Close"), icon="check", office=registrar)
def close(petition: Petition, by: Any) -> None:
    """The author has the answer and nothing is open any more."""


@steps.step(
    ANSWERED,
    to=IN_WORK,
    label=_("Take up again"),
    form=ReasonForm,
    tells=[_owner, _author],
    icon="reopen",
    office=registrar,
)
def reopen(petition: Petition, by: Any, reason: str) -> None:
    """The answer was not enough: it is answered anew."""
    _unanswered(petition)


def _unanswered(petition: Petition) -> None:
    petition.outcome = petition.outcome_note = petition.outcome_link = ""
    petition.answered_on = None


# -- the decision of a body ------------------------------------------------------------------------
def _before_a_body(petition: Petition) -> Any | None:
    """It stands before a body."""
    return None if petition.body else _("It does not stand before a body.")


@steps.step(
    IN_WORK,
    to=ANSWERED,
    label=_("Accepted by decision"),
    form=DecidedForm,
    needs=[_before_a_body],
    only_if=lambda petition: bool(petition.body),
    tells=[_author, _registrars],
    icon="gavel",
)
def accept_by_decision(petition: Petition, by: Any, reason: str) -> None:
    """The body decided for it. Its decision is the answer."""
    _answered(petition, Outcome.ACCEPTED, reason)


@steps.step(
    IN_WORK,
    to=ANSWERED,
    label=_("Declined by decision"),
    form=DecidedForm,
    needs=[_before_a_body],
    only_if=lambda petition: bool(petition.body),
    tells=[_author, _registrars],
    icon="gavel",
)
def decline_by_decision(petition: Petition, by: Any, reason: str) -> None:
    """The body decided against it. Its decision is the answer."""
    _answered(petition, Outcome.DECLINED, reason)


@steps.step(
    ANSWERED,
    to=IN_WORK,
    label=_("Decision taken back"),
    form=ReasonForm,
    needs=[_before_a_body],
    only_if=lambda petition: bool(petition.body),
    tells=[_author, _registrars],
    icon="reopen",
)
def undo_decision(petition: Petition, by: Any, reason: str) -> None:
    """A body above annulled the decision: it is answered anew."""
    _unanswered(petition)


# -- by code ---------------------------------------------------------------------------------------
def by_code(petition: Petition, step: Any, data: Any = None) -> Any | None:
    """What the holder of the code does: nobody's name. Returns the form with its errors, or None when it is done."""
    try:
        step.run(petition, SYSTEM, data)
    except InputProblem as problem:
        return problem.form
    return None


__all__ = ["NotNow", "by_code", "say", "steps"]
