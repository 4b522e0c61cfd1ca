"""Pages of mechanisms and of their years."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View

from qa_portal.dates.days import add_months
from qa_portal.permissions import Refused, refusal
from qa_portal.web import cells
from qa_portal.web.cells import fact, prose
from qa_portal.web.pages import RecordPages
from qa_portal.web.pages.declaration import declared
from qa_portal.web.pages.register import Register
from qa_portal.web.registry import panels_of, registry

from ..aims import tally, trend
from ..filters.mechanisms import MechanismFilters, MechanismYearFilters
from ..forms.mechanisms import DocumentsForm, YearForm
from ..models import Mechanism, MechanismYear
from ..tables.mechanisms import MechanismTable, MechanismYearTable

#: years and places of one mechanism on its page; the register has the rest
MOST_YEARS = 30


def place_link(record: Any) -> Any:
    return cells.link(record.get_absolute_url(), str(record)) if record else ""


def standards_of(mechanism: Mechanism) -> Any:
    links = registry.catalogue_links(mechanism.standards)
    rows = ((cells.link(row["url"], row["label"]) if row["url"] else row["label"],) for row in links)
    return format_html_join("", "<div>{}</div>", rows)


# -- mechanisms --------------------------------------------------------------------------------------
class MechanismPages(RecordPages):
    """Mechanisms are no records with steps: a register, a page, and the link to documents."""

    model = Mechanism
    slug, plural = "mechanism", "mechanisms"
    title, kind = _("Quality assurance mechanisms"), _("Mechanism")
    lead = _(
        "The ways in which quality is reached: 13 inside the university, 4 from outside. Each goes through plan, do, check, act every year."
    )
    table, filters = MechanismTable, MechanismFilters
    empty = _("Here will stand the mechanisms of quality assurance with their aims.")
    clause = "N1 §4 · manage.py load_registers"

    def rows(self, person: Any) -> Any:
        return super().rows(person).with_state(timezone.localdate().year)

    def urls(self) -> list[URLPattern]:
        declared[f"{self.app}.{self.slug}"] = self
        return [
            path("mechanisms/", Register.as_view(pages=self), name="mechanisms"),
            path("mechanisms/<int:pk>/", MechanismPage.as_view(pages=self), name="mechanism"),
            path("mechanisms/<int:pk>/documents/", MechanismDocuments.as_view(pages=self), name="mechanism-documents"),
        ]


class MechanismPage(View):
    pages: Any = None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mechanism = get_object_or_404(self.pages.visible(request.user), pk=pk)
        panels = [panel(mechanism, request) for panel in panels_of(Mechanism)]
        return render(
            request,
            "pages/record.html",
            {
                "record": mechanism,
                "number": mechanism.code,
                "title": mechanism.name,
                "kind": self.pages.kind,
                "crumbs": self.pages.crumbs(mechanism),
                "sections": list(self._sections(mechanism, request)),
                "aside": [{"title": "", "rows": self._facts(mechanism)}],
                "panels": [self._documents(mechanism, request), *(panel for panel in panels if panel)],
            },
        )

    def _sections(self, mechanism: Mechanism, request: HttpRequest) -> Any:
        if mechanism.retired:
            yield {"id": "retired", "title": "", "html": format_html("<p><b>{}</b></p>", _("No longer used."))}
        yield prose("text", _("What it is"), mechanism.text)
        past = trend(mechanism)
        aims = [aim for aim in mechanism.aims.all() if not aim.retired or aim.pk in past.by_aim]
        yield {
            "id": "aims",
            "title": _("Aims"),
            "template": "standards/mechanisms/aims_over_years.html",
            "years": [str(year) for year in past.years],
            "rows": [{"aim": aim, "cells": past.line(aim.pk)} for aim in aims],
            "clause": mechanism.clause,
        }
        if len(past.years) > 1:
            template = "standards/mechanisms/trend.html"
            yield {
                "id": "trend",
                "title": _("Aims reached over the years"),
                "template": template,
                "chart": past.chart(),
            }
        yield self._years(mechanism, request)

    def _years(self, mechanism: Mechanism, request: HttpRequest) -> dict[str, Any]:
        rows = MechanismYear.objects.visible_to(request.user).filter(mechanism=mechanism)
        rows = rows.select_related("mechanism", "unit", "doer_unit", "doer_body").order_by("-year", "unit__path", "pk")
        rows = rows.prefetch_related("aim_results", "conclusions__unit", "conclusions__body")
        found = list(rows[: MOST_YEARS + 1])
        may_add = (
            not mechanism.retired and refusal(request.user, "standards.add_mechanism_year", MechanismYear()) is None
        )
        url = f"{reverse('standards:mechanism-year-add')}?mechanism={mechanism.pk}"
        return {
            "id": "years",
            "title": _("Years: plan, do, check, act"),
            "template": "standards/mechanisms/years.html",
            "rows": [
                {
                    "year": row,
                    "place": row.where,
                    "state": cells.state(row),
                    "due": cells.due(row.due, row.deadline_counts),
                    "aims": tally(row).words,
                    "conclusions": list(row.conclusions.all()),
                }
                for row in found[:MOST_YEARS]
            ],
            "all_url": f"{reverse('standards:mechanism-years')}?mechanism={mechanism.pk}"
            if len(found) > MOST_YEARS
            else "",
            "add": {"url": url, "label": _("Plan a year"), "allowed": True} if may_add else None,
        }

    def _facts(self, mechanism: Mechanism) -> list[dict[str, Any]]:
        return [
            fact(_("Kind"), mechanism.get_kind_display()),
            fact(_("Who carries it out"), mechanism.doer),
            fact(_("Carried out in each school"), _("yes") if mechanism.per_school else _("no")),
            fact(_("What governs it"), mechanism.governing),
            fact(_("Standards"), standards_of(mechanism)),
            fact(_("Source"), mechanism.clause),
        ]

    def _documents(self, mechanism: Mechanism, request: HttpRequest) -> dict[str, Any]:
        may_link = refusal(request.user, "standards.link_mechanism", mechanism) is None
        url = reverse("standards:mechanism-documents", args=[mechanism.pk])
        return {
            "title": _("Documents in the library"),
            "template": "standards/mechanisms/documents.html",
            "rows": [
                {"document": row, "state": cells.state(row)}
                for row in mechanism.documents.visible_to(request.user).order_by("number", "pk")
            ],
            "link": {"url": url, "label": _("Link documents"), "allowed": True} if may_link else None,
        }


class MechanismDocuments(View):
    """Which documents of the library govern the mechanism; the quality office says."""

    pages: Any = None

    def _mechanism(self, request: HttpRequest, pk: int) -> Mechanism:
        return get_object_or_404(self.pages.visible(request.user), pk=pk)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mechanism = self._mechanism(request, pk)
        sentence = refusal(request.user, "standards.link_mechanism", mechanism)
        if sentence:
            raise Refused(sentence)
        return self._show(request, mechanism, DocumentsForm(record=mechanism, by=request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mechanism = self._mechanism(request, pk)
        form = DocumentsForm(request.POST, record=mechanism, by=request.user)
        sentence = refusal(request.user, "standards.link_mechanism", mechanism)
        if sentence:
            return self._show(request, mechanism, form, 403, sentence)
        if not form.is_valid():
            return self._show(request, mechanism, form, 400)
        form.apply()
        messages.success(request, _("Saved."))
        return redirect(mechanism.get_absolute_url())

    def _show(
        self, request: HttpRequest, mechanism: Mechanism, form: Any, status: int = 200, sentence: Any = ""
    ) -> HttpResponse:
        crumbs = [*self.pages.crumbs(mechanism), {"label": mechanism.code, "url": mechanism.get_absolute_url()}]
        return render(
            request,
            "pages/form.html",
            {
                "form": form,
                "title": _("Documents that govern “%(mechanism)s”") % {"mechanism": mechanism.name},
                "refusal": sentence,
                "crumbs": crumbs,
                "cancel_url": mechanism.get_absolute_url(),
            },
            status=status,
        )


# -- years ----------------------------------------------------------------------------------------------
class MechanismYearPages(RecordPages):
    model = MechanismYear
    slug, plural = "mechanism-year", "mechanism-years"
    title, kind = _("Years of mechanisms"), _("Year of a mechanism")
    lead = _("What was planned, done, checked by two quality units and changed, for each mechanism and year.")
    table, filters, form = MechanismYearTable, MechanismYearFilters, YearForm
    add_label = _("Plan a year")
    empty = _("Here will stand each year of each mechanism: plan, do, check, act.")
    clause = "N1 §4"
    related = ("mechanism", "unit", "doer_unit", "doer_body", "done_by")
    list_related = ("mechanism", "unit", "doer_unit", "doer_body")
    list_defer = ("planned", "done", "acted")
    prefetch = ("aim_results", "conclusions__unit", "conclusions__body")
    printed = "standards.mechanism_year"

    def heading(self, record: Any) -> tuple[str, str]:
        return f"{record.mechanism.code} · {record.year}", record.mechanism.name

    def crumbs(self, record: Any) -> list[dict[str, Any]]:
        mechanism = record.mechanism
        return [
            {"label": MechanismPages.title, "url": reverse("standards:mechanisms")},
            {"label": str(mechanism), "url": mechanism.get_absolute_url()},
        ]

    def new(self, request: HttpRequest) -> MechanismYear:
        """An empty one, or (`?from=`) the year after another one, with its plan and what was changed then."""
        pk = request.GET.get("from", "")
        if not pk:
            return MechanismYear()
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise Http404
        last = get_object_or_404(MechanismYear.objects.visible_to(request.user), pk=pk)
        return MechanismYear(
            mechanism_id=last.mechanism_id,
            year=last.year + 1,
            unit_id=last.unit_id,
            doer_unit=last.doer_unit,
            doer_body=last.doer_body,
            due=add_months(last.due, 12),
            planned="\n\n".join(part for part in (last.planned, last.acted) if part),
        )

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [prose("plan", pgettext_lazy("of a mechanism", "Plan"), record.planned)]
        if record.done:
            found.append(prose("done", _("What was done"), record.done))
        judged = {row.aim_id: row for row in record.aim_results.all()}
        found.append(
            {
                "id": "aims",
                "title": _("Aims"),
                "template": "standards/mechanisms/aims_judged.html",
                "rows": [{"aim": aim, "result": judged.get(aim.pk)} for aim in record.aims],
                "words": tally(record).words,
            }
        )
        if record.state != record.PLAN:
            rows = record.conclusions.select_related("unit", "body", "by")
            template = "standards/mechanisms/conclusions.html"
            found.append(
                {"id": "conclusions", "title": _("Conclusions of quality units"), "template": template, "rows": rows}
            )
        views = list(record.views.select_related("body", "by"))
        if views:
            template = "standards/mechanisms/views.html"
            found.append(
                {"id": "views", "title": _("Judgements of school committees"), "template": template, "rows": views}
            )
        if record.acted:
            found.append(prose("acted", _("What is changed"), record.acted))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        reported = " · ".join(
            part
            for part in (record.done_by.get_full_name() if record.done_by else "", cells.date(record.done_on))
            if part
        )
        rows = [
            fact(_("Year"), str(record.year)),
            fact(pgettext_lazy("place", "Where"), place_link(record.unit) if record.unit_id else record.where),
            fact(_("Who carries it out"), place_link(record.doer)),
            fact(_("Deadline"), cells.due(record.due, record.deadline_counts)),
            fact(_("Reported"), reported) if reported else None,
            fact(_("Check closed on"), cells.date(record.checked_on)) if record.checked_on else None,
            fact(_("Closed on"), cells.date(record.closed_on)) if record.closed_on else None,
            fact(_("Standards"), standards_of(record.mechanism)),
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        near = MechanismYear.objects.visible_to(request.user).live().select_related("mechanism", "unit")
        near = near.filter(
            mechanism=record.mechanism_id, unit=record.unit_id, year__in=(record.year - 1, record.year + 1)
        )
        found = [
            {"relation": _("Mechanism"), "label": str(record.mechanism), "url": record.mechanism.get_absolute_url()}
        ]
        others = {row.year: row for row in near.order_by("year")}
        for year, relation in ((record.year - 1, _("The year before")), (record.year + 1, _("The year after"))):
            if year in others:
                found.append({"relation": relation, "label": str(others[year]), "url": others[year].get_absolute_url()})
        ended = record.state in (record.ACT, record.CLOSED)
        if ended and record.year + 1 not in others and self._may_plan(record, request.user):
            url = f"{reverse('standards:mechanism-year-add')}?from={record.pk}"
            label = _now("Plan %(year)s from this one") % {"year": record.year + 1}
            found.append({"relation": _("The year after"), "label": label, "url": url})
        return found

    def _may_plan(self, record: MechanismYear, person: Any) -> bool:
        return not record.mechanism.retired and refusal(person, record.right("add"), record) is None
