"""What risks hand to shared pages: menu, desk, search, signals, the chapter of reports."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.heads import heads_by_unit
from qa_portal.people.roles import BOARD_ROLES, Role
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import (
    Chapter,
    DeskSource,
    MenuItem,
    SearchSource,
    Signal,
    chapter,
    desk,
    linkable,
    menu,
    provable,
    searchable,
    signal,
)

from ..models import ContextSheet, RiskEvent, RiskMeasure, UnitRisk
from ..querysets.cycles import insider
from ..risk_chapter import blocks
from ..risk_levels import AMBER, RED, is_red, light_of, said

#: a review stands on somebody's page so many days before its day
AHEAD = 14

menu(MenuItem("risks", _("Risks"), "standards:unit-risks", "alert-triangle", 60, insider, True))
provable(UnitRisk)
provable(RiskMeasure)
linkable(UnitRisk)


# -- desk: what waits for me ------------------------------------------------------------------
def _led(person: Any) -> list[int]:
    return [h.unit_id for h in person.standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]


def _mine(person: Any) -> Any:
    """Live risks that this person owns, or of the units that this person heads or coordinates."""
    rows = UnitRisk.objects.live().filter(Q(owner=person) | Q(unit__in=_led(person)))
    return rows.select_related("unit").with_words()


def _to_rate(person: Any) -> Any:
    return _mine(person).filter(likelihood__isnull=True).order_by("pk")


def _to_review(person: Any) -> Any:
    until = timezone.localdate() + datetime.timedelta(days=AHEAD)
    return _mine(person).filter(review_on__lte=until).order_by("review_on", "pk")


def _my_measures(person: Any) -> Any:
    return RiskMeasure.objects.open().filter(owner=person).select_related("risk").order_by("due", "pk")


def _sheets(person: Any) -> Any:
    """Drafts that wait for this person: those of the university for Board and representative; a unit's for the nearest
    head who did not write in it, where there is none for the Board.
    """
    whose = Q(pk__in=[])
    for path in person.standing.led_paths:
        whose |= Q(unit__path__startswith=path)
    if person.standing.has(*BOARD_ROLES, Role.QUALITY_REPRESENTATIVE):
        whose |= Q(unit__kind="university")
    if person.standing.board:
        whose = ~Q(pk__in=[])
    drafts = ContextSheet.objects.filter(whose, state=ContextSheet.DRAFT).select_related("unit")
    rows = [sheet for sheet in drafts if refusal(person, "standards.approve_context_sheet", sheet) is None]
    heads = heads_by_unit() if rows else {}
    mine = [sheet.pk for sheet in rows if _waits_for(person, sheet, heads)]
    return ContextSheet.objects.filter(pk__in=mine).select_related("unit").order_by("-year", "pk")


def _waits_for(person: Any, sheet: ContextSheet, heads: dict[int, int]) -> bool:
    """Of those who may approve a draft of a unit, whether it is this person's turn; from memory."""
    if sheet.unit.kind == sheet.unit.Kind.UNIVERSITY:
        return True
    own = {*sheet.authors, sheet.created_by_id}
    free = (pk for pk in reversed(sheet.unit.chain_ids) if pk in heads and heads[pk] not in own)
    nearest = next(free, None)
    return bool(person.standing.board) if nearest is None else bool(person.standing.leads(nearest))


def _item(label: Any, row: Any, meta: Any, due: Any = None) -> dict[str, Any]:
    return {"label": label, "url": row.get_absolute_url(), "meta": str(meta), "due": cells.desk_due(due)}


def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(name) + query


