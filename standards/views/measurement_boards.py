"""The grid for typing values, the values of one indicator over units and periods, the board of all indicators."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views import View
from modeltranslation.utils import resolution_order

from qa_portal.documents.querysets.library import own_units
from qa_portal.people.models import Unit
from qa_portal.permissions import Refused
from qa_portal.reports.base import safe_name
from qa_portal.reports.hooks import print_paper
from qa_portal.reports.sheets import XLSX, write_xlsx
from qa_portal.web import cells

from .. import boards
from ..boards import shown
from ..grids import CASES, VALUE, Cell, Grid, Row, name
from ..indicator_ways import ways
from ..lights import Targets
from ..measuring import Book, Entered
from ..mistakes import Mistakes
from ..models import Indicator
from ..periods import FIRST_YEAR, LAST_YEAR, Periods
from ..querysets.cycles import insider
from ..reports.measurements import BOARD, BoardAsked
from ..series import Point, definitions, stale, table
from ..tables.measurements import BoardTable, light, spark, stale_mark, trend_words

LAST_PERIODS, PER_PAGE, MOST_REASON = 12, 25, 1000


def asked_year(request: HttpRequest, otherwise: int) -> int:
    """The year of the address; an academic year begins in the one before, which must be a year of periods too."""
    text = request.GET.get("year", "")
    found = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return found if FIRST_YEAR < found <= LAST_YEAR else otherwise


def asked_standard(request: HttpRequest) -> str:
    return request.GET.get("standard", "").replace("\x00", "").strip().upper()[:4]


def asked_unit(request: HttpRequest, indicator: Indicator | None = None) -> Unit | None:
    """The unit of the address; None is the university. One whose values are not this person's to see is not there."""
    text = request.GET.get("unit", "")
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    unit = Unit.objects.visible_to(request.user).filter(pk=number).first()
    if unit is None or not boards.sees_unit(request.user, unit, indicator):
        raise Http404
    return unit if unit.parent_id is not None else None


def units_offered(seen: set[int] | None, chosen: Unit | None) -> SafeString:
    """The units whose values a person sees (None: all), as options of a list."""
    rows = Unit.objects.working().filter(parent__isnull=False)
    rows = rows if seen is None else rows.filter(pk__in=seen)
    marked = chosen.pk if chosen else 0
    return mark_safe(
        "".join(
            f'<option value="{pk}"{" selected" if pk == marked else ""}>{escape(label)}</option>'
            for pk, label in rows.labels()
        )
    )


