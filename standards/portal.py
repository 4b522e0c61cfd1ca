"""What the catalogue hands to shared pages: menu and search."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import MenuItem, SearchSource, menu, searchable

from .models import EvaluationArea, Requirement

menu(MenuItem("standards", _("Standards"), "standards:standards", "list-check", 20))


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    found = []
    for model in (Requirement, EvaluationArea):
        for row in model.objects.visible_to(person).in_force().matching(text).select_related("standard")[:8]:
            found.append({"label": row.text, "url": getattr(row, "get_absolute_url", lambda r=row: r.own_url)(), "meta": row.code})
    return found


searchable(SearchSource("standards", _("Standards"), _find, 20))
