"""Who writes, sends, publishes and corrects releases; who answers the results of a course (domain.md §10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.rules import is_quality_officer
from qa_portal.permissions import allow, is_system, predicate

COUNCIL = "academic_council"


@predicate
def nobody(person: Any, record: Any) -> bool:
    return False


@predicate
def teaches_it(person: Any, reply: Any) -> bool:
    """The results are this teacher's own."""
    return reply.teacher_id == person.pk


_OFFICE = _("Reports on surveys are prepared, sent and published by the quality office.")
_ITSELF = _("The portal does this itself.")
_OWN = _("Only the teacher whose course it is answers its results.")
_COUNCIL = _("The Academic Council considers the report, by its decision.")

allow(
    "surveys.release_campaign",
    is_quality_officer,
    _("Only the quality office has the figures of a survey made."),
)
allow("surveys.add_release", is_quality_officer, _OFFICE)
allow("surveys.change_release", is_quality_officer, _OFFICE)
for verb in (
    "add_recommendation",
    "amend_recommendation",
    "drop_recommendation",
    "make_again",
    "send",
    "publish",
    "withdraw",
    "correct",
    "prove",
):
    allow(f"surveys.{verb}_release", is_quality_officer, _OFFICE)
allow("surveys.made_release", is_system, _ITSELF)
allow("surveys.halt_release", is_system, _ITSELF)
allow("surveys.consider_release", nobody, _COUNCIL, by_decision_of=COUNCIL)
allow(
    "surveys.undo_consideration_release",
    nobody,
    _("Only a body above takes back what the Council has considered."),
    by_decision_of=f"over:{COUNCIL}",
)

allow("surveys.add_reply", teaches_it, _OWN)
allow("surveys.change_reply", teaches_it, _OWN)
allow("surveys.withdraw_reply", teaches_it, _OWN)
allow("surveys.restore_reply", teaches_it, _OWN)
