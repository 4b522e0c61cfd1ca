"""Cycles, self-assessments and monitoring plans: who may do what (domain.md §2, §3; N0 std 9, 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Person
from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.rules import is_quality_officer
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate
from qa_portal.policy.registry import policy
from qa_portal.web.registry import registry

from ..models import CommissionMember
from ..querysets.heads import heads_for

_ASB = _("Only the quality office (ASB) does this.")


# -- the body that approves the year ----------------------------------------------------------
def cycle_body(cycle: Any = None) -> str:
    return policy("standards.cycle_body")


@predicate
def speaks_for_cycle_body(person: Any, cycle: Any) -> bool:
    return cycle_body() in getattr(person, "decides_for", frozenset())


@predicate
def overrules_cycle_body(person: Any, cycle: Any) -> bool:
    return f"over:{cycle_body()}" in getattr(person, "decides_for", frozenset())


@predicate
def nobody(person: Any, record: Any) -> bool:
    """No person by hand."""
    return False


def in_quality_office(record: Any, person: Any) -> int | None:
    """In whose name this person acts for the quality office; for history."""
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), set())[1]


allow("standards.add_cycle", is_quality_officer, _ASB)
allow("standards.change_cycle", is_quality_officer, _ASB)
allow("standards.prove_cycle", is_quality_officer, _ASB)
allow("standards.propose_scope_cycle", is_quality_officer, _ASB)
allow("standards.plan_units_cycle", is_quality_officer, _ASB)
allow("standards.plan_programmes_cycle", is_quality_officer, _ASB)
allow("standards.move_dates_cycle", is_quality_officer, _ASB)
allow("standards.launch_cycle", is_quality_officer, _ASB)
allow("standards.submit_cycle", is_quality_officer, _ASB)
allow("standards.cancel_cycle", is_quality_officer, _ASB)
allow(
    "standards.approve_cycle",
    nobody,
    _("Only a decision of the Academic Council does this: put the self-assessment of the year on its agenda."),
    by_decision_of=cycle_body,
)
allow(
    "standards.send_back_cycle",
    is_quality_officer | speaks_for_cycle_body,
    _("The Academic Council sends it back by its decision; the quality office may take it back itself."),
)
allow(
    "standards.undo_approval_cycle",
    overrules_cycle_body,
    _("Only a decision of the body above the Academic Council does this."),
)


# -- what a person carries: read once a person object and day, because lists ask for every row ---------
@dataclass
class Ties:
    """Commissions in which somebody, or one in whose name they may act, sits; and the units of the latter."""

    seats: dict[int, dict[int, str]] = field(default_factory=dict)  # {person: {self-assessment: duty}}
    homes: dict[int, str] = field(default_factory=dict)  # {principal: path of the unit}


def ties_of(person: Any) -> Ties:
    if not getattr(person, "pk", None):
        return Ties()
    today, kept = timezone.localdate(), person.__dict__.get("_assessment_ties")
    if kept is not None and kept[0] == today:
        return kept[1]
    ties = Ties()
    principals = {held.principal for held in person.standing.held if held.principal is not None}
    rows = CommissionMember.objects.filter(person_id__in=[person.pk, *principals]).order_by()
    for somebody, assessment, duty in rows.values_list("person_id", "assessment_id", "duty"):
        ties.seats.setdefault(somebody, {})[assessment] = duty
    if principals:
        ties.homes = dict(Person.objects.filter(pk__in=principals).order_by().values_list("pk", "unit__path"))
    person.__dict__["_assessment_ties"] = (today, ties)
    return ties


def duty_in(person: Any, assessment: Any) -> str:
    """The person's seat in the commission: "chair", "secretary", "member", or nothing."""
    return ties_of(person).seats.get(person.pk, {}).get(assessment.pk, "")


# -- who writes -------------------------------------------------------------------------------
def chairs(person: Any, assessment: Any) -> bool:
    """Heads the programme, or chairs its self-evaluation commission."""
    if not assessment.of_programme:
        return False
    return assessment.programme.head_id == person.pk or duty_in(person, assessment) == CommissionMember.Duty.CHAIR


def in_commission(person: Any, assessment: Any) -> bool:
    return assessment.of_programme and bool(duty_in(person, assessment))


@predicate
def leads(person: Any, assessment: Any) -> bool:
    """Leads the self-assessment: named for it, chair of the commission, programme head, head of the unit or above."""
    return (
        assessment.lead_id == person.pk
        or chairs(person, assessment)
        or person.standing.leads_above(assessment.unit.path)
    )


@predicate
def writes_in(person: Any, assessment: Any) -> bool:
    """Whoever leads it, sits in the commission, coordinates the unit's quality; of a unit's own also its staff."""
    standing, path = person.standing, assessment.unit.path
    return (
        leads(person, assessment)
        or standing.coordinates(path)
        or in_commission(person, assessment)
        or (not assessment.of_programme and standing.works_in(path))
    )


