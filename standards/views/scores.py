"""Pages of averages: the heat map, what is behind a cell, the trend; each with its file, the map with its paper."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qa_portal.documents.models import EvidenceUse
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Programme
from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import XLSX, write_xlsx
from qa_portal.web import cells
from qa_portal.web.registry import registry

from .. import score_tables as tables
from .. import scores
from ..models import AreaAnswer, Cycle
from ..querysets.cycles import insider
from ..reports.scores import HeatMapPaper, trend_chart

#: so many of what rose and of what fell
SHOWN = 10


# -- what the address asks for ---------------------------------------------------------------------------------------
def _number(request: HttpRequest, name: str) -> int | None:
    """None when not asked for; what is no number is not there."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    return int(asked)


def _chosen(request: HttpRequest, name: str, cycles: list[Cycle]) -> Cycle | None:
    asked = _number(request, name)
    if asked is None:
        return None
    found = next((cycle for cycle in cycles if cycle.pk == asked), None)
    if found is None:
        raise Http404
    return found


def _insiders_only(request: HttpRequest) -> None:
    if not insider(request.user):
        raise Http404


def _one_of(request: HttpRequest, name: str, allowed: Any) -> str:
    asked = request.GET.get(name, "")
    if asked and asked not in allowed:
        raise Http404
    return asked


def _file(title: str, head: list[tuple[str, int]], rows: Any) -> HttpResponse:
    stream = io.BytesIO()
    write_xlsx(stream, title, head, rows)
    name = safe_name(f"{title} {timezone.localdate():%Y-%m-%d}", "xlsx")
    return HttpResponse(
        stream.getvalue(),
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _here(request: HttpRequest, **more: Any) -> str:
    """The same address with something changed."""
    asked = {key: value for key, value in {**request.GET.dict(), **more}.items() if value}
    return f"{request.path}?{urlencode(asked)}"


def _crumbs(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"label": _("Standards"), "url": reverse("standards:standards")}, *more]


# -- heat map -----------------------------------------------------------------------------------------------------------
def heat_map(request: HttpRequest) -> HttpResponse:
    """Units × standards of one cycle, or × the areas of one standard; programmes apart; change against another cycle."""
    _insiders_only(request)
    cycles = list(scores.cycles_for(request.user)[:20])
    empty = _("The averages of self-assessment will stand here once a cycle has been opened.")
    context = {
        "title": _("Heat map of self-assessment"),
        "crumbs": _crumbs(),
        "cycles": cycles,
        "empty": {"text": empty},
    }
    if not cycles:
        return render(request, "standards/scores/heat_map.html", context)
    cycle = _chosen(request, "cycle", cycles) or cycles[0]
    compared = _chosen(request, "compare", cycles)
    standard = _one_of(request, "standard", cycle.standards)
    programmes = _one_of(request, "of", ("units", "programmes")) == "programmes"
    found = scores.heat_map(cycle, request.user, programmes, standard)
    changes = scores.change(found, compared, request.user) if compared else {}
    grid = tables.Grid(found, changes, compared)
    title = f"{_('Heat map of self-assessment')} {cycle.year} {standard}".strip()
    if request.GET.get("export") == "xlsx":
        return _file(title, grid.sheet_head(), grid.sheet_rows())
    exports = [{"label": _("Excel file of what is shown"), "url": _here(request, export="xlsx")}]
    if not standard and not programmes:
        exports.append({"label": _("Paper (PDF)"), "url": reverse("standards:heat-map-print", args=[cycle.pk])})
    return render(
        request,
        "standards/scores/heat_map.html",
        {
            **context,
            "cycle": cycle,
            "compared": compared,
            "programmes": programmes,
            "standard": standard,
            "standards": scores.standard_heads(cycle) if standard else found.columns,
            "map": found,
            "grid": grid,
            "total": found.cell(found.total_lines[0]) if found.total_lines else None,
            "legend": tables.legend(),
            "other_edition": compared is not None and compared.edition_id != cycle.edition_id,
            "exports": exports,
            "empty": {
                "text": _("Nothing to show: your unit takes no part in this cycle, or nothing was assigned in it.")
            },
            **_moved(grid, changes),
        },
    )


def _moved(grid: tables.Grid, changes: dict[Any, Any]) -> dict[str, Any]:
    """What rose and what fell the most: single cells, without totals."""
    single = [change for (line, column), change in changes.items() if line > 0 and column != scores.ALL]
    rose, fell = scores.moved(single)
    names = {line.key: tables.named(line) for line in grid.lines}
    columns = {column.key: f"{column.label} {column.name}".strip() for column in grid.columns}
    return {
        "rose": tables.told(rose[:SHOWN], names, columns),
        "fell": tables.told(fell[:SHOWN], names, columns),
        "rose_count": len(rose),
        "fell_count": len(fell),
    }


