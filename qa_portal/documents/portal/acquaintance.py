"""What acquaintance hands to shared pages: the desk "To read", who has read on a version's page, its printed sheets."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.web import cells
from qa_portal.web.registry import DeskSource, MenuItem, Verb, desk, menu, panel, registry, verb

from .. import acquaintance_reminders  # noqa: F401 - declares its rules
from ..models import Acquaintance, Version
from ..readership import of_major, reading_by_unit, reading_figures
from ..views.acquaintance import sheet_links

#: names of those who have not read, and units, shown on a version's page; the register has all
MOST_NAMES, MOST_UNITS = 20, 30

menu(
    MenuItem(
        "acquaintances",
        _("Acquaintance"),
        "documents:acquaintances",
        "eye-check",
        21,
        lambda person: not person.standing.outsider,
    )
)


# -- desk ----------------------------------------------------------------------------------
def _to_read(person: Any) -> Any:
    mine = Acquaintance.objects.waiting().filter(person=person)
    return mine.select_related("version__document").order_by("due", "pk")


def _item(row: Acquaintance) -> dict[str, Any]:
    words = cells.due_words(row.due)
    return {
        "label": row.version.document.title,
        "url": row.get_absolute_url(),
        "meta": f"{row.version.document.number} · {row.version.label}".strip(" ·"),
        "due": {
            "text": words or cells.date(row.due),
            "date": cells.date(row.due) if words else "",
            "tone": cells.due_tone(row.due),
        },
    }


def _register(query: str) -> Any:
    return lambda: f"{reverse('documents:acquaintances')}?{query}"


desk(DeskSource("read", _("To read"), _to_read, _item, _register("mine=true&state=waiting"), 15))


def _answers_for_people(person: Any) -> bool:
    standing = person.standing
    return bool(standing.led_paths) or standing.sees_everything or standing.has(Role.HR)


verb(
    Verb(
        _("Who has not read"),
        _register("overdue=true"),
        "eye-check",
        _("Documents past the day by which they were to be read"),
        25,
        _answers_for_people,
    )
)


def _figures(person: Any) -> list[dict[str, Any]]:
    """How many acquaintances are late, for those who answer for people."""
    if person.standing.outsider or not _answers_for_people(person):
        return []
    late = reading_figures(Acquaintance.objects.visible_to(person).waiting())["late"]
    return [
        {
            "label": gettext("Not read in time"),
            "value": late,
            "url": _register("overdue=true")(),
            "tone": "overdue" if late else "",
        }
    ]


registry.figures.append(_figures)


# -- on a version's page -----------------------------------------------------------------------
@panel(Version)
def _who_has_read(version: Version, request: Any) -> dict[str, Any] | None:
    """The quality office sees figures by unit, a head the names of their own people, a reader their own answer."""
    if version.state not in Version.ISSUED:
        return None
    person, standing = request.user, request.user.standing
    rows = of_major(version, person)
    mine = rows.filter(person=person).first()
    everything = standing.sees_everything or standing.has(Role.HR)
    leads = bool(standing.led_paths) or standing.has(Role.QUALITY_COORDINATOR)
    if not (mine or everything or leads):
        return None
    base = f"{reverse('documents:acquaintances')}?document={version.document_id}"
    found: dict[str, Any] = {
        "title": gettext("Who has read"),
        "template": "documents/acquaintance/panel.html",
        "mine": {"url": mine.get_absolute_url(), "word": _my_answer(mine)} if mine else None,
        "url": base,
        "late_url": f"{base}&overdue=true",
        "waiting_url": f"{base}&state=waiting",
    }
    if everything:
        found["figures"] = reading_figures(rows)
        lines = reading_by_unit(rows)
        found["units"] = [_unit_line(line, base) for line in lines[:MOST_UNITS]]
        found["more_units"] = len(lines) > MOST_UNITS
    elif leads:
        found["figures"] = reading_figures(rows)
        waiting = rows.waiting().select_related("person", "unit").order_by("due", "pk")[: MOST_NAMES + 1]
        names = [{"name": r.person.get_short_name(), "unit": r.unit or "", "due": cells.due(r.due)} for r in waiting]
        found["names"], found["more"] = names[:MOST_NAMES], len(names) > MOST_NAMES
    return found


def _my_answer(row: Acquaintance) -> str:
    if row.state == Acquaintance.CONFIRMED:
        return gettext("read on %(date)s") % {"date": cells.date(row.confirmed_at)}
    return gettext("to be read by %(date)s") % {"date": cells.date(row.due)}


def _unit_line(line: dict[str, Any], base: str) -> dict[str, Any]:
    unit = line["unit"]
    if unit is None:
        return {**line, "name": gettext("without a unit"), "url": ""}
    return {**line, "name": str(unit), "url": f"{base}&unit={unit.pk}"}


@panel(Version)
def _sheets(version: Version, request: Any) -> dict[str, Any]:
    """The official sheets, to print."""
    return {
        "title": gettext("Printed sheets"),
        "template": "documents/acquaintance/sheets.html",
        "sheets": sheet_links(version),
    }
