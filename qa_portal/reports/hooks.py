"""What the kit asks of papers: "print this record", "export this register". Imported when the portal starts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qa_portal.permissions import NotNow
from qa_portal.web.registry import registry

from .base import CannotMake
from .making import order, wait_for
from .models import Paper
from .registers import RegisterExport
from .sheets import TYPES, csv_lines, write_xlsx
from .views import send_paper

#: a reader waits so long for one record's paper
PATIENCE = 15
#: more rows are made in the background
AT_ONCE = 2000
#: a small file stays in memory, a larger one goes to disk
IN_MEMORY = 1024 * 1024


class SeeOther(HttpResponseRedirect):
    """303: the paper is not here, look there."""

    status_code = 303


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def print_paper(request: HttpRequest, key: str, record: Any) -> HttpResponseBase:
    """The record's paper, at once if the worker is quick; else it is found under "My papers"."""
    try:
        paper = order(request.user, key, {"id": record.pk}, _language(request))
    except CannotMake as reason:
        raise NotNow(str(reason)) from reason
    if wait_for(paper, PATIENCE):
        return send_paper(paper)
    if paper.state == Paper.FAILED:
        messages.error(
            request,
            paper.problem
            or _("The paper could not be made. Order it again; if it fails again, tell the administrator."),
        )
    else:
        messages.info(request, _("The paper is being made. You may go on; you will be told when it is ready."))
    return SeeOther(reverse("papers:list"))


def export(request: HttpRequest, pages: Any, kind: str) -> HttpResponseBase:
    """The register as a file: a short one at once, a long one in the background."""
    params = {"pages": f"{pages.app}.{pages.slug}", "query": _query(request), "kind": kind}
    made = RegisterExport(params, request.user, _language(request))
    if made.rows.more_than(AT_ONCE):
        order(request.user, made.key, params, made.language)
        messages.info(
            request, _("The export is long and is being made. You may go on; you will be told when it is ready.")
        )
        return SeeOther(reverse("papers:list"))
    response = _csv(made) if kind == "csv" else _xlsx(made)
    response["Content-Type"] = TYPES[kind]
    response["Content-Disposition"] = content_disposition_header(True, made.file_name())
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _query(request: HttpRequest) -> str:
    params = request.GET.copy()
    for name in ("export", "page", "lang", "count"):
        params.pop(name, None)
    return params.urlencode()


def _xlsx(made: RegisterExport) -> HttpResponseBase:
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    with translation.override(made.language):
        write_xlsx(stream, made.title(), made.rows.head, made.rows.values())
    stream.seek(0)
    return FileResponse(stream)


def _csv(made: RegisterExport) -> HttpResponse | StreamingHttpResponse:
    def lines() -> Iterator[bytes]:
        # The answer is written after the view has returned: the language is set for each piece and let go again.
        with translation.override(made.language):
            pieces = csv_lines(made.rows.head, made.rows.values())
        while True:
            with translation.override(made.language):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    return StreamingHttpResponse(lines())


registry.print_paper = print_paper
registry.export = export
