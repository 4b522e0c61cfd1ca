"""/surveys/petitions/summary/: the Chancellery's report over some days, as page, PDF and XLSX."""

from __future__ import annotations

import datetime
import io
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qa_portal.permissions import Refused, refusal
from qa_portal.reports.base import safe_name
from qa_portal.reports.layout import as_html
from qa_portal.reports.sheets import XLSX, write_xlsx
from qa_portal.web.forms import DateInput
from qa_portal.web.registry import registry

from ..petition_figures import HEAD, blocks, lines, summary
from ..reports.petitions import PetitionSummary, key_for


class Period(forms.Form):
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput)
    until = forms.DateField(label=gettext_lazy("To"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not datetime.timedelta(0) <= until - since <= datetime.timedelta(days=3660):
            raise ValidationError(_("The second day must not lie before the first, nor ten years after it."))
        return cleaned


def _this_year() -> dict[str, str]:
    today = timezone.localdate()
    return {"since": today.replace(month=1, day=1).isoformat(), "until": today.isoformat()}


class PetitionReport(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sentence = refusal(request.user, "surveys.read_petition_summary")
        if sentence:
            raise Refused(sentence)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        asked = {name: request.GET[name] for name in ("since", "until") if name in request.GET}
        form = Period({**_this_year(), **asked})
        if not form.is_valid():
            return self._page(request, form, None, 400)
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        if request.GET.get("export") == "pdf" and registry.print_paper is not None:
            return registry.print_paper(request, PetitionSummary.key, key_for(since, until))
        made = summary(since, until)
        return self._sheet(made) if request.GET.get("export") == "xlsx" else self._page(request, form, made)

    def _page(self, request: HttpRequest, form: Period, made: Any, status: int = 200) -> HttpResponse:
        body = as_html(blocks(made)) if made is not None else ""
        context = {
            "title": PetitionSummary.kind,
            "subject": _("What came in these days, by kind and by standard, and what came of it."),
            "form": form,
            "body": body or _("Nothing came in these days."),
            "print_links": self._links(made) if made is not None else [],
            "crumbs": [{"label": _("Petitions"), "url": reverse("surveys:petitions")}],
        }
        return render(request, "surveys/petition_summary.html", context, status=status)

    def _links(self, made: Any) -> list[dict[str, Any]]:
        days = f"since={made.since.isoformat()}&until={made.until.isoformat()}"
        pdf = [
            {"label": f"PDF · {name}", "url": f"?{days}&export=pdf&lang={code}"} for code, name in settings.LANGUAGES
        ]
        return [*pdf, {"label": "XLSX", "url": f"?{days}&export=xlsx"}]

    def _sheet(self, made: Any) -> HttpResponse:
        stream = io.BytesIO()
        head = [(_("Part"), 20), (_("Kind or standard"), 50), *((str(word), 16) for word in HEAD)]
        write_xlsx(stream, _("Petitions"), head, ((group, name, *values) for group, name, values in lines(made)))
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
        name = safe_name(f"{PetitionSummary.kind} {made.since:%Y-%m-%d} {made.until:%Y-%m-%d}", "xlsx")
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "private, no-store"
        return response
