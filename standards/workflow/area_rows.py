"""The answers of self-assessments, made and taken out many at a time: a cycle has thousands of them.

Called inside steps only, with the self-assessments locked; each answer gets its line of history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import SYSTEM
from qa_portal.web.registry import registry
from qa_portal.workflow.models import Entry

from ..models import AreaAnswer, Assessment, Cycle, EvaluationArea

registry.words.update(take_out=_("Taken out"), put_back=_("Put back"))


def make_answers(assessments: Iterable[Assessment], areas: Sequence[EvaluationArea], by: Any) -> None:
    """One open answer for each area of each self-assessment, tied to last time's answer on the same area."""
    assessments = list(assessments)
    before = _last_answers({a.previous_id for a in assessments if a.previous_id})
    person = None if by is SYSTEM else by
    rows = [
        AreaAnswer(
            assessment=assessment,
            cycle_id=assessment.cycle_id,
            unit_id=assessment.unit_id,
            of_programme=assessment.of_programme,
            area=area,
            code=area.code,
            standard=area.standard.code,
            previous_id=before.get((assessment.previous_id, area.code)),
            created_by=person,
        )
        for assessment in assessments
        for area in areas
        if area.code in assessment.areas
    ]
    made = AreaAnswer.objects.bulk_create(rows, batch_size=500)
    _write(made, "add", person, from_state="", why="")


def _last_answers(assessments: set[int]) -> dict[tuple[int | None, str], int]:
    rows = AreaAnswer.objects.live().filter(assessment__in=assessments).order_by()
    return {(assessment, code): pk for pk, assessment, code in rows.values_list("pk", "assessment_id", "code")}


def take_out(answers: Any, by: Any, why: str) -> None:
    """Answers that are not asked for any more; what was written stays to be read."""
    _move(answers.live(), AreaAnswer.CANCELLED, "take_out", by, why)


def put_back(answers: Any, by: Any, why: str) -> None:
    """Areas that were taken out are asked for again: the answer goes on where it stopped."""
    _move(answers.filter(state=AreaAnswer.CANCELLED), AreaAnswer.OPEN, "put_back", by, why)


def write_again(answers: Any, by: Any, why: str) -> None:
    """Accepted answers are written once more."""
    rows = answers.filter(state=AreaAnswer.ACCEPTED)
    _move(rows, AreaAnswer.RETURNED, "reopen", by, why, remark=why, accepted_by=None, accepted_on=None)


def _move(answers: Any, to_state: str, verb: str, by: Any, why: str, **fields: Any) -> None:
    rows = list(answers.select_for_update(of=("self",)).order_by("pk"))
    person, befores = None if by is SYSTEM else by, {row.pk: row.state for row in rows}
    for row in rows:
        row.state, row.revision = to_state, row.revision + 1
        for name, value in fields.items():
            setattr(row, name, value)
    AreaAnswer.objects.bulk_update(rows, ["state", "revision", *fields], batch_size=200)
    _write(rows, verb, person, why=why, befores=befores)


def _write(
    rows: list[AreaAnswer],
    verb: str,
    person: Any,
    *,
    why: str,
    from_state: str = "",
    befores: dict[int, str] | None = None,
) -> None:
    kind = ContentType.objects.get_for_model(AreaAnswer)
    Entry.objects.bulk_create(
        [
            Entry(
                record_type=kind,
                record_id=row.pk,
                by=person,
                verb=verb,
                from_state=(befores or {}).get(row.pk, from_state),
                to_state=row.state,
                why=why,
            )
            for row in rows
        ],
        batch_size=500,
    )


def last_times(cycle: Cycle, assessments: Sequence[Assessment]) -> dict[int, int]:
    """{self-assessment: that of the same unit or programme in the latest earlier approved cycle}."""
    rows = Assessment.objects.filter(
        cycle__state=Cycle.APPROVED,
        cycle__year__lt=cycle.year,
        state=Assessment.APPROVED,
        unit__in={a.unit_id for a in assessments if not a.of_programme},
        programme__isnull=True,
    ) | Assessment.objects.filter(
        cycle__state=Cycle.APPROVED,
        cycle__year__lt=cycle.year,
        state=Assessment.APPROVED,
        programme__in={a.programme_id for a in assessments if a.of_programme},
    )
    latest: dict[tuple[int | None, int | None], int] = {}
    for pk, programme, unit in rows.order_by("cycle__year", "pk").values_list("pk", "programme_id", "unit_id"):
        latest[(programme, None if programme else unit)] = pk
    found = {a.pk: latest.get((a.programme_id, None if a.of_programme else a.unit_id)) for a in assessments}
    return {pk: before for pk, before in found.items() if before}
