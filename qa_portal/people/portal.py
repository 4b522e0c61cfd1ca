"""What the room of people hands to shared pages: search, and the signal that a unit has no head."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_language, resolution_order

from qa_portal.web.registry import MenuItem, SearchSource, Signal, menu, registry, searchable, signal
from qa_portal.web.sqlite import alphabetical

from . import permissions, policy  # noqa: F401 - declares rights and the numbers of sign-in
from .models import Office, Person, Unit
from .roles import Role


def _identity() -> dict[str, str]:
    # One row without its record: every page asks for it.
    columns = [f"{name}_{code}" for name in ("name", "short") for code in resolution_order(get_language())]
    found = Unit.objects.filter(parent__isnull=True).order_by("pk").values_list(*columns).first()
    if found is None:
        return {"name": "", "short": ""}
    half = len(columns) // 2
    name = next(filter(None, found[:half]), "")
    return {"name": name, "short": next(filter(None, found[half:]), name)}


registry.identity = _identity

menu(
    MenuItem(
        "people", _("People and units"), "people:units", "users", 80, lambda person: not person.standing.outsider, True
    )
)


def _find_people(person: Any, text: str) -> list[dict[str, Any]]:
    rows = (
        Person.objects.visible_to(person)
        .matching(text)
        .select_related("unit")
        .order_by(alphabetical("last_name_kk"))[:10]
    )
    return [
        {"label": p.get_full_name(), "url": p.get_absolute_url(), "meta": f"{p.post}, {p.unit}" if p.unit else p.post}
        for p in rows
    ]


def _find_units(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Unit.objects.visible_to(person).matching(text).order_by(alphabetical("name_kk"))[:10]
    return [{"label": u.name, "url": u.get_absolute_url(), "meta": u.get_kind_display()} for u in rows]


searchable(SearchSource("units", _("Units"), _find_units, 60))
searchable(SearchSource("people", _("People"), _find_people, 70))


def _headless() -> QuerySet:
    heads = Office.objects.on().filter(role=Role.UNIT_HEAD, unit=OuterRef("pk"))
    return Unit.objects.working().filter(parent__isnull=False).filter(~Exists(heads)).order_by("path")


def _headless_draft(unit: Unit) -> dict[str, Any]:
    return {
        "title": _("No head is named for “%(unit)s”") % {"unit": unit.name},
        "description": _(
            "The unit has no head in office, so nobody there approves CAPA items or answers for quality. "
            "Name a head or end the unit."
        ),
        "requirement": "S1.R4",
        "unit": unit,
        "severity": "minor",
        "source_kind": "daily_work",
    }


signal(Signal("people.unit_without_head", _("Units without a head"), _headless, _headless_draft))
