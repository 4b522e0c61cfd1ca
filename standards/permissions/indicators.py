"""Sets of indicators, definitions and targets: who may do what (domain.md §2; N2 §7.1.5.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import BOARD_ROLES, QUALITY_OFFICE, Role
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate
from qa_portal.policy.registry import policy


def body_of_sets(record: Any = None) -> str:
    """Code of the body that approves a set; empty when the Board enters the approval."""
    return policy("standards.indicator_body").strip()


def preparing_offices(person: Any) -> list[int | None]:
    return person.standing.offices(*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE)


def speaks_for(person: Any, code: str) -> bool:
    """Carries the word of that body's decision."""
    return bool(code) and code in getattr(person, "decides_for", frozenset())


@predicate
def prepares_indicators(person: Any, record: Any) -> bool:
    """The quality office and the quality representative, oneself or as a deputy."""
    return bool(preparing_offices(person))


def preparer(record: Any, person: Any) -> int | None:
    """In whose name this person prepares; for history. Who carries a body's word speaks in nobody's name."""
    if getattr(person, "decides_for", None):
        return None
    return free_principal(person.pk, preparing_offices(person), set())[1]


# -- whose work it is ------------------------------------------------------------------------
def written_by(record: Any) -> set[int]:
    return {pk for pk in (record.created_by_id, *record.authors) if pk}


@predicate
def validates_work_of_others(person: Any, indicator: Any) -> bool:
    """Not with a definition of one's own, nor only in the name of its author."""
    return free_principal(person.pk, preparing_offices(person), written_by(indicator))[0]


def validator(indicator: Any, person: Any) -> int | None:
    return free_principal(person.pk, preparing_offices(person), written_by(indicator))[1]


@predicate
def enters_approval(person: Any, record: Any) -> bool:
    """Asked only where no body approves: the Board, and nobody what they wrote themselves."""
    return free_principal(person.pk, person.standing.offices(*BOARD_ROLES), written_by(record))[0]


def approval_officer(record: Any, person: Any) -> int | None:
    if getattr(person, "decides_for", None):
        return None
    return free_principal(person.pk, person.standing.offices(*BOARD_ROLES), written_by(record))[1]


@predicate
def refused_by_the_body(person: Any, record: Any) -> bool:
    """The body that was to approve it voted against."""
    return speaks_for(person, body_of_sets())


@predicate
def overruled_by_the_body_above(person: Any, record: Any) -> bool:
    return speaks_for(person, f"over:{body_of_sets()}")


# -- sets ----------------------------------------------------------------------------------------
_PREPARE = _("Only the quality office (ASB) and the quality representative prepare sets of indicators.")
allow("standards.add_indicator_set", prepares_indicators, _PREPARE)
allow("standards.change_indicator_set", prepares_indicators, _PREPARE)
allow("standards.submit_indicator_set", prepares_indicators, _PREPARE)
allow("standards.cancel_indicator_set", prepares_indicators, _PREPARE)
allow(
    "standards.send_back_indicator_set",
    prepares_indicators | refused_by_the_body,
    _("Only the quality office, the quality representative or the body that decides sends a set back."),
)
allow(
    "standards.approve_indicator_set",
    enters_approval,
    _("A set of indicators is approved by a decision of the body: nobody approves it by hand."),
    by_decision_of=body_of_sets,
)
allow(
    "standards.undo_approval_indicator_set",
    overruled_by_the_body_above,
    _("Only the decision of a body above undoes an approval, naming the breached clause."),
)
allow("standards.prove_indicator_set", prepares_indicators, _PREPARE)

# -- definitions ---------------------------------------------------------------------------------
_DEFINE = _("Only the quality office (ASB) and the quality representative define indicators and their targets.")
allow("standards.add_indicator", prepares_indicators, _DEFINE)
allow("standards.change_indicator", prepares_indicators, _DEFINE)
allow("standards.choose_units_indicator", prepares_indicators, _DEFINE)
allow("standards.set_target_indicator", prepares_indicators, _DEFINE)
allow("standards.drop_target_indicator", prepares_indicators, _DEFINE)
allow("standards.cancel_indicator", prepares_indicators, _DEFINE)
allow(
    "standards.validate_indicator",
    validates_work_of_others,
    _(
        "Only the quality office and the quality representative validate an indicator, and nobody one that they wrote "
        "themselves."
    ),
)
allow("standards.prove_indicator", prepares_indicators, _DEFINE)
