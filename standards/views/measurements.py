"""Pages of values of indicators: the register, one value, tables handed in with their progress and mistakes."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from qa_portal.permissions import Refused, refusal
from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import XLSX
from qa_portal.web import cells
from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages

from ..boards import shown
from ..filters.measurements import ImportFilters, MeasurementFilters
from ..forms.measurements import ImportForm, MeasurementForm
from ..importing import COLUMNS, said_counts, write_template
from ..indicator_ways import ways
from ..measuring import Book, said
from ..mistakes import Mistake
from ..models import Measurement, MeasurementImport
from ..periods import Periods
from ..tables.measurements import ImportTable, MeasurementTable, light


class MeasurementPages(RecordPages):
    model = Measurement
    slug, plural = "measurement", "measurements"
    title, kind = _("Values of indicators"), _("Value of an indicator")
    lead = _("What was measured, by unit and period. A value is corrected or withdrawn with a reason.")
    table, filters, form = MeasurementTable, MeasurementFilters, MeasurementForm
    add_label = _("Enter a value")
    empty = _("Here will stand the values of indicators: entered, handed in as a table, or computed by the portal.")
    clause = "N0 §1"
    related = ("indicator__responsible", "unit", "created_by", "corrected_by", "batch")
    list_related = ("indicator__responsible", "unit", "created_by")

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "indicator-board", "measurement-grid", "measurement-imports")

    def heading(self, record: Any) -> tuple[str, str]:
        place = str(record.unit) if record.unit_id else gettext("The university")
        return record.code, f"{record.indicator.name} · {place} · {record.period}"

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        address = reverse("standards:indicator-values", args=[record.code])
        found = [{"relation": _("All values of the indicator"), "label": str(record.indicator), "url": address}]
        if record.batch_id:
            seen = MeasurementImport.objects.visible_to(request.user).filter(pk=record.batch_id).exists()
            url = record.batch.get_absolute_url() if seen else ""
            found.append({"relation": _("Came with the table"), "label": str(record.batch), "url": url})
        return found

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        if not record.note:
            return []
        words = mark_safe(linebreaks(record.note, autoescape=True))
        return [{"id": "note", "title": _("Note"), "html": format_html('<div class="prose">{}</div>', words)}]

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        who = record.created_by.get_full_name() if record.created_by else gettext("The portal")
        rows = [
            fact(_("Value"), format_html("<b>{}</b> {}", shown(record.indicator, record.value), light(record.light))),
            fact(_("Number of cases"), said(record.weight)) if record.weight is not None else None,
            fact(_("Unit"), str(record.unit) if record.unit_id else gettext("The university")),
            fact(_("Period"), Periods().span(record.period).words),
            fact(_("Given by"), f"{who} · {cells.date(record.created_at)}"),
            fact(_("How it came"), record.get_origin_display()),
            fact(_("Corrected"), f"{record.corrected_by.get_full_name()} · {cells.date(record.corrected_on)}")
            if record.corrected_by
            else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]


# -- tables handed in -----------------------------------------------------------------------------------
class ImportPages(RecordPages):
    model = MeasurementImport
    slug, plural = "measurement-import", "measurement-imports"
    title, kind = _("Tables of values"), _("Table of values")
    lead = _("Values handed in as a table: all of it is taken, or nothing and every mistake is named.")
    table, filters, form = ImportTable, ImportFilters, ImportForm
    add_label = _("Hand in a table")
    empty = _("Here will stand the tables with values that were handed in, and what became of each.")
    clause = "N0 §1"
    related = ("created_by",)
    list_defer = ("reason",)

    def page_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        return ways(request.user, "measurements", "measurement-grid")

    def new(self, request: HttpRequest) -> MeasurementImport:
        return MeasurementImport()

    def sections(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"id": "outcome", "title": _("What became of it"), "html": _outcome(record)}]
        if record.state == MeasurementImport.REFUSED:
            found.append(_mistakes(record))
        return found

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        who = record.created_by.get_full_name() if record.created_by else ""
        rows = [
            fact(_("Handed in by"), who),
            fact(_("Handed in"), cells.date(record.created_at)),
            fact(_("Finished"), cells.date(record.finished_at)) if record.finished_at else None,
            fact(_("Reason for replacing values"), record.reason) if record.reason else None,
        ]
        return [{"title": "", "rows": [row for row in rows if row]}]


def _outcome(record: MeasurementImport) -> Any:
    if record.is_waiting:
        words = _("The table is being read. You may leave this page; you are told when it is done.")
        return format_html(
            '<p>{}</p><div class="meter" data-poll-url="{}"><progress max="100" value="{}" aria-label="{}"></progress>'
            " <span data-poll-text>{} %</span></div>",
            words,
            reverse("standards:measurement-import-status", args=[record.pk]),
            record.progress,
            _("Progress"),
            record.progress,
        )
    if record.state == MeasurementImport.DONE:
        url = f"{reverse('standards:measurements')}?batch={record.pk}"
        return format_html('<p>{}. <a href="{}">{}</a></p>', said_counts(record), url, _("The values of this table"))
    again = reverse("standards:measurement-import-add")
    words = _("Nothing was taken. Correct the table and hand it in again.")
    return format_html('<p>{} <a href="{}">{}</a></p>', words, again, _("Hand in a table"))


def _mistakes(record: MeasurementImport) -> dict[str, Any]:
    more = sum(row.get("more", 0) for row in record.mistakes)
    found = [Mistake.from_json(row) for row in record.mistakes if "problem" in row]
    rows = [
        {
            "place": mistake.place,
            "column": COLUMNS.get(mistake.column, ""),
            "wrong": mistake.wrong,
            "to_do": mistake.to_do,
        }
        for mistake in found
    ]
    return {
        "id": "mistakes",
        "title": _("Mistakes"),
        "template": "standards/measurements/mistakes.html",
        "rows": rows,
        "more": more,
    }


class ImportStatus(View):
    """How far a table is, for the meter on its page."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        found = get_object_or_404(MeasurementImport.objects.visible_to(request.user), pk=pk)
        return JsonResponse(
            {
                "state": found.state,
                "label": str(found.state_label),
                "progress": found.progress,
                "done": not found.is_waiting,
            }
        )


class Template(View):
    """An XLSX with the codes, units and periods whose values are missing and that this person may give."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.standing.outsider:
            raise Http404
        sentence = refusal(request.user, "standards.add_measurement_import")
        if sentence:
            raise Refused(sentence)
        stream = io.BytesIO()
        write_template(stream, Book(request.user))
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
        name = safe_name(gettext("Missing values of indicators"), "xlsx")
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
