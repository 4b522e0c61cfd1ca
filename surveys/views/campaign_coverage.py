"""/surveys/coverage/: which areas of the standards a year's surveys ask about, and what is missing."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from qa_portal.reports.base import safe_name
from qa_portal.reports.sheets import TYPES, csv_lines, write_xlsx
from qa_portal.web import cells

from .. import coverage
from ..forms.campaigns import CoverageForm


class Coverage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if person.standing.outsider:
            raise Http404
        form = CoverageForm(request.GET)
        valid = form.is_valid()
        year = (form.cleaned_data.get("year") if valid else None) or timezone.localdate().year
        found = coverage.matrix(year)
        kind = request.GET.get("export")
        if valid and kind in TYPES:
            return self._file(found, kind)
        shown = [row for row in found.rows if row.missing] if request.GET.get("missing") else list(found.rows)
        sees = person.standing.quality_office or person.standing.sees_everything
        context = {
            "title": _("Areas that surveys ask about"),
            "lead": _(
                "Area × audience × questionnaire × period. An area without a published release in its period is shown."
            ),
            "crumbs": [{"label": _("Surveys"), "url": reverse("surveys:campaigns")}],
            "year": year,
            "years": range(timezone.localdate().year + 1, timezone.localdate().year - 6, -1),
            "form": form,
            "found": found,
            "only_missing": bool(request.GET.get("missing")),
            "rows": [self._row(row, found.instruments, sees) for row in shown],
            "instruments": [
                {"name": one.questionnaire.name, "audience": one.audience, "state": self._badge(one.state)}
                for one in found.instruments
            ],
            "exports": [
                {"label": "Excel (XLSX)", "url": f"?year={year}&export=xlsx"},
                {"label": "CSV", "url": f"?year={year}&export=csv"},
            ],
        }
        return render(request, "surveys/campaigns/coverage.html", context, status=200 if valid else 400)

    def _badge(self, state: str) -> Any:
        label, tone = coverage.WORDS[state]
        return cells.badge(label, tone)

    def _row(self, row: coverage.AreaRow, instruments: tuple[coverage.Instrument, ...], sees: bool) -> dict[str, Any]:
        return {
            "code": row.area.code,
            "text": row.area.text,
            "url": row.area.get_absolute_url(),
            "missing": row.missing,
            "asked": bool(row.instruments),
            "cells": [
                {
                    "name": one.questionnaire.name,
                    "asks": one in row.instruments,
                    "state": self._badge(one.state) if one in row.instruments else "",
                    "held": [
                        {"period": held.period, "url": held.campaign.get_absolute_url() if sees else ""}
                        for held in one.held
                    ]
                    if one in row.instruments
                    else [],
                }
                for one in instruments
            ],
        }

    def _file(self, found: coverage.Matrix, kind: str) -> HttpResponse:
        head = [(str(label), width) for label, width in coverage.HEAD]
        if kind == "csv":
            content = b"".join(csv_lines(head, coverage.lines(found)))
        else:
            stream = io.BytesIO()
            write_xlsx(stream, str(found.year), head, coverage.lines(found))
            content = stream.getvalue()
        answer = HttpResponse(content, content_type=TYPES[kind])
        name = safe_name(f"{_('Areas that surveys ask about')} {found.year}", kind)
        answer["Content-Disposition"] = content_disposition_header(True, name) or ""
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
