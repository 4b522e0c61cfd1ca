"""Rating formulas and ratings of units: who may do what (domain.md §2; N2 §9.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, anybody, predicate
from qa_portal.policy.registry import policy

from .indicators import enters_approval, prepares_indicators, preparing_offices, speaks_for


def body_of_formulas(record: Any = None) -> str:
    """Code of the body that approves a formula; empty when the Board enters the approval."""
    return policy("standards.rating_body").strip()


@predicate
def refused_by_the_body(person: Any, record: Any) -> bool:
    return speaks_for(person, body_of_formulas())


@predicate
def overruled_by_the_body_above(person: Any, record: Any) -> bool:
    return speaks_for(person, f"over:{body_of_formulas()}")


@predicate
def publishes_work_of_others(person: Any, rating: Any) -> bool:
    """Not a rating of one's own, nor only in the name of whoever made it."""
    return free_principal(person.pk, preparing_offices(person), {rating.created_by_id} - {None})[0]


def publisher(rating: Any, person: Any) -> int | None:
    return free_principal(person.pk, preparing_offices(person), {rating.created_by_id} - {None})[1]


_PREPARE = _("Only the quality office (ASB) and the quality representative prepare rating formulas.")
allow("standards.add_rating_formula", prepares_indicators, _PREPARE)
allow("standards.change_rating_formula", prepares_indicators, _PREPARE)
allow("standards.submit_rating_formula", prepares_indicators, _PREPARE)
allow("standards.cancel_rating_formula", prepares_indicators, _PREPARE)
allow(
    "standards.send_back_rating_formula",
    prepares_indicators | refused_by_the_body,
    _("Only the quality office, the quality representative or the body that decides sends a formula back."),
)
allow(
    "standards.approve_rating_formula",
    enters_approval,
    _("A rating formula is approved by a decision of the body: nobody approves it by hand."),
    by_decision_of=body_of_formulas,
)
allow(
    "standards.undo_approval_rating_formula",
    overruled_by_the_body_above,
    _("Only the decision of a body above undoes an approval, naming the breached clause."),
)

_RATE = _("Only the quality office (ASB) and the quality representative make ratings.")
allow("standards.add_rating", prepares_indicators, _RATE)
allow("standards.change_rating", ~anybody, _("A rating keeps its figures: nobody edits them."))
allow("standards.cancel_rating", prepares_indicators, _RATE)
allow(
    "standards.publish_rating",
    publishes_work_of_others,
    _(
        "Only the quality office and the quality representative publish a rating, and nobody one that they made themselves."
    ),
)
