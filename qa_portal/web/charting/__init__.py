"""How a chart is drawn: places, paths and words of a `Chart`, worked out here, written as SVG by `parts/charts/*.svg`.

The same picture stands on the page and on paper. Colours are attributes (paper, light) that the classes of charts.css
replace on pages (themes). Nothing rests on colour: series differ by dash and mark, lights by letter, shape and hatching.
Numbers go to the templates as text, because a template would write 1.5 as «1,5».
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..charts import AROUND, BAR, DIVERGING, LINE, Chart, Point
from .bars import bar
from .diverging import diverging
from .lines import line
from .words import labels_of, light_letter, light_word, said, written

__all__ = ["NARROW", "WIDE", "has_values", "light_letter", "light_word", "said", "summary", "svg", "table", "written"]

NARROW = 360
#: drawn for a screen of this width and wider; below it the narrow picture stands in
WIDE = 720
_DRAWN: dict[str, tuple[Any, str]] = {
    LINE: (line, "parts/charts/line.svg"),
    BAR: (bar, "parts/charts/bar.svg"),
    DIVERGING: (diverging, "parts/charts/diverging.svg"),
    AROUND: (diverging, "parts/charts/diverging.svg"),
}


def summary(chart: Chart) -> str:
    """What the picture shows, for those who do not see it: each series from its first to its last value."""
    parts = []
    for series in chart.series:
        known = [p for p in series.points if p.value is not None]
        if known and chart.kind == LINE and len(known) > 1:
            parts.append(
                _("%(name)s: from %(first)s (%(since)s) to %(last)s (%(until)s).")
                % {
                    "name": series.name or chart.title,
                    "first": said(chart, known[0].value),
                    "since": known[0].label,
                    "last": said(chart, known[-1].value),
                    "until": known[-1].label,
                }
            )
        elif known:
            values = [p.value for p in known if p.value is not None]
            parts.append(
                _("%(name)s: %(n)s values, from %(low)s to %(high)s.")
                % {
                    "name": series.name or chart.title,
                    "n": len(known),
                    "low": said(chart, min(values)),
                    "high": said(chart, max(values)),
                }
            )
    return " ".join(parts) or _("Nothing was measured yet.")


def svg(chart: Chart, width: int = WIDE, for_paper: bool = False) -> SafeString:
    """The picture. For paper: with its size, without links; for pages: it fills its place."""
    draw, template = _DRAWN[chart.kind]
    linked = not for_paper and any(point.url for series in chart.series for point in series.points)
    context = {**draw(chart, width), "chart": chart, "summary": summary(chart), "paper": for_paper, "linked": linked}
    return mark_safe(render_to_string(template, context).strip())


def table(chart: Chart) -> dict[str, Any]:
    """The same values as a table: a row a label, a column a series."""
    columns = [{p.label: p for p in reversed(s.points)} for s in chart.series]
    rows = []
    for label in labels_of(chart):
        cells = []
        for column in columns:
            point = column.get(label) or Point(label, None)
            about = [part for part in (light_word(point.light), point.note) if part]
            cells.append({"text": said(chart, point.value), "about": " · ".join(about), "url": point.url})
        rows.append({"label": label, "cells": cells})
    return {"names": [s.name or chart.title for s in chart.series], "rows": rows}


def has_values(chart: Chart) -> bool:
    return any(point.value is not None for series in chart.series for point in series.points)
