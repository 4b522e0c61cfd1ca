"""Coverage of programmes by self-assessment: monitored ÷ planned in a cycle, and which were not asked (domain.md §2; N0 std 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa_portal.programmes.models import Programme

from .models import Assessment

MONITORED = (Assessment.VERIFIED, Assessment.APPROVED)


@dataclass(frozen=True)
class Coverage:
    """`monitored` ÷ `planned`; a programme counts once its self-assessment is verified."""

    all: int
    planned: int
    monitored: int
    #: asked, but not verified yet
    waiting: list[Programme]
    #: not asked at all
    missing: list[Programme]

    @property
    def share(self) -> int | None:
        """In whole percent, cut off: 100 % means all that were planned."""
        return 100 * self.monitored // self.planned if self.planned else None


def coverage(cycle: Any) -> Coverage:
    states = dict(
        Assessment.objects.live()
        .filter(cycle=cycle, programme__isnull=False)
        .order_by()
        .values_list("programme_id", "state")
    )
    programmes = list(Programme.objects.select_related("unit").order_by("unit__path", "code"))
    done = {pk for pk, state in states.items() if state in MONITORED}
    return Coverage(
        all=len(programmes),
        planned=len(states),
        monitored=len(done),
        waiting=[p for p in programmes if p.pk in states and p.pk not in done],
        missing=[p for p in programmes if p.pk not in states],
    )