desk(
    DeskSource(
        "risks-to-rate",
        _("Risks to rate"),
        _to_rate,
        lambda r: _item(r.brief, r, f"{r.number} · {r.unit}"),
        _list("standards:risks-rate"),
        45,
    )
)
desk(
    DeskSource(
        "risks-to-review",
        _("Risks to look at again"),
        _to_review,
        lambda r: _item(r.brief, r, f"{r.number} · {r.unit}", r.review_on),
        _list("standards:unit-risks", "?state=assessed&sort=review"),
        46,
    )
)
desk(
    DeskSource(
        "risk-measures",
        _("My measures on risks"),
        _my_measures,
        lambda r: _item(r.brief, r, r.risk.number, r.due),
        _list("standards:risk-measures", "?mine=true&state=open"),
        22,
    )
)
desk(
    DeskSource(
        "context-sheets",
        _("Context sheets to approve"),
        _sheets,
        lambda r: _item(f"{r.unit} · {r.year}", r, gettext("Draft")),
        _list("standards:context-sheets", "?state=draft"),
        47,
    )
)


# -- search ------------------------------------------------------------------------------------
def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = UnitRisk.objects.visible_to(person).matching(text).select_related("unit").with_words().order_by("-pk")[:10]
    return [{"label": str(r), "url": r.get_absolute_url(), "meta": f"{r.unit} · {r.state_label}"} for r in rows]


def _find_measures(person: Any, text: str) -> list[dict[str, Any]]:
    rows = RiskMeasure.objects.visible_to(person).matching(text).select_related("risk").order_by("-pk")[:10]
    return [{"label": r.brief, "url": r.get_absolute_url(), "meta": f"{r.risk.number} · {r.state_label}"} for r in rows]


searchable(SearchSource("risks", _("Risks and opportunities"), _find, 22))
searchable(SearchSource("risk-measures", _("Measures on risks"), _find_measures, 23))


# -- signals -----------------------------------------------------------------------------------
def _events() -> Any:
    """Also of a risk cancelled since: what happened is decided about by the quality office, not by taking the risk away."""
    return RiskEvent.objects.select_related("risk__unit").with_words().order_by("on", "pk")


def _came_true(event: RiskEvent) -> dict[str, Any]:
    """The greater the risk was held, the heavier what happened: high major, medium minor, low an observation."""
    risk = event.risk
    risk.catalogue = getattr(event, "catalogue", None)
    severity = {RED: "major", AMBER: "minor", "": "minor"}.get(light_of(risk.level), "observation")
    when = gettext("The risk %(number)s came true on %(day)s. Level when it was last rated: %(level)s.") % {
        "number": risk.number,
        "day": cells.date(event.on),
        "level": said(risk.level),
    }
    return {
        "title": gettext("Came true: %(risk)s") % {"risk": risk.brief},
        "description": f"{event.text}\n\n{risk.words}\n\n{when}",
        "requirement": "",
        "unit": risk.unit,
        "severity": severity,
        "source_kind": "risk",
    }


def _potentials() -> Any:
    rows = UnitRisk.objects.filter(kind=UnitRisk.Kind.POTENTIAL, state=UnitRisk.ASSESSED).select_related("unit")
    return rows.with_words().order_by("-level", "pk")


def _potential(risk: UnitRisk) -> dict[str, Any]:
    """It has not happened: the finding asks for a preventive action (N2 §6.1)."""
    texts = [risk.words, risk.text, risk.consequence]
    texts.append(
        gettext(
            "Potential nonconformity %(number)s, level %(level)s. It has not happened: a preventive action is asked for."
        )
        % {"number": risk.number, "level": said(risk.level)}
    )
    return {
        "title": gettext("May happen: %(risk)s") % {"risk": risk.brief},
        "description": "\n\n".join(text for text in texts if text),
        "requirement": "",
        "unit": risk.unit,
        "severity": "minor" if is_red(risk) else "observation",
        "source_kind": "risk",
    }


signal(Signal("risks.came_true", _("Risks that came true"), _events, _came_true, once=True))
signal(Signal("risks.potential", _("Potential nonconformities"), _potentials, _potential))

# -- reports -----------------------------------------------------------------------------------
chapter(Chapter("risks", _("Risks and opportunities"), 50, blocks))
