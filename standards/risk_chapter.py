"""The chapter on risks: the greatest of the standard with their measures, counts before and after, what came true."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _

from qa_portal.reports.blocks import Block, Table, Text
from qa_portal.web import cells
from qa_portal.web.registry import ChapterScope

from .models import RiskEvent, RiskMeasure, UnitRisk
from .risk_levels import LIGHTS, WORDS, light, said
from .risk_matrix import BEFORE, NOW, matrix

GREATEST = 10
SHORT = 200


def rows_of(scope: ChapterScope) -> Any:
    """The risks that the chapter speaks of; for nobody in particular those of the whole university."""
    rows = UnitRisk.objects.all() if scope.person is None else UnitRisk.objects.visible_to(scope.person)
    if scope.standard:
        rows = rows.filter(standard=scope.standard)
    return rows.filter(unit__path__startswith=scope.unit.path) if scope.unit is not None else rows


def blocks(scope: ChapterScope) -> list[Block]:
    rows = rows_of(scope)
    live = rows.live()
    count = live.count()
    events = _events(scope, rows)
    if not count and not events:
        return []
    unrated = live.filter(likelihood__isnull=True).count()
    chances = live.filter(kind=UnitRisk.Kind.OPPORTUNITY).count()
    said_of_all = _("In the registers of units: %(all)s. Not rated yet: %(unrated)s. Opportunities: %(chances)s.") % {
        "all": count,
        "unrated": unrated,
        "chances": chances,
    }
    return [Text(said_of_all), *_counts(rows), *_greatest(live), *events]


def _counts(rows: Any) -> list[Block]:
    risks = rows.exclude(kind=UnitRisk.Kind.OPPORTUNITY)
    before, now = matrix(risks, BEFORE), matrix(risks, NOW)
    if not now.total:
        return []
    lines = tuple((str(WORDS[name]), str(before.by_light[name]), str(now.by_light[name])) for name in LIGHTS)
    head = (_("Level"), _("Before measures"), _("After measures"))
    return [Table(head, lines, _("Risks before and after measures"), (1, 2), LIGHTS)]


def _greatest(live: Any) -> list[Block]:
    measures = RiskMeasure.objects.exclude(state=RiskMeasure.CANCELLED).order_by("due", "pk")
    rows = live.exclude(kind=UnitRisk.Kind.OPPORTUNITY).filter(level__isnull=False).select_related("unit").with_words()
    found = list(rows.order_by(F("level").desc(), "pk").prefetch_related(Prefetch("measures", measures))[:GREATEST])
    if not found:
        return []
    lines = tuple(
        (
            risk.number,
            risk.brief,
            str(risk.unit),
            f"{risk.level_before}",
            said(risk.level),
            "; ".join(f"{m.brief} ({m.state_label})" for m in risk.measures.all()) or "—",
        )
        for risk in found
    )
    head = (_("No."), _("What may happen"), _("Unit"), _("Before measures"), _("Level now"), _("Measures"))
    return [Table(head, lines, _("The greatest risks"), (3,), tuple(light(risk) for risk in found))]


def _events(scope: ChapterScope, rows: Any) -> list[Block]:
    events = RiskEvent.objects.filter(risk__in=rows.order_by().values("pk"), on__range=(scope.since, scope.until))
    lines = []
    for event in events.select_related("risk__unit").with_words():
        event.risk.catalogue = event.catalogue  # type: ignore[attr-defined]
        text = " ".join(event.text.split())
        lines.append((cells.date(event.on), str(event.risk), str(event.risk.unit), text[:SHORT]))
    head = (_("When"), _("Risk"), _("Unit"), _("What happened"))
    return [Table(head, tuple(lines), _("Risks that came true"))] if lines else []
