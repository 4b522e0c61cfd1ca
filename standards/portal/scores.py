"""What averages hand to other pages: a panel on a standard and on a unit, and a chapter of reports."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.web.registry import Chapter, chapter, panel

from .. import score_tables as tables
from .. import scores
from ..models import Standard
from ..reports import scores as papers

chapter(Chapter("self_assessment", _("Self-assessment"), 10, papers.chapter))
chapter(Chapter("heat_map", _("Heat map"), 5, papers.overview, by_standard=False))


def _panel(person: Any, address: str, **narrowed: Any) -> dict[str, Any] | None:
    """The last average with its step, the one before it, and where more is read."""
    if scores.insider(person):
        found = scores.last_two(person, **narrowed)
        last = [(cycle, found.cell(scores.WHOLE, cycle)) for cycle in reversed(found.cycles)]
        known = [(cycle, cell) for cycle, cell in last if cell.scored]
        if known:
            cycle, cell = known[0]
            change = found.change(scores.WHOLE)
            return {
                "title": gettext("Self-assessment"),
                "template": "standards/scores/panel.html",
                "score_year": tables.year_label(cycle),
                "score_cell": cell,
                "score_css": tables.css(cell),
                "score_change": change.shown if change else "",
                "score_before": change.before.shown if change else "",
                "score_provisional": cycle.state != cycle.APPROVED,
                "score_url": address,
            }
    return None


@panel(Standard)
def _on_standard(standard: Standard, request: Any) -> dict[str, Any] | None:
    return _panel(
        request.user, f"{reverse('standards:trend')}?by=unit&standard={standard.code}", standard=standard.code
    )


@panel(Unit)
def _on_unit(unit: Unit, request: Any) -> dict[str, Any] | None:
    return _panel(request.user, f"{reverse('standards:trend')}?unit={unit.pk}", unit=unit)
