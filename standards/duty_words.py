"""Duties in words: their groups, their phases as badges, when a rule falls due, what fulfils it."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qa_portal.people.roles import Role
from qa_portal.web import cells
from qa_portal.web.registry import registry
from qa_portal.workflow.steps import all_steps

from .fulfilment import models_by_key, named_steps
from .models import Duty, DutyRule, ReportKind
from .occurrences import day_in

GROUPS = {
    "policy": gettext_lazy("Quality policy"),
    "documents": gettext_lazy("Documents"),
    "management": gettext_lazy("Management of quality"),
    "programmes": gettext_lazy("Programmes"),
    "monitoring": gettext_lazy("Monitoring of programmes"),
    "teaching": gettext_lazy("Teaching in the semester"),
    "surveys": gettext_lazy("Surveys"),
    "accreditation": gettext_lazy("Accreditation"),
    "staff": gettext_lazy("Staff and their development"),
    "bodies": gettext_lazy("Bodies and discussions"),
    "reports": gettext_lazy("Reports"),
}
PHASES: dict[str, tuple[Any, str, str]] = {
    Duty.Phase.COMING: (Duty.Phase.COMING.label, "draft", "calendar"),
    Duty.Phase.DUE: (pgettext_lazy("a duty", "Due"), "progress", "clock"),
    Duty.Phase.OVERDUE: (Duty.Phase.OVERDUE.label, "overdue", "alert-triangle"),
    Duty.Phase.DONE: (Duty.Phase.DONE.label, "done", "check"),
    Duty.Phase.WAIVED: (Duty.Phase.WAIVED.label, "cancelled", "ban"),
}
#: later rooms that will bring the steps
ROOMS = {
    "programmes": gettext_lazy("the room of programmes"),
    "surveys": gettext_lazy("the room of surveys"),
    "accreditation": gettext_lazy("the room of accreditation"),
    "cpd": gettext_lazy("the room of professional development"),
    "audits": gettext_lazy("the room of audits"),
}
EVENTS = {
    "law-or-strategy-changed": gettext_lazy("a new edition of an act or a new strategy"),
    "policy-or-strategy-approved": gettext_lazy("a new version of the quality policy or of the strategy"),
    "conformity-review-opened": gettext_lazy("a change after which documents are looked through"),
    "change-proposed": gettext_lazy("a unit's proposal to change a document"),
    "document-approved": gettext_lazy("the approval of a document"),
    "newcomer-asked": gettext_lazy("a newcomer"),
    "programme-nonconformity": gettext_lazy("a nonconformity found in the monitoring of programmes"),
}


def group_name(code: str) -> Any:
    return GROUPS.get(code, code)


def phase_badge(duty: Duty) -> Any:
    return cells.badge(*PHASES[duty.phase])


def phase_word(duty: Duty) -> str:
    return str(PHASES[duty.phase][0])


def office_words(rule: DutyRule) -> str:
    """The office that answers, in words."""
    if rule.role and not (rule.role == Role.UNIT_HEAD and rule.unit_id):
        return str(Role(rule.role).label)
    if rule.unit_id:
        return _("Head of: %(unit)s") % {"unit": rule.unit}
    return str(Role.ASB_OFFICER.label)


def _month_day(text: str) -> str:
    if text == "02-29":
        return _("last day of February")
    return date_format(day_in(2024, text), "MONTH_DAY_FORMAT")


def _months(months: int) -> str:
    if months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def _days(days: int, working: bool = False) -> str:
    if working:
        return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def timing_words(rule: DutyRule) -> str:
    """When the rule falls due, in one sentence."""
    Timing = DutyRule.Timing
    if rule.timing == Timing.YEARLY:
        return _("Every year from %(opens)s to %(due)s") % {
            "opens": _month_day(rule.opens),
            "due": _month_day(rule.due),
        }
    if rule.timing == Timing.QUARTERLY:
        return _("Every quarter, by its last day")
    if rule.timing == Timing.EVENT:
        event = EVENTS.get(rule.event, rule.event)
        if not rule.due_days:
            return _("Opened by: %(event)s; due on its day") % {"event": event}
        return _("Opened by: %(event)s; due %(days)s later") % {
            "event": event,
            "days": _days(rule.due_days, rule.working_days),
        }
    if rule.timing == Timing.TERM:
        return _term_words(rule)
    months = rule.months or 0
    if rule.months_from and rule.months_from < months:
        return _("From %(from)s after the last time, not later than %(to)s after it") % {
            "from": _months(rule.months_from),
            "to": _months(months),
        }
    return _("Not later than %(to)s after the last time") % {"to": _months(months)}


def _term_words(rule: DutyRule) -> str:
    offset = rule.offset_days or 0
    first = rule.anchor == DutyRule.Anchor.SINCE
    if offset == 0:
        return _("Every term, by its first day") if first else _("Every term, by its last day")
    words = {"days": _days(abs(offset))}
    if offset < 0:
        return (
            _("Every term, %(days)s before its first day") if first else _("Every term, %(days)s before its last day")
        ) % words
    return (
        _("Every term, %(days)s after its first day") if first else _("Every term, %(days)s after its last day")
    ) % words


def fulfilling(rule: DutyRule) -> list[str]:
    """What fulfils it, a line each."""
    found = []
    if rule.body:
        found.append(_("Decision: %(body)s") % {"body": registry.body_name(rule.body)})
    if rule.report_kind:
        kind = ReportKind.objects.filter(code=rule.report_kind).first()
        found.append(_("Report published: %(kind)s") % {"kind": kind or rule.report_kind})
    known = models_by_key()
    for way in named_steps(rule)[: len(rule.fulfilled_by)]:
        key, _dot, verb = way["step"].rpartition(".")
        model = known.get(key)
        step = all_steps().get(model, {}).get(verb) if model is not None else None
        if step is not None and model is not None:
            words = {"step": step.label, "what": model._meta.verbose_name}
            found.append(_("Step in the portal: %(step)s (%(what)s)") % words)
    if rule.paper:
        found.append(_("Paper: %(paper)s") % {"paper": rule.paper})
    if rule.waits_for:
        room = ROOMS.get(rule.waits_for, rule.waits_for)
        found.append(_("Later by itself, when %(room)s is there; until then by a paper") % {"room": room})
    return found
