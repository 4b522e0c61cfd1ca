"""Reminders of CAPA: actions before and after their deadline, and effect checks that come due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qa_portal.notices.rules import Line, ReminderRule, lateness, remind_of, thresholds
from qa_portal.people.heads import head_ids, heads_by_unit, quality_office
from qa_portal.people.heads import holders as holders_of
from qa_portal.people.models import Person, Unit
from qa_portal.people.roles import BOARD_ROLES

from .models import CapaAction, CapaPlan

MOST_TEXT = 140


def _of_actions() -> dict[int, tuple[str, ...]]:
    return thresholds(
        doer="capa.remind_doer", head="capa.remind_head", asb="capa.remind_asb", board="capa.remind_board"
    )


def _of_checks() -> dict[int, tuple[str, ...]]:
    return thresholds(checker="capa.remind_checker", asb="capa.remind_asb_of_check")


def _prepare() -> dict[str, Any]:
    """What a sweep needs to know once: heads, unit paths, quality office, Board."""
    return {
        "heads": heads_by_unit(),
        "active": set(Person.objects.filter(is_active=True).values_list("pk", flat=True)),
        "paths": dict(Unit.objects.values_list("pk", "path")),
        "asb": list(quality_office().values_list("pk", flat=True)),
        "board": list(holders_of(BOARD_ROLES).values_list("pk", flat=True)),
    }


def _audience(known: dict[str, Any], name: str, action: CapaAction) -> list[int]:
    if name == "doer":
        return [action.owner_id]
    if name == "head":
        return head_ids(known["paths"], known["heads"], action.unit_id)
    return known[name]


def _line(action: CapaAction, late: int, language: str) -> Line:
    text = action.text if len(action.text) <= MOST_TEXT else action.text[:MOST_TEXT] + "…"
    return Line(f"{lateness(late)}: {text} ({action.number})", action.get_absolute_url())


remind_of(
    ReminderRule(
        name="capa.action_due",
        # Only what a reminder says and who is told: the sweep reads every open action.
        rows=lambda: (
            # Approved items of a plan that was sent back cannot be carried out yet: only those in progress.
            CapaAction.objects.open()
            .filter(state=CapaAction.IN_PROGRESS)
            .select_related("plan")
            .only("text", "due", "owner", "unit", "place", "plan__number")
        ),
        deadline="due",
        thresholds=_of_actions,
        prepare=_prepare,
        audience=_audience,
        line=_line,
    )
)


def _check_audience(known: dict[str, Any], name: str, plan: CapaPlan) -> list[int]:
    """The person named, while they are here; otherwise the quality office."""
    if name == "checker" and plan.checker_id is not None and plan.checker_id in known["active"]:
        return [plan.checker_id]
    return known["asb"]


def _check_line(plan: CapaPlan, late: int, language: str) -> Line:
    text = _("check the effect of plan %(number)s") % {"number": plan.number}
    return Line(f"{lateness(late)}: {text}", plan.get_absolute_url())


remind_of(
    ReminderRule(
        name="capa.effect_check_due",
        rows=lambda: CapaPlan.objects.filter(state=CapaPlan.VERIFIED),
        deadline="check_on",
        thresholds=_of_checks,
        prepare=_prepare,
        audience=_check_audience,
        line=_check_line,
    )
)
