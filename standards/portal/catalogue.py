"""What the catalogue hands to shared pages: menu, search, codes that documents name, panels of documents on its pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.documents.models import Document
from qa_portal.web import cells
from qa_portal.web.registry import MenuItem, SearchSource, menu, panel, registry, searchable

from .. import codes
from ..expected import tally
from ..models import PARTS, Requirement, Standard

SHOWN = 10

menu(MenuItem("standards", _("Standards"), "standards:standards", "standard", 40))


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    """Standards and all their parts in the edition in force, a few of each kind."""
    standards = Standard.objects.visible_to(person).in_force().matching(text)[:5]
    found = [{"label": row.name, "url": row.get_absolute_url(), "meta": row.code} for row in standards]
    for _kind, _letter, model in PARTS:
        rows = model.objects.visible_to(person).in_force().matching(text).select_related("standard")[:5]
        found += [
            {"label": row.text, "url": row.get_absolute_url(), "meta": f"{row.code} · {row.standard.name}"}
            for row in rows
        ]
    return found


searchable(SearchSource("standards", _("Standards"), _find, 20))

# -- documents and the catalogue ---------------------------------------------------------------
registry.catalogue_choices = codes.choices
registry.catalogue_links = codes.links


def _supporting(code: str, request: Any) -> dict[str, Any]:
    """The documents in force that support a standard or a requirement, by its code in all editions."""
    seen = Document.objects.visible_to(request.user).live().supporting(code)
    # One row more than is shown tells whether there are more.
    rows = list(seen.only("number", "title_kk", "title_ru", "title_en", "state").order_by("-pk")[: SHOWN + 1])
    name = "supports" if "." in code else "standard"
    return {
        "title": gettext("Documents in force"),
        "template": "standards/expected_documents.html",
        "rows": [{"document": row, "state": cells.state(row)} for row in rows[:SHOWN]],
        "all_url": f"{reverse('documents:documents')}?{name}={code}" if len(rows) > SHOWN else "",
    }


@panel(Requirement)
def _on_requirement(requirement: Requirement, request: Any) -> dict[str, Any]:
    return _supporting(requirement.code, request)


@panel(Standard)
def _on_standard(standard: Standard, request: Any) -> dict[str, Any]:
    """The documents that support it, and how many of the expected ones are there."""
    url = f"{reverse('standards:expected')}?standard={standard.code}"
    return {**_supporting(standard.code, request), "shelf": tally(request.user, standard), "shelf_url": url}
