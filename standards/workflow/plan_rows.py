"""Steps of a row of a programme's monitoring plan: the fact beside what was planned (N0 std 9; N3)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.documents.evidence import attach_proof
from qa_portal.workflow.models import with_writer
from qa_portal.workflow.steps import Steps

from ..forms.assessments import DropForm, FactForm
from ..models import Assessment, PlanRow
from ..models.cycles import PLAN_SETTLED

steps = Steps(PlanRow)


def _plan_is_open(row: PlanRow) -> Any | None:
    """The self-assessment is not submitted yet, or was sent back."""
    return None if row.assessment.plan_is_open else PLAN_SETTLED


def _concerned(row: PlanRow) -> list[Any]:
    """Who answers for the row and who leads the self-assessment."""
    return [row.owner, row.assessment.lead]


@steps.step(
    PlanRow.PLANNED,
    PlanRow.DONE,
    to=PlanRow.DONE,
    label=_("Enter the actual value"),
    form=FactForm,
    needs=[_plan_is_open],
    primary=True,
    icon="edit",
)
def enter_fact(row: PlanRow, by: Any, fact: str, fact_on: datetime.date, note: str = "", **proof: Any) -> None:
    """What was reached, as of which day, and why it differs from the plan; a value entered is corrected with a note."""
    attach_proof(row, by, **proof)
    row.fact, row.fact_on, row.note = fact, fact_on, note
    # Whoever enters a value has a hand in the whole, and decides nothing about it; it is locked with the row.
    authors = with_writer(row.assessment.authors, by)
    Assessment.objects.filter(pk=row.assessment_id).update(authors=authors)


@steps.step(
    PlanRow.PLANNED,
    PlanRow.DONE,
    to=PlanRow.DROPPED,
    label=_("Drop with a reason"),
    form=DropForm,
    needs=[_plan_is_open],
    tells=[_concerned],
    danger=True,
    icon="ban",
)
def drop(row: PlanRow, by: Any, reason: str) -> None:
    """The row no longer belongs to the plan."""