# -- the grid -----------------------------------------------------------------------------------------------
class GridPage(View):
    """/standards/measurements/grid/: an indicator and a year, a table of inputs; only what was changed is sent and saved."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, self._book(request))

    @staticmethod
    def _book(request: HttpRequest) -> Book:
        return Book(request.user, [request.GET.get("indicator", "").strip().upper()[:20].replace("\x00", "")])

    def post(self, request: HttpRequest) -> HttpResponse:
        book, begun = self._book(request), timezone.now()
        grid = self._grid(request, book)
        if grid is None:
            raise Http404
        grid.read(request.POST)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:MOST_REASON]
        try:
            done = grid.save(request.user, reason, request.POST.get("seen", ""))
        except Mistakes as mistakes:
            # Who was told what somebody else has changed has seen it: the next press may replace it, with a reason.
            told = any(mistake.code == "meanwhile" for mistake in mistakes.found)
            seen = begun.isoformat() if told else request.POST.get("seen", "")
            return self._show(request, book, grid, 400, mistakes, reason, seen)
        messages.success(request, _entered(done))
        return redirect(f"{request.path}?indicator={grid.indicator.code}&year={grid.year}")

    def _grid(self, request: HttpRequest, book: Book) -> Grid | None:
        """The grid that is asked for; None where no indicator is chosen yet."""
        if not insider(request.user):
            raise Http404
        code = request.GET.get("indicator", "").strip().upper()
        if not code:
            return None
        indicator = book.indicators.get(code)
        if indicator is None or indicator.formula:
            raise Http404
        year = asked_year(request, book.periods.containing(indicator.period, book.day).year)
        grid = Grid(indicator, year, book)
        if not grid.rows:
            raise Refused(
                _(
                    "Only people of the responsible unit, of the units measured and the quality office give these values."
                )
            )
        return grid

    def _show(
        self, request: HttpRequest, book: Book, grid: Grid | None = None, status: int = 200,
        mistakes: Mistakes | None = None, reason: str = "", seen: str = "",
    ) -> HttpResponse:  # fmt: skip
        grid = grid or self._grid(request, book)
        context: dict[str, Any] = {
            "title": _("Enter values"),
            "choices": self._choices(request.user, grid.indicator.code if grid else ""),
            "chosen": grid.indicator.code if grid else "",
            "year": grid.year if grid else asked_year(request, book.day.year),
            "crumbs": [{"label": _("Values of indicators"), "url": reverse("standards:measurements")}],
        }
        if grid:
            context |= {
                "grid": grid,
                "rows": [_grid_row(row, grid) for row in grid.rows],
                "heads": [(span.label, span.words) for span in grid.spans],
                "wrong": len(mistakes.found) if mistakes else 0,
                "needs_reason": bool(mistakes and any(m.code == "different" for m in mistakes.found)),
                "reason": reason,
                # In the universal form of dates: what was changed later than this is somebody else's.
                "seen": seen or timezone.now().isoformat(),
                "measure": grid.indicator.get_measure_display(),
            }
        return render(request, "standards/measurements/grid.html", context, status=status)

    @staticmethod
    def _choices(person: Any, chosen: str) -> SafeString:
        """The indicators of which this person gives values for at least one unit, as options of a list."""
        rows = Indicator.objects.in_force().filter(formula="")
        if not person.standing.quality_office:
            mine = own_units(person)
            rows = rows.filter(Q(responsible__in=mine) | Q(reporters__unit__in=mine)).distinct()
        # Without making a record of each: there are hundreds.
        columns = [f"name_{code}" for code in resolution_order(get_language())]
        options = []
        for code, *names in rows.order_by("code").values_list("code", *columns):
            marked = " selected" if code == chosen else ""
            name = escape(next(filter(None, names), ""))
            options.append(f'<option value="{code}"{marked}>{code} {name}</option>')
        return mark_safe("".join(options))


def _entered(done: Entered) -> str:
    parts = []
    if done.added:
        parts.append(ngettext("%(n)s value entered", "%(n)s values entered", done.added) % {"n": done.added})
    if done.replaced:
        parts.append(ngettext("%(n)s corrected", "%(n)s corrected", done.replaced) % {"n": done.replaced})
    return ", ".join(parts) or _("Nothing was changed.")


def _grid_row(row: Row, grid: Grid) -> SafeString:
    """One row as text: sixty units of twelve months through the template engine would take most of the page's time."""
    label = escape(row.label)
    inputs = "".join([_grid_cell(label, cell, grid) for cell in row.cells])
    return mark_safe(f'<tr><th scope="row" class="main">{label}</th>{inputs}</tr>')


def _grid_cell(unit: str, cell: Cell, grid: Grid) -> str:
    label = f"{unit}, {escape(cell.span.words)}"
    told = {VALUE: "", CASES: ""}
    wrong = ""
    if cell.wrong:
        ident = f"e{cell.unit_id or 0}-{cell.span.label.replace('/', '-')}"
        words = " ".join(mistake.words for mistake in cell.wrong)
        # Marked is the input that has to be corrected.
        about_cases = grid.weighted and all(mistake.code.startswith("cases") for mistake in cell.wrong)
        told[CASES if about_cases else VALUE] = f' aria-invalid="true" aria-describedby="{ident}"'
        wrong = f'<p class="wrong" id="{ident}">{escape(words)}</p>'
    found = _input(VALUE, cell, label, told[VALUE])
    if grid.weighted:
        cases = escape(_("number of cases"))
        found += _input(CASES, cell, f"{label}: {cases}", told[CASES], f' placeholder="{cases}"')
    if cell.there is not None and cell.there.parts:
        rolled = shown(grid.indicator, cell.there.value, False)
        found += f'<span class="sub">{escape(_("from below"))}: {escape(rolled)}</span>'
    return f'<td data-label="{escape(cell.span.words)}"><div class="grid-cell">{found}{wrong}</div></td>'