# -- who submits -------------------------------------------------------------------------------
def submitting_offices(person: Any, assessment: Any) -> list[int | None]:
    """The offices in which somebody submits: headships of the unit and above, at the top the Board, so that a unit without
    a head is no dead end; for a programme its head and the chair.
    """
    if assessment.of_programme:
        return [None] if chairs(person, assessment) else []
    return [*person.standing.headships_above(assessment.unit.path), *person.standing.offices(*BOARD_ROLES)]


@predicate
def submits(person: Any, assessment: Any) -> bool:
    return free_principal(person.pk, submitting_offices(person, assessment), set())[0]


def submitter(assessment: Any, person: Any) -> int | None:
    return free_principal(person.pk, submitting_offices(person, assessment), set())[1]


# -- a programme's way: department, dean's office ---------------------------------------------------
def own_work(assessment: Any, person: Any = None) -> set[int]:
    """Whose work it is: everybody who wrote, submitted or leads it, and the commission; none of them decides about it."""
    people = {assessment.submitted_by_id, assessment.lead_id, *assessment.authors}
    if assessment.of_programme:
        people.add(assessment.programme.head_id)
        seats = ties_of(person).seats
        people |= {somebody for somebody, held in seats.items() if assessment.pk in held}
    return {pk for pk in people if pk}


def _decides(person: Any, assessment: Any, own: set[int]) -> tuple[bool, int | None]:
    """Heads the unit that has the word now, or sits on the Board where no head is free; and it is not own work.

    While nobody heads that unit (the head left after it was submitted), the nearest head above has the word.
    """
    standing, unit, heads = person.standing, assessment.decides_id, heads_for(person)
    if unit is not None and heads.answering:
        unit = heads.answering.get(unit)
    offices = standing.offices(*BOARD_ROLES) if unit is None else standing.headships(unit)
    return free_principal(person.pk, offices, own)


def _own_now(assessment: Any, person: Any) -> set[int]:
    own = own_work(assessment, person)
    return own | {assessment.agreed_by_id} if assessment.agreed_by_id else own


@predicate
def agrees(person: Any, assessment: Any) -> bool:
    return assessment.of_programme and _decides(person, assessment, own_work(assessment, person))[0]


@predicate
def endorses(person: Any, assessment: Any) -> bool:
    """Another person than the one who agreed for the department."""
    return assessment.of_programme and _decides(person, assessment, _own_now(assessment, person))[0]


def decider(assessment: Any, person: Any) -> int | None:
    return _decides(person, assessment, _own_now(assessment, person))[1]


# -- the programme committee ----------------------------------------------------------------------
def committee_of(assessment: Any) -> str:
    """The code of the body that considers a programme's self-assessment: the committee of its unit or the nearest above.

    A list asks for every row: `bring_committees` has found them for the whole page.
    """
    kind = policy("standards.programme_committee")
    if not assessment.of_programme or assessment.state != assessment.ENDORSED:
        return kind
    found = assessment.__dict__.get("_committee")
    if found is None:
        found = assessment.__dict__["_committee"] = registry.body_for(kind, assessment.unit) or kind
    return found


def bring_committees(assessments: Iterable[Any]) -> None:
    """Look for the committee of each unit once, however many of its programmes stand on the page."""
    kind, known = policy("standards.programme_committee"), dict[int, str]()
    for assessment in assessments:
        if assessment.of_programme and assessment.state == assessment.ENDORSED:
            if assessment.unit_id not in known:
                known[assessment.unit_id] = registry.body_for(kind, assessment.unit) or kind
            assessment.__dict__["_committee"] = known[assessment.unit_id]


# -- the quality office ------------------------------------------------------------------------------
def verifying_offices(person: Any) -> list[int | None]:
    return person.standing.offices(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE)


def takers(assessment: Any, person: Any) -> set[int]:
    """Everybody who had a hand in it: writers, submitter, those who agreed."""
    agreed = {pk for pk in (assessment.agreed_by_id, assessment.endorsed_by_id) if pk}
    return own_work(assessment, person) | agreed


def _of_the_unit(person: Any, assessment: Any, principal: int | None) -> bool:
    """Works in the unit or below it, coordinates or heads it: the person, or the one in whose name they would act."""
    standing, path = person.standing, assessment.unit.path
    home = standing.unit_path if principal is None else ties_of(person).homes.get(principal) or ""
    held = [h for h in standing.held if h.principal == principal]
    answering = (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)
    return home.startswith(path) or any(h.role in answering and path.startswith(h.path) for h in held)


