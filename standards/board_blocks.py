"""The board of indicators as blocks of a report: a table with lights, and a chart for each that has a trend."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_portal.reports.blocks import Block, Heading, Picture, Table, Text
from qa_portal.web import charting

from .boards import Line, shown, trend_chart
from .lights import Targets

#: of one standard: a report goes through eleven of them, and each picture costs paper, time and memory
MOST_CHARTS = 2
#: a table of more lines than this takes enough of the paper: one picture stands with it
LONG = 12
URGENT = {"red": 0, "amber": 1}


def blocks(lines: Sequence[Line], unit_id: int | None, name: str, charts: int = MOST_CHARTS) -> list[Block]:
    """What the lines of a board say; nothing when there is neither a value nor a target."""
    if not any(line.value is not None or line.target is not None for line in lines):
        return []
    head = (_("Indicator"), _("Value"), _("Target"), pgettext("traffic light", "Light"), _("Year before"))
    rows = tuple(
        (
            f"{line.indicator.code} {line.indicator.name}",
            shown(line.indicator, line.value) + (f" ({_('late')})" if line.is_stale else ""),
            shown(line.indicator, line.target.target) if line.target else "—",
            charting.light_word(line.light),
            shown(line.indicator, line.trend[-2][1]) if len(line.trend) > 1 else "—",
        )
        for line in lines
    )
    lights = tuple("" if line.light == "none" else line.light for line in lines)
    found: list[Block] = [Table(head, rows, numeric=(1, 2, 4), lights=lights)]
    drawn = [line for line in lines if line.has_trend]
    if drawn and charts:
        found.append(Heading(_("Trends"), 3))
        targets = Targets(line.indicator.pk for line in drawn)
        # Where something is to be done comes first; the order of the codes holds among equals.
        drawn.sort(key=lambda line: URGENT.get(line.light, len(URGENT)))
        found += [Picture(trend_chart(line, name, unit_id, targets)) for line in drawn[:charts]]
        if len(drawn) > charts:
            found.append(Text(_("The %(n)s charts furthest from their targets are shown.") % {"n": charts}, quiet=True))
    return found
