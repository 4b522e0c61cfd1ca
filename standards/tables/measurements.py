"""Columns of the registers of values and of tables handed in; small pieces that show a light, a value, a trend."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qa_portal.web import cells, charting
from qa_portal.web.tables import Column, Table

from ..boards import shown
from ..lights import TONES
from ..models import Indicator

SPARK_WIDTH, SPARK_HEIGHT = 84, 22


def light(code: str) -> SafeString:
    """A light as letter and word on its colour; nothing where there is no target."""
    return _light(code, get_language())


@functools.lru_cache(maxsize=100)
def _light(code: str, language: str | None) -> SafeString:
    if code not in ("green", "amber", "red"):
        return mark_safe("")
    words = f"{charting.light_letter(code)} · {charting.light_word(code)}"
    # The letter stands in the icon's place: a table has hundreds of them.
    return format_html('<span class="state state--{}">{}</span>', TONES[code], words)


def stale_mark() -> SafeString:
    return cells.badge(gettext("late"), "waiting", "clock")


def _place(value: float) -> str:
    """A coordinate, with a point in every language."""
    return f"{value:.1f}"


def spark(values: Sequence[Any], words: str) -> SafeString:
    """A small line of some values, gaps left out; `words` says the same to those who do not see it."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(v for _p, v in known), max(v for _p, v in known)
    step, room = (SPARK_WIDTH - 4) / (len(values) - 1), SPARK_HEIGHT - 4
    points = [
        (2 + place * step, 2 + room * (1 - (value - low) / (high - low)) if high > low else SPARK_HEIGHT / 2)
        for place, value in known
    ]
    path = " ".join(f"{_place(x)},{_place(y)}" for x, y in points)
    x, y = points[-1]
    return mark_safe(
        f'<svg role="img" aria-label="{escape(words)}" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}"'
        f' viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}"><title>{escape(words)}</title>'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        f'<circle cx="{_place(x)}" cy="{_place(y)}" r="2" fill="currentColor"/></svg>'
    )


def _person(value: Any) -> str:
    return value.get_short_name() if value else ""


def _who(row: Any) -> str:
    return _person(row.created_by) or gettext("The portal")


def _unit(row: Any) -> str:
    return str(row.unit) if row.unit_id else gettext("The university")


_STATE = Column("state", _("State"), lambda r: str(r.state_label), cells.state, sort=("state",))


class MeasurementTable(Table):
    columns = (
        Column("code", _("Code"), lambda r: r.code, sort=("code",), page=False),
        Column(
            "indicator",
            _("Indicator"),
            lambda r: r.indicator.name,
            lambda r: cells.link(r.get_absolute_url(), r.indicator.name, r.code),
            sort=("code", "until"),
            css="main",
            width=60,
        ),
        Column("unit", _("Unit"), _unit, sort=("unit__path",), width=40),
        Column("period", _("Period"), lambda r: r.period, sort=("until", "period"), css="nowrap"),
        Column("value", _("Value"), lambda r: r.value, lambda r: escape(shown(r.indicator, r.value)), css="number"),
        Column("measure", _("Unit of measure"), lambda r: str(r.indicator.get_measure_display()), page=False),
        Column(
            "light",
            pgettext_lazy("traffic light", "Light"),
            lambda r: charting.light_word(r.light),
            lambda r: light(r.light),
        ),
        _STATE,
        Column("who", _("Given by"), _who),
        Column("weight", _("Number of cases"), lambda r: r.weight, page=False),
        Column("origin", _("How it came"), lambda r: str(r.get_origin_display()), page=False),
        Column("note", _("Note"), lambda r: r.note, page=False, width=40),
        Column("corrected", _("Corrected on"), lambda r: r.corrected_on, page=False),
        Column("corrected_by", _("Corrected by"), lambda r: _person(r.corrected_by), page=False),
        Column("entered", _("Entered"), lambda r: r.created_at, page=False),
    )


class ImportTable(Table):
    columns = (
        Column(
            "file",
            _("Table"),
            lambda r: r.file_name,
            lambda r: cells.link(r.get_absolute_url(), r.file_name),
            sort=("file_name",),
            css="main",
            width=50,
        ),
        Column("who", _("Handed in by"), lambda r: _person(r.created_by)),
        Column("entered", _("Handed in"), lambda r: r.created_at, lambda r: cells.date(r.created_at), ("created_at",)),
        _STATE,
        Column("rows", _("New values"), lambda r: r.rows, sort=("rows",), css="number"),
        Column("replaced", _("Corrected values"), lambda r: r.replaced, css="number"),
        Column("skipped", _("Were there already"), lambda r: r.skipped, css="number"),
        Column("mistakes", _("Mistakes"), lambda r: len(r.mistakes), page=False),
    )


def _rounded(line: Any, value: Decimal | None) -> Decimal | None:
    """The figure that the page shows, as a number: a mean of many values has no end of decimals."""
    if value is None:
        return None
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-line.indicator.decimals), ROUND_HALF_UP)


class BoardTable(Table):
    """The board as a sheet: the same lines as on the page."""

    columns = (
        Column("code", _("Code"), lambda line: line.indicator.code, width=14),
        Column("name", _("Indicator"), lambda line: line.indicator.name, width=60),
        Column("standard", _("Standard"), lambda line: line.indicator.standard or line.indicator.area.split(".")[0]),
        Column("measure", _("Unit of measure"), lambda line: str(line.indicator.get_measure_display())),
        Column("value", _("Value"), lambda line: _rounded(line, line.value)),
        Column("target", _("Target"), lambda line: line.target.target if line.target else None),
        Column("light", pgettext_lazy("traffic light", "Light"), lambda line: charting.light_word(line.light)),
        Column(
            "last", _("Year before"), lambda line: _rounded(line, line.trend[-2][1]) if len(line.trend) > 1 else None
        ),
        Column("stale", _("Late"), lambda line: gettext("yes") if line.is_stale else ""),
    )


def trend_words(indicator: Indicator, trend: Sequence[tuple[int, Any]]) -> str:
    return capfirst("; ".join(f"{year}: {shown(indicator, value)}" for year, value in trend))