def _input(kind: str, cell: Cell, label: str, told: str, hint: str = "") -> str:
    """What is stored is a number of ours; only what somebody has typed needs escaping."""
    stored = cell.stored(kind)
    text = escape(cell.typed[kind]) if kind in cell.typed else stored
    return (
        f'<input inputmode="decimal" autocomplete="off" size="8" maxlength="40"'
        f' name="{name(kind, cell.unit_id, cell.span.label)}" value="{text}" data-was="{stored}"'
        f' aria-label="{label}"{hint}{told}>'
    )


# -- one indicator ------------------------------------------------------------------------------------------
class IndicatorValues(View):
    """/standards/indicator-values/<code>/: chart of the university or a unit, and the last periods of all units seen."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        indicator = definitions([code]).get(code) if code.isprintable() else None
        if indicator is None or not Indicator.objects.visible_to(request.user).filter(pk=indicator.pk).exists():
            raise Http404
        unit = asked_unit(request, indicator)
        periods, day = Periods(), timezone.localdate()
        spans = periods.last(indicator.period, LAST_PERIODS, day)
        seen = boards.units_seen(request.user, indicator)
        targets, late = Targets([indicator.pk]), stale([indicator], periods, day).get(code, set())
        values = table(indicator, spans, None if seen is None else {*seen, None}, targets)
        unit_id = unit.pk if unit else None
        title = str(unit) if unit else _("The university")
        context = {
            "title": f"{indicator.code} {indicator.name}",
            "indicator": indicator,
            "unit": unit,
            "place": title,
            "chart": boards.periods_chart(indicator, spans, values, unit_id, title, targets),
            # The newest first: twelve terms are wider than a laptop, and the last one is what people look for.
            "heads": [(span.label, span.words) for span in reversed(spans)],
            "rows": _value_rows(indicator, [span.label for span in reversed(spans)], values, late, seen),
            "units": units_offered(seen, unit),
            "facts": _facts(indicator, targets, day.year, unit_id),
            "crumbs": [{"label": _("Indicators"), "url": reverse("standards:indicator-board")}],
            "grid_url": f"{reverse('standards:measurement-grid')}?indicator={code}" if not indicator.formula else "",
            "all_url": f"{reverse('standards:measurements')}?indicator={code}",
        }
        return render(request, "standards/measurements/indicator.html", context)


def _facts(indicator: Indicator, targets: Targets, year: int, unit_id: int | None) -> list[dict[str, Any]]:
    found = targets.of(indicator, year, unit_id)
    rows = [
        cells.fact(_("Unit of measure"), indicator.get_measure_display()),
        cells.fact(_("Direction"), indicator.get_direction_display()),
        cells.fact(_("Source of data"), indicator.source),
        cells.fact(_("Roll-up"), indicator.get_roll_up_display()),
        cells.fact(_("Responsible unit"), str(indicator.responsible)),
        cells.fact(_("Target of the year %(year)s") % {"year": year}, shown(indicator, found.target) if found else ""),
    ]
    if indicator.formula:
        rows.append(cells.fact(_("Source of values"), _("computed by the portal")))
    return rows


def _value_rows(
    indicator: Indicator, labels: list[str], values: dict[tuple[int | None, str], Point], late: set[int | None],
    seen: set[int] | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The university first, then the units with a value or a debt, in the order of the tree; each its cells as text."""
    with_values = {unit for unit, _label in values} | late
    shown_units = {unit for unit in with_values if unit and (seen is None or unit in seen)}
    # The root of the tree is the university itself, which has the first row already.
    names = dict(Unit.objects.filter(pk__in=shown_units, parent__isnull=False).order_by("path").labels())
    units: list[int | None] = [None, *names]
    records = reverse("standards:measurements")
    lights = {code: light(code) for code in ("green", "amber", "red", "none")}
    rows = []
    for unit in units:
        drawn = []
        for label in labels:
            value = values.get((unit, label))
            if value is None:
                drawn.append(f'<td class="number" data-label="{label}"></td>')
                continue
            figures = escape(shown(indicator, value.value, measure=False))
            text = f'<a href="{records}{value.pk}/">{figures}</a>' if value.pk else f"<i>{figures}</i>"
            drawn.append(f'<td class="number" data-label="{label}"><span>{text} {lights[value.light]}</span></td>')
        rows.append(
            {
                "label": names.get(unit or 0) or _("The university"),
                "url": f"?unit={unit}" if unit else "?",
                "late": stale_mark() if unit in late else "",
                "cells": mark_safe("".join(drawn)),
            }
        )
    return rows


