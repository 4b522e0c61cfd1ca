"""What assignments, dispatches, requests and proposals hand to shared pages: menu, desk, verbs, figures, panels."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import Role
from qa_portal.permissions import refusal
from qa_portal.web import cells
from qa_portal.web.registry import (
    CalendarSource,
    DeskSource,
    MenuItem,
    SearchSource,
    Verb,
    calendar_of,
    desk,
    menu,
    panel,
    provable,
    registry,
    searchable,
    verb,
)

from .. import policy, reminders  # noqa: F401 - declares numbers and reminders
from ..models import Assignment, Body, Decision, Dispatch, InformationRequest, QualityProposal
from ..sitting import RUNNING, runs, runs_any, seats_of, sits
from ..timeliness import assignments_in_time

MOST_SHOWN = 10


def _insider(person: Any) -> bool:
    return not person.standing.outsider


def _uses_tools(person: Any) -> bool:
    standing = person.standing
    return standing.quality_office or bool(standing.led_paths) or standing.has(Role.QUALITY_COORDINATOR)


menu(MenuItem("assignments", _("Assignments"), "bodies:assignments", "list", 58, _insider, True))
menu(MenuItem("quality-tools", _("Requests and proposals"), "bodies:tools", "question", 59, _uses_tools, True))

for model in (Assignment, Dispatch, InformationRequest, QualityProposal):
    provable(model)


# -- desk: what waits for me ------------------------------------------------------------------
def _item(label: Any, row: Any, meta: Any, due: Any = None) -> dict[str, Any]:
    return {"label": label, "url": row.get_absolute_url(), "meta": str(meta), "due": cells.desk_due(due)}


def _run_bodies(person: Any) -> list[int]:
    return [body for body, seat in seats_of(person).items() if seat.duty in RUNNING]


def _led_units(person: Any, *roles: str) -> list[int]:
    return [h.unit_id for h in person.standing.held if h.role in roles]


def _my_assignments(person: Any) -> Any:
    return Assignment.objects.open().filter(owner=person).select_related("decision__body").order_by("due", "pk")


def _to_accept(person: Any) -> Any:
    if not runs_any(person):
        return Assignment.objects.none()
    return Assignment.objects.to_accept(person).select_related("decision__body").order_by("done_on", "pk")


def _to_receive(person: Any) -> Any:
    bodies = _run_bodies(person)
    rows = Dispatch.objects.filter(state=Dispatch.SENT, body__in=bodies).exclude(sent_by=person)
    return rows.select_related("body").order_by("sent_on", "pk") if bodies else rows.none()


def _to_answer(person: Any) -> Any:
    """Requests to the units that this person heads or coordinates."""
    units = _led_units(person, Role.UNIT_HEAD, Role.QUALITY_COORDINATOR)
    rows = InformationRequest.objects.filter(state=InformationRequest.ASKED, unit__in=units).exclude(asked_by=person)
    return rows.select_related("unit").order_by("due", "pk") if units else rows.none()


def _answered(person: Any) -> Any:
    rows = InformationRequest.objects.filter(state=InformationRequest.ANSWERED).exclude(answered_by=person)
    return rows.select_related("unit").order_by("answered_on", "pk") if person.standing.quality_office else rows.none()


def _proposals(person: Any) -> Any:
    """Proposals that wait for this person's answer, and accepted ones that wait to be done."""
    units, bodies = _led_units(person, Role.UNIT_HEAD), _run_bodies(person)
    rows = QualityProposal.objects.filter(state__in=(QualityProposal.MADE, QualityProposal.ACCEPTED))
    if not (units or bodies):
        return rows.none()
    rows = rows.filter(Q(unit__in=units) | Q(body__in=bodies)).exclude(proposer=person)
    return rows.select_related("unit", "body").order_by("due", "pk")


def _list(name: str, query: str = "") -> Any:
    return lambda: reverse(name) + query


desk(
    DeskSource(
        "assignments",
        _("My assignments"),
        _my_assignments,
        lambda r: _item(r.brief, r, f"{r.number} · {r.decision.body}", r.due),
        _list("bodies:assignments", "?mine=true&state=open"),
        21,
    )
)
desk(
    DeskSource(
        "assignments-to-accept",
        _("Assignments carried out, to be accepted"),
        _to_accept,
        lambda r: _item(r.brief, r, f"{r.number} · {r.decision.body}"),
        _list("bodies:assignments", "?to_accept=true"),
        22,
    )
)
desk(
    DeskSource(
        "requests",
        _("The quality manager asks"),
        _to_answer,
        lambda r: _item(r.brief, r, f"{r.number} · {r.unit}", r.due),
        _list("bodies:requests", "?state=asked"),
        23,
    )
)
desk(
    DeskSource(
        "requests-answered",
        _("Answers to look at"),
        _answered,
        lambda r: _item(r.brief, r, f"{r.number} · {r.unit}"),
        _list("bodies:requests", "?state=answered"),
        24,
    )
)
desk(
    DeskSource(
        "advice",
        _("Proposals of the quality manager"),
        _proposals,
        lambda r: _item(r.title, r, f"{r.number} · {r.state_label}", r.due if r.deadline_counts else None),
        _list("bodies:advice-list", "?state=made&state=accepted"),
        25,
    )
)
desk(
    DeskSource(
        "dispatches",
        _("Reports to be received"),
        _to_receive,
        lambda r: _item(r.title, r, r.body),
        _list("bodies:dispatches", "?to_my_bodies=true&state=sent"),
        26,
    )
)

