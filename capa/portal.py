"""What capa hands to shared pages: menu, desk, verbs, search, panels, reminders, figures."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qa_portal.bodies.portal.meetings import shown_on
from qa_portal.people.roles import Role
from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    Decidable,
    DeskSource,
    MenuItem,
    SearchSource,
    Verb,
    calendar_of,
    counting,
    decidable,
    desk,
    menu,
    panel,
    provable,
    registry,
    searchable,
    verb,
)
from standards.models import EvaluationArea, Requirement

from . import chapters, figures, loops, permissions, policy, reminders, serving, signals, workflow  # noqa: F401 - declares rights, numbers, steps, formulas
from .models import FROM_OUTSIDE, CapaAction, CapaPlan, Extension, Finding


def _insider(person: Any) -> bool:
    return not person.standing.outsider


menu(MenuItem("home", _("My page"), "home", "home", 1))
menu(MenuItem("capa", _("Loops at a glance"), "capa:front", "chart", 50, _insider, True))
menu(MenuItem("findings", _("Findings"), "capa:findings", "flag", 10))
menu(MenuItem("plans", _("CAPA plans"), "capa:plans", "clipboard", 51, more=True))
menu(MenuItem("actions", _("Actions"), "capa:actions", "checklist", 12))
menu(MenuItem("signals", _("Signals"), "capa:signals", "bell", 13, lambda person: person.standing.quality_office))

registry.words.update(begin=_("Work begins"), reroute=_("Goes to another decider"))

provable(CapaAction)
provable(Finding)


# -- what the Academic Council decides --------------------------------------------------------
def _for_council(code: str) -> Any:
    """Plans after an external evaluation that wait for its decision."""
    rows = CapaPlan.objects.filter(
        finding__source_kind__in=FROM_OUTSIDE,
        endorsed_on__isnull=True,
        state__in=(CapaPlan.SUBMITTED, CapaPlan.IN_PROGRESS, CapaPlan.IMPLEMENTED),
    ).select_related("finding", "unit")
    return rows if code == permissions.COUNCIL else rows.none()


shown_on(CapaPlan)
decidable(
    Decidable(
        CapaPlan,
        "endorse",
        _("Plan after an external evaluation"),
        lambda plan: permissions.COUNCIL if plan.waits_for_council else "",
        _for_council,
        undo="undo_endorsement",
        inputs=lambda plan, decision: {"basis": str(decision)[:200]},
    )
)


# -- desk: what waits for me ------------------------------------------------------------------
def _action_item(action: CapaAction) -> dict[str, Any]:
    return {
        "label": action.text,
        "url": action.get_absolute_url(),
        "meta": f"{action.number} · {action.unit}",
        "due": cells.desk_due(action.due),
    }


def _plan_item(plan: CapaPlan) -> dict[str, Any]:
    return {
        "label": plan.finding.title,
        "url": plan.get_absolute_url(),
        "meta": f"{plan.number} · {plan.unit}",
        "due": cells.desk_due(plan.check_on),
    }


def _finding_item(finding: Finding) -> dict[str, Any]:
    return {
        "label": finding.title,
        "url": finding.get_absolute_url(),
        "meta": f"{finding.number} · {finding.unit}",
        "due": None,
    }


def _related(rows: Any) -> Any:
    return rows.select_related("plan", "unit").order_by("due", "pk")


def _to_approve(person: Any) -> Any:
    return _related(CapaAction.objects.waiting_for_decision_of(person))


def _to_do(person: Any) -> Any:
    return _related(CapaAction.objects.filter(owner=person).open())


def _extensions(person: Any) -> Any:
    """Later deadlines asked for that this person decides about: as head, or on the Board where no head is free."""
    heads = [h.unit_id for h in person.standing.held if h.role == Role.UNIT_HEAD]
    mine = Q(unit__in=heads) | (Q(unit__isnull=True) if person.standing.board else Q(pk__in=[]))
    asked = Extension.objects.filter(mine, state=Extension.ASKED).exclude(asked_by=person)
    return _related(CapaAction.objects.open().filter(pk__in=asked.values("action")).exclude(owner=person))


def _to_mend(person: Any) -> Any:
    rows = CapaPlan.objects.filter(state__in=(CapaPlan.DRAFT, CapaPlan.RETURNED))
    standing = person.standing
    led = [h.unit_id for h in standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]
    return (
        (rows.filter(unit_id__in=led) | rows.filter(created_by=person))
        .distinct()
        .select_related("finding", "unit")
        .order_by("pk")
    )


def _to_plan(person: Any) -> Any:
    led = [h.unit_id for h in person.standing.held if h.role in (Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)]
    without = Finding.objects.open().filter(unit_id__in=led).exclude(plans__state__in=CapaPlan.LIVE)
    return without.filter(severity__in=("major", "critical")).select_related("unit").order_by("pk")


def _to_qualify(person: Any) -> Any:
    """New findings that nobody tied to a requirement yet: the quality office qualifies what anybody may report (N2 §10.2)."""
    rows = Finding.objects.open().filter(requirement__isnull=True).select_related("unit").order_by("pk")
    return rows if person.standing.quality_office else rows.none()


def _to_verify(person: Any) -> Any:
    rows = (
        CapaPlan.objects.filter(state=CapaPlan.IMPLEMENTED)
        .select_related("finding", "unit")
        .order_by("implemented_on", "pk")
    )
    return rows if person.standing.quality_office else rows.none()


def _to_check(person: Any) -> Any:
    """Effects that this person was named to check; the quality office also those of nobody, or of somebody who has left."""
    mine = Q(checker=person)
    if person.standing.quality_office:
        mine |= Q(checker__isnull=True) | Q(checker__is_active=False)
    rows = CapaPlan.objects.filter(mine, state=CapaPlan.VERIFIED)
    return rows.select_related("finding", "unit").order_by("check_on", "pk")


def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(name) + query


desk(DeskSource("approve", _("To approve"), _to_approve, _action_item, _list("capa:actions", "?waits_for_me=true"), 10))
desk(DeskSource("do", _("My actions"), _to_do, _action_item, _list("capa:actions", "?mine=true"), 20))
desk(DeskSource("extensions", _("Extensions asked for"), _extensions, _action_item, _list("capa:actions"), 30))
desk(
    DeskSource(
        "qualify",
        _("New findings to qualify"),
        _to_qualify,
        _finding_item,
        _list("capa:findings", "?state=open&unqualified=true"),
        35,
    )
)
desk(DeskSource("verify", _("To verify"), _to_verify, _plan_item, _list("capa:plans", "?state=implemented"), 40))
desk(DeskSource("check", _("Effect to be checked"), _to_check, _plan_item, _list("capa:plans", "?state=verified"), 50))
desk(
    DeskSource(
        "mend", _("Plans to finish"), _to_mend, _plan_item, _list("capa:plans", "?state=draft&state=returned"), 60
    )
)
desk(
    DeskSource(
        "plan", _("Findings that need a plan"), _to_plan, _finding_item, _list("capa:findings", "?state=open"), 70
    )
)

# -- verbs -----------------------------------------------------------------------------------------
verb(
    Verb(_("Report a finding"), _list("capa:finding-add"), "flag", _("Something is not as it should be"), 10),
    Verb(_("What I reported"), _list("capa:findings", "?mine=true"), "message", _("See what came of it"), 20),
    Verb(
        _("Approve items"),
        _list("capa:actions", "?waits_for_me=true"),
        "check",
        _("One by one or many at once"),
        5,
        lambda person: bool(person.standing.led_paths) or person.standing.board,
    ),
    Verb(
        _("Verify plans"),
        _list("capa:plans", "?state=implemented"),
        "eye-check",
        "",
        6,
        lambda person: person.standing.quality_office,
    ),
    Verb(
        _("Decide about signals"), _list("capa:signals"), "bell", "", 7, lambda person: person.standing.quality_office
    ),
    Verb(_("Overdue actions"), _list("capa:actions", "?overdue=true"), "alert-triangle", "", 30, _insider),
)


# -- search -------------------------------------------------------------------------------------------
def _find_findings(person: Any, text: str) -> list[dict[str, Any]]:
    rows = Finding.objects.visible_to(person).matching(text).select_related("unit").order_by("-pk")[:10]
    return [{"label": str(r), "url": r.get_absolute_url(), "meta": f"{r.unit} · {r.state_label}"} for r in rows]


def _find_plans(person: Any, text: str) -> list[dict[str, Any]]:
    rows = CapaPlan.objects.visible_to(person).matching(text).select_related("finding", "unit").order_by("-pk")[:10]
    return [
        {"label": f"{r.number} {r.finding.title}", "url": r.get_absolute_url(), "meta": f"{r.unit} · {r.state_label}"}
        for r in rows
    ]


def _find_actions(person: Any, text: str) -> list[dict[str, Any]]:
    rows = CapaAction.objects.visible_to(person).matching(text).select_related("plan", "unit").order_by("-pk")[:10]
    return [{"label": str(r), "url": r.get_absolute_url(), "meta": f"{r.unit} · {r.state_label}"} for r in rows]


searchable(SearchSource("findings", _("Findings"), _find_findings, 10))
searchable(SearchSource("plans", _("CAPA plans"), _find_plans, 11))
searchable(SearchSource("actions", _("Actions"), _find_actions, 12))


# -- figures --------------------------------------------------------------------------------------------
def _figures(person: Any) -> list[dict[str, Any]]:
    if person.standing.outsider:
        return []
    numbers = loops.figures(Finding.objects.visible_to(person))
    address = reverse("capa:findings")
    found = [
        {"label": gettext("Open findings"), "value": numbers["open"], "url": f"{address}?state=open", "tone": ""},
        {
            "label": gettext("Overdue findings"),
            "value": numbers["overdue"],
            "url": f"{address}?overdue=true",
            "tone": "overdue" if numbers["overdue"] else "",
        },
        {"label": gettext("Closed findings"), "value": numbers["closed"], "url": f"{address}?state=closed", "tone": ""},
    ]
    if numbers["days"] is not None:
        days = numbers["days"]
        found.append(
            {
                "label": gettext("Usual time to close"),
                "value": ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
                "url": reverse("capa:front"),
                "tone": "",
            }
        )
    if person.standing.quality_office:
        found.append(
            {"label": gettext("Signals"), "value": signals.count(), "url": reverse("capa:signals"), "tone": ""}
        )
    return found


def _public_figures() -> list[dict[str, Any]]:
    """How the loops stand, in figures of the whole university: nothing about a unit or a person."""
    numbers = loops.figures(Finding.objects.all())
    found = [
        {"label": gettext("Findings since the start"), "value": numbers["all"]},
        {"label": gettext("Loops closed"), "value": numbers["closed"]},
    ]
    if numbers["days"] is not None:
        days = numbers["days"]
        found.append(
            {"label": gettext("Usual time to close"), "value": ngettext("%(n)s day", "%(n)s days", days) % {"n": days}}
        )
    return found


registry.figures.append(_figures)
registry.public_figures.append(_public_figures)


# -- what hangs on the catalogue ------------------------------------------------------------------------
SHOWN_ON_REQUIREMENT = 10
_open_first = Case(When(state=Finding.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())


@panel(Requirement)
def _on_requirement(requirement: Requirement, request: Any) -> dict[str, Any]:
    """The findings on this requirement, by its code in all editions: open ones first."""
    seen = Finding.objects.visible_to(request.user).filter(requirement__code=requirement.code)
    # One row more than is shown tells whether there are more.
    rows = list(seen.select_related("unit").order_by(_open_first, "-pk")[: SHOWN_ON_REQUIREMENT + 1])
    # A new finding is against the words in force, also when an older edition is read; a retired requirement has none.
    in_force = Requirement.objects.in_force().filter(code=requirement.code).first()
    return {
        "title": gettext("Findings"),
        "template": "capa/parts/requirement_findings.html",
        "rows": [{"finding": row, "state": cells.state(row)} for row in rows[:SHOWN_ON_REQUIREMENT]],
        "all_url": f"{reverse('capa:findings')}?requirement={requirement.code}"
        if len(rows) > SHOWN_ON_REQUIREMENT
        else "",
        "add_url": f"{reverse('capa:finding-add')}?requirement={in_force.pk}" if in_force else "",
    }


def _open_findings(person: Any, path: str, codes: Any) -> dict[str, int]:
    rows = Finding.objects.visible_to(person).open().filter(**{f"{path}__code__in": list(codes)})
    return dict(rows.order_by().values_list(f"{path}__code").annotate(n=Count("pk", distinct=True)))


@counting(Requirement)
def _open_on_requirements(person: Any, codes: Any) -> dict[str, int]:
    return _open_findings(person, "requirement", codes)


@counting(EvaluationArea)
def _open_on_areas(person: Any, codes: Any) -> dict[str, int]:
    return _open_findings(person, "area", codes)


# -- calendar feed, and what opens a duty of the monitoring calendar (N3 §5.1) --------------------------
def _dates(person: Any) -> Any:
    """Deadlines of one's own actions."""
    for action in _to_do(person):
        yield {
            "uid": f"action-{action.pk}",
            "day": action.due,
            "title": action.text,
            "url": action.get_absolute_url(),
            "note": f"{action.number} · {action.unit}",
        }


def _programme_nonconformity(since: Any) -> Any:
    """Nonconformities that the monitoring of programmes found."""
    rows = Finding.objects.filter(source_kind="programme_monitoring", found_on__gte=since).exclude(
        severity="observation"
    )
    for finding in rows.select_related("unit").order_by("pk"):
        yield finding.found_on, finding


calendar_of(CalendarSource("actions", _dates))
registry.events["programme-nonconformity"] = _programme_nonconformity
