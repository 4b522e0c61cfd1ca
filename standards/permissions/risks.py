"""Risks, their measures and context sheets: who may do what (domain.md §2; N2 §6.1, §6.2.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.rules import is_quality_officer
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from ..risk_levels import is_red


# -- predicates ----------------------------------------------------------------------------
def _answers(person: Any, unit: Any) -> bool:
    standing = person.standing
    return standing.leads_above(unit.path) or standing.coordinates(unit.path)


@predicate
def of_the_unit(person: Any, record: Any) -> bool:
    """Works in the unit, coordinates or heads it; before a unit is chosen: in some unit."""
    if record.unit_id is None:
        return not person.standing.outsider
    return person.standing.works_in(record.unit.path) or _answers(person, record.unit)


@predicate
def answers(person: Any, record: Any) -> bool:
    """Heads the unit (or one above) or coordinates quality there; before a unit is chosen: some unit."""
    if record.unit_id is None:
        return bool(person.standing.led_paths) or person.standing.has(Role.QUALITY_COORDINATOR)
    return _answers(person, record.unit)


@predicate
def owns(person: Any, risk: Any) -> bool:
    return risk.owner_id == person.pk


@predicate
def entered_and_unrated(person: Any, risk: Any) -> bool:
    return risk.created_by_id == person.pk and risk.state == risk.IDENTIFIED


def _closing(person: Any, risk: Any) -> tuple[bool, int | None]:
    """A head of the unit or above, or the quality office; a high risk never by its owner nor only in the owner's name."""
    offices = [*person.standing.headships_above(risk.unit.path), *person.standing.offices(*QUALITY_OFFICE)]
    return free_principal(person.pk, offices, {risk.owner_id} if is_red(risk) else set()) if offices else (False, None)


@predicate
def closes(person: Any, risk: Any) -> bool:
    return _closing(person, risk)[0]


def closer(risk: Any, person: Any) -> int | None:
    """In whose name this person closes it; for history."""
    return _closing(person, risk)[1]


# -- risks -------------------------------------------------------------------------------------
_RATE = _(
    "Only the owner of the risk, the head and the quality coordinator of the unit, or those of a unit above, do this."
)
allow(
    "standards.add_unit_risk",
    of_the_unit | is_quality_officer,
    _("Only people of the unit and the quality office enter risks of a unit."),
)
allow(
    "standards.change_unit_risk",
    answers | owns | entered_and_unrated | is_quality_officer,
    _(
        "Only the owner of the risk, the head and the coordinator of the unit and the quality office edit it; "
        "whoever entered it, until it is rated."
    ),
)
allow(
    "standards.prove_unit_risk",
    of_the_unit | owns | is_quality_officer,
    _("Evidence is attached by the owner of the risk, people of the unit and the quality office."),
)
allow(
    "standards.start_unit_risk",
    answers | is_quality_officer,
    _("Only the head and the quality coordinator of a unit, or the quality office, start its register."),
)
allow("standards.assess_unit_risk", answers | owns, _RATE)
allow("standards.assess_after_unit_risk", answers | owns, _RATE)
allow("standards.review_unit_risk", answers | owns, _RATE)
allow(
    "standards.come_true_unit_risk",
    of_the_unit | owns | is_quality_officer,
    _("Only people of the unit, the owner of the risk and the quality office enter that it came true."),
)
allow(
    "standards.close_unit_risk",
    closes,
    _("Only the head of the unit, a head above or the quality office closes a risk; a high one never its owner."),
)
allow(
    "standards.reopen_unit_risk",
    answers | is_quality_officer,
    _("Only the head and the coordinator of the unit, or the quality office, open a risk again."),
)
allow(
    "standards.cancel_unit_risk",
    answers | entered_and_unrated | is_quality_officer,
    _(
        "Only the head and the coordinator of the unit and the quality office cancel a risk; whoever entered it, until "
        "it is rated."
    ),
)