# -- verbs -----------------------------------------------------------------------------------------
verb(
    Verb(
        _("Ask a unit for information"),
        _list("bodies:request-add"),
        "question",
        _("It answers with papers, by a day"),
        8,
        lambda person: person.standing.quality_office,
    ),
    Verb(
        _("Send a report to a body"),
        _list("bodies:dispatch-add"),
        "send",
        _("With the date and a receipt"),
        40,
        lambda person: bool(person.standing.led_paths),
    ),
)


# -- calendar feed: deadlines of one's own assignments --------------------------------------------------
def _dates(person: Any) -> Any:
    for row in _my_assignments(person):
        yield {
            "uid": f"assignment-{row.pk}",
            "day": row.due,
            "title": row.brief,
            "url": row.get_absolute_url(),
            "note": f"{row.number} · {row.decision.body}",
        }


calendar_of(CalendarSource("assignments", _dates))


# -- search -------------------------------------------------------------------------------------------
def _find(model: Any, label: Any, meta: Any, *related: str) -> Any:
    def find(person: Any, text: str) -> list[dict[str, Any]]:
        rows = model.objects.visible_to(person).matching(text).select_related(*related).order_by("-pk")[:10]
        return [{"label": label(r), "url": r.get_absolute_url(), "meta": f"{meta(r)} · {r.state_label}"} for r in rows]

    return find


searchable(
    SearchSource(
        "assignments", _("Assignments"), _find(Assignment, str, lambda r: r.decision.body, "decision__body"), 30
    )
)
searchable(
    SearchSource(
        "requests",
        _("Information requests"),
        _find(InformationRequest, lambda r: f"{r.number} {r.brief}", lambda r: r.unit, "unit"),
        31,
    )
)
searchable(
    SearchSource(
        "advice",
        _("Proposals of the quality manager"),
        _find(QualityProposal, str, lambda r: r.body or r.unit, "body", "unit"),
        32,
    )
)
searchable(
    SearchSource(
        "dispatches", _("Reports sent to bodies"), _find(Dispatch, lambda r: r.title, lambda r: r.body, "body"), 33
    )
)


# -- figures --------------------------------------------------------------------------------------------
def _figures(person: Any) -> list[dict[str, Any]]:
    """For those who see all assignments, and for those who run a body: how many are done in time."""
    if person.standing.outsider or not (person.standing.sees_everything or runs_any(person)):
        return []
    numbers = assignments_in_time(Assignment.objects.visible_to(person))
    if not numbers["all"]:
        return []
    return list(_tiles(numbers, reverse("bodies:assignments")))


def _tiles(numbers: dict[str, Any], url: str, query: str = "") -> Any:
    tone = "overdue" if numbers["overdue"] else ""
    yield {
        "label": gettext("Overdue assignments"),
        "value": numbers["overdue"],
        "url": f"{url}?overdue=true{query}",
        "tone": tone,
    }
    if numbers["share"] is not None:
        yield {
            "label": gettext("Assignments carried out in time"),
            "value": f"{numbers['share']} %",
            "url": f"{url}?state=carried_out&state=accepted{query}",
            "tone": "",
        }


registry.figures.append(_figures)


# -- what hangs on a decision and on a body ---------------------------------------------------------------
@panel(Decision)
def _on_decision(decision: Decision, request: Any) -> dict[str, Any] | None:
    """What the decision asks people to do; whoever runs the body gives more of it here."""
    person = request.user
    rows = decision.assignments.visible_to(person).select_related("owner").order_by("due", "pk")
    found = [{"row": r, "state": cells.state(r), "due": cells.due(r.due, r.deadline_counts)} for r in rows]
    may_add = (
        decision.gives_assignments and refusal(person, "bodies.add_assignment", Assignment(decision=decision)) is None
    )
    if not found and not may_add:
        return None
    add = {"url": f"{reverse('bodies:assignment-add')}?decision={decision.pk}", "label": gettext("Give an assignment")}
    return {
        "title": gettext("Assignments"),
        "template": "bodies/parts/assignments.html",
        "rows": found,
        "add": {**add, "allowed": True} if may_add else None,
    }


@panel(Body)
def _on_body(body: Body, request: Any) -> dict[str, Any] | None:
    """Papers that wait to be received, seen by the body's members, and the way to send one."""
    person = request.user
    rows = Dispatch.objects.visible_to(person).filter(body=body, state=Dispatch.SENT).select_related("sent_by")
    found = list(rows.order_by("sent_on", "pk")[: MOST_SHOWN + 1])
    all_url = f"{reverse('bodies:dispatches')}?body={body.pk}"
    may_send = body.state == Body.ACTIVE and refusal(person, "bodies.add_dispatch", Dispatch(body=body)) is None
    send = {"url": f"{reverse('bodies:dispatch-add')}?body={body.pk}", "label": gettext("Send a report to this body")}
    return {
        "title": gettext("Reports to be received"),
        "template": "bodies/parts/dispatches.html",
        "rows": found[:MOST_SHOWN],
        "receives": runs(person, body.pk),
        "all_url": all_url if len(found) > MOST_SHOWN or sits(person, body.pk) else "",
        "send": {**send, "allowed": True} if may_send else None,
    }


@panel(Body)
def _assignments_of_body(body: Body, request: Any) -> dict[str, Any] | None:
    """How the assignments stand that this body's decisions have given."""
    person = request.user
    if not (sits(person, body.pk) or person.standing.sees_everything):
        return None
    numbers = assignments_in_time(Assignment.objects.filter(decision__body=body))
    if not numbers["all"]:
        return None
    url = reverse("bodies:assignments")
    return {
        "title": gettext("Assignments"),
        "template": "bodies/parts/in_time.html",
        "numbers": numbers,
        "tiles": list(_tiles(numbers, url, f"&body={body.pk}")),
        "all_url": f"{url}?body={body.pk}",
    }