# -- the board ---------------------------------------------------------------------------------------------
class Board(View):
    """/standards/indicator-board/: all indicators in force in a year, for one unit or the university."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not insider(request.user):
            raise Http404
        unit, year = asked_unit(request), asked_year(request, timezone.localdate().year)
        standard = asked_standard(request)
        rows = boards.in_force(standard)
        unit_id = unit.pk if unit else None
        if request.GET.get("export") == "xlsx":
            return self._sheet(boards.lines(rows, unit_id, year), year)
        number = _page(request)
        found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
        lines = boards.lines(found[:PER_PAGE], unit_id, year, boards.TREND_YEARS)
        query = request.GET.copy()
        for key in ("page", "export"):
            query.pop(key, None)
        kept = query.urlencode()
        standards = Indicator.objects.in_force().exclude(standard="").order_by("standard")
        context = {
            "title": _("Indicators"),
            "unit": unit,
            "year": year,
            "standard": standard,
            "years": range(timezone.localdate().year + 1, timezone.localdate().year - 6, -1),
            "standards": sorted(set(standards.values_list("standard", flat=True)), key=lambda code: (len(code), code)),
            "units": units_offered(boards.units_seen(request.user), unit),
            "rows": [_board_row(line, unit_id) for line in lines],
            "ways": ways(
                request.user, "indicators", "indicator-sets", "measurements", "measurement-imports", "ratings"
            ),
            "pager": {
                "number": number,
                "prev_url": f"?{kept}&page={number - 1}" if number > 1 else "",
                "next_url": f"?{kept}&page={number + 1}" if len(found) > PER_PAGE else "",
            },
            "exports": [{"label": _("Excel (XLSX)"), "url": f"?{kept}&export=xlsx"}],
            "print_url": f"{reverse('standards:indicator-board-print')}?{kept}",
        }
        return render(request, "standards/measurements/board.html", context)

    @staticmethod
    def _sheet(lines: list[boards.Line], year: int) -> HttpResponse:
        stream = io.BytesIO()
        columns = BoardTable.columns
        head = [(str(column.label), column.width) for column in columns]
        write_xlsx(stream, str(year), head, ([column.value(line) for column in columns] for line in lines))
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
        file_name = safe_name(f"{_('Indicators')} {year}", "xlsx")
        response["Content-Disposition"] = content_disposition_header(True, file_name) or ""
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return max(1, min(int(asked[:5]), 1000)) if asked.isascii() and asked.isdigit() else 1


def _board_row(line: boards.Line, unit_id: int | None) -> SafeString:
    row = line.indicator
    url = reverse("standards:indicator-values", args=[row.code]) + (f"?unit={unit_id}" if unit_id else "")
    words = trend_words(row, line.trend)
    fields = [
        ("main", "", format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, row.name, row.code)),
        ("number", _("Value"), shown(row, line.value)),
        ("number", _("Target"), shown(row, line.target.target) if line.target else "—"),
        ("", pgettext("traffic light", "Light"), light(line.light)),
        ("", _("Trend"), spark([value for _year, value in line.trend], words)),
        ("", "", stale_mark() if line.is_stale else ""),
    ]
    return mark_safe(
        "<tr>"
        + "".join(
            f'<td class="{css}" data-label="{escape(label)}">{conditional_escape(value)}</td>'
            for css, label, value in fields
        )
        + "</tr>"
    )


class BoardPrint(View):
    """The board on paper, with the charts of the years."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not insider(request.user):
            raise Http404
        unit, year = asked_unit(request), asked_year(request, timezone.localdate().year)
        standard = asked_standard(request)
        return print_paper(request, BOARD, BoardAsked(unit.pk if unit else None, year, standard))