# -- measures ----------------------------------------------------------------------------------
@predicate
def does_it(person: Any, measure: Any) -> bool:
    return measure.owner_id == person.pk


@predicate
def coordinates_its_unit(person: Any, measure: Any) -> bool:
    return person.standing.coordinates(measure.risk.unit.path)


@predicate
def answers_for_its_risk(person: Any, measure: Any) -> bool:
    """Owns the risk, heads its unit or coordinates quality there."""
    return measure.risk.owner_id == person.pk or _answers(person, measure.risk.unit)


@predicate
def of_its_unit(person: Any, measure: Any) -> bool:
    return person.standing.works_in(measure.risk.unit.path) or _answers(person, measure.risk.unit)


_MEASURE = _(
    "Only the owner of the risk, the head and the coordinator of the unit and the quality office decide on its measures."
)
allow("standards.add_risk_measure", answers_for_its_risk | is_quality_officer, _MEASURE)
allow("standards.change_risk_measure", answers_for_its_risk | is_quality_officer, _MEASURE)
allow("standards.cancel_risk_measure", answers_for_its_risk | is_quality_officer, _MEASURE)
allow("standards.hand_over_risk_measure", answers_for_its_risk | is_quality_officer, _MEASURE)
allow(
    "standards.carry_out_risk_measure",
    does_it | coordinates_its_unit,
    _("Only the person who does the measure, or the unit's quality coordinator, marks it as carried out."),
)
allow(
    "standards.move_deadline_risk_measure",
    ~does_it & (answers_for_its_risk | is_quality_officer),
    _(
        "Only the owner of the risk, the head, the coordinator and the quality office move the deadline, and never "
        "whoever does the measure."
    ),
)
allow(
    "standards.prove_risk_measure",
    does_it | of_its_unit | is_quality_officer,
    _("Evidence is attached by the person who does the measure, people of the unit and the quality office."),
)


# -- context sheets --------------------------------------------------------------------------------
def _approving(person: Any, sheet: Any) -> tuple[bool, int | None]:
    """The university's: Board or quality representative. A unit's: its head, a head above, or the Board. Never an author."""
    standing = person.standing
    if sheet.unit.kind == sheet.unit.Kind.UNIVERSITY:
        offices = standing.offices(*BOARD_ROLES, Role.QUALITY_REPRESENTATIVE)
    else:
        offices = [*standing.headships_above(sheet.unit.path), *standing.offices(*BOARD_ROLES)]
    return free_principal(person.pk, offices, {*sheet.authors, sheet.created_by_id}) if offices else (False, None)


@predicate
def approves_sheet(person: Any, sheet: Any) -> bool:
    return _approving(person, sheet)[0]


def sheet_approver(sheet: Any, person: Any) -> int | None:
    return _approving(person, sheet)[1]


@predicate
def keeps_the_universitys(person: Any, sheet: Any) -> bool:
    """The quality representative writes the sheet of the university too."""
    of_university = sheet.unit_id is None or sheet.unit.kind == sheet.unit.Kind.UNIVERSITY
    return of_university and person.standing.has(Role.QUALITY_REPRESENTATIVE)


_SHEET = _(
    "Only the head and the quality coordinator of the unit, the quality office and, for the university, the quality representative keep this sheet."
)
allow("standards.add_context_sheet", answers | keeps_the_universitys | is_quality_officer, _SHEET)
allow("standards.change_context_sheet", answers | keeps_the_universitys | is_quality_officer, _SHEET)
allow("standards.cancel_context_sheet", answers | keeps_the_universitys | is_quality_officer, _SHEET)
allow(
    "standards.approve_context_sheet",
    approves_sheet,
    _(
        "The sheet of a unit is approved by its head, a head above or the Board, that of the university by the Board or "
        "the quality representative; never by somebody who wrote it."
    ),
)
allow(
    "standards.reopen_context_sheet",
    approves_sheet | is_quality_officer,
    _("Only those who may approve the sheet and the quality office open it again."),
)
