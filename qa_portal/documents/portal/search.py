"""The library in the menu and in the search of the portal; its index on SQLite."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import MenuItem, SearchSource, menu, searchable

from ..finding import DOCUMENT_WORDS, best_first
from ..models import Document

SHOWN = 8

DOCUMENT_WORDS.prepare("documents")
menu(MenuItem("library", _("Library"), "documents:front", "book", 20))


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    """By title, number and the words of files."""
    rows = best_first(Document.objects.visible_to(person).matching(text).select_related("kind"), text)
    return [
        {
            "label": row.title,
            "url": row.get_absolute_url(),
            "meta": " · ".join(str(part) for part in (row.number, row.kind.name, row.state_label) if part),
        }
        for row in rows[:SHOWN]
    ]


searchable(SearchSource("documents", _("Documents"), _find, 40))
