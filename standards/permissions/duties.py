"""Duties: who shows that one is fulfilled, who sets its date, who says that it is not needed (domain.md §2).

Whoever answers for a duty shows it with a paper; where a body decides, the body does. Nobody says of a duty of their own
that it is not needed.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.rules import is_administrator, is_quality_officer, is_quality_representative
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, predicate
from qa_portal.programmes.models import Programme

from ..querysets.heads import heads_for

WAIVERS = (*QUALITY_OFFICE, Role.QUALITY_REPRESENTATIVE)


def unit_in_charge(duty: Any) -> int | None:
    """The unit whose head answers: the one that the rule names, else the one in which it falls due."""
    return duty.rule.unit_id or duty.unit_id


def _headships(person: Any, unit: int | None) -> list[int | None]:
    """Of the unit; while nobody heads it, of the nearest above that has a head."""
    return person.standing.headships(heads_for(person).answering.get(unit, unit) if unit else None)


def offices_for(person: Any, duty: Any) -> list[int | None]:
    """In which of the offices held somebody answers for a duty: None in an own one, else in whose name."""
    rule, standing = duty.rule, person.standing
    if rule.role == Role.PROGRAMME_HEAD:
        head = getattr(duty.subject, "head_id", None) if isinstance(duty.subject, Programme) else None
        if head is not None and head not in heads_for(person).left:
            return [None] if head == person.pk else [h.principal for h in standing.held if h.principal == head][:1]
        return _headships(person, duty.unit_id)
    if rule.role == Role.QUALITY_COORDINATOR and duty.unit_id is not None:
        path = duty.unit.path
        return [h.principal for h in standing.held if h.role == rule.role and path.startswith(h.path)]
    if rule.role and rule.role != Role.UNIT_HEAD:
        return standing.offices(rule.role)
    unit = unit_in_charge(duty)
    return _headships(person, unit) if unit else standing.offices(*QUALITY_OFFICE)


@predicate
def answers_for_it(person: Any, duty: Any) -> bool:
    return bool(offices_for(person, duty))


@predicate
def a_body_decides(person: Any, duty: Any) -> bool:
    return bool(duty.body)


@predicate
def is_free_of_it(person: Any, duty: Any) -> bool:
    """Does not answer for it, in no office that somebody holds, nor in somebody's name."""
    return not offices_for(person, duty)


@predicate
def nobody(person: Any, duty: Any) -> bool:
    return False


def fulfiller(duty: Any, person: Any) -> int | None:
    """In whose name this person shows that a duty is fulfilled; for history."""
    return free_principal(person.pk, offices_for(person, duty) or person.standing.offices(*QUALITY_OFFICE), set())[1]


def judge(duty: Any, person: Any) -> int | None:
    """In whose name this person judges whether a duty is needed; for history."""
    return free_principal(person.pk, person.standing.offices(*WAIVERS), set())[1]


_quality = is_quality_officer | is_quality_representative

allow(
    "standards.fulfil_duty",
    is_quality_officer | (answers_for_it & ~a_body_decides),
    _(
        "Only the office that answers for the duty and the quality office show that it is fulfilled; where a body decides, only the quality office enters a paper."
    ),
)
allow(
    "standards.prove_duty",
    is_quality_officer | answers_for_it,
    _("Papers are attached by the office that answers for the duty and by the quality office."),
)
allow(
    "standards.decide_duty",
    nobody,
    _("Only the decision of the body that the duty names fulfils it."),
    by_decision_of=lambda duty: duty.body if duty is not None else "",
)
allow(
    "standards.undo_decision_duty",
    nobody,
    _("Only a body above takes back what a decision fulfilled."),
    by_decision_of=lambda duty: f"over:{duty.body}" if duty is not None and duty.body else "",
)
allow(
    "standards.set_date_duty",
    is_quality_officer | answers_for_it,
    _("Only the office that answers for the duty and the quality office set its date."),
)
allow(
    "standards.waive_duty",
    _quality & is_free_of_it,
    _(
        "Only the quality representative and the quality office say that a duty is not needed, and never of one that they answer for."
    ),
)
allow(
    "standards.reopen_duty",
    _quality,
    _("Only the quality representative and the quality office open a duty again."),
)
allow("standards.add_duty", nobody, _("The portal makes duties from their rules."))
allow("standards.change_duty", nobody, _("Duties change by their steps only."))

allow(
    "standards.start_dutyrule",
    is_quality_officer,
    _("Only the quality office says when a duty was last fulfilled."),
)
allow(
    "standards.keep_duty_rules",
    is_administrator,
    _("Only administrators change the rules of duties."),
)
