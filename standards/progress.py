"""How far the self-assessments of a cycle are: one truth for its page, for the report and for the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from .completeness import Progress
from .models import AreaAnswer, Assessment, Score

NOTHING = Progress(0, 0)
_ANSWERED = ~Q(score=Score.NOT_LOOKED) & (~Q(comment="") | Q(score=Score.NOT_APPLICABLE))


def answered(assessments: Iterable[int]) -> dict[int, Progress]:
    """{self-assessment: how many of its areas are answered}; one query."""
    rows = AreaAnswer.objects.live().filter(assessment__in=list(assessments)).order_by().values_list("assessment")
    found = rows.annotate(done=Count("pk", filter=_ANSWERED), all=Count("pk"))
    return {pk: Progress(done, total) for pk, done, total in found}


@dataclass(frozen=True)
class Line:
    """One unit or programme in the cycle."""

    assessment: Assessment
    progress: Progress
    late: bool


@dataclass(frozen=True)
class Standing:
    """The units and programmes that a person may see, and how many are in which state."""

    lines: list[Line]
    states: list[tuple[str, int]]
    late: int

    @property
    def progress(self) -> Progress:
        live = [line.progress for line in self.lines if line.assessment.state != Assessment.CANCELLED]
        return Progress(sum(p.answered for p in live), sum(p.total for p in live))


def standing(cycle: Any, person: Any) -> Standing:
    rows = Assessment.objects.visible_to(person).filter(cycle=cycle)
    found = list(rows.select_related("unit", "programme", "cycle", "lead").order_by("unit__path", "programme_id", "pk"))
    done, today = answered(a.pk for a in found), timezone.localdate()
    lines = [Line(a, done.get(a.pk, NOTHING), a.is_written and a.due < today) for a in found]
    counts = Counter(a.state for a in found)
    return Standing(
        lines,
        [(state, counts[state]) for state in Assessment.STATES if counts[state]],
        sum(line.late for line in lines),
    )
