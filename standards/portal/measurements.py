"""What values of indicators hand to shared pages: menu, desk, red values as signals, a panel, a chapter, a figure."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.dates.days import add_months
from qa_portal.people.roles import Role
from qa_portal.policy.registry import policy
from qa_portal.reports.blocks import Block
from qa_portal.web import cells
from qa_portal.web.registry import (
    Chapter,
    ChapterScope,
    DeskSource,
    MenuItem,
    Signal,
    Verb,
    chapter,
    desk,
    menu,
    panel,
    provable,
    registry,
    signal,
    verb,
)

from .. import boards
from ..board_blocks import LONG, MOST_CHARTS, blocks
from ..lights import Targets
from ..models import Indicator, Measurement
from ..owing import owed_by
from ..querysets.cycles import insider
from ..tables.measurements import light, spark, stale_mark, trend_words

provable(Measurement)
menu(MenuItem("indicator-board", _("Indicators at a glance"), "standards:indicator-board", "chart", 56, insider, True))


def _grid(code: str) -> str:
    return f"{reverse('standards:measurement-grid')}?indicator={code}"


# -- what waits -----------------------------------------------------------------------------------
def _owed_item(row: Any) -> dict[str, Any]:
    return {"label": row.name, "url": _grid(row.code), "meta": row.code, "due": cells.desk_due(row.period_end)}


desk(
    DeskSource(
        "values",
        _("Values of indicators to enter"),
        owed_by,
        _owed_item,
        lambda: reverse("standards:measurement-grid"),
        82,
    )
)
verb(
    Verb(
        _("Enter values of indicators"),
        lambda: reverse("standards:measurement-grid"),
        "edit",
        "",
        45,
        lambda person: person.standing.has(Role.UNIT_HEAD, Role.QUALITY_COORDINATOR),
    )
)


# -- red is a signal --------------------------------------------------------------------------------
def _since() -> datetime.date:
    return add_months(timezone.localdate(), -policy("standards.red_months"))


def _reds() -> Any:
    return Measurement.objects.red(_since()).select_related("indicator__responsible", "unit").order_by("-until", "pk")


def _draft(row: Measurement) -> dict[str, Any]:
    indicator = row.indicator
    found = Targets([indicator.pk]).of(indicator, row.target_year, row.unit_id)
    words = {
        "indicator": f"{indicator.code} {indicator.name}",
        "period": row.period,
        "value": boards.shown(indicator, row.value),
        "target": boards.shown(indicator, found.target) if found else "—",
        "standard": indicator.area or indicator.standard,
    }
    return {
        "title": gettext("Indicator beyond its threshold: %(indicator)s") % words,
        "description": gettext(
            "In %(period)s the indicator %(indicator)s is %(value)s, its target is %(target)s (%(standard)s)."
        )
        % words,
        "requirement": "",
        "area": indicator.area,
        "unit": row.unit or indicator.responsible,
        "severity": "minor",
        "source_kind": "kpi",
    }


signal(Signal("indicators.red", _("Indicators beyond their threshold"), _reds, _draft))


def _figures(person: Any) -> list[dict[str, Any]]:
    if not person.standing.quality_office:
        return []
    count = Measurement.objects.red(_since()).count()
    if not count:
        return []
    url = f"{reverse('standards:measurements')}?light=red&state=valid"
    return [{"label": gettext("Red indicators"), "value": count, "url": url, "tone": "overdue"}]


registry.figures.append(_figures)


# -- on the definition's page --------------------------------------------------------------------------
@panel(Indicator)
def _values(indicator: Indicator, request: Any) -> dict[str, Any] | None:
    """The university's value of this year (or of the year before, while this one has none), its target, light and trend."""
    if indicator.state not in (Indicator.IN_FORCE, Indicator.SUPERSEDED) or not insider(request.user):
        return None
    line = boards.lines([indicator], None, timezone.localdate().year, boards.TREND_YEARS)[0]
    if line.value is None:
        line = boards.lines([indicator], None, line.year - 1, boards.TREND_YEARS)[0]
    return {
        "title": gettext("Values"),
        "template": "standards/measurements/panel.html",
        "period": gettext("The university in %(year)s") % {"year": line.year},
        "value": boards.shown(indicator, line.value),
        "target": boards.shown(indicator, line.target.target) if line.target else "",
        "light": light(line.light),
        "late": stale_mark() if line.is_stale else "",
        "trend": spark([value for _year, value in line.trend], trend_words(indicator, line.trend)),
        "url": reverse("standards:indicator-values", args=[indicator.code]),
        "grid_url": _grid(indicator.code) if not indicator.formula and indicator.state == Indicator.IN_FORCE else "",
    }


# -- in reports --------------------------------------------------------------------------------------------
def make_chapter(scope: ChapterScope) -> list[Block]:
    """The same lines as the board of that year, for the unit or the university."""
    if scope.person is not None and not boards.sees_unit(scope.person, scope.unit):
        return []
    unit = scope.unit if scope.unit is not None and scope.unit.parent_id is not None else None
    unit_id = unit.pk if unit is not None else None
    found = boards.lines(boards.in_force(scope.standard), unit_id, scope.year)
    charts = MOST_CHARTS if len(found) <= LONG else 1
    return blocks(found, unit_id, str(unit) if unit else gettext("The university"), charts)


chapter(Chapter("indicators", _("Indicators"), 30, make_chapter))
