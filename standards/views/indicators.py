"""Pages of sets of indicators and of indicators, as declarations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from qa_portal.people.models import Unit
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.addresses import address
from qa_portal.web.cells import fact, facts, prose
from qa_portal.web.pages import RecordPages
from qa_portal.web.registry import registry

from .. import indicator_sets
from ..filters.indicators import IndicatorFilters, IndicatorSetFilters
from ..forms.indicators import IndicatorForm, IndicatorSetForm, for_whom, in_words
from ..indicator_ways import ways
from ..models import Indicator, IndicatorSet
from ..tables.indicators import IndicatorSetTable, IndicatorTable

#: of each kind of difference: word, tone, icon
DIFFERENCES = {
    indicator_sets.NEW: (_("New"), "done", "plus"),
    indicator_sets.CHANGED: (_("Changed"), "progress", "pencil"),
    indicator_sets.DROPPED: (_("Dropped"), "cancelled", "minus"),
}


def shown(number: Decimal | None) -> str:
    """A figure as the reader's language writes it."""
    return "" if number is None else number_format(in_words(number))


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class IndicatorSetPages(RecordPages):
    model = IndicatorSet
    slug, plural = "indicator-set", "indicator-sets"
    title, kind = _("Sets of indicators"), _("Set of indicators")
    lead = _("Which indicators the university measures. A set is approved by a body and replaced by the next one.")
    table, filters, form = IndicatorSetTable, IndicatorSetFilters, IndicatorSetForm
    add_label = _("Prepare a set")
    empty = _("Here will stand the university's sets of indicators, version by version.")
    clause = "N0 §1; N2 §7.1.5.2"
    related = ("based_on",)
    printed = "standards.indicator_set"

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "indicator-board", "indicators")

    def rows(self, person: Any) -> Any:
        return super().rows(person).annotate(size=Count("indicators", ~Q(indicators__state=Indicator.CANCELLED)))

    def heading(self, record: Any) -> tuple[str, str]:
        return f"v{record.version}", record.title

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        rows = indicator_sets.live(record)
        found = [prose("note", _("What is new in it"), record.note)] if record.note else []
        if record.based_on is not None:
            found.append(self._compared(record, rows))
        return [*found, self._listed(record, rows, request)]

    def _compared(self, record: Any, rows: list[Indicator]) -> dict[str, Any]:
        found = indicator_sets.differences(record.based_on, rows)
        return {
            "id": "differences",
            "title": _("Against the set before"),
            "template": "standards/indicators/differences.html",
            "before": record.based_on,
            "rows": [{"row": row, "badge": cells.badge(*DIFFERENCES[row.kind])} for row in found],
        }

    def _listed(self, record: Any, rows: list[Indicator], request: HttpRequest) -> dict[str, Any]:
        may_add = record.is_draft and refusal(request.user, "standards.add_indicator", Indicator(set=record)) is None
        add = {"url": f"{reverse('standards:indicator-add')}?set={record.pk}", "label": _("Add an indicator")}
        return {
            "id": "indicators",
            "title": _("Indicators"),
            "template": "standards/indicators/listed.html",
            "rows": sorted(rows, key=lambda row: (len(row.standard), row.standard, row.code)),
            "draft": record.state in (record.DRAFT, record.SUBMITTED),
            "add": {**add, "allowed": True} if may_add else None,
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        live = record.indicators.exclude(state=Indicator.CANCELLED)
        size = live.count()
        draft = record.state in (record.DRAFT, record.SUBMITTED)
        checked = f"{live.exclude(validation='').count()} / {size}" if draft else ""
        return facts(
            fact(_("Version"), str(record.version)),
            fact(_("Indicators"), str(size)),
            fact(_("Validated"), checked) if checked else None,
            fact(_("In force from"), cells.date(record.valid_from)),
            fact(_("Approved on"), cells.date(record.approved_on)) if record.approved_on else None,
            fact(_("Decision"), record.basis) if record.basis else None,
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if record.based_on is not None:
            found.append(_link(_("Made from"), record.based_on))
        following = IndicatorSet.objects.visible_to(request.user).filter(based_on=record)
        found += [_link(_("The next one"), row) for row in following.exclude(state=IndicatorSet.CANCELLED)]
        return found


def _link(relation: Any, record: Any) -> dict[str, Any]:
    return {"relation": relation, "label": str(record), "url": record.get_absolute_url()}


class IndicatorPages(RecordPages):
    model = Indicator
    slug, plural = "indicator", "indicators"
    title, kind = _("Indicators"), _("Indicator")
    lead = _("What the university measures, how, how often and who answers for it. Targets stand on each page.")
    table, filters, form = IndicatorTable, IndicatorFilters, IndicatorForm
    add_label, added_from_register = _("Add an indicator"), False
    empty = _("Here will stand the indicators in force, once a set of them has been approved.")
    clause = "N0 §1; N2 §7.1.5.2"
    related = ("set", "responsible", "validated_by")
    list_related = ("responsible",)
    list_defer = ("text", "text_kk", "text_ru", "text_en", "validation")

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "indicator-board", "indicator-sets")

    def heading(self, record: Any) -> tuple[str, str]:
        return record.code, record.name

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        return [*super().crumbs(record), {"label": str(record.set), "url": record.set.get_absolute_url()}]

    def new(self, request: HttpRequest) -> Indicator:
        """Into the set named, else into the one that is being prepared."""
        sets = IndicatorSet.objects.visible_to(request.user)
        if "set" in request.GET:
            return Indicator(set=get_object_or_404(sets, pk=_number(request, "set")))
        draft = sets.filter(state=IndicatorSet.DRAFT).first()
        if draft is None:
            raise Http404
        return Indicator(set=draft)

    def after_adding(self, record: Any) -> str:
        return record.get_absolute_url()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("text", _("Definition"), record.text), self._targets(record), self._reporters(record)]
        if record.validation:
            found.append(prose("validation", _("Validation record"), record.validation))
        return found

    def _targets(self, record: Any) -> dict[str, Any]:
        rows = record.targets.select_related("unit").order_by("-year", "unit__path")
        return {
            "id": "targets",
            "title": _("Targets"),
            "template": "standards/indicators/targets.html",
            "measure": record.get_measure_display(),
            "rows": [
                {
                    "year": row.year,
                    "unit": row.unit or for_whom(record),
                    "target": shown(row.target),
                    "amber": shown(row.amber),
                    "red": shown(row.red),
                }
                for row in rows
            ],
        }

    def _reporters(self, record: Any) -> dict[str, Any]:
        rows = Unit.objects.filter(pk__in=record.reporters.order_by().values("unit")).order_by("path")
        return {
            "id": "reporters",
            "title": _("Units that report"),
            "template": "standards/indicators/reporters.html",
            # Without making a record of each: a common indicator is reported by all units.
            "rows": [{"url": address("people:unit", pk), "label": label} for pk, label in rows.labels()],
        }

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        formula = registry.formulas.get(record.formula)
        validated = " · ".join(
            part
            for part in (
                record.validated_by.get_full_name() if record.validated_by else "",
                cells.date(record.validated_on),
            )
            if part
        )
        return facts(
            fact(_("Standard"), _where(record)),
            fact(_("Unit of measure"), record.get_measure_display()),
            fact(_("Direction"), record.get_direction_display()),
            fact(_("Period"), record.get_period_display()),
            fact(_("Responsible unit"), cells.link(record.responsible.get_absolute_url(), str(record.responsible))),
            fact(_("Source of data"), record.source),
            fact(_("Roll-up"), record.get_roll_up_display()),
            fact(_("Computed by the portal"), formula.title if formula else record.formula) if record.formula else None,
            fact(_("Validated"), validated or _("not yet")),
        )

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        """The same indicator in the other sets."""
        rows = Indicator.objects.visible_to(request.user).filter(code=record.code).exclude(set=record.set_id)
        rows = rows.exclude(state=Indicator.CANCELLED).select_related("set").order_by("-set__version")
        return [{"relation": _("In another set"), "label": str(row.set), "url": row.get_absolute_url()} for row in rows]


def _where(record: Any) -> Any:
    """The area, else the standard, with the words of the edition in force."""
    found = registry.catalogue_links([record.area or record.standard])
    if not found:
        return record.area or record.standard
    return cells.link(found[0]["url"], found[0]["label"]) if found[0]["url"] else found[0]["label"]
