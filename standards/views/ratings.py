"""Pages of rating formulas and ratings, as declarations; a rating as a table file."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import XLSX, write_xlsx
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages
from qa_portal.web.pages.reading import find

from ..filters.ratings import RatingFilters, RatingFormulaFilters
from ..forms.ratings import RatingForm, RatingFormulaForm
from ..indicator_ways import ways
from ..models import Indicator, Rating, RatingFormula
from ..rated import chart_of, missing, names_of, unit_name
from ..tables.ratings import RatingFormulaTable, RatingTable


class RatingFormulaPages(RecordPages):
    model = RatingFormula
    slug, plural = "rating-formula", "rating-formulas"
    title, kind = _("Rating formulas"), _("Rating formula")
    lead = _("Which indicators count in the rating of units, and how much. A formula is approved by a body.")
    table, filters, form = RatingFormulaTable, RatingFormulaFilters, RatingFormulaForm
    add_label = _("Prepare a formula")
    empty = _("Here will stand the formulas by which units are rated, version by version.")
    clause = "N2 §9.3"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "ratings")

    def heading(self, record: Any) -> tuple[str, str]:
        return f"v{record.version}", record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        total = sum(record.weights.values())
        known = _definitions(record.weights, request.user)
        rows = [
            {
                "code": code,
                "indicator": known.get(code),
                "weight": weight,
                "share": number_format(Decimal(weight * 100) / total, 1),
            }
            for code, weight in sorted(record.weights.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        found = [
            {
                "id": "weights",
                "title": _("Weights"),
                "template": "standards/ratings/weights.html",
                "rows": rows,
            }
        ]
        return [*found, prose("note", _("Note"), record.note)] if record.note else found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Version"), str(record.version)),
            fact(_("Which units are compared"), record.get_unit_kind_display()),
            fact(_("Approved on"), cells.date(record.approved_on)) if record.approved_on else None,
            fact(_("Decision"), record.basis) if record.basis else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = record.ratings.visible_to(request.user).exclude(state=Rating.CANCELLED).select_related("formula")
        return [
            {"relation": _("Rating made by it"), "label": str(row), "url": row.get_absolute_url()} for row in rows[:10]
        ]


def _definitions(codes: Any, person: Any) -> dict[str, Indicator]:
    """By code the newest definition that was approved."""
    rows = Indicator.objects.visible_to(person).filter(
        code__in=list(codes), state__in=(Indicator.IN_FORCE, Indicator.SUPERSEDED)
    )
    return {row.code: row for row in rows.order_by("set__version")}


class RatingPages(RecordPages):
    model = Rating
    slug, plural = "rating", "ratings"
    title, kind = _("Rating of units"), _("Rating of units")
    lead = _("Units compared by their indicators of a year. A rating keeps its figures and its formula for ever.")
    table, filters, form = RatingTable, RatingFilters, RatingForm
    add_label = _("Make a rating")
    empty = _("Here will stand the ratings of units, year by year.")
    clause = "N2 §9.3"
    related = ("formula",)
    printed = "standards.rating"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "indicator-board", "rating-formulas")

    def heading(self, record: Any) -> tuple[str, str]:
        return str(record.year), record.formula.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        known = _definitions({part["code"] for row in record.rows for part in row["parts"]}, request.user)
        rows = [_line(row, known) for row in record.rows]
        return [
            {
                "id": "places",
                "title": pgettext("in a rating", "Places"),
                "template": "standards/ratings/places.html",
                "chart": chart_of(record),
                "rows": rows,
                "xlsx": reverse("standards:rating-table", args=[record.pk]),
            },
            {
                "id": "parts",
                "title": _("Where the scores come from"),
                "template": "standards/ratings/parts_of_scores.html",
                "rows": rows,
            },
        ]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        made_by = record.created_by.get_full_name() if record.created_by else ""
        formula = record.formula
        return facts(
            fact(_("Year"), str(record.year)),
            fact(_("Which units are compared"), formula.get_unit_kind_display()),
            fact(_("Formula"), cells.link(formula.get_absolute_url(), str(formula))),
            fact(_("Made by"), made_by),
            fact(_("Published on"), cells.date(record.published_on)) if record.published_on else None,
        )

    def urls(self) -> list[URLPattern]:
        own = path(f"{self.plural}/<int:pk>/table/", RatingTableFile.as_view(pages=self), name="rating-table")
        return [own, *super().urls()]


def _said(text: str | None) -> str:
    return "" if text is None else number_format(text)


def _line(row: dict[str, Any], known: dict[str, Indicator]) -> dict[str, Any]:
    parts = [
        {
            "code": part["code"],
            "indicator": known.get(part["code"]),
            "weight": part["weight"],
            "value": _said(part["value"]),
            "index": _said(part["index"]),
        }
        for part in row["parts"]
    ]
    return {
        "place": row["place"],
        "name": unit_name(row),
        "score": _said(row["score"]),
        "parts": parts,
        "missing": ", ".join(missing(row)),
    }


class RatingTableFile(View):
    """GET …/table/: the rating with every value and index as a spreadsheet."""

    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rating = find(self.pages, request.user, pk)
        names = names_of(rating)
        codes = [part["code"] for part in rating.rows[0]["parts"]] if rating.rows else []
        head = [(pgettext("in a rating", "Place"), 8), (gettext("Unit"), 40), (gettext("Score"), 10)]
        for code in codes:
            name = f"{code} {names.get(code, '')}".strip()
            head += [(name, 30), (gettext("%(code)s: index") % {"code": code}, 14)]
        rows = [
            [
                row["place"],
                unit_name(row),
                _decimal(row["score"]),
                *(_decimal(part[key]) for part in row["parts"] for key in ("value", "index")),
            ]
            for row in rating.rows
        ]
        stream = io.BytesIO()
        title = str(rating)
        write_xlsx(stream, title, head, rows)
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = content_disposition_header(True, safe_name(title, "xlsx")) or ""
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