def _verifying(person: Any, assessment: Any) -> tuple[bool, int | None]:
    """Whether somebody verifies it, and in whose name: nobody of that unit and nobody who had a hand in it."""
    offices = verifying_offices(person)
    if not offices:
        return False, None
    own = takers(assessment, person)
    if _of_the_unit(person, assessment, None):
        own.add(person.pk)
    own |= {p for p in offices if p is not None and _of_the_unit(person, assessment, p)}
    return free_principal(person.pk, offices, own)


@predicate
def verifies(person: Any, assessment: Any) -> bool:
    """The quality office or the quality representative, and independent of the unit and the authors."""
    return _verifying(person, assessment)[0]


def verifier(assessment: Any, person: Any) -> int | None:
    return _verifying(person, assessment)[1]


def waits_for_head(assessment: Any) -> bool:
    """A programme's, before the department or the dean's office has agreed."""
    return assessment.of_programme and assessment.state in (assessment.SUBMITTED, assessment.AGREED)


@predicate
def sends_back(person: Any, assessment: Any) -> bool:
    """Whoever has the word now: the head who agrees, afterwards the quality office."""
    return endorses(person, assessment) if waits_for_head(assessment) else verifies(person, assessment)


def back_sender(assessment: Any, person: Any) -> int | None:
    return decider(assessment, person) if waits_for_head(assessment) else verifier(assessment, person)


@predicate
def leads_programme(person: Any, assessment: Any) -> bool:
    return assessment.of_programme and assessment.programme.head_id == person.pk


_WRITES = _(
    "Only people of the unit write in its self-assessment; in a programme's, its head, the commission and whoever leads it."
)
_VERIFIES = _(
    "Only the quality office and the quality representative do this, and only somebody independent: not of this unit, "
    "and not one who wrote, submitted or agreed."
)
_HEADS = _(
    "Only the head of the department, then the head of the dean's office agree; nobody agrees to their own work, and not "
    "one person twice. Where no head is free, the Board decides."
)
allow("standards.add_assessment", is_quality_officer, _ASB)
allow("standards.change_assessment", writes_in | is_quality_officer, _WRITES)
allow("standards.prove_assessment", writes_in, _WRITES)
allow(
    "standards.submit_assessment",
    submits,
    _(
        "Only the head of the unit, or of a unit above, submits, at the top the Board; a programme's is submitted by the "
        "programme head or the chair of the commission."
    ),
)
allow("standards.agree_assessment", agrees, _HEADS)
allow("standards.endorse_assessment", endorses, _HEADS)
allow(
    "standards.consider_assessment",
    nobody,
    _("Only a decision of the programme committee does this: put the self-assessment on its agenda."),
    by_decision_of=committee_of,
)
allow(
    "standards.undo_consideration_assessment",
    predicate(lambda person, record: f"over:{committee_of(record)}" in getattr(person, "decides_for", frozenset())),
    _("Only a decision of the body above the programme committee does this."),
)
allow("standards.verify_assessment", verifies, _VERIFIES)
allow(
    "standards.send_back_assessment",
    sends_back,
    _(
        "Whoever has the word sends back: the head who agrees, or the quality office. Nobody does so with their own work "
        "or that of their own unit."
    ),
)
allow("standards.reopen_assessment", verifies, _VERIFIES)
allow("standards.cancel_assessment", is_quality_officer, _ASB)
allow("standards.change_areas_assessment", is_quality_officer, _ASB)
allow(
    "standards.set_commission_assessment",
    is_quality_officer | leads_programme,
    _("Only the programme head and the quality office (ASB) name the commission."),
)


# -- monitoring plan ------------------------------------------------------------------------------------
@predicate
def plans(person: Any, row: Any) -> bool:
    """Writes in the programme's self-assessment."""
    return writes_in(person, row.assessment)


@predicate
def answers_for_row(person: Any, row: Any) -> bool:
    return row.owner_id == person.pk


@predicate
def leads_plan(person: Any, row: Any) -> bool:
    return leads(person, row.assessment)


@predicate
def is_office(person: Any, row: Any) -> bool:
    return person.standing.quality_office


_PLANS = _("Only the programme head, the commission, the unit's head and coordinator, and the quality office do this.")
allow("standards.add_plan_row", plans | is_office, _PLANS)
allow("standards.change_plan_row", plans | is_office, _PLANS)
_FACT = _("Only the person who answers for the row, the programme head and the commission do this.")
allow("standards.enter_fact_plan_row", answers_for_row | plans, _FACT)
allow("standards.prove_plan_row", answers_for_row | plans, _FACT)
allow(
    "standards.drop_plan_row",
    leads_plan | is_office,
    _("Only the programme head, the chair of the commission, the unit's head and the quality office drop a row."),
)
