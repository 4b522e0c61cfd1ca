"""What the catalogue hands to shared pages: menu and search."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import MenuItem, SearchSource, menu, searchable

from .models import PARTS, Standard

menu(MenuItem("standards", _("Standards"), "standards:standards", "standard", 20))


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
