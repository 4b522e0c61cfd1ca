"""The library to find things in: one field, a few filters, what was found with the words around it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from qa_portal.web import cells
from qa_portal.web.pages import search_terms

from ..filters.search import LibraryFilters
from ..finding import best_first, found_documents, snippets
from ..models import Document

A_PAGE = 20
EMPTY = gettext_lazy(
    "Here stand the documents in force: policies, regulations, procedures, forms, and the external acts they rest on."
)


def asked_for(rows: Any, filters: Any, q: str, old_for: Any = None) -> Any:
    """The rows that filters and words leave, best first; a filter that is not understood never widens."""
    rows = filters.qs if filters.is_valid() else rows.none()
    if q:
        rows = found_documents(rows, q, old_for)
    return best_first(rows.select_related("kind", "unit", "current"), q)


def narrowed(filters: Any) -> bool:
    """One of the filters is on."""
    return any(filters.form.cleaned_data.values())


def page_of(request: HttpRequest, rows: Any) -> tuple[Page, dict[str, Any]]:
    """One page of the rows, and the way to the others."""
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))

    def address(number: int) -> str:
        params = request.GET.copy()
        params["page"] = str(number)
        return f"?{params.urlencode()}"

    return page, {
        "number": page.number,
        "pages": page.paginator.num_pages,
        "prev_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


def in_words(document: Document, words: dict[int, dict[str, Any]], url: str, state: bool = True) -> dict[str, Any]:
    """One found document as the page shows it."""
    hit = words.get(document.pk)
    since = document.in_force_on or document.adopted_on
    facts = [document.number, document.kind.name, document.unit, document.issued_by]
    if since and document.is_live:
        facts.append(_("in force since %(date)s") % {"date": cells.date(since)})
    other = hit["version"] if hit and hit["version"].pk != document.current_id else None
    return {
        "url": url,
        "title": document.title,
        "facts": " · ".join(str(fact) for fact in facts if fact),
        "state": cells.state(document) if state and document.state != Document.IN_FORCE else "",
        "words": hit["words"] if hit else "",
        "version": other,
        "version_state": cells.state(other) if other else "",
    }


def _only_public(person: Any, found: list[Document]) -> set[int]:
    """Those of one page that an outsider reads as anybody does."""
    shown = {row.pk for row in found}
    return shown - set(Document.objects.visible_to(person).filter(pk__in=shown).values_list("pk", flat=True))


def _address(document: Document, public: set[int]) -> str:
    return reverse("public-document", args=[document.pk]) if document.pk in public else document.get_absolute_url()


class Library(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows, outsider = Document.objects.visible_to(request.user), request.user.standing.outsider
        if outsider:
            rows = rows | Document.objects.public()
        filters = LibraryFilters(request.GET, queryset=rows, request=request)
        q, wrong = search_terms(request), not filters.is_valid()
        old_for = request.user if not (wrong or outsider) and filters.form.cleaned_data["old"] else None
        page, pager = page_of(request, asked_for(rows, filters, q, old_for))
        found = list(page.object_list)
        words = snippets(found, q, old_for)
        public = _only_public(request.user, found) if outsider else set()
        return render(
            request,
            "documents/library.html",
            {
                "title": _("Library"),
                "lead": _("Search in titles, numbers and the text of files."),
                "q": q,
                "count": page.paginator.count,
                "found": [in_words(row, words, _address(row, public)) for row in found],
                "pager": pager,
                "filter_form": filters.form,
                "fields": filters.form.visible_fields(),
                "filtered": bool(q or wrong or narrowed(filters)),
                "wrong": wrong,
                "clear_url": request.path,
                "empty": {"text": EMPTY, "clause": "N0 §3, N1 §3.1"},
            },
            status=400 if wrong else 200,
        )
