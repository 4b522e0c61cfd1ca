"""Pages of risks, their measures and context sheets, as declarations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.charts import Chart, Point, Series
from qa_portal.web.pages import RecordPages

from .. import risk_levels
from ..filters.risks import ContextSheetFilters, RiskMeasureFilters, UnitRiskFilters
from ..forms.risks import ContextSheetForm, MeasureForm, UnitRiskForm
from ..models import CatalogueRisk, ContextSheet, RiskMeasure, UnitRisk
from ..tables.risks import ContextSheetTable, RiskMeasureTable, UnitRiskTable

#: a title of a risk made of a line of a sheet
MOST_TITLE = 300


def number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def control(person: Any, right: str, record: Any, url: str, label: Any) -> dict[str, Any]:
    """A button to a page that adds something, or the sentence why not."""
    why_not = refusal(person, right, record)
    return {"url": url, "label": label, "allowed": not why_not, "why_not": why_not or ""}


def may_start(person: Any) -> bool:
    return refusal(person, "standards.start_unit_risk", UnitRisk()) is None


class UnitRiskPages(RecordPages):
    model = UnitRisk
    slug, plural = "unit-risk", "unit-risks"
    title, kind = _("Risks and opportunities"), _("Risk")
    lead = _("What may keep each unit from its aims or help it, how great it is, and what is done about it.")
    table, filters, form = UnitRiskTable, UnitRiskFilters, UnitRiskForm
    add_label = _("Add a risk or an opportunity")
    empty = _(
        "Here will stand the risks, opportunities and potential nonconformities of units. Begin with those of the catalogue."
    )
    clause = "N0 §2; N2 §6.1"
    related = ("unit", "owner")
    list_defer = ("text", "consequence", "existing")

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_words().with_measures().now()

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            {"label": _("Matrix"), "url": reverse("standards:risk-matrix"), "icon": "grid"},
            {"label": _("Context sheets"), "url": reverse("standards:context-sheets"), "icon": "world"},
        ]
        if not request.user.standing.outsider:
            found.append({"label": _("Rate many"), "url": reverse("standards:risks-rate"), "icon": "scale"})
        if may_start(request.user):
            found.append(
                {"label": _("Start from the catalogue"), "url": reverse("standards:risks-start"), "icon": "play"}
            )
        return found

    def heading(self, record: Any) -> tuple[str, str]:
        return record.number, record.words

    def new(self, request: HttpRequest) -> UnitRisk:
        # The right hangs on the unit: the one that is sent, the one asked for, else the person's own.
        asked = request.POST.get("unit") or request.GET.get("unit", "")
        known = asked.isascii() and asked.isdigit() and len(asked) < 19
        unit = Unit.objects.filter(pk=asked).first() if known else None
        return UnitRisk(unit=unit) if unit is not None else UnitRisk()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        texts = (
            ("text", _("What may cause it"), record.text),
            ("consequence", _("What would follow"), record.consequence),
            ("existing", _("What is in place already"), record.existing),
        )
        found = [prose(ident, title, text) for ident, title, text in texts if text]
        if record.mitigation:
            found.append(prose("mitigation", _("What lessens it, by the catalogue"), record.mitigation))
        return [*found, self._rating(record), self._measures(record, request.user), *self._events(record)]

    def _rating(self, record: UnitRisk) -> dict[str, Any]:
        ratings = list(record.ratings.select_related("by"))
        return {
            "id": "rating",
            "title": _("How great it is"),
            "template": "standards/risks/rating.html",
            "before": risk_levels.badge(record.level_before, record.kind),
            "after": risk_levels.badge(record.level_after, record.kind) if record.level_after else "",
            "before_factors": risk_levels.factors(record.likelihood, record.impact),
            "after_factors": risk_levels.factors(record.likelihood_after, record.impact_after),
            "rows": [
                {
                    "rating": row,
                    "level": risk_levels.badge(row.likelihood * row.impact, record.kind),
                    "factors": risk_levels.factors(row.likelihood, row.impact),
                }
                for row in reversed(ratings)
            ],
            "chart": _chart(record, ratings) if len(ratings) > 1 else None,
        }

    def _measures(self, record: UnitRisk, person: Any) -> dict[str, Any]:
        rows = record.measures.select_related("owner").order_by("due", "pk")
        add = f"{reverse('standards:risk-measure-add')}?risk={record.pk}"
        blank = RiskMeasure(risk=record)
        return {
            "id": "measures",
            "title": _("Measures"),
            "template": "standards/risks/measures.html",
            "rows": [{"row": m, "state": cells.state(m), "due": cells.due(m.due, m.deadline_counts)} for m in rows],
            "add": control(person, "standards.add_risk_measure", blank, add, _("Add a measure"))
            if record.is_live
            else None,
        }

    def _events(self, record: UnitRisk) -> list[dict[str, Any]]:
        rows = list(record.events.select_related("by"))
        title = _("It came true")
        return (
            [{"id": "events", "title": title, "template": "standards/risks/events.html", "rows": rows}] if rows else []
        )

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return facts(
            fact(_("Kind"), record.get_kind_display()),
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Owner"), record.owner.get_full_name() if record.owner else ""),
            fact(_("Level now"), risk_levels.badge(record.level, record.kind)),
            fact(_("Next review"), cells.due(record.review_on, record.is_live)),
            fact(_("Last review"), cells.date(record.reviewed_on)) if record.reviewed_on else None,
            fact(_("Standard"), record.standard) if record.standard else None,
            fact(_("Closed on"), cells.date(record.closed_on)) if record.closed_on else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if not record.catalogue_code:
            return []
        part = CatalogueRisk.objects.in_force().filter(code=record.catalogue_code).select_related("standard").first()
        url = part.get_absolute_url() if part else ""
        return [{"relation": _("Risk of the catalogue"), "label": record.catalogue_code, "url": url}]


def _chart(record: UnitRisk, ratings: list[Any]) -> Chart:
    """The level over the ratings, before and after measures; from 0 to 25."""

    def points(after: bool) -> tuple[Point, ...]:
        return tuple(
            Point(
                f"{place}. {cells.date(row.on)}",  # two ratings of one day are two points
                row.likelihood * row.impact if row.after_measures is after else None,
                "" if record.kind == risk_levels.OPPORTUNITY else risk_levels.light_of(row.likelihood * row.impact),
            )
            for place, row in enumerate(ratings, 1)
        )

    kinds = ((_("Before measures"), False), (_("After measures"), True))
    given = {row.after_measures for row in ratings}
    series = tuple(Series(str(name), points(after)) for name, after in kinds if after in given)
    return Chart(str(_("Level from rating to rating")), series, low=0, high=25)


class RiskMeasurePages(RecordPages):
    model = RiskMeasure
    slug, plural = "risk-measure", "risk-measures"
    title, kind = _("Measures on risks"), _("Measure on a risk")
    lead = _("What is done about risks and opportunities, by whom, by when.")
    table, filters, form = RiskMeasureTable, RiskMeasureFilters, MeasureForm
    add_label, added_from_register = _("Add a measure"), False
    empty = _("Here will stand the measures on the risks of all units. A measure is added on the page of its risk.")
    clause = "N2 §6.1"
    related = ("owner", "risk__unit", "risk__owner")
    list_related = ("owner", "risk__unit")
    list_defer = ("done_note",)

    def heading(self, record: Any) -> tuple[str, str]:
        return record.risk.number, record.brief

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [
            {"label": UnitRiskPages.title, "url": reverse("standards:unit-risks")},
            {"label": record.risk.number, "url": record.risk.get_absolute_url()},
        ]

    def new(self, request: HttpRequest) -> RiskMeasure:
        rows = UnitRisk.objects.visible_to(request.user).select_related("unit").with_words()
        return RiskMeasure(risk=get_object_or_404(rows, pk=number(request, "risk")))

    def after_adding(self, record: Any) -> str:
        return record.risk.get_absolute_url()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("What is to be done"), record.text)]
        if record.done_note:
            found.append(prose("done", _("What was done"), record.done_note))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        unit = record.risk.unit
        return facts(
            fact(_("Who does it"), record.owner.get_full_name()),
            fact(_("Unit"), cells.link(unit.get_absolute_url(), unit.name)),
            fact(_("Deadline"), cells.due(record.due, record.deadline_counts)),
            fact(_("Carried out on"), cells.date(record.done_on)) if record.done_on else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"relation": _("It lessens"), "label": str(record.risk), "url": record.risk.get_absolute_url()}]


class ContextSheetPages(RecordPages):
    model = ContextSheet
    slug, plural = "context-sheet", "context-sheets"
    title, kind = _("Context sheets"), _("Context sheet")
    lead = _(
        "Where the university and its units stand each year: four factors from outside, and what is strong and weak."
    )
    table, filters, form = ContextSheetTable, ContextSheetFilters, ContextSheetForm
    add_label = _("Begin a sheet")
    empty = _("Here will stand one sheet a year of the university and of each unit that keeps one.")
    clause = "N2 §6.2.2"
    related = ("unit", "approved_by", "created_by")
    list_related = ("unit", "approved_by")
    list_defer = (*ContextSheet.FACTORS, *ContextSheet.SWOT)
    printed = "standards.context_sheet"

    def heading(self, record: Any) -> tuple[str, str]:
        return str(record.year), record.unit.name

    def new(self, request: HttpRequest) -> ContextSheet:
        asked = request.POST.get("unit") or request.GET.get("unit", "")
        known = asked.isascii() and asked.isdigit() and len(asked) < 19
        unit = Unit.objects.filter(pk=asked).first() if known else None
        return ContextSheet(unit=unit) if unit is not None else ContextSheet()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        person = request.user
        may_edit = record.edit_refusal(person) is None
        may_add = refusal(person, "standards.add_unit_risk", UnitRisk(unit=record.unit)) is None
        edit = self.url("edit", record.pk) if may_edit else ""
        parts = {name: self._part(record, name, may_add) for name in (*record.FACTORS, *record.SWOT)}
        return [
            {
                "id": ident,
                "title": title,
                "template": "standards/risks/sheet.html",
                "parts": [parts[name] for name in names],
                "edit_url": f"{edit}#id_{names[0]}" if edit else "",
            }
            for ident, title, names in (
                ("factors", _("Factors from outside"), record.FACTORS),
                (
                    "swot",
                    _("Strengths, weaknesses, threats, opportunities"),
                    ("strengths", "weaknesses", "opportunities", "threats"),
                ),
            )
        ]

    def _part(self, sheet: ContextSheet, name: str, may_add: bool) -> dict[str, Any]:
        """The lines of one field, each with the way to make a risk or an opportunity of it."""
        kind = UnitRisk.Kind.OPPORTUNITY if name in ("strengths", "opportunities") else UnitRisk.Kind.RISK
        add = reverse("standards:unit-risk-add")
        return {
            "name": name,
            "title": sheet._meta.get_field(name).verbose_name,
            "label": _("Make an opportunity of it") if kind == UnitRisk.Kind.OPPORTUNITY else _("Make a risk of it"),
            "lines": [
                {
                    "text": line,
                    "url": f"{add}?{urlencode({'unit': sheet.unit_id, 'kind': kind.value, 'title': line[:MOST_TITLE]})}"
                    if may_add
                    else "",
                }
                for line in lines(getattr(sheet, name))
            ],
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        approved = record.approved_by.get_full_name() if record.approved_by else ""
        return facts(
            fact(_("Unit"), cells.link(record.unit.get_absolute_url(), record.unit.name)),
            fact(_("Year"), str(record.year)),
            fact(_("Begun by"), record.created_by.get_full_name() if record.created_by else ""),
            fact(_("Approved by"), f"{approved} · {cells.date(record.approved_on)}") if approved else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        others = self.visible(request.user).filter(unit=record.unit_id, year__in=(record.year - 1, record.year + 1))
        named = {record.year - 1: _("The year before"), record.year + 1: _("The next year")}
        return [
            {"relation": named[other.year], "label": str(other.year), "url": other.get_absolute_url()}
            for other in others.exclude(state=ContextSheet.CANCELLED).order_by("year")
        ]


def lines(text: str) -> list[str]:
    """One line a thought; empty ones are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def unit_or_404(pk: int | None) -> Unit:
    unit = Unit.objects.filter(pk=pk).first() if pk else None
    if unit is None:
        raise Http404
    return unit
