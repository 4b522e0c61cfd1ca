"""Ways between the pages of indicators: what is measured, its sets, its values, tables of values, ratings, formulas."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .querysets.cycles import insider

#: page → its words and icon
PAGES: dict[str, tuple[Any, str]] = {
    "indicator-board": (_("Indicators at a glance"), "chart"),
    "indicators": (_("Indicators"), "list"),
    "indicator-sets": (_("Sets of indicators"), "book"),
    "measurements": (_("Values of indicators"), "grid"),
    "measurement-grid": (_("Enter values"), "edit"),
    "measurement-imports": (_("Tables of values"), "upload"),
    "ratings": (_("Rating of units"), "scale"),
    "rating-formulas": (_("Rating formulas"), "list"),
}


def ways(person: Any, *names: str) -> list[dict[str, Any]]:
    """These pages as links beside a register; outsiders have none of them."""
    if not insider(person):
        return []
    return [{"label": PAGES[name][0], "url": reverse(f"standards:{name}"), "icon": PAGES[name][1]} for name in names]
