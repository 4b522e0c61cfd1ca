"""What duties hand to shared pages: menu, desk, search, figures, what bodies decide, the calendar feed, panels."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.people.models import Unit
from qa_portal.programmes.models import Term
from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    calendar_of,
    decidable,
    desk,
    menu,
    panel,
    provable,
    registry,
    searchable,
)

from .. import duty_events  # noqa: F401 - declares what opens a duty
from ..duty_words import phase_badge, phase_word
from ..models import Duty, DutyRule
from ..permissions import duties as rights  # noqa: F401 - declares who may do what
from ..policy import duties as numbers  # noqa: F401 - declares the days of reminders
from ..querysets.cycles import insider
from ..reminders import duties as reminders  # noqa: F401 - declares the reminders
from ..reports import duties as chapter  # noqa: F401 - declares the chapter
from ..workflow import duties as steps  # noqa: F401 - declares the steps

MOST = 10
#: so much of the past and of the future stands in a calendar feed
BEHIND, AHEAD = datetime.timedelta(days=60), datetime.timedelta(days=400)

menu(MenuItem("duties", _("Duties"), "standards:duty-year", "calendar", 33, insider))
provable(Duty)
shown_on(Duty)


# -- what bodies decide ------------------------------------------------------------------------------
def _waiting(code: str) -> Any:
    """Duties of this body whose window has opened."""
    return (
        Duty.objects.open()
        .filter(body=code, opens_on__lte=timezone.localdate())
        .select_related("rule")
        .order_by("due_on")
        if code
        else Duty.objects.none()
    )


decidable(
    Decidable(
        Duty,
        "decide",
        _("Duty by period"),
        lambda duty: duty.body if duty.phase in (Duty.Phase.DUE, Duty.Phase.OVERDUE) else "",
        _waiting,
        undo="undo_decision",
        inputs=lambda duty, decision: {"decision": decision.pk},
    )
)


# -- desk, search -------------------------------------------------------------------------------------
def _mine(person: Any) -> Any:
    rows = Duty.objects.visible_to(person).of(person).open().filter(opens_on__lte=timezone.localdate())
    return rows.select_related("rule", "unit").prefetch_related("subject").order_by("due_on", "pk")


desk(
    DeskSource(
        "duties",
        _("My duties by period"),
        _mine,
        lambda duty: {
            "label": duty.name,
            "url": duty.get_absolute_url(),
            "meta": f"{duty.rule.basis} · {duty.unit or gettext('university')}",
            "due": cells.desk_due(duty.due_on),
        },
        lambda: f"{reverse('standards:duties')}?mine=true&phase=due&phase=overdue",
        35,
    )
)


def _find(person: Any, text: str) -> list[dict[str, Any]]:
    rows = DutyRule.objects.visible_to(person).in_use().matching(text).order_by("place")[:MOST]
    return [{"label": str(rule), "url": rule.get_absolute_url(), "meta": rule.basis} for rule in rows]


searchable(SearchSource("duty-rules", _("Rules of duties"), _find, 40))


# -- figures --------------------------------------------------------------------------------------------
def _figures(person: Any) -> list[dict[str, Any]]:
    """For those who see the whole university: what is overdue; for the quality office, what cannot be made."""
    if person.standing.outsider or not person.standing.sees_everything:
        return []
    overdue = Duty.objects.overdue().count()
    if not overdue and not DutyRule.objects.exists():
        return []
    url = reverse("standards:duties")
    found = [
        {
            "label": gettext("Overdue duties"),
            "value": overdue,
            "url": f"{url}?phase=overdue",
            "tone": "overdue" if overdue else "",
        }
    ]
    if person.standing.quality_office and (waiting := rules_without_term()):
        found.append(
            {
                "label": gettext("Duties that wait for the dates of the next term"),
                "value": waiting,
                "url": f"{reverse('standards:duty-rules')}?timing=term",
                "tone": "waiting",
            }
        )
    return found


def rules_without_term() -> int:
    """How many rules cannot be made, because no term ahead is entered."""
    rules = DutyRule.objects.in_use().filter(timing=DutyRule.Timing.TERM).count()
    return 0 if not rules or Term.objects.filter(until__gte=timezone.localdate()).exists() else rules


registry.figures.append(_figures)


# -- calendar feed ----------------------------------------------------------------------------------------
def _dates(person: Any) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    rows = Duty.objects.visible_to(person).of(person).exclude(state=Duty.WAIVED)
    rows = rows.filter(due_on__gte=today - BEHIND, due_on__lte=today + AHEAD)
    for duty in rows.select_related("rule", "unit").prefetch_related("subject").order_by("due_on", "pk"):
        yield {
            "uid": f"duty-{duty.pk}",
            "day": duty.due_on,
            "title": duty.name,
            "url": duty.get_absolute_url(),
            "note": f"{duty.rule.basis} · {phase_word(duty)}",
        }


calendar_of(CalendarSource("duties", _dates))


# -- panel of a unit ----------------------------------------------------------------------------------------
@panel(Unit)
def duties_of_unit(unit: Any, request: Any) -> dict[str, Any] | None:
    """What falls due in the unit now."""
    rows = Duty.objects.visible_to(request.user).open().filter(unit=unit, opens_on__lte=timezone.localdate())
    found = list(rows.select_related("rule").prefetch_related("subject").order_by("due_on", "pk")[: MOST + 1])
    if not found:
        return None
    return {
        "title": gettext("Duties of the unit"),
        "template": "standards/duties/panel.html",
        "rows": [
            {
                "url": duty.get_absolute_url(),
                "label": duty.name,
                "due": cells.due(duty.due_on),
                "phase": phase_badge(duty),
            }
            for duty in found[:MOST]
        ],
        "all_url": f"{reverse('standards:duties')}?unit={unit.pk}&phase=due&phase=overdue" if len(found) > MOST else "",
    }