def heat_map_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The heat map as a paper for the Council."""
    _insiders_only(request)
    cycle = get_object_or_404(scores.cycles_for(request.user), pk=pk)
    if registry.print_paper is None:
        raise Http404
    return registry.print_paper(request, HeatMapPaper.key, cycle)


def cell(request: HttpRequest) -> HttpResponse:
    """What is behind one cell: the answers of a unit (or programme) on the areas of one standard."""
    _insiders_only(request)
    cycle = _chosen(request, "cycle", list(scores.cycles_for(request.user)))
    standard, programme, unit = request.GET.get("standard", ""), _number(request, "programme"), _number(request, "unit")
    if cycle is None or (unit is None) == (programme is None):
        raise Http404
    behind = scores.answers_of([cycle], programme is not None).visible_to(request.user).filter(standard=standard)
    behind = behind.filter(assessment__programme=programme) if programme else behind.filter(unit=unit)
    rows = list(behind.select_related("area__standard", "assessment").order_by("area__place", "pk"))
    if not rows:
        raise Http404
    whose = Programme.objects.get(pk=programme) if programme else Unit.objects.get(pk=unit)
    found = scores.cell_of(behind, cycle)
    proofs = dict(
        EvidenceUse.objects.filter(
            record_type=ContentType.objects.get_for_model(AreaAnswer), record_id__in=[row.pk for row in rows]
        )
        .valid()
        .values_list("record_id")
        .annotate(n=Count("pk"))
    )
    asked = {"cycle": cycle.pk, **({"of": "programmes"} if programme else {})}
    return render(
        request,
        "standards/scores/cell.html",
        {
            "title": f"{standard} · {whose}",
            "cycle": cycle,
            "standard": rows[0].area.standard,
            "whose": whose,
            "cell": found,
            "sum": " + ".join(str(row.points) for row in rows if scores.enters(row, cycle) and row.points is not None),
            "css": tables.css(found),
            "rows": [
                {
                    "answer": row,
                    "state": cells.state(row),
                    "enters": scores.enters(row, cycle),
                    "proofs": proofs.get(row.pk, 0),
                }
                for row in rows
            ],
            "assessment": rows[0].assessment,
            "crumbs": _crumbs(
                {"label": _("Heat map"), "url": f"{reverse('standards:heat-map')}?{urlencode(asked)}"},
            ),
        },
    )


# -- trend ---------------------------------------------------------------------------------------------------------------
def trend(request: HttpRequest) -> HttpResponse:
    """Five years by standard or by unit, as a picture and as a table; what rose and what fell in the last of them."""
    _insiders_only(request)
    by_unit = _one_of(request, "by", ("standard", "unit")) == "unit"
    unit = _asked_unit(request)
    standard = request.GET.get("standard", "")
    codes = _codes(request)
    if standard and standard not in codes:
        raise Http404
    picked: Any
    if by_unit:
        found, picked = scores.trend(request.user, standard=standard, by_unit=True), unit.pk if unit else None
        whole = _("All units") if not standard else _("All units, %(standard)s") % {"standard": standard}
    else:
        found, picked = scores.trend(request.user, unit=unit), standard or None
        whole = str(unit) if unit else _("The university")
    years = tables.Years(found, by_unit, whole)
    title = _("Self-assessment over the years")
    if request.GET.get("export") == "xlsx":
        return _file(title, years.sheet_head(), years.sheet_rows())
    names = {line.key: tables.named(line) for line in years.lines}
    rose, fell = scores.moved(change for line in found.lines if (change := found.change(line.key)) is not None)
    key = "unit" if by_unit else "standard"
    return render(
        request,
        "standards/scores/trend.html",
        {
            "title": title,
            "crumbs": _crumbs({"label": _("Heat map"), "url": reverse("standards:heat-map")}),
            "by_unit": by_unit,
            "unit": unit,
            "standard": standard,
            "standards": codes,
            "units": _unit_choices(request),
            "years": years,
            "heads": [tables.year_label(cycle) for cycle in found.cycles],
            "body": years.body(_here(request, **{key: None}) + f"&{key}="),
            "chart": trend_chart(found, whole, picked, names.get(picked, "")) if found.cycles else None,
            "legend": tables.legend(),
            "rose": tables.told(rose[:SHOWN], names, {}),
            "fell": tables.told(fell[:SHOWN], names, {}),
            "last": found.cycles[-2:],
            "empty": {"text": _("Approved cycles will stand here; your own units once they have submitted.")},
            "exports": [{"label": _("Excel file of what is shown"), "url": _here(request, export="xlsx")}],
        },
    )


def _asked_unit(request: HttpRequest) -> Unit | None:
    asked = _number(request, "unit")
    if asked is None:
        return None
    unit = get_object_or_404(Unit, pk=asked)
    if not scores.sees_unit(request.user, unit):
        raise Http404
    return unit


def _unit_choices(request: HttpRequest) -> list[tuple[int, str]]:
    """The units whose figures this person sees."""
    units = Unit.objects.order_by("path")
    if not scores.sees_all(request.user):
        units = units.filter(pk__in=scores.own_ids(request.user))
    return units.labels()


def _codes(request: HttpRequest) -> list[str]:
    """Standards that were ever assessed here: of the newest cycle's edition and before."""
    held = scores.cycles_for(request.user).values_list("standards", flat=True)[: scores.YEARS]
    return sorted({code for codes in held for code in codes}, key=scores.in_order)
