"""The public library, without signing in: published documents in force, and their files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qa_portal.web import cells
from qa_portal.web.files import send_file
from qa_portal.web.pages import search_terms

from ..filters.search import PublicFilters
from ..finding import snippets
from ..models import Document, Version
from .search import asked_for, in_words, narrowed, page_of

EMPTY = gettext_lazy("Here stand the documents of the university that everybody may read.")


def _published(pk: int) -> Document:
    return get_object_or_404(Document.objects.public().select_related("kind", "current"), pk=pk)


def _in_force(document: Document) -> Version | None:
    """The version whose file anybody may have: the one in force, never a draft."""
    version = document.current
    return version if version and version.file and version.state == Version.IN_FORCE else None


@method_decorator(login_not_required, name="dispatch")
class PublicLibrary(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Document.objects.public()
        filters = PublicFilters(request.GET, queryset=rows, request=request)
        q, wrong = search_terms(request), not filters.is_valid()
        page, pager = page_of(request, asked_for(rows, filters, q))
        found = list(page.object_list)
        words = snippets(found, q)
        items = [in_words(row, words, reverse("public-document", args=[row.pk]), state=False) for row in found]
        return render(
            request,
            "documents/public.html",
            {
                "title": _("Documents of the university"),
                "lead": _("Published documents in force. Search in titles, numbers and the text of files."),
                "q": q,
                "count": page.paginator.count,
                "found": items,
                "pager": pager,
                "fields": filters.form.visible_fields(),
                "filtered": bool(q or wrong or narrowed(filters)),
                "clear_url": request.path,
                "empty": {"text": EMPTY},
            },
            status=400 if wrong else 200,
        )


@method_decorator(login_not_required, name="dispatch")
class PublicDocument(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = _published(pk)
        version = _in_force(document)
        context = {
            "title": document.title,
            "document": document,
            "rows": _facts(document, version),
            "crumbs": [{"label": _("Documents of the university"), "url": reverse("public-documents")}],
            "file_url": reverse("public-document-file", args=[document.pk]) if version else "",
            "file_label": _file_label(version) if version else "",
        }
        return render(request, "documents/public_document.html", context)


@method_decorator(login_not_required, name="dispatch")
class PublicFile(View):
    """The file of the version in force, under a name made of number and title: the author's name for it may tell more."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        document = _published(pk)
        version = _in_force(document)
        if version is None:
            raise Http404
        name = f"{document.number} {document.title}".strip().replace("/", "-")[:120]
        try:
            return send_file(version.file, name + _suffix(version), version.content_type)
        except FileNotFoundError as error:
            raise Http404 from error


def _facts(document: Document, version: Version | None) -> list[dict[str, Any]]:
    names = dict(settings.LANGUAGES)
    rows = [
        {"label": _("Number"), "html": document.number},
        {"label": _("Kind"), "html": document.kind.name},
        {"label": _("Issued by"), "html": document.issued_by},
        {"label": _("Adopted on"), "html": cells.date(document.adopted_on)},
        {"label": _("In force since"), "html": cells.date(document.in_force_on)},
        {"label": _("Version"), "html": version.label if version else ""},
        {"label": _("Languages"), "html": ", ".join(names.get(code, code) for code in document.languages)},
    ]
    return [row for row in rows if row["html"]]


def _file_label(version: Version) -> str:
    return f"{_suffix(version).lstrip('.').upper()}, {filesizeformat(version.size)}"


def _suffix(version: Version) -> str:
    return PurePath(str(version.file.name)).suffix
