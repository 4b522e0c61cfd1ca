"""A self-assessment begins: it knows last time's, its areas become answers, and those who answer are told.

Called inside steps of the cycle, which is locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa_portal.people.heads import deciders, deciding_unit
from qa_portal.people.models import Office, Person
from qa_portal.people.roles import Role
from qa_portal.workflow.steps import move

from ..models import Assessment, CommissionMember, Cycle
from ..scope import areas
from .area_rows import last_times, make_answers


def those_who_lead(assessment: Assessment) -> list[Any]:
    """Who answers for a self-assessment: whoever leads it, and the programme head with the chair, or the unit's head
    (without one the nearest above) with deputies.
    """
    if assessment.programme is not None:
        chairs = assessment.commission.filter(duty=CommissionMember.Duty.CHAIR).select_related("person")
        return [assessment.lead, assessment.programme.head, *(seat.person for seat in chairs)]
    found = deciding_unit(assessment.unit, set())
    return [assessment.lead, *(deciders(found) if found is not None else ())]


def those_who_write(assessment: Assessment) -> list[Any]:
    """The same, with the quality coordinators of the unit."""
    coordinators = Office.objects.on().filter(role=Role.QUALITY_COORDINATOR, unit=assessment.unit).values("person")
    return [*those_who_lead(assessment), *Person.objects.filter(pk__in=coordinators, is_active=True)]


def open_assessments(cycle: Cycle, assessments: Sequence[Assessment], by: Any) -> None:
    """Planned → being answered, with one answer for each area."""
    asked, before = areas(cycle), last_times(cycle, assessments)
    known = {area.code for area in asked}
    for assessment in assessments:
        move(
            assessment,
            Assessment.OPEN,
            by=by,
            verb="launch",
            tells=those_who_write(assessment),
            letter="assessment_launch",
            areas=[code for code in assessment.areas if code in known],
            previous_id=before.get(assessment.pk),
        )
    make_answers(assessments, asked, by)
