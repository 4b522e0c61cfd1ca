"""Mechanisms and their years: who may do what (N1 §2.2, §4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.sitting import runs_any
from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.rules import is_administrator, is_quality_officer, is_quality_representative
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate

from .mechanism_speakers import acts_for_doer, committees_for, speakers


@predicate
def is_doer(person: Any, year: Any) -> bool:
    """Heads or coordinates the unit that carries it out, or runs the body."""
    return acts_for_doer(person, year)[0]


@predicate
def plans_for_somebody(person: Any, year: Any) -> bool:
    """On a page still empty: whoever heads or coordinates some unit, or runs some body; then, of the doer named."""
    if year.doer_unit_id is None and year.doer_body_id is None:
        standing = person.standing
        return bool(standing.led_paths) or standing.has(Role.QUALITY_COORDINATOR) or runs_any(person)
    return acts_for_doer(person, year)[0]


@predicate
def speaks(person: Any, year: Any) -> bool:
    """May conclude for some quality unit that is not the doer."""
    return bool(speakers(person, year))


@predicate
def closes(person: Any, year: Any) -> bool:
    """The quality office; not whoever reported it as carried out."""
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), {year.done_by_id} - {None})[0]


@predicate
def reported_it(person: Any, year: Any) -> bool:
    return person.pk == year.done_by_id


@predicate
def judges_in_school(person: Any, year: Any) -> bool:
    return bool(committees_for(person, year))


@predicate
def works_for_doer(person: Any, year: Any) -> bool:
    return year.doer_unit_id is not None and person.standing.works_in(year.doer_unit.path)


# -- in whose name, for history -------------------------------------------------------------------------
def office_of_doer(year: Any, person: Any) -> int | None:
    return acts_for_doer(person, year)[1]


def office_of_quality(year: Any, person: Any) -> int | None:
    return free_principal(person.pk, person.standing.offices(*QUALITY_OFFICE), {year.done_by_id} - {None})[1]


def office_of_either(year: Any, person: Any) -> int | None:
    """The quality office's, where the person belongs to it; else the doer's."""
    return office_of_quality(year, person) if person.standing.quality_office else office_of_doer(year, person)


# -- the register -----------------------------------------------------------------------------------------
allow("standards.keep_mechanisms", is_administrator, _("Only administrators keep the register of mechanisms."))
allow(
    "standards.link_mechanism",
    is_quality_officer,
    _("Only the quality manager and the quality office (ASB) link documents to a mechanism."),
)

# -- years --------------------------------------------------------------------------------------------------
_EITHER = _(
    "Only the quality office does this, or whoever carries the mechanism out: the head or coordinator of the unit, the "
    "chair or secretary of the body."
)
_OFFICE = _("Only the quality manager and the quality office (ASB) do this.")
allow("standards.add_mechanism_year", is_quality_officer | plans_for_somebody, _EITHER)
allow("standards.change_mechanism_year", is_quality_officer | is_doer, _EITHER)
allow("standards.start_mechanism_year", is_quality_officer | is_doer, _EITHER)
allow(
    "standards.report_done_mechanism_year",
    is_doer,
    _(
        "Only whoever carries the mechanism out reports on it: the head or coordinator of the unit, the chair or secretary "
        "of the body."
    ),
)
allow("standards.send_back_mechanism_year", closes, _("Only the quality office sends a report back, never its own."))
allow("standards.judge_aims_mechanism_year", is_quality_officer | is_doer, _EITHER)
allow(
    "standards.conclude_mechanism_year",
    speaks,
    _(
        "The head of a unit, the chair or secretary of a body, or the quality manager concludes; never for the unit or "
        "body that carries the mechanism out, nor whoever belongs to it or reported on it."
    ),
)
allow(
    "standards.close_check_mechanism_year",
    closes | (is_quality_representative & ~reported_it),
    _("Only the quality office or the quality representative closes the check, and never of what they reported."),
)
allow("standards.act_mechanism_year", is_quality_officer | is_doer, _EITHER)
allow(
    "standards.give_view_mechanism_year",
    judges_in_school,
    _(
        "Only the chair or secretary of the school's committee judges the effect in the school; not where the committee "
        "itself carries the mechanism out."
    ),
)
allow("standards.cancel_mechanism_year", is_quality_officer, _OFFICE)
allow(
    "standards.prove_mechanism_year",
    is_quality_officer | is_doer | works_for_doer,
    _("Evidence is attached by whoever carries the mechanism out and by the quality office."),
)
